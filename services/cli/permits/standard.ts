import { recordsOfFacts, type PermitHistory } from '../../../shared/domain/permit/standardFacts.js';
import type { StandardRecords } from '../../../shared/domain/permit/standard.js';
import { phaseOfProcess, processTypes, roleOfEvent, type ProcessType } from '../../../shared/domain/permit/standardWords.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readJson } from '../../../shared/scenario/files.js';
import {
  problemsOfReferences,
  problemsOfSchema,
  problemsOfShape,
  readStandard,
  type StandardProblem,
} from '../../../shared/scenario/permits/standardFile.js';
import { readStatements } from '../../../shared/scenario/permits/standardStatements.js';
import { wordIn } from '../dispatch/options.js';
import { readHistory } from './histories.js';
import { tellQuarantine } from './show.js';

/** Whether a file holds JSON, by its name. */
export function isJson(file: string): boolean {
  return /\.json(?:\.gz)?$/i.test(file);
}

/**
 * Records of the standard from files: one table of impact statements, or what `permit show --json` prints of any number of permits.
 * @throws TWIN_WRONG_INPUT
 */
export async function exported(files: readonly string[], type: string | undefined, asOfDay: number): Promise<StandardRecords> {
  const [first] = files;
  if (first !== undefined && !isJson(first)) {
    if (files.length > 1) throw wrongInput(`permits export: found ${files.length} files, allowed: one table, or any number of JSON files`);
    if (type !== undefined && type !== 'EIS') throw wrongInput(`--type: found ${type}, allowed: EIS, which impact statements are`);
    const { records, quarantined } = await readStatements(first, asOfDay);
    tellQuarantine(first, quarantined);
    return records;
  }
  if (type === undefined)
    throw wrongInput(`--type: found nothing, allowed: ${processTypes.join(', ')}: the standard knows no other level of review`);
  const histories: PermitHistory[] = [];
  for (const file of files) histories.push(await readHistory(file));
  return recordsOfFacts(histories, wordIn<ProcessType>('--type', type, processTypes));
}

/** What `permits check` finds in a file of the standard. */
export interface Checked {
  readonly file: string;
  readonly isValid: boolean;
  readonly problems: readonly StandardProblem[];
  readonly projects: number;
  /** Reviews by their status word, and the phase that each means here; null: not said. */
  readonly statuses: readonly {
    readonly status: string;
    readonly outcome: string;
    readonly phase: string | null;
    readonly processes: number;
  }[];
  /** Case events by their class, and what they mean to a duration. */
  readonly events: readonly { readonly type: string; readonly role: string | null; readonly events: number }[];
}

/**
 * Checks a file of the standard: its shape, its references, and the published schema where one is given.
 * @throws TWIN_WRONG_INPUT when a file is no JSON.
 */
export async function checked(file: string, schema: string | undefined): Promise<Checked> {
  const value = await readJson(file);
  const ofShape = problemsOfShape(value);
  const ofSchema = schema === undefined ? [] : await problemsOfSchema(value, schema);
  if (ofShape.length > 0) {
    const fields = new Set(ofShape.map(({ field }) => field));
    const problems = [...ofShape, ...ofSchema.filter(({ field }) => !fields.has(field))];
    return { file, isValid: false, problems, projects: 0, statuses: [], events: [] };
  }
  const read = await readStandard(file);
  const { projects, processes = [], case_events: events = [] } = read;
  const problems = [...problemsOfReferences(read), ...ofSchema];
  return {
    file,
    isValid: problems.length === 0,
    problems,
    projects: projects.length,
    statuses: counted(
      processes.map((process) => ({
        status: process.process_status,
        outcome: process.process_outcome ?? '',
        phase: phaseOfProcess(process),
      })),
    ).map(([each, count]) => ({ ...each, processes: count })),
    events: counted(events.map(({ event_type: type }) => ({ type, role: roleOfEvent(type) }))).map(([each, count]) => ({
      ...each,
      events: count,
    })),
  };
}

/** Equal things once with how many there are, in the order they came. */
function counted<Value>(values: readonly Value[]): readonly (readonly [Value, number])[] {
  const counts = new Map<string, readonly [Value, number]>();
  for (const value of values) {
    const key = JSON.stringify(value);
    counts.set(key, [value, (counts.get(key)?.[1] ?? 0) + 1]);
  }
  return [...counts.values()];
}
