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
  return {
    minMw: value('PMin MW') ?? 0,
    rampMwPerMinute: ramp > 0 ? ramp : null,
    minUpHours: value('Min Up Time Hr') ?? 0,
    minDownHours: value('Min Down Time Hr') ?? 0,
    inertiaMws: (value('Inertia MJ/MW') ?? 0) * (value('Base MVA') ?? 0),
    forcedOutage: failureHours > 0 && repairHours > 0 ? { meanHoursToFailure: failureHours, meanHoursToRepair: repairHours } : null,
    commitment: commitmentOf(value),
    scheduledMw: value('MW Inj'),
  };
}

/**
 * Start and running cost from heat rates: average heat rate at the first output, incremental heat rates from there on, BTU/kWh.
 * Null for units without heat rates.
 */
function commitmentOf(value: (column: string) => number | null): Unit['commitment'] {
  const capacityMw = value('PMax MW') ?? 0;
  const usdPerMmbtu = value('Fuel Price $/MMBTU') ?? 0;
  const otherUsdPerMwh = value('VOM') ?? 0;
  const averageRate = value('HR_avg_0') ?? 0;
  const blocks = [1, 2, 3, 4].flatMap((step) => {
    const [share, rate] = [value(`Output_pct_${step}`), value(`HR_incr_${step}`)];
    return share === null || rate === null || rate <= 0
      ? []
      : [{ upToMw: share * capacityMw, usdPerMwh: (rate * usdPerMmbtu) / 1_000 + otherUsdPerMwh }];
  });
  const [first] = blocks;
  if (first === undefined || averageRate <= 0) return null;
  const firstMw = (value('Output_pct_0') ?? 0) * capacityMw;
  const firstUsdPerHour = ((averageRate * usdPerMmbtu) / 1_000 + otherUsdPerMwh) * firstMw;
  return {
    startUsd: (value('Start Heat Cold MBTU') ?? 0) * usdPerMmbtu + (value('Non Fuel Start Cost $') ?? 0),
    noLoadUsdPerHour: firstUsdPerHour - first.usdPerMwh * firstMw,
    blocks,
    isOnAtStart: (value('MW Inj') ?? 0) > 0,
  };
}
