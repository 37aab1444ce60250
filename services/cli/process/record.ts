import { permitsOfProject } from '../../../shared/domain/permit/ofProject.js';
import { dayMs, fromWire, toWire } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { canonicalJson } from '../../../shared/scenario/canonical.js';
import { columnOf, readTable, type Table } from '../../../shared/scenario/csv.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import { writeText } from '../../../shared/scenario/networkFile.js';
import { permitRecord, reviewTypes, type RecordedStep } from '../../../shared/scenario/permitRecord.js';
import type { Stage, World } from '../../../shared/scenario/schema.js';
import { checkedWorld } from '../../../shared/scenario/validate.js';
import { printJson, printTable } from '../output.js';

/** What `permit record` is asked. */
export interface RecordOptions {
  readonly of: string;
  readonly permit: string;
  readonly scenario: string;
  readonly types: string;
  readonly out: string;
  readonly data?: string;
  readonly json?: boolean;
}

/** Puts a recorded review in the place of a simulated one and writes the scenario. Bad rows are left out and named; the rest goes on. */
export async function record(file: string, options: RecordOptions): Promise<void> {
  const table = await readTable(file);
  const { world } = await resolveWorld({ scenario: options.scenario, dataDir: options.data });
  const permits = world.projects.flatMap(permitsOfProject);
  const permit = permits.find((candidate) => candidate.id === options.permit);
  if (permit === undefined) {
    throw wrongInput(`--permit: found ${JSON.stringify(options.permit)}, allowed: ${permits.map(({ id }) => id).join(', ')}`);
  }
  const ids = [...new Set(table.rows.map((cells) => cells[columnOf(table, 'project_id')] ?? ''))].sort();
  if (!ids.includes(options.of)) throw wrongInput(`--of: found ${JSON.stringify(options.of)}, allowed: ${ids.slice(0, 20).join(', ')}`);
  const found = permitRecord(table, options.of, typesOf(table, options.types));
  for (const line of found.quarantined) process.stderr.write(`left out: ${line}\n`);
  if (found.steps.length === 0)
    throw wrongInput(`${file}: found no usable event of ${options.of}, allowed: at least one of ${options.types}`);
  const recorded = shifted(world, found.steps, options.permit);
  const changed = checkedWorld(withRecord(world, permit.agency, options.permit, recorded), options.out);
  await writeText(options.out, `${canonicalJson(changed)}\n`, 'w');
  const { rows, outOfOrder, reversed, quarantined } = found;
  const isDecided = recorded.some(({ step }) => step === 'granted' || step === 'denied');
  if (!isDecided)
    process.stderr.write(`${file}: no decision among the events of ${options.of}: ${options.permit} then stays open for ever\n`);
  const answer = {
    out: options.out,
    permit: options.permit,
    rows,
    steps: recorded.length,
    outOfOrder,
    reversed,
    quarantined: quarantined.length,
    isDecided,
  };
  if (options.json === true) return printJson({ ...answer, recorded });
  printTable(
    recorded.map(({ atTime, step, reason }) => ({ at: atTime.slice(0, 10), step, reason })),
    'no steps',
  );
  process.stdout.write(
    `${options.out}: ${recorded.length} steps of ${options.of} in place of ${options.permit}; ${rows} rows, ${outOfOrder} out of order, ` +
      `${reversed} decisions taken back, ${quarantined.length} rows left out\n`,
  );
}

function typesOf(table: Table, text: string): readonly string[] {
  const known = [...new Set(table.rows.map((cells) => cells[columnOf(table, 'event_type')] ?? ''))].sort();
  const types = text.split(',').map((type) => type.trim());
  const odd = types.find((type) => !known.includes(type) && !reviewTypes.includes(type));
  if (odd !== undefined) throw wrongInput(`--types: found ${JSON.stringify(odd)}, allowed: ${known.join(', ')}`);
  return types;
}

type Recorded = NonNullable<World['agencies'][number]['recorded']>;

/** The steps with their distances kept, the first of them a day after the world begins. */
function shifted(world: World, steps: readonly RecordedStep[], permit: string): Recorded {
  const byMs = fromWire(world.clock.startTime) + dayMs - (steps[0]?.atMs ?? 0);
  return steps.map(({ atMs, step, reason }) => ({ permit, atTime: toWire(atMs + byMs), step, reason }));
}

function withRecord(world: World, agencyId: string, permit: string, recorded: Recorded): World {
  const always = (stage: Stage): Stage => (stage.id === permit ? { ...stage, appliesRatio: 1 } : stage);
  return {
    ...world,
    agencies: world.agencies.map((agency) =>
      agency.id === agencyId
        ? { ...agency, recorded: [...(agency.recorded ?? []).filter((entry) => entry.permit !== permit), ...recorded] }
        : agency,
    ),
    projects: world.projects.map((project) =>
      project.stages === undefined ? project : { ...project, stages: project.stages.map(always) },
    ),
  };
}
