import { describe, expect, it } from 'vitest';
import { frequencyAfter, outsideOf, type FrequencyCourse, type SuddenLoss } from '../../shared/domain/security/frequency.js';
import { isOnline, responseCurve } from '../../shared/domain/security/governors.js';
import { governorOf, texasPractice, type FrequencyPractice } from '../../shared/domain/security/practice.js';
import type { FrequencySystem } from '../../shared/domain/security/swing.js';

const bare: FrequencyPractice = { ...texasPractice, loadDampingRatio: 0, loadSteps: [], generationSteps: [], collapseBelowHz: 0 };
const unit = { outputMw: 100, availableMw: 100, minMw: 40, inertiaMws: 500, governor: 'none' } as const;
const still = (more: Partial<FrequencySystem> = {}): FrequencySystem => ({
  units: Array.from({ length: 10 }, () => unit),
  loadMw: 1_000,
  outside: null,
  ...more,
});
const governed = still({
  units: [
    { ...unit, availableMw: 180, governor: 'steam' },
    { ...unit, availableMw: 220, governor: 'gas' },
    { ...unit, availableMw: 150, governor: 'hydro' },
    { ...unit, availableMw: 130, inertiaMws: 0, governor: 'inverter' },
    ...Array.from({ length: 6 }, () => unit),
  ],
});

function course(...args: Parameters<typeof frequencyAfter>): FrequencyCourse {
  const answer = frequencyAfter(...args);
  if (answer.kind !== 'course') throw new Error('nothing turns');
  return answer;
}

const lose = (mw: number): SuddenLoss => ({ kind: 'generation', mw });

describe('the swing equation', () => {
  it('falls at lost MW times nominal frequency over twice the inertia', () => {
    const online = (inertiaMws: number): FrequencySystem => still({ units: [{ ...unit, inertiaMws }] });
    expect(course(online(13_900), lose(400)).rateHzPerSecond).toBeCloseTo(0.863, 3);
    expect(course(online(13_900), { kind: 'load', mw: 1_000 }).rateHzPerSecond).toBeCloseTo(2.158, 3);
    expect(course(online(100_000), lose(2_750)).rateHzPerSecond).toBeCloseTo(0.825, 3);
    const tied = { ...online(13_900), outside: { inertiaMws: 180_000, responseMwPerTenthHz: 650 } };
    expect(course(tied, lose(400)).rateHzPerSecond).toBeCloseTo(0.0619, 4);
    expect(course(online(13_900), lose(400), { practice: { ...texasPractice, nominalHz: 50 } }).rateHzPerSecond).toBeCloseTo(0.719, 3);
  });

  it('is a straight line without governors and damping', () => {
    const fallen = course(still(), lose(10), { practice: bare, horizonSeconds: 10 });
    expect(fallen.finalHz).toBeCloseTo(60 - 10 * ((10 * 60) / (2 * 5_000)), 9);
    expect(fallen.lowestAtSeconds).toBeCloseTo(10, 9);
    expect(fallen.halfSecondRateHzPerSecond).toBeCloseTo(fallen.rateHzPerSecond, 9);
    expect(fallen.highestHz).toBe(60);
  });

  it('follows the closed form with damping alone, four times closer for half the step', () => {
    const practice = { ...bare, loadDampingRatio: 2 };
    const dampingMwPerHz = (2 * 1_000) / 60;
    const exactHz = 60 - (50 / dampingMwPerHz) * (1 - Math.exp((-dampingMwPerHz * 60 * 4) / (2 * 5_000)));
    const errorOf = (stepSeconds: number): number =>
      Math.abs(course(still(), lose(50), { practice, horizonSeconds: 4, stepSeconds }).finalHz - exactHz);
    expect(errorOf(0.01)).toBeLessThan(1e-6);
    expect(errorOf(0.04) / errorOf(0.02)).toBeCloseTo(4, 1);
    expect(errorOf(0.02) / errorOf(0.01)).toBeCloseTo(4, 1);
  });

  it('settles where governors and damping carry what was lost', () => {
    const settled = course(governed, lose(40), { practice: { ...bare, loadDampingRatio: 1 }, horizonSeconds: 200 });
    const belowHz = 60 - settled.finalHz;
    const gain = (availableMw: number, deadBandHz: number): number => (availableMw * Math.max(0, belowHz - deadBandHz)) / (3 - deadBandHz);
    const governorsMw = gain(180, 0.034) + gain(220, 0.017) + gain(150, 0.034) + gain(130, 0.017);
    expect(governorsMw + (1_000 * belowHz) / 60).toBeCloseTo(40, 6);
    expect(settled.lowestHz).toBeLessThan(settled.finalHz);
    expect(settled.lowestAtSeconds).toBeGreaterThan(0.5);
  });

  it('converges: half the step moves the lowest point by less than a tenth of a millihertz, relays included', () => {
    const at = (stepSeconds: number): FrequencyCourse => course(governed, lose(260), { stepSeconds });
    const [coarse, fine] = [at(0.01), at(0.005)];
    expect(coarse.shedMw).toBeGreaterThan(0);
    expect(fine.shedMw).toBe(coarse.shedMw);
    expect(Math.abs(coarse.lowestHz - fine.lowestHz)).toBeLessThan(1e-4);
    expect(Math.abs(coarse.finalHz - fine.finalHz)).toBeLessThan(1e-4);
  });

  it('accounts for every MW s: what was lost is what the others gave and what rotation gave', () => {
    const cases: readonly (readonly [FrequencySystem, SuddenLoss])[] = [
      [governed, lose(260)],
      [governed, { kind: 'load', mw: 700 }],
      [
        { ...governed, outside: { inertiaMws: 180_000, responseMwPerTenthHz: 650 } },
        { kind: 'unit', unit: 1 },
      ],
    ];
    for (const [system, loss] of cases) {
      const answer = course(system, loss, { horizonSeconds: 20 });
      const { netLost, netGovernors, netOutside, netDamping, netShed, netTripped, netKinetic } = answer.energyMws;
      expect(netLost + netGovernors + netOutside + netDamping + netShed + netTripped).toBeCloseTo(netKinetic, 6);
      expect(Math.abs(netLost)).toBeCloseTo(answer.lostMw * 20, 6);
      if (answer.trippedMw === 0) expect(netKinetic).toBeCloseTo(((2 * answer.inertiaMws) / 60) * (answer.finalHz - 60), 6);
    }
  });

  it('gives the same digits twice, and a trace of the length asked for', () => {
    const once = course(governed, lose(90), { horizonSeconds: 12, traceEverySeconds: 0.25 });
    expect(course(governed, lose(90), { horizonSeconds: 12, traceEverySeconds: 0.25 })).toEqual(once);
    expect(once.traceHz).toHaveLength(49);
    expect(once.traceHz[0]).toBe(60);
    expect(once.traceHz.at(-1)).toBe(once.finalHz);
  });

  it('takes a lost unit with its inertia and its governor', () => {
    const without = course({ ...governed, units: governed.units.filter((_, place) => place !== 1) }, lose(100));
    expect(course(governed, { kind: 'unit', unit: 1 })).toEqual(without);
    expect(without.inertiaMws).toBe(4_000);
  });

  it('says so when nothing turns', () => {
    expect(frequencyAfter(still({ units: [{ ...unit, inertiaMws: 0 }] }), lose(5))).toEqual({ kind: 'no-inertia', lostMw: 5 });
  });
});

