import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streamsOf } from '../../shared/bus/topology.js';
import type { Activities } from '../../workflows/activities.js';
import { countingStart } from '../support/countingRules.js';
import { startSequenceBench, type SequenceBench } from '../support/sequences.js';

let bench: SequenceBench;
beforeAll(async () => {
  bench = await startSequenceBench();
}, 120_000);
afterAll(() => bench.stop(), 60_000);

describe('publishing what a sequence says', () => {
  it('stores each fact once when the worker is lost between publishing and answering, also after the server forgot the ids', async () => {
    const admin = await bench.servers.connect('supervisor');
    const manager = await admin.connection.jetstreamManager();
    const { facts } = streamsOf(bench.servers.root);
    await manager.streams.update(facts, { duplicate_window: 100_000_000 });
    let attempts = 0;
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const neverAnswersFirst = (activities: Activities): Activities => ({
      ...activities,
      publishFacts: async (order) => {
        await activities.publishFacts(order);
        attempts += 1;
        if (attempts === 1) await released;
      },
    });
    await bench.startWorker(neverAnswersFirst);
    const start = countingStart('training-lost', { periodMs: 1_000, wakes: 9 });
    const sequences = bench.sequences([start]);
    const ask = (tick: number) =>
      sequences.advance(start.id, { tick, round: 0, toMs: tick * 1_000, facts: [] }, { epoch: 0, twinMs: 0, rate: null });
    expect(await ask(0)).toMatchObject({ throughTick: 0 });
    expect(attempts).toBe(2);
    await ask(1);
    release();
    expect((await bench.stored(start.id)).map((fact) => fact.tick)).toEqual([0, 1]);
  }, 60_000);
});
