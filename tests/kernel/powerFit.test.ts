import { describe, expect, it } from 'vitest';
import { throughputRatio } from '../../shared/domain/cluster/throughput.js';
import { capRmse, fitCapCurve, sweepPointsOf, type SweepRow } from '../../shared/domain/power/capCurve.js';
import { chillerShare } from '../../shared/domain/facility/cooling.js';
import { acceleratorsWithin, facilityPower, h100Facility } from '../../shared/domain/power/facility.js';
import { fitIdleActive } from '../../shared/domain/power/idleActive.js';
import { fitRhythm } from '../../shared/domain/power/rhythm.js';
import { fitSaturations } from '../../shared/domain/power/saturation.js';
import { fitSwings } from '../../shared/domain/power/swings.js';

const limits = [100, 125, 150, 175, 200, 225, 250, 300];

/** A sweep that follows a curve, but for a wave of `noise` in its epoch times. */
function sweepOf(curve: { staticRatio: number; capExponent: number }, noise: number): SweepRow[] {
  return [150, 190, 230, 260].flatMap((drawW, job) =>
    limits.map((limitW, i) => {
      const speed = throughputRatio(curve, Math.min(1, limitW / drawW));
      const epochSeconds = (10 / speed) * (limitW === 300 ? 1 : 1 + noise * Math.sin(7 * i + 3 * job));
      return { job: `job${job}`, network: `net${job % 2}`, limitW, epochSeconds, drawW: Math.min(drawW, limitW) };
    }),
  );
}

describe('the curve of throughput under a cap', () => {
  it.each([
    [0.4, 4.3],
    [0.1, 1.5],
    [0.3, 1],
    [0, 2.3],
  ])('finds s %f and a %f of a sweep that follows them', (staticRatio, capExponent) => {
    const fit = fitCapCurve(sweepPointsOf(sweepOf({ staticRatio, capExponent }, 0)));
    expect(fit.rmse).toBeLessThan(1e-5);
    expect(fit.staticRatio).toBeCloseTo(staticRatio, 3);
    expect(fit.capExponent).toBeCloseTo(capExponent, 2);
  });

  it('is no worse than any curve of a fine grid', () => {
    const points = sweepPointsOf(sweepOf({ staticRatio: 0.35, capExponent: 3 }, 0.05));
    const fit = fitCapCurve(points);
    let least = 1;
    for (let s = 0; s < 0.95; s += 0.01)
      for (let a = 0.6; a < 12; a += 0.1) least = Math.min(least, capRmse({ staticRatio: s, capExponent: a }, points));
    expect(least).toBeGreaterThan(0.01);
    expect(fit.rmse).toBeLessThanOrEqual(least);
    expect(fit.heldOutRmse).toBeGreaterThan(fit.rmse);
  });

  it('leaves out a job whose uncapped draw is unknown', () => {
    const rows = sweepOf({ staticRatio: 0.4, capExponent: 4 }, 0);
    const points = sweepPointsOf(rows.filter((row) => !(row.job === 'job1' && row.limitW === 300)));
    expect([points.jobs, points.jobsLeftOut, points.capRatio.length]).toEqual([3, 1, 24]);
  });
});

describe('the other fits', () => {
  it('names the form that power follows as load rises', () => {
    const load = Float64Array.from({ length: 60 }, (_, i) => i + 1);
    const [best] = fitSaturations(
      load,
      load.map((rate) => 2_000 + 800 * Math.min(1, rate / 31)),
    );
    expect(best?.form).toBe('clipped-line');
    expect([best?.floorW, best?.riseW, best?.scale].map((value) => Math.round(value ?? 0))).toEqual([2_000, 800, 31]);
    const [curved] = fitSaturations(
      load,
      load.map((rate) => 500 - 400 * Math.exp(-rate / 12)),
    );
    expect(curved?.form).toBe('exponential');
    expect(curved?.scale).toBeCloseTo(12, 3);
  });

  it('splits idle from active where they part', () => {
    const fit = fitIdleActive(Float64Array.from({ length: 1_000 }, (_, i) => (i < 600 ? 60 + i / 100 : 380 + (i - 600) / 20)));
    expect([fit.idleShare, Math.round(fit.idleW), Math.round(fit.activeW)]).toEqual([0.6, 63, 390]);
    expect(fit.ksDistance).toBeLessThan(0.1);
  });

  it('takes dips every ten seconds for steps, and names the long stops among them', () => {
    const dips = Array.from({ length: 100 }, (_, i) => ({
      startSeconds: 300 + 10 * i,
      endSeconds: 302 + 10 * i + (i % 20 === 0 ? 6 : 0),
      dropRatio: 0.16,
    }));
    const rhythm = fitRhythm([{ startSeconds: 0, endSeconds: 290, dropRatio: 0.8 }, ...dips]);
    expect(rhythm).toMatchObject({
      dips: 101,
      startOrEnd: 1,
      periodSeconds: 10,
      periodRmseSeconds: 0,
      areSteps: true,
      longStops: 5,
      longStopPeriodSeconds: 200,
    });
    const rare = fitRhythm([0, 900, 1_800].map((startSeconds) => ({ startSeconds, endSeconds: startSeconds + 20, dropRatio: 0.3 })));
    expect(rare?.areSteps).toBe(false);
  });

  it('shares the variance of swings over bands without loss', () => {
    const swings = fitSwings([
      { windowSeconds: 0, deviationW: 100 },
      { windowSeconds: 1, deviationW: 95 },
      { windowSeconds: 10, deviationW: 70 },
      { windowSeconds: 60, deviationW: 55 },
    ]);
    const sum = swings.bands.reduce((total, band) => total + band.deviationW ** 2, swings.slowerW ** 2);
    expect(sum).toBeCloseTo(10_000, 6);
    expect(swings.rmseW).toBeLessThan(3);
  });
});

describe('a facility', () => {
  const accelerators = acceleratorsWithin(h100Facility, 1_000, 20);
  const plan = { ...h100Facility, accelerators };

  it('sums to the campus and fills what it was sized for', () => {
    const full = facilityPower(plan, { kind: 'work', capRatio: 1 }, 20);
    expect(full.campusMw).toBeGreaterThan(999.99);
    expect(full.campusMw).toBeLessThanOrEqual(1_000);
    expect(full.acceleratorsMw + full.serversMw + full.networkMw + full.coolingMw + full.lossesMw).toBeCloseTo(full.campusMw, 9);
    expect(full.rackKw).toBeCloseTo(33.6, 9);
    expect(full.throughputRatio).toBe(1);
  });

  it('needs more for cooling as it gets warmer, and stays within 1.08 to 1.25 from 5 to 30 C', () => {
    const pue = [5, 10, 15, 20, 25, 30].map((outsideC) => facilityPower(plan, { kind: 'work', capRatio: 1 }, outsideC).pueRatio);
    expect(pue).toEqual([...pue].sort((a, b) => a - b));
    expect(pue[0]).toBeGreaterThanOrEqual(1.08);
    expect(pue[5]).toBeLessThanOrEqual(1.25);
    expect([10, 28, 40].map((outsideC) => chillerShare(h100Facility.cooling, outsideC))).toEqual([0, 0.5, 1]);
  });

  it('draws 0.12 to 0.30 of full power when it is paused', () => {
    const ratio = facilityPower(plan, { kind: 'idle' }, 20).campusMw / 1_000;
    expect(ratio).toBeGreaterThan(0.12);
    expect(ratio).toBeLessThan(0.3);
  });
});