describe('governors', () => {
  it('add up to the sum of their units, each within headroom and minimum', () => {
    const units = [
      { outputMw: 90, availableMw: 100, minMw: 40, inertiaMws: 0 },
      { outputMw: 50, availableMw: 300, minMw: 45, inertiaMws: 0 },
      { outputMw: 70, availableMw: 70, minMw: 0, inertiaMws: 0 },
    ];
    const curve = responseCurve(units, { droopRatio: 0.05, deadBandHz: 0.02 }, 60);
    for (const belowHz of [-5, -1, -0.3, -0.05, -0.02, 0, 0.019, 0.1, 0.4, 1.2, 4]) {
      const expected = units.reduce((sum, { outputMw, availableMw, minMw }) => {
        const mw = (availableMw * Math.max(0, Math.abs(belowHz) - 0.02)) / (3 - 0.02);
        return sum + (belowHz > 0 ? Math.min(mw, availableMw - outputMw) : -Math.min(mw, outputMw - minMw));
      }, 0);
      expect(curve(belowHz)).toBeCloseTo(expected, 9);
    }
  });

  it('cannot help upwards at full output, nor downwards at minimum', () => {
    const full = still({ units: [{ ...unit, inertiaMws: 5_000, governor: 'gas' }] });
    expect(course(full, lose(10), { practice: bare }).energyMws.netGovernors).toBe(0);
    const least = still({ units: [{ ...unit, minMw: 100, inertiaMws: 5_000, governor: 'gas' }] });
    expect(course(least, { kind: 'load', mw: 10 }, { practice: bare }).energyMws.netGovernors).toBe(0);
  });

  it('are online as committed, or above 1 MW where nothing says', () => {
    expect([isOnline(0, true), isOnline(50, false), isOnline(1, null), isOnline(1.01, null)]).toEqual([true, false, false, true]);
    expect([governorOf('nuclear'), governorOf('coal'), governorOf('wind')]).toEqual(['none', 'steam', 'inverter']);
  });
});

