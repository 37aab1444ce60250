import { describe, expect, it } from 'vitest';
import { draw } from '../../shared/domain/random.js';
import { metricsNamed } from '../../shared/domain/study/catalogue.js';
import { tallying } from '../../shared/domain/study/tally.js';
import { minuteMs } from '../../shared/domain/ticks.js';
import { betaQuantile, lostShareBounds, poissonBounds } from '../../shared/domain/uptime/bounds.js';
import { hearUptime, nothingHeard, observedOf } from '../../shared/domain/uptime/hear.js';
import { merged, uptimeClasses, uptimeOf, type Interval, type UptimeClass } from '../../shared/domain/uptime/uptime.js';
import type { Fact } from '../../shared/domain/fact.js';
import { audit, flexibleWorld, minute, of, riverbend, said } from '../support/clusterWorld.js';

function classOf(name: string): UptimeClass {
  const found = uptimeClasses.find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

/** Seconds as an interval. */
function span(from: number, to: number): Interval {
  return { fromMs: 1_000 * from, toMs: 1_000 * to };
}

const daySeconds = 86_400;

describe('bounds', () => {
  it('of a Poisson count are those of the tables', () => {
    // Garwood's exact limits, one-sided 95 %.
    const table = [
      [0, 0, 2.9957],
      [1, 0.0513, 4.7439],
      [5, 1.9701, 10.513],
      [10, 5.4254, 16.9622],
      [100, 84.139, 118.079],
    ] as const;
    for (const [count, low, high] of table) {
      expect(poissonBounds(count).low).toBeCloseTo(low, 3);
      expect(poissonBounds(count).high).toBeCloseTo(high, 3);
    }
  });

  it('of a beta distribution are right where they have a closed form', () => {
    expect(betaQuantile(0.05, 1, 1)).toBeCloseTo(0.05, 12);
    expect(betaQuantile(0.95, 2, 1)).toBeCloseTo(Math.sqrt(0.95), 12);
    expect(betaQuantile(0.5, 300, 300)).toBeCloseTo(0.5, 9);
    // F 0.95 with 4 and 2 degrees of freedom is 19.247.
    const x = betaQuantile(0.95, 2, 1);
    expect(((x / (1 - x)) * 2) / 4).toBeCloseTo(19.247, 3);
  });

  it('of the share lost after one interruption follow by hand', () => {
    const { low, high } = lostShareBounds({ interruptions: 1, lost: 1, working: 99 });
    const [oddsLow, oddsHigh] = [0.05 / 0.95 / 99, Math.sqrt(0.95) / (1 - Math.sqrt(0.95)) / 99];
    expect(low).toBeCloseTo(oddsLow / (1 + oddsLow), 12);
    expect(high).toBeCloseTo(oddsHigh / (1 + oddsHigh), 9);
  });

  it('of the share lost hold the truth in at least 94 of 100 drawn times, each way', () => {
    let [above, below, cases] = [0, 0, 0];
    const truth = 0.02 / 1.02;
    for (let n = 0; n < 1_000; n++) {
      let [working, lost, interruptions] = [0, 0, 0];
      const length = (mean: number, purpose: string): number =>
        -mean * Math.log(1 - draw({ seed: n, component: 'test', entity: 'uptime', purpose, n: interruptions }));
      for (let up = length(250, 'up'); working + lost + up < 1_000; up = length(250, 'up')) {
        working += up;
        lost += length(5, 'down');
        interruptions += 1;
      }
      if (interruptions === 0) continue;
      const { low, high } = lostShareBounds({ interruptions, lost, working: 1_000 - lost });
      cases += 1;
      if (low > truth) above += 1;
      if (high < truth) below += 1;
    }
    expect(cases).toBeGreaterThan(950);
    expect(above / cases).toBeLessThan(0.06);
    expect(below / cases).toBeLessThan(0.06);
    expect(above + below).toBeGreaterThan(10);
  });
});

describe('uptime against a class', () => {
  it('cannot be shown for eight nines in a year without a lost second: that takes 9.5 years', () => {
    const year = uptimeOf({ ...span(0, 365 * daySeconds), down: [], capped: [] }, classOf('eight-nines'));
    expect(year).toMatchObject({ verdict: 'cannot be shown', unit: 'second', units: 365 * daySeconds, lostSeconds: 0, lostRatioLow: 0 });
    expect(year.secondsToShow / (365.25 * daySeconds)).toBeCloseTo(9.49, 2);
    expect(year.lostRatioHigh).toBeCloseTo(-Math.log(0.05) / (365 * daySeconds), 15);
    const years = (count: number) =>
      uptimeOf({ ...span(0, count * 365.25 * daySeconds), down: [], capped: [] }, classOf('eight-nines')).verdict;
    expect([years(9.4), years(9.6)]).toEqual(['cannot be shown', 'kept']);
  });

  it('is broken for eight nines by one pause of an hour in a week, and not shown either way for training', () => {
    const observed = { ...span(0, 7 * daySeconds), down: [span(1_000, 4_600)], capped: [] };
    expect(uptimeOf(observed, classOf('eight-nines'))).toMatchObject({ verdict: 'broken', interruptions: 1, lostSeconds: 3_600 });
    expect(uptimeOf(observed, classOf('training')).verdict).toBe('cannot be shown');
    expect(uptimeOf(observed, classOf('training')).lostRatioHigh).toBeGreaterThan(0.05);
  });

  it('is kept for training after many short pauses, and broken after many long ones', () => {
    const pauses = (seconds: number): Interval[] => Array.from({ length: 40 }, (_, i) => span(10_000 * i, 10_000 * i + seconds));
    const of40 = (seconds: number) => uptimeOf({ ...span(0, 400_000), down: pauses(seconds), capped: [] }, classOf('training'));
    expect([of40(200).verdict, of40(450).verdict, of40(1_000).verdict]).toEqual(['kept', 'cannot be shown', 'broken']);
    expect(of40(200)).toMatchObject({ availabilityRatio: 0.98, unit: 'interruption', units: 40, longestSeconds: 200 });
    expect(of40(200).interruptionsPerYearHigh).toBeCloseTo((poissonBounds(40).high * 365.25 * daySeconds) / 400_000, 6);
  });

  it('joins what touches, cuts what lies outside, and counts time under a cap beside it', () => {
    expect(merged([span(5, 7), span(0, 3), span(3, 4), span(6, 20), span(30, 40)], span(1, 10))).toEqual([span(1, 4), span(5, 10)]);
    const seen = uptimeOf({ ...span(0, 100), down: [span(10, 20)], capped: [span(5, 30)] }, classOf('training'));
    expect(seen).toMatchObject({ lostSeconds: 10, cappedSeconds: 15, availabilityRatio: 0.9 });
  });

  it('is lost altogether when nothing worked', () => {
    const none = uptimeOf({ ...span(0, 1_000), down: [span(0, 1_000)], capped: [] }, classOf('two-nines'));
    expect(none).toMatchObject({ availabilityRatio: 0, verdict: 'broken' });
    expect(none.lostRatioHigh).toBeGreaterThan(0.999);
  });
});

describe('what is heard of a twin', () => {
  const inference = riverbend().campuses.map((campus) => ({ ...campus, inferenceMinMw: 40, inferenceMaxMw: 60 }));
  const world = flexibleWorld(riverbend({ campuses: inference }), () => []);
  const ticks = Array.from({ length: 48 }, (_, tick) => {
    if (tick === 6) world.inject(audit('pause-run', 'cinder', 5));
    if (tick === 18) world.inject(audit('resume-run', 'cinder', 17));
    if (tick === 30) world.inject(audit('trip-campus', 'riverbend', 29));
    if (tick === 33) world.inject(audit('return-campus', 'riverbend', 32));
    return world.tick();
  });
  const hear = (facts: readonly Fact[]) => facts.reduce((before, fact) => hearUptime(before, fact, 5 * minuteMs), nothingHeard);
  const facts = ticks.flat();
  const observed = (from: readonly Fact[], key: string) => {
    const one = hear(from).watched.get(key);
    if (one === undefined) throw new Error(`${key} was not heard`);
    return observedOf(one);
  };

  it('takes a run as down from its checkpoint until it computes again', () => {
    const seen = observed(facts, 'training/cinder');
    const checkpoint = of(facts, 'cluster.checkpoint.v1').find(({ entity }) => entity === 'cinder');
    const resumes = of(facts, 'cluster.resume.v1').filter(({ entity }) => entity === 'cinder');
    expect(checkpoint?.timeMs).toBe(minute(30));
    expect(resumes.length).toBeGreaterThanOrEqual(2);
    expect(seen.down[0]).toEqual({ fromMs: minute(30), toMs: Date.parse(resumes[0]?.data.readyTime ?? '') });
    expect([seen.fromMs, seen.toMs]).toEqual([minute(0), minute(240)]);
    const away = merged(seen.down, seen);
    expect(away).toHaveLength(2);
    expect(away[1]?.fromMs).toBe(minute(150));
  });

  it('takes the inference of a campus as down while its connection is tripped', () => {
    const seen = observed(facts, 'inference/riverbend');
    expect(merged(seen.down, seen)).toEqual([{ fromMs: minute(150), toMs: minute(165) }]);
    expect(uptimeOf(seen, classOf('eight-nines'))).toMatchObject({ lostSeconds: 900, verdict: 'broken' });
  });

  it('agrees with the state at the end of every tick', () => {
    for (const run of ['atlas', 'cinder']) {
      const seen = observed(facts, `training/${run}`);
      for (const { data, timeMs } of of(facts, 'cluster.progress.v1')) {
        const state = data.runs.find((one) => one.run === run)?.state ?? 'waiting';
        const lastMs = timeMs + 5 * minuteMs - 1;
        const isDown = seen.down.some(({ fromMs, toMs }) => fromMs <= lastMs && lastMs < toMs);
        expect(isDown, `${run} ${state} at ${timeMs}`).toBe(['paused', 'tripped', 'checkpointing', 'restoring'].includes(state));
      }
    }
  });

  it('gives the share of time that a study measures', () => {
    const meters = tallying(metricsNamed(['availabilityRatio']), { world: riverbend(), startMs: minute(0), tickMs: 5 * minuteMs });
    const tally = meters.start();
    for (const said of ticks) meters.hear(tally, said);
    const figures = meters.figures(tally, minute(240));
    for (const kind of ['training', 'inference'] as const) {
      const all = [...hear(facts).watched.values()].filter((one) => one.kind === kind).map((one) => observedOf(one));
      const lost = all.flatMap((seen) => merged(seen.down, seen)).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
      const whole = all.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
      expect(lost).toBeGreaterThan(0);
      expect(figures[`availabilityRatio.${kind}`]).toBeCloseTo(1 - lost / whole, 9);
    }
  });

  it('begins where the stream begins: in the middle of a pause it is down from there', () => {
    const late = ticks.slice(10).flat();
    const [whole, part] = [observed(facts, 'training/cinder'), observed(late, 'training/cinder')];
    expect(part.fromMs).toBe(minute(50));
    expect(part.down[0]).toEqual({ fromMs: minute(50), toMs: whole.down[0]?.toMs });
    expect(part.down.slice(1)).toEqual(whole.down.slice(1));
  });

  it('knows the end of a pause to the millisecond while the run is restored over several ticks', () => {
    const run = { run: 'cinder', campus: 'riverbend', powerMw: 10, capRatio: 1, completedSteps: 5, checkpointedSteps: 5, totalSteps: 9 };
    const progress = (tick: number, state: 'running' | 'paused' | 'restoring' | 'throttled') =>
      said('cluster.progress.v1', 'central', { tick, phase: 3 }, { runs: [{ ...run, state }] }) as unknown as Fact;
    const checkpointed = { campus: 'riverbend', epoch: 1, checkpointedSteps: 5 };
    const pause = said('cluster.pause.v1', 'cinder', { tick: 1 }, { ...checkpointed, lostSteps: 0 }) as unknown as Fact;
    const resume = said(
      'cluster.resume.v1',
      'cinder',
      { tick: 3 },
      {
        campus: 'riverbend',
        epoch: 1,
        capRatio: 0.5,
        fromSteps: 5,
        meanCurtailedMw: 1,
        missedSteps: 1,
        readyTime: new Date(minute(27)).toISOString(),
        curtailedFromTime: new Date(minute(5)).toISOString(),
      },
    ) as unknown as Fact;
    const list = [progress(0, 'running'), pause, progress(1, 'paused'), progress(2, 'paused'), resume];
    list.push(
      progress(3, 'restoring'),
      progress(4, 'restoring'),
      progress(5, 'throttled'),
      progress(6, 'throttled'),
      progress(7, 'running'),
    );
    const seen = observed(list, 'training/cinder');
    expect(seen.down).toEqual([{ fromMs: minute(5), toMs: minute(27) }]);
    expect(merged(seen.capped, seen)).toEqual([{ fromMs: minute(27), toMs: minute(40) }]);
    // The pause comes once more, long after it ended.
    expect(observed([...list, pause], 'training/cinder')).toEqual(seen);
  });

  it('counts a failure from its instant until the run computes again, and one that pauses the run until it is resumed', () => {
    const run = { run: 'cinder', campus: 'riverbend', powerMw: 10, capRatio: 1, completedSteps: 5, checkpointedSteps: 5, totalSteps: 9 };
    const progress = (tick: number, state: 'running' | 'restoring' | 'paused') =>
      said('cluster.progress.v1', 'central', { tick, phase: 3 }, { runs: [{ ...run, state }] }) as unknown as Fact;
    const failure = (tick: number, readyMinute: number | null) => {
      const readyTime = readyMinute === null ? null : new Date(minute(readyMinute)).toISOString();
      const data = { campus: 'riverbend', number: tick, during: 'work' as const, checkpointedSteps: 5, lostSteps: 0, lostSeconds: 0 };
      return said('cluster.failure.v1', 'cinder', { tick }, { ...data, readyTime }) as unknown as Fact;
    };
    const states = [progress(1, 'restoring'), progress(2, 'restoring'), progress(3, 'running'), progress(4, 'running')];
    const again = [failure(1, 12), ...states.slice(0, 1), failure(2, 17), ...states.slice(1)];
    const seen = observed([progress(0, 'running'), ...again], 'training/cinder');
    expect(merged(seen.down, seen)).toEqual([{ fromMs: minute(5), toMs: minute(17) }]);
    const paused = observed([progress(0, 'running'), failure(1, null), progress(1, 'paused'), progress(2, 'paused')], 'training/cinder');
    expect(merged(paused.down, paused)).toEqual([{ fromMs: minute(5), toMs: minute(15) }]);
  });

  it('counts what is heard twice once', () => {
    const once = observed(facts, 'training/cinder');
    const twice = observed([...facts, ...facts], 'training/cinder');
    expect(merged(twice.down, twice)).toEqual(merged(once.down, once));
    expect(twice.toMs).toBe(once.toMs);
  });
});
