import type { World } from '../../scenario/schema.js';
import { recordedDays, resampledYears, resamplingLabel, usualWindowDays } from '../adequacy/days.js';
import { flatLoadToTarget, riskModelOf } from '../adequacy/risk.js';
import { adequacySystemOf, type Period } from '../adequacy/system.js';
import { assert } from '../assert.js';
import { pricedOption, withCarbonPrice } from './carbonPrice.js';
import { caseRisksOf } from './caseRisks.js';
import { buildsOf, casesOf, searchCases, type MixCase } from './cases.js';
import type { DispatchedYear } from './dispatchedYear.js';
import type { NewSource } from './newSources.js';
import { buildOptionsOf, wordsOf, type Sizes } from './options.js';
import { withAddition } from './addedWorld.js';
import { verdictInputsOf, type VerdictInputs } from './verdictInputs.js';

/** What is asked about supply for more load. */
export interface MixQuestion {
  /** Load in every hour that is to be supplied, MW. */
  readonly flatMw: number;
  /** Level that is held before and after, days a year. */
  readonly targetDays: number;
  /** Nameplate of each source at most, MW. */
  readonly maxMw: number;
  /** Resampled weather years. */
  readonly years: number;
  /** How often outages are drawn over each weather year where storage takes part. */
  readonly drawsPerYear: number;
  readonly seed: number;
  readonly sources: readonly NewSource[];
  readonly discountRatio: number;
  /** What new and old units pay for carbon dioxide; part of all costs. */
  readonly carbonUsdPerTonne: number;
  /** Where load and supply come, lines as they are; null: one copper plate. */
  readonly bus: string | null;
  /** Hears what is being done. */
  readonly say: (line: string) => void;
}

/** What supply for more load needs and costs, source by source and mixed. */
export interface MixReport
  extends Pick<
    MixQuestion,
    'flatMw' | 'targetDays' | 'maxMw' | 'years' | 'drawsPerYear' | 'seed' | 'discountRatio' | 'carbonUsdPerTonne' | 'bus'
  > {
  /** Load in every hour that brings the network to the target before anything is added, MW; negative: perfect capacity. */
  readonly toTargetMw: number;
  readonly resampling: string;
  /** The year before anything is added. */
  readonly before: { readonly costUsd: number; readonly carbonTonnes: number; readonly curtailedMwh: number; readonly unservedMwh: number };
  readonly sources: readonly (NewSource & {
    readonly fixedUsdPerMwYear: number;
    readonly costUsdPerMwh: number;
    readonly carbonKgPerMwh: number;
  })[];
  readonly cases: readonly MixCase[];
  readonly verdictInputs: VerdictInputs;
}

/** A study after its search: years that are to be dispatched, and the answer once they are. */
export interface MixStudy {
  /** The year before anything is added, then the year with each build. */
  readonly toDispatch: readonly { readonly name: string; readonly world: World }[];
  /** The answer, from the dispatched years in the same order. */
  reportOf(years: readonly DispatchedYear[]): MixReport;
}

/** Searches what is asked about supply for more load in a network. */
export function mixStudyOf(asked: World, period: Period, question: MixQuestion): MixStudy {
  const { flatMw, targetDays, maxMw, years, drawsPerYear, seed, discountRatio, carbonUsdPerTonne, bus } = question;
  const world = withCarbonPrice(asked, carbonUsdPerTonne);
  const system = adequacySystemOf(world, period);
  const toTargetMw = flatLoadToTarget(riskModelOf(system), recordedDays(period.days), targetDays);
  const options = buildOptionsOf(system, asked.network.units, question).map((option) => pricedOption(option, carbonUsdPerTonne));
  const weather = resampledYears(period.days, { seed, years, windowDays: usualWindowDays });
  const { lostLoadUsdPerMwh } = world;
  const material = { ...question, system, units: world.network.units, lostLoadUsdPerMwh, options, weather, toTargetMw };
  const risks = caseRisksOf(material);
  const found = searchCases(material, risks);
  const worldWith = (sizesMw: Sizes, addedMw: number): World =>
    withAddition(world, { spreadMw: toTargetMw, flatMw: addedMw, options, sizesMw, startMs: period.startMs, bus });
  const nothing = options.map(() => 0);
  return {
    toDispatch: [
      { name: 'the year before', world: worldWith(nothing, 0) },
      ...buildsOf(found).map((sizesMw) => ({ name: wordsOf(options, sizesMw), world: worldWith(sizesMw, flatMw) })),
    ],
    reportOf: ([before, ...withBuilds]) => {
      assert(before !== undefined && withBuilds.length === buildsOf(found).length, 'a dispatched year for each that was asked for');
      const cases = casesOf(material, risks, { found, before, withBuild: (build) => withBuilds[build] as DispatchedYear });
      return {
        flatMw,
        targetDays,
        maxMw,
        years,
        drawsPerYear,
        seed,
        discountRatio,
        carbonUsdPerTonne,
        bus,
        toTargetMw,
        resampling: resamplingLabel,
        before: {
          costUsd: sumOf(before.costUsd),
          carbonTonnes: sumOf(before.carbonKg) / 1_000,
          curtailedMwh: before.curtailedMwh,
          unservedMwh: before.unservedMwh,
        },
        sources: options.flatMap(({ name, fixedUsdPerMwYear, costUsdPerMwh, carbonKgPerMwh }) =>
          question.sources
            .filter((source) => source.name === name)
            .map((source) => ({ ...source, fixedUsdPerMwYear, costUsdPerMwh, carbonKgPerMwh })),
        ),
        cases,
        verdictInputs: verdictInputsOf(cases),
      };
    },
  };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
