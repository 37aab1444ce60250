import { beforeAll, describe, expect, it } from 'vitest';
import type { MixedIntegerSolver } from '../../shared/domain/commitment/solver.js';
import { draw } from '../../shared/domain/random.js';
import { loadHighsMixedInteger } from '../../shared/runtime/highs.js';
import { networkOf, onWords, operate, type CaseWords, type UnitWords } from '../support/commitmentCase.js';

let solver: MixedIntegerSolver;
beforeAll(async () => {
  solver = await loadHighsMixedInteger({ gapRatio: 1e-9, nodes: 100_000 });
});

const lostLoadUsdPerMwh = 10_000;

interface DrawnUnit extends Required<Pick<UnitWords, 'minMw' | 'startUsd' | 'noLoadUsdPerHour' | 'minUpHours' | 'minDownHours'>> {
  readonly id: string;
  readonly capacityMw: number;
  readonly usdPerMwh: number;
  readonly blocks: readonly { readonly upToMw: number; readonly usdPerMwh: number }[];
}

interface DrawnCase {
  readonly units: readonly DrawnUnit[];
  readonly before: readonly { readonly isOn: boolean; readonly hoursInState: number; readonly outputMw: number }[];
  readonly loadMw: readonly number[];
  readonly stopCostRatio: number;
}

/** A case drawn from its number; `isTwin`: the second unit is like the first, so that the two are decided on together. */
function drawnCase(n: number, shape: { readonly units: number; readonly hours: number; readonly isTwin: boolean }): DrawnCase {
  const value = (purpose: string, place: number, range: { readonly from: number; readonly to: number }): number =>
    range.from + (range.to - range.from) * draw({ seed: 5, component: 'test', entity: `commitment-${n}`, purpose, n: place });
  const whole = (purpose: string, place: number, from: number, to: number): number =>
    Math.floor(value(purpose, place, { from, to: to + 1 - 1e-9 }));
  const units = Array.from({ length: shape.units }, (_, index): DrawnUnit => {
    const place = shape.isTwin && index === 1 ? 0 : index;
    const capacityMw = whole('capacity', place, 40, 120);
    const minMw = Math.round(capacityMw * value('min', place, { from: 0.2, to: 0.6 }));
    const firstUsdPerMwh = whole('cost', place, 10, 60);
    return {
      id: `u${index}`,
      capacityMw,
      minMw,
      usdPerMwh: firstUsdPerMwh,
      startUsd: whole('start', place, 0, 3_000),
      noLoadUsdPerHour: whole('no-load', place, 1, 400),
      minUpHours: whole('up', place, 1, 4),
      minDownHours: whole('down', place, 1, 4),
      blocks: [
        { upToMw: Math.round((minMw + capacityMw) / 2), usdPerMwh: firstUsdPerMwh },
        { upToMw: capacityMw, usdPerMwh: firstUsdPerMwh + whole('rise', place, 0, 30) },
      ],
    };
  });
  const capacityMw = units.reduce((sum, unit) => sum + unit.capacityMw, 0);
  return {
    units,
    before: units.map((unit, place) => {
      const isOn = value('was-on', place, { from: 0, to: 1 }) < 0.5;
      return { isOn, hoursInState: whole('hours', place, 1, 5), outputMw: isOn ? unit.minMw : 0 };
    }),
    loadMw: Array.from({ length: shape.hours }, (_, hour) => Math.round(capacityMw * value('load', hour, { from: 0.05, to: 1.05 }))),
    stopCostRatio: n % 2 === 0 ? 0 : 0.5,
  };
}

/** Cost of an hour with these units on: least outputs, then the cheapest blocks, then what is missing or too much. */
function hourCostUsd(units: readonly DrawnUnit[], isOn: (unit: number) => boolean, loadMw: number): number {
  const on = units.filter((_, unit) => isOn(unit));
  const costAt = (unit: DrawnUnit, outputMw: number): number => {
    let [costUsd, belowMw] = [unit.noLoadUsdPerHour, 0];
    for (const { upToMw, usdPerMwh } of unit.blocks) {
      costUsd += usdPerMwh * Math.max(0, Math.min(outputMw, upToMw) - belowMw);
      belowMw = upToMw;
    }
    return costUsd;
  };
  let leftMw = loadMw - on.reduce((sum, { minMw }) => sum + minMw, 0);
  let costUsd = on.reduce((sum, unit) => sum + costAt(unit, unit.minMw), 0) + lostLoadUsdPerMwh * Math.max(0, -leftMw);
  const pieces = on.flatMap(({ blocks, minMw }) =>
    blocks.map(({ upToMw, usdPerMwh }, place) => ({ widthMw: upToMw - Math.max(minMw, blocks[place - 1]?.upToMw ?? 0), usdPerMwh })),
  );
  for (const { widthMw, usdPerMwh } of pieces.sort((a, b) => a.usdPerMwh - b.usdPerMwh)) {
    const takenMw = Math.max(0, Math.min(leftMw, widthMw));
    costUsd += takenMw * usdPerMwh;
    leftMw -= takenMw;
  }
  return costUsd + lostLoadUsdPerMwh * Math.max(0, leftMw);
}

