import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPublisher } from '../../shared/bus/publish.js';
import { currentFacts, newestOn } from '../../shared/bus/newest.js';
import { readStream, type FactReader, type Malformed } from '../../shared/bus/read.js';
import { filterOf, subjectOf } from '../../shared/bus/envelope.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';

let servers: TestServers;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['test-a', 'test-b'] });
}, 60_000);
afterAll(() => servers.stop());

async function takeUntil(reader: FactReader, lastTick: number): Promise<number[]> {
  const ticks: number[] = [];
  for await (const { fact } of reader) {
    ticks.push(fact.tick);
    if (fact.tick === lastTick) break;
  }
  return ticks;
}

describe('the stream of facts', () => {
  it('stores a fact once, however often it is published', async () => {
    const bus = await servers.connect('grid-supply');
    const publisher = createPublisher(bus);
    const fact = exampleFact('grid.demand.v1', 'grid-supply', 1);
    const first = await publisher.publish([fact]);
    expect(await publisher.publish([fact, fact])).toBe(first);
    const newest = await newestOn(bus, streamsOf('test-a').facts, subjectOf('test-a', fact));
    expect(newest?.fact).toEqual(fact);
    publisher.close();
  });

  it('says to who waits, and to no one else, that it was closed before a fact was stored', async () => {
    const publisher = createPublisher(await servers.connect('grid-supply'));
    const waited = publisher.publish([exampleFact('grid.demand.v1', 'grid-supply', 3)]);
    publisher.meanwhile(publisher.publish([exampleFact('grid.demand.v1', 'grid-supply', 4)]));
    publisher.close();
    await expect(waited).rejects.toThrow('closed before it was stored');
  });

  it('keeps a copy of what must stay in the record stream, with its origin', async () => {
    const bus = await servers.connect('worker');
    const publisher = createPublisher(bus);
    await publisher.publish([exampleFact('training.phase.v1', 'worker', 1)]);
    const reader = readStream(bus, { stream: streamsOf('test-a').record, fromSequence: 1 });
    for await (const { fact } of reader) {
      expect(fact.type).toBe('training.phase.v1');
      break;
    }
    publisher.close();
  });

  it('refuses a fact of someone else', async () => {
    const bus = await servers.connect('integrator');
    const publisher = createPublisher(bus);
    const refused = new Promise<string>((resolve) => {
      void (async () => {
        for await (const status of bus.connection.status()) if (status.type === 'error') resolve(String(status.data));
      })();
    });
    publisher.publish([exampleFact('grid.demand.v1', 'grid-supply', 2)]).catch(() => undefined);
    expect(await refused).toMatch(/PERMISSIONS_VIOLATION/);
    publisher.close();
  });

  it('reads every fact once and in order across a kill of the server', async () => {
    const writer = await servers.connect('cluster-demand');
    const reading = await servers.connect('api');
    const publisher = createPublisher(writer);
    const reader = readStream(reading, { types: ['cluster.demand.v1'] });
    const taken = takeUntil(reader, 3_000);
    for (let tick = 1; tick <= 1_000; tick++) await publisher.publish([exampleFact('cluster.demand.v1', 'cluster-demand', tick)]);
    const during = (async () => {
      for (let tick = 1_001; tick <= 3_000; tick++) await publisher.publish([exampleFact('cluster.demand.v1', 'cluster-demand', tick)]);
    })();
    await servers.killAndRestart('nats-server');
    await during;
    expect(await taken).toEqual(Array.from({ length: 3_000 }, (_, index) => index + 1));
    publisher.close();
  }, 60_000);

  it('answers the newest fact of each subject and then what follows, without a gap', async () => {
    const bus = await servers.connect('flexibility');
    const publisher = createPublisher(bus);
    for (let tick = 1; tick <= 5; tick++) await publisher.publish([exampleFact('control.offer.v1', 'flexibility', tick)]);
    expect((await currentFacts(bus, [filterOf('test-a', { type: 'control.offer.v1' })])).map(({ fact }) => fact.tick)).toEqual([5]);
    const reader = readStream(bus, { types: ['control.offer.v1'], lastPerSubject: true });
    expect(await reader.initialPending).toBe(1);
    const taken = takeUntil(reader, 7);
    await publisher.publish([exampleFact('control.offer.v1', 'flexibility', 6)]);
    await publisher.publish([exampleFact('control.offer.v1', 'flexibility', 7)]);
    expect((await taken).slice(-3)).toEqual([5, 6, 7]);
    publisher.close();
  });

  it('names a malformed message and reads on', async () => {
    const admin = await servers.connect('supervisor');
    const publisher = createPublisher(admin);
    const troubles: Malformed[] = [];
    const reader = readStream(admin, { types: ['permit.queue.v1'], fromSequence: 1, onMalformed: (trouble) => troubles.push(trouble) });
    await publisher.publishRaw('test-a.west.permit.queue.v1.west', new TextEncoder().encode('{"type":"nonsense"}'), 'broken-1');
    await publisher.publish([exampleFact('permit.queue.v1', 'permit-office', 9)]);
    expect(await takeUntil(reader, 9)).toEqual([9]);
    expect(troubles.map(({ reason }) => reason)).toEqual(['type: found "nonsense", which is not declared']);
    publisher.close();
  });
});
