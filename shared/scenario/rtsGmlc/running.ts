import type { Row, Table } from '../csv.js';
import type { Unit } from '../schema.js';
import { optional } from './network.js';

/** What the data says about how a unit runs: limits over time, inertia, failures, and the cost of starting and running. */
export type Running = Pick<
  Unit,
  'minMw' | 'rampMwPerMinute' | 'minUpHours' | 'minDownHours' | 'inertiaMws' | 'forcedOutage' | 'commitment' | 'scheduledMw'
>;

/** Reads how a unit runs; columns that a table lacks mean that nothing is known, and then nothing limits the unit. */
export function runningOf(table: Table, row: Row): Running {
  const value = (column: string): number | null => optional(table, row, column);
  const failureHours = value('MTTF Hr') ?? 0;
  const repairHours = value('MTTR Hr') ?? 0;
  const ramp = value('Ramp Rate MW/Min') ?? 0;
  const [minMw, capacityMw] = [value('PMin MW') ?? 0, row.atLeastZero('PMax MW')];
  if (minMw > capacityMw) row.refuse('PMin MW', minMw, `up to PMax MW, ${capacityMw}`);
  return {
    minMw,
    rampMwPerMinute: ramp > 0 ? ramp : null,
    minUpHours: value('Min Up Time Hr') ?? 0,
    minDownHours: value('Min Down Time Hr') ?? 0,
    inertiaMws: (value('Inertia MJ/MW') ?? 0) * (value('Base MVA') ?? 0),
    forcedOutage: failureHours > 0 && repairHours > 0 ? { meanHoursToFailure: failureHours, meanHoursToRepair: repairHours } : null,
    commitment: commitmentOf(row, value),
    scheduledMw: value('MW Inj'),
  };
}

/**
 * Start and running cost from heat rates: average heat rate at the first output, incremental heat rates from there on, BTU/kWh; a unit with
 * an average rate alone has one block. A start takes the heat of a cold one, whatever the time off, as the published day-ahead solution of
 * this data does. Null for units without heat rates.
 * @throws TWIN_WRONG_INPUT when a block costs less than the one before: a cost that is not convex.
 */
function commitmentOf(row: Row, value: (column: string) => number | null): Unit['commitment'] {
  const capacityMw = value('PMax MW') ?? 0;
  const usdPerMmbtu = value('Fuel Price $/MMBTU') ?? 0;
  const otherUsdPerMwh = value('VOM') ?? 0;
  const averageRate = value('HR_avg_0') ?? 0;
  if (averageRate <= 0) return null;
  const steps = [1, 2, 3, 4].flatMap((step) => {
    const [share, rate] = [value(`Output_pct_${step}`), value(`HR_incr_${step}`)];
    return share === null || rate === null || rate <= 0 ? [] : [{ column: `HR_incr_${step}`, upToMw: share * capacityMw, rate }];
  });
  steps.forEach(({ column, rate }, place) => {
    const before = steps[place - 1]?.rate ?? 0;
    if (rate < before) row.refuse(column, `${rate}, below the ${before} of the block before`, 'a rate that rises');
  });
  const blocks = (steps.length > 0 ? steps : [{ upToMw: capacityMw, rate: averageRate }]).map(({ upToMw, rate }) => ({
    upToMw,
    usdPerMwh: (rate * usdPerMmbtu) / 1_000 + otherUsdPerMwh,
  }));
  const firstMw = (value('Output_pct_0') ?? 0) * capacityMw;
  const firstUsdPerHour = ((averageRate * usdPerMmbtu) / 1_000 + otherUsdPerMwh) * firstMw;
  return {
    startUsd: (value('Start Heat Cold MBTU') ?? 0) * usdPerMmbtu + (value('Non Fuel Start Cost $') ?? 0),
    noLoadUsdPerHour: firstUsdPerHour - (blocks[0]?.usdPerMwh ?? 0) * firstMw,
    blocks,
    isOnAtStart: (value('MW Inj') ?? 0) > 0,
  };
}
