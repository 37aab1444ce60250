import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact, FactDataOf, Saying } from '../../shared/domain/fact.js';
import { definitionOf } from '../../shared/events/registry.js';
import { everyCase } from '../support/badInput.js';
import { cinder, outcome, paused, released, resumed } from '../support/cinder.js';
import { audit, loadTarget, minute, said } from '../support/clusterWorld.js';

type Phase = FactDataOf['training.phase.v1']['phase'];

/** Where a sequence may go from each phase; to itself where it says again what holds. */
const ways: Readonly<Record<Phase, readonly Phase[]>> = {
  running: ['curtailed'],
  curtailed: ['holding', 'running', 'curtailed'],
  holding: ['holding', 'resuming'],
  resuming: ['holding', 'curtailed', 'verifying', 'finished'],
  verifying: ['settled'],
  settled: ['running'],
  finished: [],
};

const acts = [
  'target',
  'plan',
  'down',
  'release',
  'answer',
  'refuse',
  'ready',
  'hold',
  'let go',
  'trip',
  'again',
  'wait',
  'stale',
] as const;
/** Each in a tick of its own, since facts of one type and tick are told apart by their number. */
const step = fc.record({ after: fc.constantFrom(5, 5, 10, 15, 45), act: fc.constantFrom(...acts), cap: fc.constantFrom(0.5, 1) });
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const commandsIn = (sayings: readonly Saying[]): readonly FactDataOf['control.command.v1'][] =>
  sayings.flatMap((saying) => (saying.type === 'control.command.v1' ? [saying.data] : []));

/** What happens in a step, by what has been asked for so far. */
function factsOf({ act, cap }: Step, at: { minutes: number; epoch: number; commands: number; last: readonly Fact[] }): readonly Fact[] {
  const { minutes, epoch, commands, last } = at;
  const tick = Math.floor(minutes / 5);
  const measures = [
    {
      run: 'cinder',
      measure: cap < 1 ? ('pause' as const) : ('cap' as const),
      capRatio: cap < 1 ? 0 : 0.7,
      reductionMw: 40,
      baselineMw: 66,
    },
  ];
  switch (act) {
    case 'target':
      return [loadTarget({ epoch, mw: 60, from: minutes, until: minutes + 90 }, tick)];
    case 'plan':
      return [said('cluster.plan.v1', 'riverbend', { tick, phase: 3 }, { epoch, reductionMw: 40, measures })];
    case 'down':
      return paused(tick, epoch);
    case 'release':
      return [released(epoch, tick)];
    case 'answer':
      return [outcome(commands, tick)];
    case 'refuse':
      return [outcome(commands, tick, 'refused', 'run is on its way down')];
    case 'ready':
      return [outcome(commands, tick), resumed(tick, cap, epoch)];
    case 'hold':
      return [audit('pause-run', 'cinder', tick)];
    case 'let go':
      return [audit('resume-run', 'cinder', tick)];
    case 'trip':
      return [said('cluster.limit.v1', 'riverbend', { tick }, { limitMw: cap < 1 ? 0 : 600, previousLimitMw: 600, reason: 'drill' })];
    case 'again':
      return last;
    case 'stale':
      return [loadTarget({ epoch: Math.max(0, epoch - 1), mw: 100, from: minutes, until: minutes + 400 }, tick)];
    case 'wait':
      return [];
  }
}

/** What is wrong with what was said in a step, by rules that know nothing of how the sequence works; null: nothing. */
function brokenBy(
  sayings: readonly Saying[],
  before: { readonly phase: Phase; readonly commands: number; readonly isHeld: boolean },
): string | null {
  let { phase, commands } = before;
  let settled = 0;
  for (const { type, data } of sayings) {
    const violation = definitionOf(type)?.violation(data) ?? null;
    if (violation !== null) return `${type}: ${violation}`;
    if (type === 'training.phase.v1') {
      if (data.previousPhase !== phase) return `says it was ${data.previousPhase}, and was ${phase}`;
      if (!ways[phase].includes(data.phase)) return `goes from ${phase} to ${data.phase}`;
      if (data.phase === 'settled') settled += 1;
      phase = data.phase;
    }
    if (type === 'training.settlement.v1') settled -= 1;
    if (type === 'control.command.v1') {
      commands += 1;
      if (data.commandId !== `training-cinder/${commands}`) return `command ${data.commandId} in place of number ${commands}`;
      if (phase !== 'resuming') return `sends a command while ${phase}`;
      if (before.isHeld) return 'sends a command for a run that a person holds';
    }
  }
  return settled === 0 ? null : `settles ${settled} times less than it says`;
}

/** Plays steps; the first thing that is broken, or null. */
function brokenIn(steps: readonly Step[], isRestored = false): { readonly broken: string | null; readonly said: string } {
  const sequence = cinder(isRestored);
  let [minutes, epoch, commands, isHeld] = [0, 0, 0, false];
  let last: readonly Fact[] = [];
  for (const one of steps) {
    minutes += one.after;
    if (one.act === 'target' || one.act === 'release') epoch += 1;
    if (one.act === 'hold') isHeld = true;
    if (one.act === 'let go') isHeld = false;
    const before = { phase: sequence.state.phase, commands, isHeld };
    const facts = factsOf(one, { minutes, epoch, commands, last });
    if (one.act === 'again') {
      // Whatever time does by itself comes first; then what was heard already says nothing.
      const due = sequence.advance(minutes);
      const broken = brokenBy(due, before) ?? (sequence.advance(minutes, facts).length > 0 ? 'answers what it has heard already' : null);
      if (broken !== null) return { broken, said: '' };
      commands += commandsIn(due).length;
      continue;
    }
    last = facts;
    const sayings = sequence.advance(minutes, facts);
    const broken = brokenBy(sayings, before);
    if (broken !== null) return { broken: `${one.act} at ${minutes}: ${broken}`, said: '' };
    commands += commandsIn(sayings).length;
    if (sequence.nextWakeMs !== null && sequence.nextWakeMs <= minute(minutes)) return { broken: 'wants to wake in the past', said: '' };
  }
  return { broken: null, said: JSON.stringify(sequence.sayings) };
}

test('a training sequence goes only where it may, settles once what it says, and commands nothing that a person holds, whatever it hears', () => {
  everyCase(fc.array(step, { minLength: 5, maxLength: 40 }), (steps) => brokenIn(steps).broken, 5);
}, 60_000);

test('it says the same where it is written and read again before every step', () => {
  everyCase(
    fc.array(step, { minLength: 5, maxLength: 40 }),
    (steps) => (brokenIn(steps).said === brokenIn(steps, true).said ? null : 'something else'),
    0.5,
  );
});

test('the sequences drawn get into every phase', () => {
  const seen = new Set<string>();
  for (const steps of fc.sample(fc.array(step, { minLength: 5, maxLength: 40 }), { numRuns: 500, seed: 11 }))
    for (const { type, data } of JSON.parse(brokenIn(steps).said || '[]') as Saying[])
      if (type === 'training.phase.v1') seen.add(data.phase);
  expect([...seen].sort()).toEqual(['curtailed', 'holding', 'resuming', 'running', 'settled', 'verifying']);
});
