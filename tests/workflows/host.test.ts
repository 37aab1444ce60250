import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ask, Hosted } from '../../shared/domain/hostedSequence.js';
import type { SequenceStart } from '../../shared/domain/sequence.js';
import { clockNextWake, getState, type ClockAnchor } from '../../workflows/messages.js';
import { countingStart, type CountingState } from '../support/countingRules.js';
import { exampleFact } from '../support/facts.js';
import { markTick, startSequenceBench, type SequenceBench } from '../support/sequences.js';

const fullSpeed: ClockAnchor = { epoch: 0, twinMs: 0, rate: null };
const at = (tick: number, over: Partial<Ask> = {}): Ask => ({ tick, round: 0, toMs: tick * 1_000, facts: [], ...over });
const stateOf = (hosted: Hosted): CountingState => hosted.state as CountingState;

let bench: SequenceBench;
beforeAll(async () => {
  bench = await startSequenceBench();
  await bench.startWorker();
}, 120_000);
afterAll(() => bench.stop(), 60_000);

describe('a hosted sequence', () => {
  const begin = (start: SequenceStart) => {
    const sequences = bench.sequences([start]);
    return { ask: (ask: Ask) => sequences.advance(start.id, ask, fullSpeed), handle: bench.client.getHandle(start.id) };
  };

  it('answers its next wake, stores what it says before it answers, and ends when its rules end', async () => {
    const { ask, handle } = begin(countingStart('training-ends', { periodMs: 1_000, wakes: 2 }));
    expect(await ask(at(0))).toEqual({ nextWakeMs: 1_000, started: [], reported: [], finished: false, throughTick: 0 });
    expect(await handle.query(clockNextWake)).toBe(1_000);
    expect((await bench.stored('training-ends')).map((fact) => [fact.id, fact.component, fact.tick, fact.phase])).toEqual([
      ['training.phase.v1/training-ends/0/0', 'training-ends', 0, 1],
    ]);
    const last = { nextWakeMs: null, started: [], reported: [], finished: true, throughTick: 1 };
    expect(await ask(at(1))).toEqual(last);
    expect(await ask(at(1))).toEqual(last);
    expect(await ask(at(7))).toEqual({ ...last, throughTick: 7 });
    expect(await bench.stored('training-ends')).toHaveLength(2);
  }, 30_000);

  it('takes the facts of a tick once, however often and from whomever the ask is repeated', async () => {
    const start = countingStart('training-repeats', { periodMs: 1_000, wakes: 9 });
    const { ask, handle } = begin(start);
    const facts = [exampleFact('control.outcome.v1', 'cluster-demand', 0)];
    const askAnew = (ask: Ask) => handle.executeUpdate('clockAdvance', { args: [ask] });
    const before = await ask(at(0));
    const first = await ask(at(1, { facts }));
    expect(await ask(at(1, { facts }))).toEqual(first);
    expect(await askAnew(at(1, { facts }))).toEqual(first);
    expect(await ask(at(0, { facts }))).toEqual(before);
    expect(await askAnew(at(0, { facts }))).toEqual(first);
    const state = stateOf(await handle.query(getState));
    expect(state.heard).toEqual(facts.map((fact) => fact.id));
    expect(state.wakes).toBe(2);
    expect(await bench.stored(start.id)).toHaveLength(2);
  }, 30_000);

  it('refuses an instant that is none and facts that are no list, and goes on', async () => {
    const { ask, handle } = begin(countingStart('training-refuses', { periodMs: 1_000, wakes: 9 }));
    await ask(at(0));
    const refused = (over: object) => handle.executeUpdate('clockAdvance', { args: [{ ...at(1), ...over }] });
    await expect(refused({ toMs: 'soon' })).rejects.toMatchObject({ cause: { type: 'TWIN_WRONG_INPUT' } });
    await expect(refused({ facts: null })).rejects.toMatchObject({ cause: { message: expect.stringContaining('facts as a list') } });
    await expect(refused({ tick: -1 })).rejects.toMatchObject({ cause: { type: 'TWIN_WRONG_INPUT' } });
    expect(await ask(at(1))).toMatchObject({ nextWakeMs: 2_000 });
  }, 30_000);

  it('is found by its phase and campus', async () => {
    const { ask } = begin(countingStart('training-found', { periodMs: 1_000, wakes: 9 }));
    await ask(at(0));
    await ask(at(1));
    await expect
      .poll(
        async () => {
          const found: string[] = [];
          for await (const run of bench.client.list({ query: "LoadstonePhase = 'wake-2' AND LoadstoneCampus = 'riverbend'" }))
            found.push(run.workflowId);
          return found;
        },
        { timeout: 10_000 },
      )
      .toContain('training-found');
  }, 30_000);

  it('continues as new with all it remembers, and its children live on', async () => {
    const limits = { updatesMax: 3, graceMs: 10_000 };
    const child = countingStart('permit-lives', { periodMs: 1_000, wakes: 9 }, { kind: 'permit', parent: 'buildout-renews' });
    const start = countingStart('buildout-renews', { periodMs: 1_000, wakes: 99, children: [child] }, { kind: 'buildout' });
    await bench.client.start('buildout', {
      workflowId: start.id,
      taskQueue: 'twin',
      args: [{ start, root: bench.servers.root, anchor: fullSpeed, limits }],
    });
    const sequences = bench.sequences([]);
    const firstRun = (await bench.client.getHandle(start.id).describe()).runId;
    for (let tick = 0; tick < 12; tick++) {
      const answer = await sequences.advance(start.id, at(tick), fullSpeed);
      expect(answer).toMatchObject({ nextWakeMs: (tick + 1) * 1_000, throughTick: tick });
      expect(await sequences.advance(child.id, at(tick), fullSpeed)).toMatchObject({ throughTick: tick });
    }
    const described = await bench.client.getHandle(start.id).describe();
    expect(described.runId).not.toBe(firstRun);
    expect(described.historyLength).toBeLessThan(60);
    expect(await sequences.advance(start.id, at(11), fullSpeed)).toMatchObject({ nextWakeMs: 12_000, throughTick: 11 });
    const ids = (await bench.stored(start.id)).map((fact) => fact.id);
    expect(ids).toEqual(Array.from({ length: 12 }, (_, tick) => `training.phase.v1/${start.id}/${tick * 1_000}/0`));
  }, 60_000);

  it('answers everyone who asks while it continues as new', async () => {
    const start = countingStart('training-busy', { periodMs: 1_000, wakes: 999 });
    const limits = { updatesMax: 2, graceMs: 10_000 };
    await bench.client.start('training', {
      workflowId: start.id,
      taskQueue: 'twin',
      args: [{ start, root: bench.servers.root, anchor: fullSpeed, limits }],
    });
    const bridges = [0, 1, 2].map(() => bench.sequences([]));
    for (let tick = 0; tick < 30; tick++) {
      // Later bridges ask for the tick before as well, under ids that a new run has forgotten.
      const asks = bridges.map((bridge, n) => bridge.advance(start.id, at(n === 2 ? Math.max(0, tick - 1) : tick), fullSpeed));
      const [first, second] = await Promise.all(asks);
      expect(first).toEqual({ nextWakeMs: (tick + 1) * 1_000, started: [], reported: [], finished: false, throughTick: tick });
      expect(second).toEqual(first);
    }
    expect((await bench.stored(start.id)).map((fact) => fact.tick)).toEqual(Array.from({ length: 30 }, (_, tick) => tick));
  }, 60_000);

  it('looks at the clock itself when the bridge stays away at real time, and never runs ahead of it', async () => {
    const start = countingStart('training-alone', { periodMs: 1_000, wakes: 99 });
    const limits = { updatesMax: 1_500, graceMs: 50 };
    const anchor: ClockAnchor = { epoch: 1, twinMs: 0, rate: 1 };
    await bench.client.start('training', {
      workflowId: start.id,
      taskQueue: 'twin',
      args: [{ start, root: bench.servers.root, anchor, limits }],
    });
    const sequences = bench.sequences([]);
    await sequences.advance(start.id, at(0), anchor);
    const handle = bench.client.getHandle(start.id);
    const history = async (): Promise<number> => (await handle.describe()).historyLength;
    await expect.poll(history, { timeout: 10_000 }).toBeGreaterThan(20);
    expect(stateOf(await handle.query(getState)).wakes).toBe(1);
    await markTick(await bench.servers.connect('clock'), 3);
    await expect.poll(async () => stateOf(await handle.query(getState)).wakes, { timeout: 10_000 }).toBe(2);
    expect((await bench.stored(start.id)).at(-1)).toMatchObject({ tick: 3, timeMs: 3_000 });
    const late = [exampleFact('control.outcome.v1', 'cluster-demand', 0)];
    expect(await sequences.advance(start.id, at(1, { facts: late }), anchor)).toMatchObject({ nextWakeMs: 4_000, throughTick: 1 });
    expect(stateOf(await handle.query(getState)).heard).toEqual(late.map((fact) => fact.id));
  }, 60_000);
});
