import { dayText } from '../../domain/days.js';
import type { StandardEvent, StandardProcess, StandardProject, StandardRecords } from '../../domain/permit/standard.js';
import { statementEvents, type EventWords } from '../../domain/permit/standardWords.js';
import { wrongInput } from '../../runtime/errors.js';
import { readTable } from '../csv.js';
import { dateIn } from '../dates.js';
import { quarantinedCell, type Quarantined } from '../quarantine.js';
import { columnsOf, hasStatements, statementColumns } from './columns.js';
import { checkSome, durationOf, type PermitRecord } from './records.js';

/** Categories of impact statements whose names are not those of the sectors that the standard names. */
const sectors: readonly (readonly [RegExp, string])[] = [
  [/energy|nuclear|transmission|pipeline|mining|oil|gas/i, 'energy'],
  [/transport|highway|rail|airport|transit/i, 'transportation'],
  [/land|resource|forest|wildlife|water/i, 'land management'],
];

/** Impact statements as records of the standard, and the rows that could not be told. */
export interface StandardStatements {
  readonly records: StandardRecords;
  readonly quarantined: readonly Quarantined[];
}

/**
 * Reads a table of impact statements as records of the standard: one project, one review and up to three case events for each row.
 * @throws TWIN_WRONG_INPUT when it is no such table.
 */
export async function readStatements(path: string, asOfDay: number): Promise<StandardStatements> {
  const table = await readTable(path);
  const wanted = Object.values(statementColumns).join(', ');
  if (!hasStatements(table))
    throw wrongInput(`${path}: found columns ${table.header.slice(0, 12).join(', ')}, allowed: ${wanted}; or the JSON of permit show`);
  const columns = columnsOf(table, {});
  const place = new Map(table.header.map((name, at) => [name, at]));
  const records = { projects: [] as StandardProject[], processes: [] as StandardProcess[], case_events: [] as StandardEvent[] };
  const quarantined: Quarantined[] = [];
  const used: PermitRecord[] = [];
  table.rows.forEach((cells, row) => {
    const cell = (name: string): string => cells[place.get(name) ?? -1] ?? '';
    const dates = { start: cell(statementColumns.start), end: cell(statementColumns.end), lastSeen: cell(statementColumns.lastSeen) };
    const found = durationOf(dates, { columns, ends: true, asOfDay, isOpenThen: false });
    if ('reason' in found) return quarantined.push(quarantinedCell(table, row, found));
    const agency = cell(statementColumns.group) || 'not stated';
    used.push({ ...found, agency, line: null });
    const id = `statement-${table.lines[row] ?? row}`;
    records.projects.push(projectOf(id, { agency, title: cell('title'), category: cell('category'), states: cell('states') }));
    records.processes.push(processOf(id, agency, found));
    for (const [words, text] of [
      [statementEvents.notice, dates.start],
      [statementEvents.final, dates.lastSeen],
      [statementEvents.decision, dates.end],
    ] as const)
      records.case_events.push(...eventOf(id, words, text));
    return records.projects.length;
  });
  checkSome(path, used, quarantined);
  return { records, quarantined };
}

function projectOf(
  id: string,
  of: { readonly agency: string; readonly title: string; readonly category: string; readonly states: string },
): StandardProject {
  return {
    project_id: id,
    project_title: of.title || id,
    project_description: of.category === '' ? of.title || id : `${of.category}: ${of.title || id}`,
    project_sector: sectors.find(([pattern]) => pattern.test(of.category))?.[1] ?? (of.category || 'not stated'),
    project_sponsor: { name: 'not stated' },
    lead_agency: of.agency,
    location: { description: of.states || 'not stated' },
  };
}

function processOf(
  id: string,
  agency: string,
  case_: { readonly startDay: number; readonly days: number; readonly isEnded: boolean },
): StandardProcess {
  const base = {
    process_id: `${id}-eis`,
    project_id: id,
    process_type: 'EIS' as const,
    lead_agency: agency,
    start_date: dayText(case_.startDay),
  };
  if (!case_.isEnded) return { ...base, process_status: 'underway', notes: 'no decision recorded: open, or given up' };
  return {
    ...base,
    process_status: 'completed',
    process_outcome: 'Record of Decision',
    completion_date: dayText(case_.startDay + case_.days),
  };
}

function eventOf(id: string, words: EventWords, text: string): readonly StandardEvent[] {
  const date = dateIn(text);
  if (date.kind !== 'day') return [];
  return [
    {
      case_event_id: `${id}-${words.type.toLowerCase().replaceAll(' ', '-')}`,
      process_id: `${id}-eis`,
      event_name: words.name,
      event_date: dayText(date.day),
      event_type: words.type,
      status: 'completed',
    },
  ];
}
