import type { PermitPhase } from '../../../events/permit.js';
import type { Project } from '../../../scenario/schema.js';
import { dayMs } from '../../ticks.js';
import type { FactOf } from '../../fact.js';
import { added, type Amounts, type Measured, type Metric } from '../metric.js';

/** Phases a permit waits in, in the order they are usually reached; in the others it has ended. */
const waitingPhases = [
  'drafting',
  'filed',
  'incomplete',
  'queued',
  'under-review',
  'information-requested',
  'public-comment',
  'appealed',
] as const satisfies readonly PermitPhase[];

function energizedAtStart(projects: readonly Project[]): number {
  const blocks = projects.flatMap((project) => project.blocks).filter(({ initialStage }) => initialStage === 'energized');
  return blocks.reduce((total, { capacityMw }) => total + capacityMw, 0);
}

/** Capacity energized now, and MW ms of it up to the instant of the last block. */
function energized({ world, startMs }: Measured) {
  return {
    hears: ['buildout.block.v1'] as const,
    start: { mw: energizedAtStart(world.projects), mwMs: 0, sinceMs: startMs },
    hear: (amounts: Amounts, capacityMw: number, atMs: number): Amounts => ({
      mw: (amounts['mw'] ?? 0) + capacityMw,
      mwMs: energyMwMs(amounts, atMs),
      sinceMs: atMs,
    }),
  };
}

function energyMwMs({ mw = 0, mwMs = 0, sinceMs = 0 }: Amounts, atMs: number): number {
  return mwMs + mw * Math.max(0, atMs - sinceMs);
}

function energizedMetric(id: string, definition: string, valueOf: (amounts: Amounts, atMs: number, measured: Measured) => number): Metric {
  return {
    id,
    unit: 'MW',
    definition,
    parts: null,
    over: (measured) => {
      const { hears, start, hear } = energized(measured);
      return {
        hears,
        start,
        hear: (amounts, fact) => (fact.type === 'buildout.block.v1' ? hear(amounts, fact.data.capacityMw, fact.timeMs) : amounts),
        values: (amounts, atMs) => ({ '': valueOf(amounts, atMs, measured) }),
      };
    },
  };
}

type Expectation = FactOf<'buildout.expectation.v1'>['data'];

/** Newest word of every project on what was expected of it; a project without a plan is not in it. */
function expectationMetric(
  of: Pick<Metric, 'id' | 'unit' | 'definition'>,
  valueOf: (data: Expectation) => number | null,
  join: (values: readonly number[]) => number,
): Metric {
  return {
    ...of,
    parts: null,
    over: () => ({
      hears: ['buildout.expectation.v1'],
      start: {},
      hear: (amounts, fact) => {
        if (fact.type !== 'buildout.expectation.v1') return amounts;
        const { [fact.entity]: _, ...others } = amounts;
        const value = valueOf(fact.data);
        return value === null ? others : { ...others, [fact.entity]: value };
      },
      values: (amounts) => {
        const values = Object.values(amounts);
        return { '': values.length === 0 ? null : join(values) };
      },
    }),
  };
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** What projects have built, and how long their permits take. */
export const projectMetrics: readonly Metric[] = [
  expectationMetric(
    {
      id: 'expectationGapMw',
      unit: 'MW',
      definition:
        'Power that projects with a plan were first expected to have by the end, less what they have; below 0: ahead of the plan.',
    },
    ({ gapMw }) => gapMw,
    total,
  ),
  expectationMetric(
    {
      id: 'slipDays',
      unit: 'd',
      definition: 'By how much power comes later than first planned, mean by MW of each project, mean of the projects.',
    },
    ({ slipDays }) => slipDays,
    (values) => total(values) / values.length,
  ),
  energizedMetric('energizedMw', 'Blocks of all projects that are energized at the end.', ({ mw = 0 }) => mw),
  energizedMetric(
    'meanEnergizedMw',
    'The same, mean over the time of the cell: earlier blocks count for longer.',
    (amounts, atMs, { startMs }) => (atMs > startMs ? energyMwMs(amounts, atMs) / (atMs - startMs) : (amounts['mw'] ?? 0)),
  ),
  {
    id: 'permitDays',
    unit: 'd',
    definition: 'Days that permits of projects stand in a phase, summed over permits; those still open count up to the end.',
    parts: 'phase',
    over: () => ({
      hears: ['permit.phase.v1'],
      start: Object.fromEntries(waitingPhases.map((phase) => [phase, 0])),
      hear: (amounts, fact) => {
        if (fact.type !== 'permit.phase.v1') return amounts;
        const { phase, previousPhase } = fact.data;
        const [left, entered] = [sinceKey(fact.entity, previousPhase), sinceKey(fact.entity, phase)];
        // The same phase again is a reminder, or the first word of a sequence.
        if (phase === previousPhase && amounts[entered] !== undefined) return amounts;
        const { [left]: sinceMs, ...rest } = amounts;
        const next = sinceMs === undefined ? rest : added(rest, previousPhase, (fact.timeMs - sinceMs) / dayMs);
        return isWaiting(phase) ? { ...next, [entered]: fact.timeMs } : next;
      },
      values: (amounts, atMs) =>
        Object.fromEntries(
          waitingPhases.map((phase) => {
            const open = Object.entries(amounts).filter(([key]) => key.endsWith(sinceKey('', phase)));
            const openDays = open.reduce((total, [, sinceMs]) => total + Math.max(0, atMs - sinceMs) / dayMs, 0);
            return [phase, (amounts[phase] ?? 0) + openDays];
          }),
        ),
    }),
  },
];

function sinceKey(permit: string, phase: PermitPhase): string {
  return `${permit}/since/${phase}`;
}

function isWaiting(phase: PermitPhase): boolean {
  return waitingPhases.some((waiting) => waiting === phase);
}
