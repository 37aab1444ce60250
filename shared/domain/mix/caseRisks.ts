import { tally, type Estimate } from '../adequacy/monteCarlo.js';
import { spreadOf, type Spread } from '../adequacy/report.js';
import { yearsOf } from '../adequacy/system.js';
import type { CaseMaterial } from './cases.js';
import { meritCostUsd } from './merit.js';
import { fixedUsdOf, type Sizes } from './options.js';
import { sampledRisk } from './sampledRisk.js';
import { closedWith, type MixProblem } from './search.js';
import { tabledRisk } from './tabledRisk.js';

/** Risk of a build as it is shown. */
export interface ShownRisk {
  /** `table`: over weather years, outages by their table; `sampled`: over sampled years of outages too, as storage needs. */
  readonly riskBy: 'table' | 'sampled';
  /** Mean over the years with its 95 % interval, days a year. */
  readonly lossDays: Estimate;
  readonly lossDaysOverYears: Spread;
  readonly lossHours: Estimate;
  readonly unservedMwh: Estimate;
}

/** The risk of builds, as searches ask for it and as it is shown. */
export interface CaseRisks {
  readonly problem: MixProblem;
  /** The same build with just as much storage as all draws ask for; without storage, or where that is not enough, as it was. */
  refined(sizesMw: Sizes): Sizes;
  shown(sizesMw: Sizes): ShownRisk;
}

/** Risk by table without storage, by sampled years with it; searches take each weather year once, what is shown takes all draws. */
export function caseRisksOf(material: CaseMaterial): CaseRisks {
  const { system, options, weather, flatMw, toTargetMw, drawsPerYear, seed, targetDays, maxMw, units, lostLoadUsdPerMwh } = material;
  const wholeMw = toTargetMw + flatMw;
  const tabled = tabledRisk(system, options, { years: weather, flatMw: wholeMw });
  const sampled = sampledRisk(system, options, { years: weather, flatMw: wholeMw, seed });
  const merit = meritCostUsd(system, options, { units, flatMw: wholeMw, lostLoadUsdPerMwh });
  const years = yearsOf(system.hours / 24);
  const hasStorage = (sizesMw: Sizes): boolean =>
    options.some(({ supply }, place) => supply.kind === 'storage' && (sizesMw[place] ?? 0) > 0);
  const problemWith = (count: number): MixProblem => ({
    options,
    targetDays,
    maxMw,
    lossDays: (sizesMw) =>
      hasStorage(sizesMw)
        ? sampled.yearly(sizesMw, count).reduce((sum, { lossDays }) => sum + lossDays, 0) / count
        : tabled.lossDays(sizesMw),
    costUsd: (sizesMw) => fixedUsdOf(options, sizesMw) + merit(sizesMw) / years,
  });
  const fine = problemWith(weather.length * drawsPerYear);
  return {
    problem: problemWith(weather.length),
    refined: (sizesMw) => {
      const place = options.findIndex(({ supply }, each) => supply.kind === 'storage' && (sizesMw[each] ?? 0) > 0);
      return place < 0 ? sizesMw : (closedWith(fine, sizesMw, place) ?? sizesMw);
    },
    shown: (sizesMw) => {
      const isSampled = hasStorage(sizesMw);
      const risks = isSampled ? sampled.yearly(sizesMw, weather.length * drawsPerYear) : tabled.yearly(sizesMw);
      return {
        riskBy: isSampled ? 'sampled' : 'table',
        lossDays: estimateOf(
          isSampled,
          risks.map(({ lossDays }) => lossDays),
        ),
        lossDaysOverYears: spreadOf(risks.map(({ lossDays }) => lossDays)),
        lossHours: estimateOf(
          isSampled,
          risks.map(({ lossHours }) => lossHours),
        ),
        unservedMwh: estimateOf(
          isSampled,
          risks.map(({ unservedMwh }) => unservedMwh),
        ),
      };
    },
  };
}

/** Nothing in n sampled years: below 3 / n a year (95 %). Source: Hanley and Lippman-Hand, JAMA 249(13), 1983. */
function estimateOf(isSampled: boolean, values: readonly number[]): Estimate {
  if (isSampled && values.every((value) => value === 0)) return { mean: 0, low: 0, high: 3 / values.length };
  const sum = tally();
  for (const value of values) sum.add(value);
  return sum.estimate();
}
