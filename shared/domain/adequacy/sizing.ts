import { assert } from '../assert.js';
import { at } from '../grid/dense.js';
import type { DaySet } from './days.js';
import { withUnits } from './outageTable.js';
import { lossDaysOf, type RiskModel } from './risk.js';
import type { AdequacySystem, WeatherSupply } from './system.js';

/** Something to build more of. */
export type Candidate =
  | {
      readonly kind: 'weather';
      readonly name: string;
      /** [hours]: output per MW of nameplate. */
      readonly outputRatio: Float64Array;
    }
  | {
      readonly kind: 'two-state';
      readonly name: string;
      /** Standard size, MW; only whole units are built. */
      readonly unitMw: number;
      /** Share of the time a unit is out, 0 to 1. */
      readonly outageRatio: number;
    };

/** A part of what is built. */
export interface MixPart {
  readonly candidate: Candidate;
  /** Share of the nameplate of the mix; 1 in sum. */
  readonly shareRatio: number;
}

/** What has to be met, and with what. */
export interface SizingProblem {
  readonly model: RiskModel;
  /** Years to hold over: recorded, or the mean of resampled ones. */
  readonly days: DaySet;
  /** Load in every hour beside that of the model, MW. */
  readonly flatMw: number;
  readonly targetDays: number;
  readonly mix: readonly MixPart[];
  /** Nameplate of the mix at most, MW. */
  readonly maxMw: number;
}

/** What was built of one part; `units` is null where any size can be built. */
export interface BuiltPart {
  readonly name: string;
  readonly nameplateMw: number;
  readonly units: number | null;
}

/** The least that reaches the target, or what is reached with the most allowed. */
export interface Sizing {
  readonly kind: 'sized' | 'out-of-reach';
  readonly nameplateMw: number;
  readonly parts: readonly BuiltPart[];
  /** Loss-of-load expectation then, days per year. */
  readonly lossDays: number;
}

/** Output per MW of nameplate of all weather-driven units of one source together; null where there are none. */
export function weatherCandidateOf(system: AdequacySystem, source: WeatherSupply['source']): Candidate | null {
  const units = system.weather.filter((unit) => unit.source === source);
  const nameplateMw = units.reduce((sumMw, { capacityMw }) => sumMw + capacityMw, 0);
  if (nameplateMw === 0) return null;
  const outputRatio = new Float64Array(system.hours);
  for (const { outputMw } of units)
    for (let hour = 0; hour < outputRatio.length; hour++) outputRatio[hour] = at(outputRatio, hour) + at(outputMw, hour) / nameplateMw;
  return { kind: 'weather', name: source, outputRatio };
}

/**
 * Least nameplate of a mix, to 1 MW and to whole units, with which the loss-of-load expectation stays at or below the target.
 * Two-state parts have at least their share, rounded up to whole units while that stays below `maxMw`.
 */
export function sizeMix(problem: SizingProblem): Sizing {
  const { mix, maxMw, targetDays } = problem;
  const shares = mix.reduce((sum, { shareRatio }) => sum + shareRatio, 0);
  assert(Math.abs(shares - 1) < 1e-9, `shares of a mix are 1 in sum, not ${shares}`);
  const most = reached(problem, maxMw);
  if (most.lossDays > targetDays) return { kind: 'out-of-reach', ...most };
  let low = 0;
  let best = reached(problem, 0);
  if (best.lossDays <= targetDays) return { kind: 'sized', ...best };
  best = most;
  let high = maxMw;
  while (high - low > 1) {
    const middle = (low + high) / 2;
    const tried = reached(problem, middle);
    if (tried.lossDays <= targetDays) [high, best] = [middle, tried];
    else low = middle;
  }
  return { kind: 'sized', ...best };
}

/** What is built, and what is reached, at a nameplate of the mix. */
function reached(problem: SizingProblem, mixMw: number): Omit<Sizing, 'kind'> {
  const { model, mix, days, flatMw } = problem;
  const parts = mix.map((part) => builtOf(part, mixMw, problem.maxMw));
  const netMw = Float64Array.from(model.netMw);
  let tables = model.tables;
  mix.forEach(({ candidate }, place) => {
    const { nameplateMw, units } = parts[place] as BuiltPart;
    switch (candidate.kind) {
      case 'weather':
        for (let hour = 0; hour < netMw.length; hour++) netMw[hour] = at(netMw, hour) - nameplateMw * at(candidate.outputRatio, hour);
        break;
      case 'two-state': {
        const added = Array.from({ length: units ?? 0 }, () => ({ capacityMw: candidate.unitMw, outageRatio: candidate.outageRatio }));
        tables = tables.map((table) => withUnits(table, added));
        break;
      }
    }
  });
  const lossDays = lossDaysOf({ ...model, netMw, tables }, { days, flatMw });
  return { nameplateMw: parts.reduce((sumMw, part) => sumMw + part.nameplateMw, 0), parts, lossDays };
}

function builtOf({ candidate, shareRatio }: MixPart, mixMw: number, maxMw: number): BuiltPart {
  switch (candidate.kind) {
    case 'weather':
      return { name: candidate.name, nameplateMw: shareRatio * mixMw, units: null };
    case 'two-state': {
      const { unitMw } = candidate;
      const units = Math.min(Math.ceil((shareRatio * mixMw) / unitMw - 1e-9), Math.floor((shareRatio * maxMw) / unitMw + 1e-9));
      return { name: candidate.name, nameplateMw: units * unitMw, units };
    }
  }
}
