import { describe, expect, it } from 'vitest';
import { wordOf } from '../../shared/domain/grid/reserve.js';
import { contingencyReserve, type ReserveQuestion, type ReserveUnit } from '../../shared/domain/security/contingencyReserve.js';
import { stateWordOf, type StateInputs } from '../../shared/domain/security/stateWord.js';

const unit = (outputMw: number, availableMw: number, more: Partial<ReserveUnit> = {}): ReserveUnit => ({
  outputMw,
  availableMw,
  minMw: 0,
  rampMwPerMinute: null,
  isOnline: true,
  providesReserve: true,
  ...more,
});
const ask = (question: Partial<ReserveQuestion>) =>
  contingencyReserve({ units: [], importMw: [], campusBus: [], campusMw: [], ...question });

describe('contingency reserve', () => {
  it('covers the largest unit with the room of the others, never with its own', () => {
    const { upward } = ask({ units: [unit(400, 420), unit(300, 320), unit(100, 280)] });
    expect(upward).toEqual({ loss: { kind: 'unit', place: 0 }, lostMw: 400, reserveMw: 200, shortfallMw: 200, largestLossMw: 400 });
  });

  it('finds that a smaller unit with most of the reserve is the worse loss', () => {
    const { upward } = ask({ units: [unit(400, 400), unit(300, 900)] });
    expect(upward).toMatchObject({ loss: { kind: 'unit', place: 1 }, lostMw: 300, reserveMw: 0, shortfallMw: 300, largestLossMw: 400 });
  });

  it('counts an import as a loss', () => {
    const { upward } = ask({ units: [unit(100, 350)], importMw: [200, 500] });
    expect(upward).toMatchObject({ loss: { kind: 'import', place: 1 }, lostMw: 500, reserveMw: 250, shortfallMw: 250 });
  });

  it('never counts cold units, units without reserve, or what they cannot ramp to in time', () => {
    const units = [
      unit(300, 300),
      unit(0, 500, { isOnline: false }),
      unit(50, 500, { providesReserve: false }),
      unit(50, 500, { rampMwPerMinute: 4 }),
    ];
    expect(ask({ units }).upward).toMatchObject({ lostMw: 300, reserveMw: 40, shortfallMw: 260 });
    expect(ask({ units, minutes: 30 }).upward).toMatchObject({ reserveMw: 120, shortfallMw: 180 });
  });

  it('adds up the campuses at one bus for the downward loss, and counts room above the minimum', () => {
    const units = [unit(400, 400, { minMw: 396 }), unit(600, 600, { minMw: 200 }), unit(200, 200, { minMw: 50, rampMwPerMinute: 5 })];
    const { downward } = ask({ units, campusBus: [7, 3, 7], campusMw: [500, 600, 300] });
    expect(downward).toEqual({
      loss: { kind: 'campuses', place: 7 },
      lostMw: 800,
      reserveMw: 454,
      shortfallMw: 346,
      largestLossMw: 800,
    });
  });

  it('has nothing to cover where nothing can be lost', () => {
    const nothing = ask({ units: [unit(0, 100, { isOnline: false })] });
    expect(nothing.upward).toMatchObject({ loss: null, lostMw: 0, shortfallMw: 0 });
    expect(nothing.downward).toMatchObject({ loss: null, lostMw: 0, shortfallMw: 0 });
  });
});

describe('the state word', () => {
  const thresholds = { watchBelowMw: 900, warningBelowMw: 600, emergencyBelowMw: 300 };
  const calm: StateInputs = { thresholds, availableReserveMw: 1_000, upwardShortfallMw: 0, downwardShortfallMw: 0, unservedMw: 0 };

  it('follows the thresholds of the scenario as before when nothing else is wrong', () => {
    const reserve = { ...thresholds, requirementMw: 0, shortageSteps: [] };
    for (const availableReserveMw of [1_000, 900, 899.9999999, 899, 600, 599, 300, 299, 0]) {
      expect(stateWordOf({ ...calm, availableReserveMw }).word).toBe(wordOf(reserve, availableReserveMw));
    }
    expect(stateWordOf(calm)).toEqual({ word: 'normal', reasons: [] });
  });

  it('says how much is missing to the threshold that was crossed', () => {
    expect(stateWordOf({ ...calm, availableReserveMw: 480 })).toEqual({
      word: 'warning',
      reasons: [{ kind: 'reserve-below', word: 'warning', thresholdMw: 600, mw: 120 }],
    });
  });

  it('takes the gravest cause for the word and names all of them, gravest first', () => {
    const { word, reasons } = stateWordOf({
      ...calm,
      availableReserveMw: 800,
      upwardShortfallMw: 50,
      downwardShortfallMw: 20,
      unservedMw: 7,
    });
    expect(word).toBe('emergency');
    expect(reasons.map(({ kind, mw }) => [kind, mw])).toEqual([
      ['unserved', 7],
      ['upward-shortfall', 50],
      ['reserve-below', 100],
      ['downward-shortfall', 20],
    ]);
  });

  it('lets a policy name a cause without raising the word', () => {
    const policy = { upwardShortfall: 'normal', downwardShortfall: 'normal', unserved: 'emergency' } as const;
    const { word, reasons } = stateWordOf({ ...calm, upwardShortfallMw: 50 }, policy);
    expect(word).toBe('normal');
    expect(reasons).toEqual([{ kind: 'upward-shortfall', word: 'normal', mw: 50 }]);
  });
});
