import { at } from '../grid/dense.js';
import { dayMs, toWire } from '../ticks.js';
import { capacityCreditOf, groupsOf, type CapacityCredit } from './credits.js';
import { recordedDays, resampledYears, resamplingLabel, usualWindowDays } from './days.js';
import { sampleRisk, type SampledRisk } from './monteCarlo.js';
import { flatLoadToTarget, riskModelOf, riskOf, type Risk, type RiskModel } from './risk.js';
import { yearsOf, type AdequacySystem, type AdequacyWorld } from './system.js';

/** What is asked of a system. */
export interface AdequacyQuestion {
  /** Load in every hour beside that of the network, MW; null: none, and years are sampled at the target. */
  readonly flatMw: number | null;
  readonly targetDays: number;
  /** Sampled years of outages; 0: none. */
  readonly monteCarloYears: number;
  /** Resampled years of weather; 0: none. */
  readonly resampleYears: number;
  readonly seed: number;
  readonly onSampledYear?: (done: number) => void;
}

/** Spread of something over years. */
export interface Spread {
  readonly mean: number;
  readonly lowest: number;
  readonly percentile5: number;
  readonly median: number;
  readonly percentile95: number;
  readonly highest: number;
}

/** How adequate a system is; risks are per year. */
export interface AdequacyReport {
  readonly fromTime: string;
  readonly toTime: string;
  readonly years: number;
  readonly peakLoadMw: number;
  readonly firmMw: number;
  readonly flatMw: number;
  readonly risk: Risk;
  readonly targetDays: number;
  /** Flat load, beside that of the network, that brings it to the target; negative: perfect capacity is missing. */
  readonly flatMwToTarget: number;
  /** At the target. */
  readonly credits: readonly CapacityCredit[];
  readonly monteCarlo: (SampledRisk & { readonly flatMw: number; readonly seed: number; readonly analytic: Risk }) | null;
  readonly resampled: ResampledRisk | null;
}
/** Risk over resampled weather years. */
export interface ResampledRisk {
  readonly label: string;
  readonly years: number;
  readonly windowDays: number;
  readonly seed: number;
  readonly flatMw: number;
  readonly lossDays: Spread;
  readonly lossHours: Spread;
  readonly unservedMwh: Spread;
}

/** Answers everything that is asked of a system. */
export function adequacyReportOf(system: AdequacySystem, question: AdequacyQuestion): AdequacyReport {
  const { targetDays, seed, monteCarloYears, resampleYears, onSampledYear } = question;
  const days = recordedDays(system.hours / 24);
  const model = riskModelOf(system);
  const flatMwToTarget = flatLoadToTarget(model, days, targetDays);
  const flatMw = question.flatMw ?? 0;
  // A system far from its target hardly ever fails, and then sampled years show nothing.
  const sampledFlatMw = question.flatMw ?? flatMwToTarget;
  const progress = onSampledYear === undefined ? {} : { onYear: onSampledYear };
  return {
    fromTime: toWire(system.startMs),
    toTime: toWire(system.startMs + (system.hours / 24) * dayMs),
    years: yearsOf(system.hours / 24),
    peakLoadMw: system.loadMw.reduce((most, loadMw) => Math.max(most, loadMw), -Infinity),
    firmMw: system.firm.reduce((sumMw, { capacityMw }) => sumMw + capacityMw, 0),
    flatMw,
    risk: riskOf(model, { days, flatMw }),
    targetDays,
    flatMwToTarget,
    credits: groupsOf(system).map((group) => capacityCreditOf(system, group, { days, targetDays })),
    monteCarlo:
      monteCarloYears > 0
        ? {
            ...sampleRisk(system, { seed, years: monteCarloYears, flatMw: sampledFlatMw, ...progress }),
            flatMw: sampledFlatMw,
            seed,
            analytic: riskOf(model, { days, flatMw: sampledFlatMw }),
          }
        : null,
    resampled: resampleYears > 0 ? resampledRiskOf(model, { seed, years: resampleYears, flatMw: sampledFlatMw }) : null,
  };
}

/** What the figures leave out or assume, one line each. */
export function adequacyNotesOf({ network }: Pick<AdequacyWorld, 'network'>, { years, fromTime, monteCarlo }: AdequacyReport): string[] {
  const storageMw = network.storages.reduce((sumMw, { powerMw }) => sumMw + powerMw, 0);
  const limited = network.units.filter(({ dailyEnergyMwh, availability }) => dailyEnergyMwh !== null && availability === null);
  const shaped = network.units.filter(({ availability }) => availability?.kind === 'wind' || availability?.kind === 'solar');
  const neverFail = network.units.filter(({ availability, forcedOutage }) => availability === null && forcedOutage === null);
  const count = (units: number): string => `${units} ${units === 1 ? 'unit' : 'units'}`;
  return [
    ...(storageMw > 0 ? [`storage takes no part (${storageMw} MW)`] : []),
    ...(network.lines.length + network.links.length > 0 ? ['lines, links and interfaces do not limit: one copper plate'] : []),
    ...(limited.length > 0 ? [`${count(limited.length)} with a daily energy limit can run all day`] : []),
    ...(neverFail.length > 0 ? [`${count(neverFail.length)} without forced-outage data never fail`] : []),
    ...(shaped.length > 0 ? [`${count(shaped.length)} of wind or sun follow a shape with noise drawn by seed`] : []),
    ...(Number.isInteger(years) ? [] : [`${(years * 365.25).toFixed(0)} days from ${fromTime} are scaled to a year`]),
    ...(monteCarlo !== null && monteCarlo.lossHours.mean === 0 ? ['no sampled year had a shortfall: their intervals say nothing'] : []),
  ];
}

function resampledRiskOf(
  model: RiskModel,
  { seed, years, flatMw }: { readonly seed: number; readonly years: number; readonly flatMw: number },
): ResampledRisk {
  const resampling = { seed, years, windowDays: usualWindowDays };
  const risks = resampledYears(model.netMw.length / 24, resampling).map((days) => riskOf(model, { days, flatMw }));
  return {
    label: resamplingLabel,
    ...resampling,
    flatMw,
    lossDays: spreadOf(risks.map((risk) => risk.lossDays)),
    lossHours: spreadOf(risks.map((risk) => risk.lossHours)),
    unservedMwh: spreadOf(risks.map((risk) => risk.unservedMwh)),
  };
}

/** Mean, extremes and percentiles, the nearest rank taken. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = Float64Array.from(values).sort();
  const rank = (share: number): number => at(sorted, Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1)));
  return {
    mean: sorted.reduce((sum, value) => sum + value, 0) / sorted.length,
    lowest: rank(0),
    percentile5: rank(0.05),
    median: rank(0.5),
    percentile95: rank(0.95),
    highest: rank(1),
  };
}
