import { describe, expect, test } from 'vitest';
import { inForceAtMw, meanInForceMw, nothingInForce, pledge } from '../../shared/domain/flexibility/inForce.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import { toWire } from '../../shared/domain/ticks.js';
import { audit, minute, of, riverbend, solo } from '../support/clusterWorld.js';

describe('an order to the desk', () => {
  const targetOf = (facts: Parameters<typeof of>[0]) => of(facts, 'control.loadtarget.v1').at(-1)?.data.targets[0];

  test('that is heard before its own tick begins waits for the next one, and counts once', () => {
    const desk = solo(createFlexibilityModel(riverbend()));
    desk.hear([audit('curtail-campus', 'riverbend', 0, 80)]);
    expect(targetOf(desk.run())?.reductionMw ?? 0).toBe(0);
    const next = desk.run();
    expect(targetOf(next)).toMatchObject({ epoch: 1, reductionMw: 80, fromTime: toWire(minute(10)) });
    expect(of(next, 'control.request.v1')).toHaveLength(1);
    const later = [...desk.run(), ...desk.run()];
    expect(targetOf(later)).toMatchObject({ epoch: 1, reductionMw: 80 });
    expect(of(later, 'control.request.v1').filter(({ data }) => data.state === 'scheduled')).toEqual([]);
  });
});

describe('a pledge', () => {
  const given = { fromMs: 0, rampMs: 0, untilMs: 60_000, reductionMw: 40 };
  const inForce = pledge(nothingInForce, given, 0);

  test('counts until the instant it ends, and from there on no more', () => {
    expect([0, 59_999, 60_000, 60_001].map((atMs) => inForceAtMw(inForce, atMs))).toEqual([40, 40, 0, 0]);
    expect(meanInForceMw(inForce, 60_000, 60_000)).toBe(0);
    expect(meanInForceMw(inForce, 30_000, 90_000)).toBe(20);
  });
});
