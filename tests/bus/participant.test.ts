import { afterAll, beforeAll, expect, it } from 'vitest';
import { applyTopology } from '../../shared/bus/admin.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { stamp } from '../../shared/domain/fact.js';
import { createLog } from '../../shared/runtime/log.js';
import { doneSubject, startParticipant, type Done } from '../../shared/runtime/participant.js';
import { talkers } from '../support/clockWorld.js';
import { startServers, type TestServers } from '../support/stack.js';

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['test-done'] });
}, 60_000);
afterAll(() => servers.stop());

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
  const mark = { tick: 0, phase: 2, tickMinutes: 5, throughSequence: 0 } as const;
  const stamped = stamp([{ type: 'clock.mark.v1', region: 'all', entity: 'clock', data: mark }], {
    component: 'clock',
    tick: 0,
    phase: 2,
    startMs: 0,
    counts: {},
  });
  const publisher = createPublisher(clock);
  await publisher.publish(stamped.facts);
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  expect(done).toEqual([]);
  await applyTopology(admin);
  await expect.poll(() => done.length, { timeout: 5_000 }).toBeGreaterThan(0);
  const stored = await manager.streams.getMessage(streamsOf(root).facts, { seq: done[0]?.lastSequence ?? 0 });
  expect(stored.subject).toContain('grid.demand');
  publisher.close();
  await participant.stop();
}, 30_000);
