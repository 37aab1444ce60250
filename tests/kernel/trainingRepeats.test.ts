import { describe, expect, test } from 'vitest';
import type { Saying } from '../../shared/domain/fact.js';
import { cinder, commands, holding, ordered, outcome, paused, phases, released, resumed } from '../support/cinder.js';
import { audit, said } from '../support/clusterWorld.js';

const settlements = (sayings: readonly Saying[]) => sayings.filter(({ type }) => type === 'training.settlement.v1');

/** Released at 100 minutes and back at full power at 130: it verifies at 135, settles at 140 and would forget the event at 145. */
function verifying() {
  const sequence = holding();
  sequence.advance(100, [released(2, 19)]);
  sequence.wakeUntil(110);
  sequence.advance(120, [outcome(1, 23), resumed(23, 0.5)]);
  sequence.wakeUntil(125);
  sequence.advance(135, [outcome(2, 26), resumed(26, 1)]);
  return sequence;
}

describe('the next curtailment', () => {
  test('brings a settlement that is under way to its end, and pays it once', () => {
    const sequence = verifying();
    expect(sequence.state.phase).toBe('verifying');
    sequence.advance(137, ordered(3, 27));
    expect(phases(sequence.sayings).slice(-4)).toEqual(['verifying', 'settled', 'running', 'curtailed']);
    expect(settlements(sequence.sayings)).toHaveLength(1);
  });

  test('does not pay an event again that is settled already', () => {
    const sequence = verifying();
    sequence.wakeUntil(141);
    expect(sequence.state.phase).toBe('settled');
    expect(settlements(sequence.sayings)).toHaveLength(1);
    sequence.advance(142, ordered(3, 28));
    expect(phases(sequence.sayings).slice(-3)).toEqual(['settled', 'running', 'curtailed']);
    expect(settlements(sequence.sayings)).toHaveLength(1);
  });
});

describe('a fact that is heard again later', () => {
  test('does not hold a run again that a person has resumed since', () => {
    const sequence = cinder();
    const pause = audit('pause-run', 'cinder', 0);
    const measures = [{ run: 'cinder', measure: 'pause' as const, capRatio: 0, reductionMw: 52.8, baselineMw: 66 }];
    const plan = said('cluster.plan.v1', 'riverbend', { tick: 1 }, { epoch: 0, reductionMw: 52.8, measures });
    sequence.advance(5, [pause]);
    sequence.advance(10, [plan, ...paused(1, 0)]);
    sequence.advance(15, [audit('resume-run', 'cinder', 2)]);
    sequence.advance(16, [pause]);
    expect(sequence.state.isHeldByPerson).toBe(false);
    sequence.wakeUntil(40);
    expect(commands(sequence.sayings)[0]).toMatchObject({ epoch: 0, action: 'resume' });
  });
});
