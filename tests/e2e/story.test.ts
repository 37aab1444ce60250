import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import type { Fact, FactOf, FactType } from '../../shared/domain/fact.js';
import { fromWire, hourMs, minuteMs } from '../../shared/domain/ticks.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import type { World } from '../../shared/scenario/schema.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { firstFact, startTwin, worldLines, type TestTwin } from '../support/twin.js';

const untilTime = '2020-07-27T00:00:00.000Z';
const tickMs = 5 * minuteMs;
const ticks = (Date.parse(untilTime) - Date.parse('2020-07-22T00:00:00.000Z')) / tickMs;
const runs = ['--scenario', 'rts-gmlc', '--data', rtsGmlcDir ?? '', '--rate', 'max', '--hold-at', untilTime];

function of<Type extends FactType>(facts: readonly Fact[], type: Type): readonly FactOf<Type>[] {
  return facts.filter((fact) => fact.type === type) as unknown as readonly FactOf<Type>[];
}

describe.skipIf(rtsGmlcDir === null)(rtsGmlcDir === null ? noRtsGmlc : 'the story of rts-gmlc at full speed', () => {
  let world: World;
  let calm: readonly Fact[];

  beforeAll(async () => {
    world = (await resolveWorld({ scenario: 'rts-gmlc', dataDir: rtsGmlcDir ?? '' })).world;
    const twin = await startTwin(...runs);
    await twin.untilPaused(300_000);
    calm = await twin.facts();
    await twin.stop();
  }, 400_000);

  it('(a) a tight evening makes a campus throttle, checkpoint and pause, and hours later resume within its ramp', () => {
    // The longest of the curtailments that ended in a pause.
    const resumeOf = (pause: FactOf<'cluster.pause.v1'>) =>
      of(calm, 'cluster.resume.v1').find((fact) => fact.entity === pause.entity && fact.timeMs > pause.timeMs);
    const lasted = (pause: FactOf<'cluster.pause.v1'>): number => (resumeOf(pause)?.timeMs ?? 0) - pause.timeMs;
    const pause = [...of(calm, 'cluster.pause.v1')].sort((a, b) => lasted(b) - lasted(a))[0];
    const run = pause?.entity ?? '';
    const campus = pause?.data.campus ?? '';
    const story = calm.filter((fact) => fact.entity === run || fact.entity === campus).map((fact) => fact.type);
    const order: FactType[] = [
      'cluster.plan.v1',
      'control.outcome.v1',
      'cluster.checkpoint.v1',
      'cluster.pause.v1',
      'control.command.v1',
      'cluster.resume.v1',
      'training.verification.v1',
      'training.settlement.v1',
    ];
    const places = order.map((type) => story.indexOf(type));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBeGreaterThanOrEqual(0);
    expect(of(calm, 'cluster.throttle.v1').some((fact) => fact.data.campus === campus)).toBe(true);
    const resume = pause === undefined ? undefined : resumeOf(pause);
    // Once released, the run waits the time drawn for it, asks at the next tick, and runs again a tick later.
    const since = (fact: Fact): boolean => fact.entity === run && fact.timeMs > (pause?.timeMs ?? 0);
    const waiting = of(calm, 'training.phase.v1').find((fact) => since(fact) && fact.data.phase === 'resuming');
    const untilMs = fromWire(waiting?.data.untilTime ?? '');
    expect(untilMs - (waiting?.timeMs ?? 0)).toBeLessThanOrEqual(10 * minuteMs);
    expect(resume?.timeMs).toBe((Math.ceil(untilMs / tickMs) + 1) * tickMs);
    const verified = of(calm, 'training.verification.v1').find(since);
    expect(verified?.data.fromTime).toBe(resume?.data.curtailedFromTime);
    expect(fromWire(verified?.data.toTime ?? '') - fromWire(verified?.data.fromTime ?? '')).toBeGreaterThan(2 * hourMs);
    expect(resume?.data.fromSteps).toBe(pause?.data.checkpointedSteps);
  });

  it('(a) progress never falls, and never below the last checkpoint', () => {
    const newest = new Map<string, number>();
    for (const { run, completedSteps, checkpointedSteps } of of(calm, 'cluster.progress.v1').flatMap((fact) => fact.data.runs)) {
      expect(completedSteps).toBeGreaterThanOrEqual(checkpointedSteps);
      expect(completedSteps).toBeGreaterThanOrEqual(newest.get(run) ?? 0);
      newest.set(run, completedSteps);
    }
    expect(newest.size).toBe(world.runs.length);
  });

  it('(a) no campus rises faster than its ramp after a curtailment', () => {
    const resumes = of(calm, 'cluster.resume.v1').map((fact) => `${fact.data.campus}/${fact.tick}`);
    const ended = new Map<string, number>();
    for (const fact of of(calm, 'cluster.power.v1')) {
      for (const { campus, endMw, limitMw } of fact.data.campuses) {
        const before = ended.get(campus);
        const rampRatio = world.campuses.find(({ id }) => id === campus)?.rampUpRatio ?? 0;
        const isRising = resumes.includes(`${campus}/${fact.tick}`);
        if (before !== undefined && isRising) expect(endMw - before).toBeLessThanOrEqual(rampRatio * limitMw + 1e-6);
        ended.set(campus, endMw);
      }
    }
  });

  it('(b) a granted permit energizes a block, the limit rises at the next tick, and demand follows', () => {
    const granted = of(calm, 'permit.decision.v1').find((fact) => fact.data.outcome === 'granted');
    const block = of(calm, 'buildout.block.v1').find((fact) => fact.timeMs > (granted?.timeMs ?? Number.POSITIVE_INFINITY));
    const campus = block?.data.campus ?? '';
    const limit = of(calm, 'cluster.limit.v1').find((fact) => fact.entity === campus);
    expect(limit?.tick).toBe((block?.tick ?? 0) + 1);
    expect(limit?.data.limitMw).toBe((limit?.data.previousLimitMw ?? 0) + (block?.data.capacityMw ?? 0));
    const drawn = (tick: number): number =>
      of(calm, 'cluster.power.v1')
        .filter((fact) => fact.tick === tick)
        .flatMap((fact) => fact.data.campuses)
        .find((entry) => entry.campus === campus)?.endMw ?? 0;
    const tick = limit?.tick ?? 0;
    expect(drawn(tick)).toBeGreaterThan(drawn(tick - 1));
    expect(drawn(tick + 24)).toBeGreaterThan(drawn(tick - 1));
  });

  it('(c) a denied permit moves the project to its second site, with what was spent written off', () => {
    const denied = of(calm, 'permit.decision.v1').find((fact) => fact.data.outcome === 'denied');
    const moved = of(calm, 'buildout.site.v1')[0];
    expect(moved?.data.reason).toContain(denied?.entity);
    expect(moved?.data.toSite).not.toBe(moved?.data.fromSite);
    expect(of(calm, 'buildout.block.v1').some((fact) => fact.data.campus === moved?.data.campus)).toBe(true);
  });

  it('every fact of the live twin is the fact of the simulated one', async () => {
    const solver = await loadHighsSolver();
    const fast = createWholeWorld(world, solver);
    const simulated: Fact[] = [];
    for (let tick = 0; tick < ticks; tick++) simulated.push(...fast.tick());
    const live = worldLines(calm, ticks - 1);
    const told = worldLines(simulated, ticks - 1);
    expect(live.findIndex((line, index) => line !== told[index])).toBe(-1);
    expect(live.length).toBe(told.length);
  }, 120_000);

  it('(d, e) with worker, every service and the bus killed in the middle of it, the same facts come about, each once, in stream and history', async () => {
    const twin = await startTwin(...runs);
    const bus = await twin.connect();
    const isIn = (fact: Fact, hours: number): boolean =>
      fact.type === 'clock.tick.v1' && fact.timeMs > fromWire('2020-07-24T16:00:00.000Z') + hours * hourMs;
    const victims = [
      'worker',
      'cluster-demand',
      'flexibility',
      'grid-supply',
      'permit-office',
      'workflow-bridge',
      'clock',
      'nats-server',
      'history-writer',
      'temporal',
      'alarms',
      'influxd',
      'api',
      'dead-letter',
    ];
    for (const [index, victim] of victims.entries()) {
      await firstFact(bus, (fact) => isIn(fact, index * 0.75), 240_000);
      twin.kill(victim);
    }
    await twin.untilPaused(300_000);
    const facts = await twin.facts();
    const ids = facts.map((fact) => fact.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(facts.some((fact) => fact.type === 'condition.platform.v1' && fact.data.condition === 'restarted')).toBe(true);
    const [disturbed, undisturbed] = [worldLines(facts, ticks - 1), worldLines(calm, ticks - 1)];
    expect(disturbed.findIndex((line, index) => line !== undisturbed[index])).toBe(-1);
    expect(disturbed.length).toBe(undisturbed.length);
    const verified = await twin.cli('history', 'verify', '--json');
    expect(verified.code).toBe(0);
    await twin.stop();
  }, 900_000);

  it('the grid load of the twin agrees with the input, hour by hour', async () => {
    const twin = await startTwin(
      '--scenario',
      'rts-gmlc',
      '--data',
      rtsGmlcDir ?? '',
      '--rate',
      'max',
      '--hold-at',
      '2020-07-23T00:00:00.000Z',
    );
    await twin.untilPaused(200_000);
    await expect
      .poll(async () => (JSON.parse((await twin.cli('history', 'demand', '--json')).stdout || '[]') as unknown[]).length, {
        timeout: 30_000,
      })
      .toBe(72);
    const rows = JSON.parse((await twin.cli('history', 'demand', '--json')).stdout) as { time: string; region: string; nativeMw: number }[];
    for (const { time, region, nativeMw } of rows) {
      const load = world.regions.find(({ id }) => id === region)?.load;
      const series = load?.kind === 'series' ? world.series[load.series] : undefined;
      const hour = (Date.parse(time) - Date.parse(series?.startTime ?? '')) / hourMs;
      expect(Math.abs(nativeMw - (series?.values[hour] ?? Number.NaN))).toBeLessThan(1e-6);
    }
    await twin.stop();
  }, 400_000);
});

describe('with Temporal stopped', () => {
  let twin: TestTwin;
  afterAll(() => twin.stop());

  it('(f) the downward half still happens, and the rest when it is back', async () => {
    twin = await startTwin('--scenario', 'three-areas', '--rate', 'max', '--hold-at', '2027-07-13T22:15:00.000Z');
    await twin.untilPaused(120_000);
    twin.kill('temporal', 'SIGSTOP');
    await twin.cli('clock', 'rate', '7200');
    const bus = await twin.connect();
    const pause = await firstFact(bus, (fact) => fact.type === 'cluster.pause.v1', 120_000);
    const facts = await twin.facts();
    expect(facts.some((fact) => fact.type === 'training.phase.v1')).toBe(false);
    expect(
      facts.some((fact) => fact.type === 'condition.platform.v1' && fact.data.component === 'workflow-bridge' && fact.data.active),
    ).toBe(true);
    twin.kill('temporal', 'SIGCONT');
    const holding = await firstFact(
      bus,
      (fact) => fact.type === 'training.phase.v1' && fact.entity === pause.entity && fact.data.phase === 'holding',
      120_000,
    );
    expect(holding.tick).toBeGreaterThanOrEqual(pause.tick);
  }, 400_000);
});
