import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BridgeState } from '../../services/workflow-bridge/bridge.js';
import type { BridgeTrouble } from '../../services/workflow-bridge/sequenceClient.js';
import { encodeFact } from '../../shared/bus/envelope.js';
import { compareFacts, stamp, type Fact } from '../../shared/domain/fact.js';
import type { Hosted } from '../../shared/domain/hostedSequence.js';
import type { SequenceStart } from '../../shared/domain/sequence.js';
import { observeFact } from '../../shared/domain/sequenceDesk.js';
import { advanceSequences, holdSequences } from '../../shared/domain/sequenceHost.js';
import type { Host } from '../../shared/runtime/participant.js';
import { getState } from '../../workflows/messages.js';
import { addressTo } from '../support/address.js';
import { countingRules, countingStart, type CountingState } from '../support/countingRules.js';
import { exampleFact } from '../support/facts.js';
import { startSequenceBench, type SequenceBench } from '../support/sequences.js';

const tickMs = 300_000;
const firstMs = Date.parse('2027-07-13T17:00:00.000Z');

let bench: SequenceBench;
beforeAll(async () => {
  bench = await startSequenceBench();
}, 120_000);
afterAll(() => bench.stop(), 60_000);

/** A project that starts two permits, cancels one, and hears the other; and a run that hears facts. */
function family(name: string): readonly SequenceStart[] {
  const parent = `buildout-${name}`;
  const permit = (id: string, wakes: number) =>
    countingStart(id, { periodMs: tickMs, wakes }, { kind: 'permit', parent, startMs: firstMs });
  const children = [permit(`permit-${name}-air`, 3), permit(`permit-${name}-water`, 99)];
  return [
    countingStart(
      parent,
      { periodMs: 4 * tickMs, wakes: 3, children, cancels: [`permit-${name}-water`] },
      { kind: 'buildout', startMs: firstMs },
    ),
    countingStart(`training-${name}`, { periodMs: 3 * tickMs, wakes: 99 }, { startMs: firstMs }),
  ];
}

/** One outcome a tick, in every second tick, is addressed to the run. */
const outside = (tick: number): readonly Fact[] =>
  tick % 2 === 0
    ? stamp([exampleSaying(tick)], { component: 'cluster-demand', tick, phase: 3, startMs: firstMs + tick * tickMs, counts: {} }).facts
    : [];
const exampleSaying = (tick: number) => {
  const { type, region, data } = exampleFact('control.outcome.v1', 'cluster-demand', tick) as Extract<Fact, { type: 'control.outcome.v1' }>;
  return { type, region, entity: 'riverbend', data };
};

async function runTick(host: Host<BridgeState>, state: BridgeState, tick: number): Promise<BridgeState> {
  const turn = await host.speak(state, { tick, phase: 1, startMs: firstMs + tick * tickMs, tickMs });
  return outside(tick).reduce((before, fact) => host.observe(before, fact).state, turn.state);
}

function inMemory(starts: readonly SequenceStart[], ticks: number, run: string): readonly Fact[] {
  let hosts = holdSequences(countingRules, starts);
  const facts: Fact[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    const next = advanceSequences(countingRules, hosts, { tick, atMs: firstMs + tick * tickMs });
    facts.push(...next.facts);
    hosts = { ...next.hosts, desk: outside(tick).reduce((desk, fact) => observeFact(desk, fact, addressTo(run)), next.hosts.desk) };
  }
  return facts;
}

const bytesOf = (facts: readonly Fact[]): readonly string[] =>
  [...facts].sort(compareFacts).map((fact) => new TextDecoder().decode(encodeFact(fact)));

async function storedOf(name: string): Promise<readonly Fact[]> {
  const entities = [`buildout-${name}`, `training-${name}`, `permit-${name}-air`, `permit-${name}-water`];
  const facts = await Promise.all(entities.map((entity) => bench.stored(entity)));
  return facts.flat();
}

