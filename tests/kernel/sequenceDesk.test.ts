import { describe, expect, it } from 'vitest';
import type { Answer } from '../../shared/domain/hostedSequence.js';
import { closeRound, observeFact, openDesk, openTick, type Address, type Desk } from '../../shared/domain/sequenceDesk.js';
import { advanceSequences, holdSequences, type SequenceHosts } from '../../shared/domain/sequenceHost.js';
import { countingRules, countingStart, type CountingState } from '../support/countingRules.js';
import { addressTo } from '../support/address.js';
import { exampleFact } from '../support/facts.js';

const answer = (over: Partial<Answer> = {}): Answer => ({
  nextWakeMs: null,
  started: [],
  reported: [],
  finished: false,
  throughTick: 0,
  ...over,
});
const idsOf = (round: { readonly asks: readonly { readonly id: string }[] }): readonly string[] => round.asks.map(({ id }) => id);

/** Desk after tick 0 in which each sequence answered as given. */
function settled(answers: Readonly<Record<string, Answer>>): Desk {
  const turn = openTick(openDesk(Object.keys(answers)), { tick: 0, atMs: 0 });
  return closeRound(
    turn.desk,
    turn.round,
    turn.round.asks.map(({ id }) => answers[id] ?? answer()),
  ).desk;
}

describe('the desk', () => {
  it('advances every sequence once in its first tick, in order of id', () => {
    const { round } = openTick(openDesk(['training-b', 'permit-a', 'training-b']), { tick: 0, atMs: 0 });
    expect(idsOf(round)).toEqual(['permit-a', 'training-b']);
  });

  it('advances a sequence at the first tick that has reached its wake, not before', () => {
    const desk = settled({ 'training-a': answer({ nextWakeMs: 450_000 }), 'training-b': answer() });
    expect(idsOf(openTick(desk, { tick: 1, atMs: 300_000 }).round)).toEqual([]);
    expect(idsOf(openTick(desk, { tick: 2, atMs: 600_000 }).round)).toEqual(['training-a']);
  });

  it('hands a fact on in the tick after its own, once, sorted whatever the order of arrival', () => {
    const facts = [
      exampleFact('training.phase.v1', 'b', 1),
      exampleFact('control.outcome.v1', 'a', 1),
      exampleFact('permit.decision.v1', 'c', 2),
    ];
    const desk = facts.reduce((before, fact) => observeFact(before, fact, addressTo('training-a')), settled({ 'training-a': answer() }));
    expect(idsOf(openTick(desk, { tick: 1, atMs: 1 }).round)).toEqual([]);
    const second = openTick(desk, { tick: 2, atMs: 2 });
    expect(second.round.asks[0]?.ask.facts.map((fact) => fact.type)).toEqual(['control.outcome.v1', 'training.phase.v1']);
    const third = openTick(closeRound(second.desk, second.round, [answer({ throughTick: 2 })]).desk, { tick: 3, atMs: 3 });
    expect(third.round.asks[0]?.ask.facts.map((fact) => fact.type)).toEqual(['permit.decision.v1']);
    expect(third.desk.pending).toEqual([]);
  });

  it('forgets facts for sequences that nobody has started or that have finished', () => {
    const desk = settled({ 'training-a': answer({ finished: true }) });
    const observed = observeFact(desk, exampleFact('training.phase.v1', 'b', 0), addressTo('training-a', 'training-x'));
    const { round, desk: after } = openTick(observed, { tick: 1, atMs: 1 });
    expect(idsOf(round)).toEqual([]);
    expect(after.pending).toEqual([]);
  });

  it('keeps what was handed on of a fact that repeats itself', () => {
    const once: Address = (delivered, fact) =>
      delivered[fact.entity] === 1 ? { ids: [], delivered } : { ids: ['training-a'], delivered: { [fact.entity]: 1 } };
    const [first, second] = [exampleFact('training.phase.v1', 'b', 0), exampleFact('training.phase.v1', 'b', 1)];
    const desk = observeFact(observeFact(settled({ 'training-a': answer() }), first, once), second, once);
    expect(desk.pending.map(({ fact }) => fact.id)).toEqual([first.id]);
    expect(openTick(desk, { tick: 2, atMs: 2 }).desk.delivered).toEqual({ west: 1 });
  });

  it('opens a further round for what was started and for whom something was reported, until it is quiet', () => {
    const first = openTick(openDesk(['buildout-mesa']), { tick: 0, atMs: 0 });
    const second = closeRound(first.desk, first.round, [answer({ started: ['permit-air'] })]);
    expect(idsOf(second.round)).toEqual(['permit-air']);
    const third = closeRound(second.desk, second.round, [answer({ reported: ['buildout-mesa', 'unknown'], finished: true })]);
    expect(third.round.asks).toEqual([{ id: 'buildout-mesa', ask: { tick: 0, round: 2, toMs: 0, facts: [] } }]);
    expect(closeRound(third.desk, third.round, [answer({ reported: ['permit-air'] })]).round.asks).toEqual([]);
  });

  it('learns from an answer that is ahead, and asks again only in the tick it is ahead to', () => {
    const first = openTick(openDesk(['buildout-mesa']), { tick: 5, atMs: 5 });
    const late = closeRound(first.desk, first.round, [answer({ throughTick: 9, nextWakeMs: 7, started: ['permit-air'] })]);
    expect(idsOf(late.round)).toEqual(['permit-air']);
    const desk = closeRound(late.desk, late.round, [answer({ throughTick: 9 })]).desk;
    const observed = observeFact(desk, exampleFact('training.phase.v1', 'b', 7), addressTo('permit-air'));
    expect(idsOf(openTick(observed, { tick: 8, atMs: 8 }).round)).toEqual([]);
    const again = openTick(observed, { tick: 9, atMs: 9 }).round;
    expect(again.asks.map(({ id, ask }) => [id, ask.facts.length])).toEqual([
      ['buildout-mesa', 0],
      ['permit-air', 0],
    ]);
  });

  it('stops a tick in which two sequences report to each other for ever', () => {
    let turn = openTick(openDesk(['a']), { tick: 0, atMs: 0 });
    expect(() => {
      while (true) turn = closeRound(turn.desk, turn.round, [answer({ reported: ['a'] })]);
    }).toThrow('tick 0 is not quiet');
  });
});

