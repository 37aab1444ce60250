import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assimilate, expectedMw, followingOf, nothingMeasured, type Assimilated } from '../../shared/domain/mirror/assimilate.js';
import { dueOf, judged, toldText, type Reading } from '../../shared/domain/mirror/reading.js';
import { stamp, type Fact, type FactOf } from '../../shared/domain/fact.js';
import { outsideInputsOf, takeInputs } from '../../shared/domain/outside.js';
import { hourMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { smallStartMs, smallWorld } from '../support/worlds.js';

const solver = await loadHighsSolver();
const hour = (place: number, rawText: string): Reading => ({ fromMs: place * hourMs, toMs: (place + 1) * hourMs, rawText });

/** Takes hours in, the model saying `modelMw` of each. */
function taken(measured: readonly (readonly [hour: number, mw: number])[], modelMw: (hour: number) => number = () => 100): Assimilated {
  let known = nothingMeasured;
  for (const [place, measuredMw] of measured)
    known = assimilate(known, { fromMs: place * hourMs, toMs: (place + 1) * hourMs, measuredMw, modelMw: modelMw(place) }).known;
  return known;
}

describe('a reading', () => {
  it('is judged by what it can be, not by what it was before', () => {
    expect(judged('10262', 9_000)).toEqual({ demandMw: 10_262, verdict: 'usable' });
    expect(judged('0', 9_000)).toEqual({ demandMw: 0, verdict: 'usable' });
    for (const text of ['MISSING', 'EMPTY', '', 'NaN', '0x10', '1,000']) expect(judged(text, 9_000).verdict).toBe('missing');
    expect(judged('-5', 9_000)).toEqual({ demandMw: null, verdict: 'negative' });
    expect(judged('1500000000', 9_000)).toEqual({ demandMw: null, verdict: 'implausible' });
  });

  it('is told once its interval is over, again when it was corrected, and then never again', () => {
    const told = new Map<number, { readonly rawText: string; readonly revision: number }>();
    const tell = (readings: readonly Reading[], nowHour: number): readonly (readonly [number, string, number])[] => {
      const due = dueOf(readings, told, { fromMs: 0, nowMs: nowHour * hourMs });
      for (const { reading, revision } of due) told.set(reading.fromMs, { rawText: toldText(reading), revision });
      return due.map(({ reading, revision }) => [reading.fromMs / hourMs, reading.rawText, revision]);
    };
    expect(tell([hour(1, '20'), hour(0, '10'), hour(2, '30')], 2)).toEqual([
      [0, '10', 0],
      [1, '20', 0],
    ]);
    expect(tell([hour(0, '10'), hour(1, '21'), hour(2, '30')], 3)).toEqual([
      [1, '21', 1],
      [2, '30', 0],
    ]);
    expect(tell([hour(0, '10'), hour(1, '21'), hour(2, '30')], 9)).toEqual([]);
    expect(tell([hour(0, '10'), hour(0, '11'), hour(-1, '9')], 9)).toEqual([[0, '11', 1]]);
  });

  it('is told whatever the order and the cuts it comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 0, max: 99 })), { maxLength: 30 }), fc.nat(20), (rows, cut) => {
        const readings = rows.map(([place, mw]) => hour(place, String(mw)));
        const told = new Map<number, { readonly rawText: string; readonly revision: number }>();
        for (const part of [readings.slice(0, cut), readings])
          for (const { reading, revision } of dueOf(part, told, { fromMs: 0, nowMs: 99 * hourMs }))
            told.set(reading.fromMs, { rawText: toldText(reading), revision });
        const newest = new Map(readings.map((reading) => [reading.fromMs, reading.rawText]));
        expect(new Map([...told].map(([fromMs, { rawText }]) => [fromMs, rawText]))).toEqual(newest);
      }),
    );
  });
});

describe('what is measured', () => {
  it('is followed by a gain and a bias that fades', () => {
    const steady = followingOf(
      taken([
        [0, 120],
        [1, 120],
        [2, 120],
      ]),
    );
    expect(steady.gainRatio).toBeCloseTo(1.2, 12);
    expect(steady.biasMw).toBeCloseTo(0, 9);
    expect(expectedMw(steady, 50, 99 * hourMs)).toBeCloseTo(60, 9);
    const fallen = followingOf(
      taken([
        [0, 120],
        [1, 120],
        [2, 60],
      ]),
    );
    const now = expectedMw(fallen, 100, 2.5 * hourMs);
    expect(now).toBeCloseTo(60, 9);
    const halfDayOn = expectedMw(fallen, 100, 14.5 * hourMs);
    expect(halfDayOn).toBeCloseTo(100 * fallen.gainRatio + fallen.biasMw / 2, 9);
  });

  it('gives the same whether it comes late, twice, corrected or in order', () => {
    const inOrder = taken([
      [0, 110],
      [1, 120],
      [2, 130],
      [3, 90],
    ]);
    const late = taken([
      [0, 110],
      [2, 130],
      [3, 90],
      [1, 120],
      [1, 120],
    ]);
    const corrected = taken([
      [0, 110],
      [1, 500],
      [2, 130],
      [3, 90],
      [1, 120],
    ]);
    for (const other of [late, corrected]) expect(followingOf(other)).toEqual(followingOf(inOrder));
  });

  it('diverges when it is far beyond the usual error, and not before the usual error is known', () => {
    const steady = Array.from({ length: 24 }, (_, place): readonly [number, number] => [place, place % 2 === 0 ? 101 : 99]);
    const known = taken(steady);
    const heard = (measuredMw: number, from = known) =>
      assimilate(from, { fromMs: 24 * hourMs, toMs: 25 * hourMs, measuredMw, modelMw: 100 }).divergence;
    expect(heard(70)).toMatchObject({ measuredMw: 70, isDivergent: true });
    expect(heard(97)).toMatchObject({ isDivergent: false });
    expect(heard(70, taken(steady.slice(0, 5)))).toMatchObject({ usualErrorMw: 0, isDivergent: false });
  });
});

