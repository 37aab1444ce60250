import type { RunState } from '../../../events/cluster.js';
import type { Run } from '../../../scenario/schema.js';
import type { FactOf } from '../../fact.js';
import { stepsPerMs } from '../../cluster/progress.js';
import { hourMs } from '../../ticks.js';
import { added, sum, type Amounts, type Measured, type Metric } from '../metric.js';

/** States in which a run makes fewer steps than it could. */
const heldStates: readonly RunState[] = ['throttled', 'checkpointing', 'paused', 'restoring', 'tripped'];

type Progress = FactOf<'cluster.progress.v1'>['data']['runs'][number];

/** Steps made and missed by each run in a tick. */
interface Stepped {
  readonly run: Run;
  readonly made: number;
  readonly missed: number;
}

/**
 * Hears how far runs are. In a tick that begins or ends with a run held back, what it made less than at full speed was missed; never more
 * than it has left to do.
 */
function stepping({ world, tickMs }: Measured) {
  const runs = new Map(world.runs.map((run) => [run.id, run]));
  const stepped = (amounts: Amounts, { run: id, state, completedSteps, totalSteps }: Progress): Stepped | null => {
    const run = runs.get(id);
    if (run === undefined) return null;
    const before = amounts[`at/${id}`] ?? run.initialSteps;
    const made = completedSteps - before;
    const isHeld = heldStates.includes(state) || amounts[`held/${id}`] === 1;
    const possible = Math.min(stepsPerMs(run, run.facilityMw) * tickMs, totalSteps - before);
    return { run, made, missed: isHeld ? Math.max(0, possible - made) : 0 };
  };
  return (amounts: Amounts, fact: FactOf<'cluster.progress.v1'>, amountOf: (of: Stepped) => number): Amounts => {
    for (const progress of fact.data.runs) {
      const of = stepped(amounts, progress);
      if (of === null) continue;
      added(amounts, '', amountOf(of));
      amounts[`at/${progress.run}`] = progress.completedSteps;
      amounts[`held/${progress.run}`] = heldStates.includes(progress.state) ? 1 : 0;
    }
    return amounts;
  };
}

function stepMetric(of: Pick<Metric, 'id' | 'unit' | 'definition'>, amountOf: (of: Stepped) => number): Metric {
  return {
    ...of,
    parts: null,
    over: (measured) => {
      const hear = stepping(measured);
      return {
        hears: ['cluster.progress.v1'],
        start: { '': 0 },
        hear: (amounts, fact) => (fact.type === 'cluster.progress.v1' ? hear(amounts, fact, amountOf) : amounts),
        values: (amounts) => ({ '': amounts[''] ?? 0 }),
      };
    },
  };
}

/** Sum over the campuses of a region in a tick, times its hours. */
function campusMetric(
  of: Pick<Metric, 'id' | 'unit' | 'definition'>,
  amountOf: (campus: FactOf<'cluster.power.v1'>['data']['campuses'][number]) => number,
): Metric {
  return sum(of, ['cluster.power.v1'], ({ tickMs }) => (fact) => {
    if (fact.type !== 'cluster.power.v1') return 0;
    return fact.data.campuses.reduce((total, campus) => total + amountOf(campus), 0) * (tickMs / hourMs);
  });
}

const settlementParts = ['net', 'progress-lost', 'energy-saved', 'payment', 'penalty'] as const;

/** What campuses draw, give and lose. */
export const campusMetrics: readonly Metric[] = [
  campusMetric({ id: 'campusMwh', unit: 'MWh', definition: 'Energy that campuses draw.' }, ({ meanMw }) => meanMw),
  campusMetric(
    { id: 'curtailedHours', unit: 'h', definition: 'Time in which a campus is asked for a reduction, summed over campuses.' },
    ({ reductionTargetMw }) => (reductionTargetMw > 0 ? 1 : 0),
  ),
  campusMetric(
    { id: 'reductionMwh', unit: 'MWh', definition: 'Reductions that campuses are asked for.' },
    ({ reductionTargetMw }) => reductionTargetMw,
  ),
  stepMetric({ id: 'stepsMade', unit: 'steps', definition: 'Training steps done, less those lost, of all runs.' }, ({ made }) => made),
  stepMetric(
    {
      id: 'stepsMissed',
      unit: 'steps',
      definition: 'Training steps that runs would have made at full speed in the ticks in which they are capped, paused or come back.',
    },
    ({ missed }) => missed,
  ),
  stepMetric(
    { id: 'lostAcceleratorHours', unit: 'h', definition: 'Accelerator-hours of the missed steps.' },
    ({ run, missed }) => (missed * run.stepSeconds * run.accelerators) / 3_600,
  ),
  {
    id: 'settlementsUsd',
    unit: 'USD',
    definition: 'Settlements of curtailments of runs that have ended, to the campus: net, and each line.',
    parts: 'line',
    over: () => ({
      hears: ['training.settlement.v1'],
      start: Object.fromEntries(settlementParts.map((part) => [part, 0])),
      hear: (amounts, fact) => {
        if (fact.type !== 'training.settlement.v1') return amounts;
        return fact.data.lines.reduce((next, { line, amountUsd }) => added(next, line, amountUsd), added(amounts, 'net', fact.data.netUsd));
      },
      values: (amounts) => amounts,
    }),
  },
];