/** Cost of a schedule of one unit beside its output, or null when it breaks a least time. */
function turningUsd(unit: DrawnUnit, before: DrawnCase['before'][number], word: readonly boolean[], stopCostRatio: number): number | null {
  let { isOn, hoursInState } = before;
  let costUsd = 0;
  for (const isOnNow of word) {
    if (isOnNow === isOn) {
      hoursInState++;
      continue;
    }
    if (hoursInState < (isOn ? unit.minUpHours : unit.minDownHours)) return null;
    costUsd += isOnNow ? unit.startUsd : unit.startUsd * stopCostRatio;
    [isOn, hoursInState] = [isOnNow, 1];
  }
  return costUsd;
}

/** The least cost over all schedules, each tried. */
function cheapestUsd({ units, before, loadMw, stopCostRatio }: DrawnCase): number {
  const hours = loadMw.length;
  const wordOf = (code: number): boolean[] => loadMw.map((_, hour) => ((code >> hour) & 1) === 1);
  const words = units.map((unit, place) =>
    Array.from({ length: 2 ** hours }, (_, code) => {
      const costUsd = turningUsd(unit, before[place] ?? { isOn: false, hoursInState: 9, outputMw: 0 }, wordOf(code), stopCostRatio);
      return { code, costUsd };
    }).flatMap(({ code, costUsd }) => (costUsd === null ? [] : [{ code, costUsd }])),
  );
  const hourUsd = loadMw.map((mw) =>
    Array.from({ length: 2 ** units.length }, (_, set) => hourCostUsd(units, (unit) => ((set >> unit) & 1) === 1, mw)),
  );
  let best = Infinity;
  const tryAll = (unit: number, codes: readonly number[], soFarUsd: number): void => {
    if (unit < units.length) {
      for (const { code, costUsd } of words[unit] ?? []) tryAll(unit + 1, [...codes, code], soFarUsd + costUsd);
      return;
    }
    let costUsd = soFarUsd;
    for (let hour = 0; hour < hours; hour++) {
      const set = codes.reduce((sum, code, place) => sum + (((code >> hour) & 1) << place), 0);
      costUsd += hourUsd[hour]?.[set] ?? NaN;
    }
    best = Math.min(best, costUsd);
  };
  tryAll(0, [], 0);
  return best;
}

function wordsOf({ units, before, loadMw, stopCostRatio }: DrawnCase): CaseWords {
  return { network: networkOf(units), loadMw, state: { units: before, storedMwh: [] }, options: { stopCostRatio } };
}

describe('small problems, every schedule tried', () => {
  it.each([
    ['three units, five hours', { units: 3, hours: 5, isTwin: false }],
    ['three units of which two are alike, five hours', { units: 3, hours: 5, isTwin: true }],
    ['two units, seven hours', { units: 2, hours: 7, isTwin: false }],
  ] as const)('%s: nothing is cheaper than what is found', (_, shape) => {
    for (let n = 0; n < 10; n++) {
      const drawn = drawnCase(n, shape);
      const { hours, costUsd } = operate(wordsOf(drawn), solver);
      const bestUsd = cheapestUsd(drawn);
      expect(Math.abs(costUsd - bestUsd), `case ${n}`).toBeLessThan(1e-6 * Math.max(1, bestUsd));
      onWords(hours, drawn.units.length).forEach((word, unit) => {
        const turnings = turningUsd(
          drawn.units[unit] as DrawnUnit,
          drawn.before[unit] as DrawnCase['before'][number],
          [...word].map((letter) => letter === '1'),
          drawn.stopCostRatio,
        );
        expect(turnings, `case ${n}, unit ${unit}: ${word}`).not.toBeNull();
      });
    }
  });
});
