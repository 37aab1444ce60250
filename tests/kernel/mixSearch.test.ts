import { describe, expect, it } from 'vitest';
import { verdictInputsOf } from '../../shared/domain/mix/verdictInputs.js';
import type { MixCase } from '../../shared/domain/mix/cases.js';
import type { BuildOption, Sizes } from '../../shared/domain/mix/options.js';
import { alone, bestMix, closedWith, type MixProblem } from '../../shared/domain/mix/search.js';

function option(name: BuildOption['name'], unitMw: number | null): BuildOption {
  const supply: BuildOption['supply'] =
    unitMw === null
      ? { kind: 'weather', outputRatio: new Float64Array() }
      : { kind: 'two-state', unitMw, twoState: null, rampMwPerMinute: null };
  return { name, supply, fixedUsdPerMwYear: 1, costUsdPerMwh: 0, carbonKgPerMwh: 0, isInMixes: true };
}
const mw = (sizes: Sizes, place: number): number => sizes[place] ?? 0;

/** 1,000 MW are missing; nuclear counts in full, wind and sun ever less, together more than apart. */
const firmMw = (sizes: Sizes): number =>
  mw(sizes, 0) + 200 * (1 - Math.exp(-mw(sizes, 1) / 500)) + 150 * (1 - Math.exp(-mw(sizes, 2) / 300));
const problem: MixProblem = {
  options: [option('nuclear', 100), option('wind', null), option('solar', null)],
  lossDays: (sizes) => 0.1 * Math.exp((1_000 - firmMw(sizes)) / 100),
  costUsd: (sizes) => 100 * mw(sizes, 0) + 20 * mw(sizes, 1) + 30 * mw(sizes, 2),
  targetDays: 0.1,
  maxMw: 5_000,
};

describe('closing a gap', () => {
  it('takes the least whole units that are enough', () => {
    expect(alone(problem, 0)).toEqual([1_000, 0, 0]);
    expect(closedWith(problem, [4_000, 0, 100], 0)).toEqual([1_000, 0, 100]);
    expect(closedWith(problem, [0, 500, 0], 0)).toEqual([900, 500, 0]);
  });

  it('takes steps of 10 MW where there are no units', () => {
    // 200 (1 - e^(-x/500)) has to be 100: x = 346.6.
    expect(closedWith(problem, [900, 0, 0], 1)).toEqual([900, 350, 0]);
    expect(closedWith(problem, [900, 4_990, 0], 1)).toEqual([900, 350, 0]);
  });

  it('says where the most is not enough, and takes nothing where nothing is missing', () => {
    expect(alone(problem, 1)).toBeNull();
    expect(closedWith(problem, [1_200, 700, 0], 1)).toEqual([1_200, 0, 0]);
  });
});

describe('the best mix', () => {
  it('is as cheap as the best of all mixes on its grid', () => {
    let least = Infinity;
    for (let nuclear = 0; nuclear <= 1_000; nuclear += 100)
      for (let wind = 0; wind <= 1_500; wind += 10) {
        const closed = closedWith(problem, [nuclear, wind, 0], 2);
        if (closed !== null) least = Math.min(least, problem.costUsd(closed));
      }
    const best = bestMix(problem, [0, 1, 2]);
    expect(best).not.toBeNull();
    expect(problem.lossDays(best ?? [])).toBeLessThanOrEqual(0.1);
    expect(problem.costUsd(best ?? [])).toBeLessThan(1.01 * least);
    expect(problem.costUsd(best ?? [])).toBeLessThan(0.99 * problem.costUsd([1_000, 0, 0]));
  });

  it('holds nothing but what is allowed', () => {
    expect(mw(bestMix(problem, [0, 2]) ?? [], 1)).toBe(0);
    expect(bestMix(problem, [1, 2])).toBeNull();
  });

  it('is never dearer than a build that is known', () => {
    const known = [700, 780, 310];
    expect(problem.costUsd(bestMix(problem, [0, 1, 2], [known]) ?? [])).toBeLessThanOrEqual(problem.costUsd(known));
  });

  it('is found where nothing ever fails, so that risk is all or nothing', () => {
    const sharp: MixProblem = { ...problem, lossDays: (sizes) => (firmMw(sizes) >= 1_000 ? 0 : 365) };
    expect(sharp.costUsd(bestMix(sharp, [0, 1, 2]) ?? [])).toBeLessThan(1.01 * problem.costUsd(bestMix(problem, [0, 1, 2]) ?? []));
  });
});

describe('inputs of the verdict', () => {
  const some = (of: MixCase['of'], usdPerMwh: number | null): MixCase => ({
    of,
    kind: usdPerMwh === null ? 'out-of-reach' : 'sized',
    parts: [],
    nameplateMw: 0,
    riskBy: 'table',
    lossDays: { mean: 0, low: 0, high: 0 },
    lossDaysOverYears: { mean: 0, lowest: 0, percentile5: 0, median: 0, percentile95: 0, highest: 0 },
    lossHours: { mean: 0, low: 0, high: 0 },
    unservedMwh: { mean: 0, low: 0, high: 0 },
    cost:
      usdPerMwh === null
        ? null
        : {
            usdPerMwh,
            fixedUsdPerMwh: 0,
            runningUsdPerMwh: 0,
            usdPerMwhOverYears: { mean: 0, lowest: 0, percentile5: 0, median: 0, percentile95: 0, highest: 0 },
            carbonTonnesPerMwh: 0,
            curtailedMwh: 0,
            unservedMwh: 0,
          },
  });
  const mix = (withNuclear: boolean, carbonFree: boolean) => ({ kind: 'mix', withNuclear, carbonFree }) as const;

  it('are ratios to the best mix', () => {
    const cases = [
      some({ kind: 'alone', name: 'nuclear' }, 120),
      some(mix(true, false), 40),
      some(mix(false, false), 50),
      some(mix(true, true), 80),
      some(mix(false, true), 100),
    ];
    expect(verdictInputsOf(cases)).toEqual({
      nuclearAloneHoldsTarget: true,
      nuclearAloneToBestMixRatio: 3,
      withoutNuclearToBestMixRatio: 1.25,
      carbonFree: { nuclearAloneToBestMixRatio: 1.5, withoutNuclearToBestMixRatio: 1.25 },
    });
  });

  it('are null where a case is out of reach', () => {
    const cases = [some({ kind: 'alone', name: 'nuclear' }, null), some(mix(true, false), 40), some(mix(false, false), null)];
    expect(verdictInputsOf(cases)).toEqual({
      nuclearAloneHoldsTarget: false,
      nuclearAloneToBestMixRatio: null,
      withoutNuclearToBestMixRatio: null,
      carbonFree: { nuclearAloneToBestMixRatio: null, withoutNuclearToBestMixRatio: null },
    });
  });
});
