import { compareFacts, type Fact } from '../fact.js';
import type { SequenceRules } from '../sequence.js';
import { actUntilQuiet, nextWakeMs } from './act.js';
import { observeFacts } from './observe.js';
import { beginTraining, type TrainingConfig, type TrainingState, type TrainingTurn } from './state.js';

/**
 * The long half of a curtailment of one training run: it watches the cluster go down, holds, brings the run back in stages by commands,
 * measures what it gave and settles it. Without it the run stays at its safe level. Facts that come late, twice or in another order change
 * nothing.
 */
export const trainingRules: SequenceRules<TrainingConfig, TrainingState> = {
  kind: 'training',
  begin: beginTraining,
  advance: (state, { nowMs, facts }) => {
    const turn: TrainingTurn = { state, nowMs, sayings: [] };
    observeFacts(turn, [...facts].sort(byCause));
    actUntilQuiet(turn);
    return {
      state: turn.state,
      sayings: turn.sayings,
      nextWakeMs: nextWakeMs(turn.state, nowMs),
      start: [],
      cancel: [],
      reports: [],
      finished: turn.state.phase === 'finished',
    };
  },
  attributes: ({ config, phase }) => ({ region: config.region, campus: config.campus, phase }),
};

/** The order of facts, but within a phase a load target comes before what the cluster does about it. */
function byCause(a: Fact, b: Fact): number {
  const cause = (fact: Fact): number => (fact.type === 'control.loadtarget.v1' ? 0 : 1);
  return a.tick - b.tick || a.phase - b.phase || cause(a) - cause(b) || compareFacts(a, b);
}