describe('the bridge', () => {
  it('makes the sequences in Temporal say byte for byte what they say in memory', async () => {
    await bench.startWorker();
    const starts = family('same');
    const host = bench.bridge(starts, addressTo('training-same'));
    let state = host.initial();
    for (let tick = 0; tick < 14; tick++) state = await runTick(host, state, tick);
    expect(bytesOf(await storedOf('same'))).toEqual(bytesOf(inMemory(starts, 14, 'training-same')));
    expect(state.desk.sequences.map((entry) => [entry.id, entry.finished])).toEqual([
      ['buildout-same', true],
      ['permit-same-air', true],
      ['permit-same-water', true],
      ['training-same', false],
    ]);
    const run = (await bench.client.getHandle('training-same').query(getState)) as Hosted;
    expect((run.state as CountingState).heard).toEqual([0, 2, 4, 6, 8, 10, 12].flatMap(outside).map((fact) => fact.id));
  }, 60_000);

  it('says the same when it starts over from any earlier snapshot, even from nothing', async () => {
    const starts = family('again');
    const host = bench.bridge(starts, addressTo('training-again'));
    const snapshots = [host.initial()];
    for (let tick = 0; tick < 9; tick++) {
      const last = snapshots[tick];
      if (last !== undefined) snapshots.push(await runTick(host, last, tick));
    }
    for (const from of [0, 5, 8]) {
      const fresh = bench.bridge(starts, addressTo('training-again'));
      let state = JSON.parse(JSON.stringify(snapshots[from])) as BridgeState;
      for (let tick = from; tick < 9; tick++) state = await runTick(fresh, state, tick);
      expect(state.desk).toEqual(snapshots[9]?.desk);
    }
    const fresh = bench.bridge(starts, addressTo('training-again'));
    let state = fresh.initial();
    for (let tick = 0; tick < 14; tick++) state = await runTick(fresh, state, tick);
    expect(bytesOf(await storedOf('again'))).toEqual(bytesOf(inMemory(starts, 14, 'training-again')));
  }, 60_000);

  it('waits for Temporal when it is killed, says so once, and then goes on where it stood', async () => {
    const start = countingStart('training-outage', { periodMs: tickMs, wakes: 99 }, { startMs: firstMs });
    const troubles: BridgeTrouble[] = [];
    const sequences = bench.sequences([start], (trouble) => troubles.push(trouble));
    const ask = (tick: number) =>
      sequences.advance(start.id, { tick, round: 0, toMs: firstMs + tick * tickMs, facts: [] }, { epoch: 0, twinMs: firstMs, rate: null });
    await ask(0);
    const [, answer] = await Promise.all([bench.servers.killAndRestart('temporal'), ask(1)]);
    expect(answer.throughTick).toBe(1);
    expect(await ask(2)).toMatchObject({ nextWakeMs: firstMs + 3 * tickMs });
    expect(troubles.map(({ condition, active }) => [condition, active])).toEqual([
      ['temporal-unreachable', true],
      ['temporal-unreachable', false],
    ]);
    expect((await bench.stored(start.id)).map((fact) => fact.tick)).toEqual([0, 1, 2]);
  }, 60_000);

  it('goes on without a sequence that was ended by hand, and says so', async () => {
    const start = countingStart('training-ended', { periodMs: tickMs, wakes: 99 }, { startMs: firstMs });
    const troubles: BridgeTrouble[] = [];
    const sequences = bench.sequences([start], (trouble) => troubles.push(trouble));
    const ask = (tick: number) =>
      sequences.advance(start.id, { tick, round: 0, toMs: firstMs + tick * tickMs, facts: [] }, { epoch: 0, twinMs: firstMs, rate: null });
    await ask(0);
    await bench.client.getHandle(start.id).terminate('test');
    expect(await ask(1)).toMatchObject({ finished: true });
    expect(troubles.map(({ condition }) => condition)).toEqual(['sequence-failed']);
  }, 30_000);
});