describe('load shedding and tripping', () => {
  const oneStep = (step: { atHz: number; delaySeconds: number; shareRatio: number }): FrequencyPractice => ({ ...bare, loadSteps: [step] });

  it('sheds the share of load that a step names, its delay after frequency crossed', () => {
    const practice = oneStep({ atHz: 59.3, delaySeconds: 0.1, shareRatio: 0.05 });
    const fallen = course(still(), lose(50), { practice, horizonSeconds: 10 });
    const crossedSeconds = 0.7 / fallen.rateHzPerSecond;
    expect(fallen.actions).toEqual([{ action: 'shed', atHz: 59.3, atSeconds: expect.closeTo(crossedSeconds + 0.1, 9) as number }]);
    expect(fallen.shedMw).toBeCloseTo(50, 9);
    expect(fallen.lowestHz).toBeCloseTo(59.3 - 0.1 * fallen.rateHzPerSecond, 9);
    expect(fallen.finalHz).toBeCloseTo(fallen.lowestHz, 9);
  });

  it('does not act when frequency comes back within the delay', () => {
    const practice: FrequencyPractice = {
      ...oneStep({ atHz: 59.7, delaySeconds: 30, shareRatio: 0.05 }),
      governors: { ...bare.governors, gas: { ...bare.governors.gas, fastSeconds: 4 } },
      loadDampingRatio: 1,
    };
    const strong = still({ units: [{ ...unit, outputMw: 500, availableMw: 1_500, inertiaMws: 5_000, governor: 'gas' }, unit] });
    const fallen = course(strong, lose(140), { practice });
    expect(fallen.lowestHz).toBeLessThan(59.7);
    expect(fallen.finalHz).toBeGreaterThan(59.7);
    expect(fallen.shedMw).toBe(0);
  });

  it('answers the loss of a campus with over-frequency and tripping, not with shedding', () => {
    const light = still({ units: governed.units.map((each) => ({ ...each, inertiaMws: 150 })), loadMw: 1_000 });
    const answer = course(light, { kind: 'load', mw: 300 });
    expect(answer.direction).toBe('rising');
    expect(answer.shedMw).toBe(0);
    expect(answer.highestHz).toBeGreaterThan(61.8);
    expect(answer.actions.map(({ action, atHz }) => [action, atHz]).slice(0, 2)).toEqual([
      ['trip', 61.8],
      ['trip', 62],
    ]);
    expect(answer.trippedMw).toBeCloseTo(100 * answer.actions.length, 9);
    const governedOnly = course(governed, { kind: 'load', mw: 60 });
    expect(governedOnly.highestHz).toBeGreaterThan(60.1);
    expect(governedOnly.actions).toEqual([]);
    expect(governedOnly.energyMws.netGovernors).toBeLessThan(0);
  });

  it('sheds load after all when too much generation tripped', () => {
    const answer = course(still(), { kind: 'load', mw: 150 });
    const [kinds, tripped] = [answer.actions.map(({ action }) => action), answer.trippedMw];
    expect(tripped).toBeGreaterThan(150);
    expect(kinds.indexOf('shed')).toBeGreaterThan(kinds.lastIndexOf('trip'));
    expect(answer.highestAtSeconds).toBeLessThan(answer.lowestAtSeconds);
  });

  it('trips units with their inertia, so what is left moves faster', () => {
    const practice: FrequencyPractice = { ...bare, generationSteps: [{ atHz: 61, delaySeconds: 0.1, shareRatio: 0.5 }] };
    const risen = course(still(), { kind: 'load', mw: 100 }, { practice, horizonSeconds: 4 });
    const trippedAt = risen.actions[0]?.atSeconds ?? NaN;
    const slope = ((100 - 500) * 60) / (2 * 2_500);
    expect(risen.finalHz).toBeCloseTo(60 + trippedAt * risen.rateHzPerSecond + slope * (4 - trippedAt), 9);
  });

  it('ends where generators disconnect, and says so', () => {
    const answer = course(still(), lose(600));
    expect(answer.isCollapsed).toBe(true);
    expect(answer.lowestHz).toBeLessThan(57.5);
    expect(answer.traceHz.length).toBeLessThan(100);
    expect(answer.shedMw).toBeGreaterThan(0);
  });

  it('stays far from both with the outside system', () => {
    const outside = outsideOf({ island: false, externalInertiaMws: 180_000, externalResponseMwPerTenthHz: 650 });
    const fallen = course({ ...governed, outside }, lose(400), {
      practice: { ...texasPractice, loadDampingRatio: 0 },
      horizonSeconds: 120,
    });
    expect(fallen.actions).toEqual([]);
    expect(fallen.lowestHz).toBeGreaterThan(59.8);
    expect(60 - fallen.finalHz).toBeGreaterThan(0.05);
    expect(60 - fallen.finalHz).toBeLessThan(400 / 6_500);
    expect(outsideOf({ island: true, externalInertiaMws: 180_000, externalResponseMwPerTenthHz: 650 })).toBeNull();
  });
});