describe('a world with a mirrored region', () => {
  const world = smallWorld({ mirror: [{ kind: 'file', region: 'south', path: '/nowhere.csv' }] });
  const measured = (tick: number, fromHour: number, demandMw: number | null, revision = 0): FactOf<'telemetry.demand.v1'> => {
    const [fromMs, toMs] = [smallStartMs + fromHour * hourMs, smallStartMs + (fromHour + 1) * hourMs];
    const data = {
      source: 'test',
      fromTime: toWire(fromMs),
      toTime: toWire(toMs),
      rawText: String(demandMw ?? 'MISSING'),
      demandMw,
      verdict: demandMw === null ? ('missing' as const) : ('usable' as const),
      revision,
      delayMinutes: 0,
    };
    const saying = { type: 'telemetry.demand.v1', region: 'south', entity: 'south', timeMs: fromMs, quality: 'measured', data } as const;
    const counts = revision === 0 ? {} : { 'telemetry.demand.v1/south': [fromMs, revision - 1] as const };
    const at = { component: 'adapters', tick, phase: 3, startMs: smallStartMs + tick * 300_000 } as const;
    return stamp([saying], { ...at, counts }).facts[0] as FactOf<'telemetry.demand.v1'>;
  };
  const run = (inputs: readonly FactOf<'telemetry.demand.v1'>[], ticks: number): readonly Fact[] => {
    const fast = createWholeWorld(world, solver);
    const facts: Fact[] = [];
    const asked = inputs.map((fact) => ({ kind: 'asked', tick: fact.tick, fact }) as const);
    for (let tick = 0; tick < ticks; tick++) facts.push(...fast.tick(), ...takeInputs(fast, asked));
    return facts;
  };
  const nativeMw = (facts: readonly Fact[], region: string): readonly number[] =>
    facts.flatMap((fact) => (fact.type === 'grid.demand.v1' && fact.region === region ? [fact.data.nativeMw] : []));

  it('follows what is measured from the next tick on, its other regions as before', () => {
    const facts = run([measured(11, 0, 130)], 24);
    expect(nativeMw(facts, 'south').slice(0, 12)).toEqual(Array.from({ length: 12 }, () => 100));
    for (const mw of nativeMw(facts, 'south').slice(12)) expect(mw).toBeCloseTo(130, 6);
    expect(new Set(nativeMw(facts, 'north'))).toEqual(new Set([60]));
    const divergences = facts.filter(({ type }) => type === 'grid.divergence.v1');
    expect(divergences).toMatchObject([{ tick: 12, region: 'south', quality: 'estimated', data: { measuredMw: 130, expectedMw: 100 } }]);
  });

  it('is not moved by what cannot be used', () => {
    expect(nativeMw(run([measured(11, 0, null)], 24), 'south').every((mw) => mw === 100)).toBe(true);
  });

  it('keeps a fall of load as it is, and raises an alarm about it that ends by itself', () => {
    const steady = Array.from({ length: 14 }, (_, place) => measured(12 * (place + 1) - 1, place, place % 2 === 0 ? 101 : 99));
    const facts = run([...steady, measured(179, 14, 55), measured(191, 15, 56)], 200);
    const after = nativeMw(facts, 'south').slice(180, 192);
    for (const mw of after) expect(mw).toBeLessThan(60);
    const alarms = facts.flatMap((fact) => (fact.type.startsWith('alarm.') && fact.entity.startsWith('divergence') ? [fact.type] : []));
    expect(alarms).toEqual(['alarm.raised.v1', 'alarm.cleared.v1']);
  });

  it('says the same when it is run again with what its stream holds', () => {
    const first = run([measured(11, 0, 130), measured(23, 1, 140), measured(30, 0, 90, 1)], 48);
    const inputs = outsideInputsOf(first);
    expect(inputs).toHaveLength(3);
    const again = createWholeWorld(world, solver);
    const facts: Fact[] = [];
    for (let tick = 0; tick < 48; tick++) facts.push(...again.tick(), ...takeInputs(again, inputs));
    expect(JSON.stringify(facts)).toBe(JSON.stringify(first));
  });
});
