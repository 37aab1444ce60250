import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStream } from '../../shared/bus/read.js';
import { ask } from '../../shared/bus/request.js';
import type { Fact } from '../../shared/domain/fact.js';
import { createLog } from '../../shared/runtime/log.js';
import { startParticipant, type Host } from '../../shared/runtime/participant.js';
import type { RunningService } from '../../shared/runtime/service.js';
import { startClock } from '../../services/clock/clock.js';
import type { ClockStatus } from '../../shared/bus/answers.js';
import { clockWorld, talkers, type Talk } from '../support/clockWorld.js';
import { startServers, type TestServers } from '../support/stack.js';

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['test-a', 'test-b', 'test-c', 'test-d'] });
}, 60_000);
afterAll(() => servers.stop());

const log = createLog('test', 'silent');

async function start(host: Host<Talk>, root: string): Promise<RunningService> {
  return startParticipant(await servers.connect(host.component, root), host, log);
}

async function startTestClock(root: string): Promise<RunningService> {
  const bus = await servers.connect('clock', root);
  const config = { component: 'clock', start: null, root } as never;
  return startClock({ bus, log, world: clockWorld(), config });
}

async function factsUntilTick(root: string, tick: number): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  const reader = readStream(await servers.connect('api', root), { fromSequence: 1 });
  for await (const { fact } of reader) {
    facts.push(fact);
    if (fact.type === 'clock.tick.v1' && fact.data.tick >= tick) break;
  }
  return facts;
}

/** What was said, in the order of comparison, without what only the stream knows. */
function spoken(facts: readonly Fact[], untilTick: number): string[] {
  return facts
    .filter((fact) => fact.tick <= untilTick && fact.component !== 'clock' && fact.type !== 'condition.platform.v1')
    .map((fact) => `${fact.id} ${fact.correlationId} ${JSON.stringify(fact.data)}`)
    .sort();
}

describe('the clock and its participants', () => {
  it('runs phases in order, and deeds after the load targets they wait for', async () => {
    const running = await Promise.all(talkers().map((host) => start(host, 'test-a')));
    const clock = await startTestClock('test-a');
    const facts = (await factsUntilTick('test-a', 40)).filter((fact) => fact.tick === 7);
    const place = (type: string): number => facts.findIndex((fact) => fact.type === type);
    expect(place('cluster.demand.v1')).toBeLessThan(place('grid.demand.v1'));
    expect(place('grid.demand.v1')).toBeLessThan(place('control.loadtarget.v1'));
    expect(place('control.loadtarget.v1')).toBeLessThan(place('cluster.power.v1'));
    await clock.stop();
    await Promise.all(running.map((service) => service.stop()));
  });

  it('says each fact once and the same ones when participants, clock and server die in between', async () => {
    const { applyTopology } = await import('../../shared/bus/admin.js');
    await applyTopology(await servers.connect('supervisor', 'test-b'));
    let running = await Promise.all(talkers().map((host) => start(host, 'test-b')));
    let clock = await startTestClock('test-b');
    await factsUntilTick('test-b', 60);
    // Dropped, not stopped in order: what was in flight is lost with the process.
    await clock.stop();
    clock = await startTestClock('test-b');
    await factsUntilTick('test-b', 120);
    await running[0]?.stop();
    running = [await start(talkers()[0] as Host<Talk>, 'test-b'), ...running.slice(1)];
    await factsUntilTick('test-b', 180);
    await servers.killAndRestart('nats-server');
    const disturbed = await factsUntilTick('test-b', 300);
    await clock.stop();
    await Promise.all(running.map((service) => service.stop()));
    const ids = disturbed.map((fact) => fact.id);
    expect(new Set(ids).size).toBe(ids.length);
    const calm = await factsUntilTick('test-a', 40);
    expect(spoken(disturbed, 39)).toEqual(spoken(calm, 39));
    const perTick = spoken(disturbed, 299).length / 300;
    expect(perTick).toBe(spoken(disturbed, 39).length / 40);
  }, 60_000);

  it('waits without bound in lock-step, names who is late, and goes on when told', async () => {
    const { applyTopology } = await import('../../shared/bus/admin.js');
    await applyTopology(await servers.connect('supervisor', 'test-c'));
    const hosts = talkers();
    const running = await Promise.all(hosts.filter((host) => host.component !== 'grid-supply').map((host) => start(host, 'test-c')));
    const clock = await startTestClock('test-c');
    const cli = await servers.connect('cli', 'test-c');
    const status = await poll(
      () => ask<ClockStatus>(cli, 'clock', 'status'),
      (answer) => answer.phase === 2 && answer.waitingFor.length === 1,
    );
    expect(status).toMatchObject({ state: 'waiting', tick: 0, phase: 2, waitingFor: [{ component: 'grid-supply' }] });
    running.push(await start(hosts.find((host) => host.component === 'grid-supply') as Host<Talk>, 'test-c'));
    await factsUntilTick('test-c', 3);
    expect(await ask<ClockStatus>(cli, 'clock', 'pause')).toMatchObject({ mode: 'paused' });
    const paused = await poll(
      () => ask<ClockStatus>(cli, 'clock', 'status'),
      (answer) => answer.phase === 0,
    );
    await ask(cli, 'clock', 'step', { ticks: 5 });
    const stepped = await poll(
      () => ask<ClockStatus>(cli, 'clock', 'status'),
      (answer) => answer.tick === paused.tick + 5 && answer.state === 'paused',
    );
    expect(stepped.tick).toBe(paused.tick + 5);
    await expect(ask(cli, 'clock', 'rate', { rate: -3 })).rejects.toThrow('rate: found -3, allowed: a number above 0');
    await clock.stop();
    await Promise.all(running.map((service) => service.stop()));
  }, 30_000);
});

describe('between two ticks', () => {
  it('lets load targets and campuses speak when asked, at its instant, and goes on with the same facts', async () => {
    const { applyTopology } = await import('../../shared/bus/admin.js');
    await applyTopology(await servers.connect('supervisor', 'test-d'));
    const running = await Promise.all(talkers().map((host) => start(host, 'test-d')));
    const clock = await startTestClock('test-d');
    const cli = await servers.connect('cli', 'test-d');
    await ask(cli, 'clock', 'rate', { rate: 600 });
    await factsUntilTick('test-d', 2);
    await ask(cli, 'clock', 'between');
    await ask(cli, 'clock', 'between');
    const facts = await factsUntilTick('test-d', 6);
    await clock.stop();
    await Promise.all(running.map((service) => service.stop()));
    const between = facts.filter(({ phase }) => phase === 4);
    expect(between.map(({ type }) => type)).toEqual([1, 2].flatMap(() => ['clock.mark.v1', 'control.loadtarget.v1', 'cluster.power.v1']));
    const [first, , , second] = between;
    const startMs = Date.parse('2027-07-13T17:00:00.000Z') + (first?.tick ?? 0) * 300_000;
    expect(first?.timeMs).toBeGreaterThanOrEqual(startMs);
    expect(second?.timeMs).toBeGreaterThanOrEqual(first?.timeMs ?? 0);
    expect(new Set(between.slice(0, 3).map(({ timeMs }) => timeMs))).toEqual(new Set([first?.timeMs]));
    const after = facts.findIndex(({ tick, phase }) => tick === (second?.tick ?? 0) + 1 && phase === 1);
    expect(after).toBeGreaterThan(facts.findLastIndex(({ phase }) => phase === 4));
  }, 30_000);
});

async function poll<Value>(read: () => Promise<Value>, isThere: (value: Value) => boolean): Promise<Value> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const value = await read();
    if (isThere(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('did not come about in 5 s');
}
