import { durationsOf } from '../../../shared/domain/survival/durations.js';
import { holdOut } from '../../../shared/domain/survival/holdOut.js';
import { openEstimate, quantile } from '../../../shared/domain/survival/kaplanMeier.js';
import { modelOf } from '../../../shared/domain/survival/model.js';
import type { PermitRecord } from '../../../shared/scenario/permits/records.js';
import type { FitAnswer } from './answer.js';

type Group = FitAnswer['groups'][number];

/** After how many years the share that is open is told. */
const toldYears = [1, 2, 3, 5, 10];
const daysPerYear = 365.25;

/** Every record in one group, and the groups by agency beside it, the largest first; `tell` hears how many are done. */
export function groupsOf(
  records: readonly PermitRecord[],
  how: {
    readonly isGrouped: boolean;
    readonly seed: number;
    readonly divisions: number;
    readonly tell: (done: number, of: number) => void;
  },
): Group[] {
  const byAgency = new Map<string, PermitRecord[]>();
  for (const record of how.isGrouped ? records : []) {
    const known = byAgency.get(record.agency);
    if (known === undefined) byAgency.set(record.agency, [record]);
    else known.push(record);
  }
  const sorted = [...byAgency].sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1));
  const groups = [['all', records] as const, ...sorted];
  return groups.map(([agency, own], place) => {
    how.tell(place, groups.length);
    return groupOf(agency, own, how);
  });
}

function groupOf(agency: string, records: readonly PermitRecord[], how: { readonly seed: number; readonly divisions: number }): Group {
  const durations = durationsOf(records);
  const { curve, lognormal, ksDistance, ksDistanceFromCurve, sampled } = modelOf(durations);
  const daysAt = (ratio: number): number | null => quantile(curve, ratio).value;
  const median = quantile(curve, 0.5);
  return {
    agency,
    count: curve.count,
    censored: curve.count - curve.ended,
    medianDays: median.value,
    medianLowDays: median.low,
    medianHighDays: median.high,
    lognormalMedianDays: lognormal?.medianDays ?? null,
    sigma: lognormal?.sigma ?? null,
    ksDistance,
    ksDistanceFromCurve,
    sample: sampled?.kind ?? 'nothing',
    duration: sampled === null ? null : sampled.kind === 'quantiles' ? { ...sampled, days: [...sampled.days] } : sampled,
    quantilesDays: { p10: daysAt(0.1), p25: daysAt(0.25), p50: daysAt(0.5), p75: daysAt(0.75), p90: daysAt(0.9) },
    open: toldYears.map((years) => {
      const { value, low, high } = openEstimate(curve, years * daysPerYear);
      return { years, openRatio: value, low, high };
    }),
    holdOut: holdOut(durations, { seed: how.seed, name: agency, divisions: how.divisions }),
  };
}