const heardBy = (hosts: SequenceHosts, id: string): readonly string[] =>
  (hosts.held[id]?.hosted.state as CountingState | undefined)?.heard ?? [];

describe('sequences in memory', () => {
  const run = (hosts: SequenceHosts, ticks: number) => {
    const facts = [];
    let now = hosts;
    for (let tick = 0; tick < ticks; tick++) {
      const next = advanceSequences(countingRules, now, { tick, atMs: tick * 100 });
      now = next.hosts;
      facts.push(...next.facts);
    }
    return { hosts: now, facts };
  };
  const child = (id: string, wakes: number) =>
    countingStart(id, { periodMs: 100, wakes }, { kind: 'permit', parent: 'buildout-mesa', startMs: 0 });

  it('start children in the next round of the same tick and hear their reports in a later one', () => {
    const start = countingStart(
      'buildout-mesa',
      { periodMs: 1_000, wakes: 3, children: [child('permit-b', 1), child('permit-a', 2)] },
      { kind: 'buildout' },
    );
    const { hosts, facts } = run(holdSequences(countingRules, [start]), 3);
    expect(facts.map((fact) => [fact.tick, fact.entity])).toEqual([
      [0, 'buildout-mesa'],
      [0, 'permit-a'],
      [0, 'permit-b'],
      [1, 'permit-a'],
    ]);
    expect(heardBy(hosts, 'buildout-mesa')).toEqual(['permit-b:done', 'permit-a:done']);
  });

  it('end a cancelled child, which reports once more', () => {
    const start = countingStart(
      'buildout-mesa',
      { periodMs: 100, wakes: 9, children: [child('permit-a', 99)], cancels: ['permit-a', 'permit-none'] },
      { kind: 'buildout' },
    );
    const { hosts } = run(holdSequences(countingRules, [start]), 4);
    expect(hosts.held['permit-a']?.hosted.finished).toBe(true);
    expect(heardBy(hosts, 'buildout-mesa')).toEqual(['permit-a:cancelled']);
  });

  it('survive being written down and read back between any two ticks', () => {
    const start = countingStart('buildout-mesa', { periodMs: 200, wakes: 4, children: [child('permit-a', 3)] }, { kind: 'buildout' });
    const straight = run(holdSequences(countingRules, [start]), 8);
    let hosts = holdSequences(countingRules, [start]);
    const facts = [];
    for (let tick = 0; tick < 8; tick++) {
      const next = advanceSequences(countingRules, hosts, { tick, atMs: tick * 100 });
      hosts = JSON.parse(JSON.stringify(next.hosts)) as SequenceHosts;
      facts.push(...next.facts);
    }
    expect(JSON.stringify(facts)).toBe(JSON.stringify(straight.facts));
    expect(facts.map((fact) => fact.id)).toHaveLength(new Set(facts.map((fact) => fact.id)).size);
  });
});
