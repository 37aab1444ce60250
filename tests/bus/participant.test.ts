import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { openSnapshots } from '../../shared/bus/snapshot.js';
import { applyTopology } from '../../shared/bus/admin.js';
import { readAll } from '../../shared/bus/read.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { stamp } from '../../shared/domain/fact.js';
import { createLog } from '../../shared/runtime/log.js';
import { doneSubject, type Done } from '../../shared/runtime/doors.js';
import { startParticipant } from '../../shared/runtime/participant.js';
import { talkers } from '../support/clockWorld.js';
import { startServers, type TestServers } from '../support/stack.js';

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['test-done', 'test-again', 'test-older', 'test-odd'] });
}, 60_000);
afterAll(() => servers.stop());

/** The mark that opens the phase of the grid in a tick. */
function markOf(tick: number): readonly Fact[] {
  const data = { tick, phase: 2, tickMinutes: 5, throughSequence: 0 } as const;
  const at = { component: 'clock', tick, phase: 2, startMs: tick * 300_000, counts: {} } as const;
  return stamp([{ type: 'clock.mark.v1', region: 'all', entity: 'clock', data }], at).facts;
}

it('tells the clock again what it was done with when its snapshot is the end of the stream', async () => {
  const root = 'test-again';
  await applyTopology(await servers.connect('supervisor', root));
  const [clock, own] = await Promise.all([servers.connect('clock', root), servers.connect('grid-supply', root)]);
  const host = talkers().find(({ component }) => component === 'grid-supply');
  if (host === undefined) throw new Error('no talker for grid-supply');
  const done: Done[] = [];
  clock.connection.subscribe(doneSubject(root), { callback: (_, message) => done.push(message.json<Done>()) });
  const first = await startParticipant(own, host, createLog('test', 'silent'));
  const publisher = createPublisher(clock);
  // A snapshot is due after 256 ticks, which is with the last of these.
  for (let tick = 0; tick < 256; tick++) await publisher.publish(markOf(tick));
  const snapshots = await openSnapshots<unknown>(own);
  await expect.poll(async () => (await snapshots.load())?.tick, { timeout: 20_000 }).toBe(255);
  const told = done.findLast(({ tick }) => tick === 255);
  await first.stop();
  await clock.connection.flush();
  done.length = 0;
  const second = await startParticipant(await servers.connect('grid-supply', root), host, createLog('test', 'silent'));
  await expect.poll(() => done[0], { timeout: 5_000 }).toEqual(told);
  publisher.close();
  await second.stop();
}, 60_000);

it('reads the stream again when its state was kept by another version, and says nothing of the past a second time', async () => {
  const root = 'test-older';
  await applyTopology(await servers.connect('supervisor', root));
  const [clock, own] = await Promise.all([servers.connect('clock', root), servers.connect('grid-supply', root)]);
  const host = talkers().find(({ component }) => component === 'grid-supply');
  if (host === undefined) throw new Error('no talker for grid-supply');
  const first = await startParticipant(own, host, createLog('test', 'silent'));
  const publisher = createPublisher(clock);
  for (let tick = 0; tick < 20; tick++) await publisher.publish(markOf(tick));
  const written = (): Promise<readonly Fact[]> =>
    readAll(clock, { patterns: [`${root}.>`] }).then((all) =>
      all.map(({ fact }) => fact).filter(({ component }) => component === 'grid-supply'),
    );
  await expect.poll(async () => (await written()).length, { timeout: 20_000 }).toBeGreaterThanOrEqual(20);
  await first.stop();
  const before = await written();
  // As an earlier version would have kept it, up to the tenth mark; that version spoke of other things.
  const snapshots = await openSnapshots<unknown>(own);
  await snapshots.save({ tick: 19, streamSequence: 40, state: { model: { older: 1 }, counts: {}, open: null } });
  const other = {
    ...host,
    speak: async (...[state, instant]: Parameters<typeof host.speak>) => {
      const turn = await host.speak(state, instant);
      return { ...turn, sayings: turn.sayings.map((saying) => ({ ...saying, entity: `${saying.entity}-new` })) };
    },
  };
  const second = await startParticipant(await servers.connect('grid-supply', root), other, createLog('test', 'silent'));
  await publisher.publish(markOf(20));
  await expect.poll(async () => (await written()).filter(({ tick }) => tick === 20).length, { timeout: 10_000 }).toBeGreaterThan(0);
  const after = await written();
  expect(after.filter(({ tick }) => tick < 20)).toEqual(before);
  expect(after.filter(({ tick }) => tick === 20).every(({ entity }) => entity.endsWith('-new'))).toBe(true);
  publisher.close();
  await second.stop();
}, 60_000);

it('is there although the last message of the stream is no fact', async () => {
  const root = 'test-odd';
  await applyTopology(await servers.connect('supervisor', root));
  const [clock, own] = await Promise.all([servers.connect('clock', root), servers.connect('grid-supply', root)]);
  const talker = talkers().find(({ component }) => component === 'grid-supply');
  if (talker === undefined) throw new Error('no talker for grid-supply');
  const publisher = createPublisher(clock);
  await publisher.publish(markOf(0));
  await publisher.publishRaw(`${root}.all.clock.mark.v1.clock`, new TextEncoder().encode('{"type":'), 'odd');
  const done: Done[] = [];
  clock.connection.subscribe(doneSubject(root), { callback: (_, message) => done.push(message.json<Done>()) });
  const participant = await startParticipant(own, talker, createLog('test', 'silent'));
  await expect.poll(() => done[0]?.tick, { timeout: 5_000 }).toBe(0);
  expect((await readAll(clock, { patterns: [`${root}.all.clock.>`] })).map(({ fact }) => fact.tick)).toEqual([0]);
  publisher.close();
  await participant.stop();
}, 15_000);

it('tells the clock that it is done only when what it said is stored, however long the stream is away', async () => {
  const root = 'test-done';
  const [admin, clock, own] = await Promise.all([
    servers.connect('supervisor', root),
    servers.connect('clock', root),
    servers.connect('grid-supply', root),
  ]);
  const manager = await admin.connection.jetstreamManager();
  const host = talkers().find(({ component }) => component === 'grid-supply');
  if (host === undefined) throw new Error('no talker for grid-supply');
  const done: Done[] = [];
  clock.connection.subscribe(doneSubject(root), { callback: (_, message) => done.push(message.json<Done>()) });
  // The stream goes while the participant works its words out.
  const participant = await startParticipant(
    own,
    {
      ...host,
      speak: async (state, instant) => {
        await manager.streams.delete(streamsOf(root).facts);
        return host.speak(state, instant);
      },
    },
    createLog('test', 'silent'),
  );
  const publisher = createPublisher(clock);
  await publisher.publish(markOf(0));
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(done).toEqual([]);
  await applyTopology(admin);
  await expect.poll(() => done.length, { timeout: 5_000 }).toBeGreaterThan(0);
  const stored = await manager.streams.getMessage(streamsOf(root).facts, { seq: done[0]?.lastSequence ?? 0 });
  expect(stored.subject).toContain('grid.demand');
  publisher.close();
  await participant.stop();
}, 30_000);
