import type { Fact, FactDataOf, Saying } from '../../shared/domain/fact.js';
import { toWire } from '../../shared/domain/ticks.js';
import { trainingRules } from '../../shared/domain/training/rules.js';
import { trainingStart } from '../../shared/domain/training/state.js';
import { loadTarget, minute, riverbend, said } from './clusterWorld.js';

/** The sequence of cinder, which draws 66 MW; advanced by minutes after the start. */
export function cinder(isRestored = false) {
  const start = trainingStart(riverbend(), 'cinder');
  let state = trainingRules.begin(start);
  let nextWakeMs: number | null = null;
  let isFinished = false;
  const sayings: Saying[] = [];
  const advance = (minutes: number, facts: readonly Fact[] = []): readonly Saying[] => {
    if (isRestored) state = JSON.parse(JSON.stringify(state)) as typeof state;
    const next = trainingRules.advance(state, { tick: Math.floor(minutes / 5), nowMs: minute(minutes), facts, reports: [] });
    ({ state, nextWakeMs } = next);
    isFinished = next.finished;
    sayings.push(...next.sayings);
    return next.sayings;
  };
  /** Wakes it when it wants to, as long as it does before an instant. */
  const wakeUntil = (minutes: number): void => {
    while (nextWakeMs !== null && nextWakeMs <= minute(minutes)) advance((nextWakeMs - minute(0)) / 60_000);
  };
  return {
    advance,
    wakeUntil,
    sayings,
    get state() {
      return state;
    },
    get nextWakeMs() {
      return nextWakeMs;
    },
    get isFinished() {
      return isFinished;
    },
  };
}

export const phases = (sayings: readonly Saying[]): readonly string[] =>
  sayings.flatMap((saying) => (saying.type === 'training.phase.v1' ? [saying.data.phase] : []));
export const commands = (sayings: readonly Saying[]): readonly FactDataOf['control.command.v1'][] =>
  sayings.flatMap((saying) => (saying.type === 'control.command.v1' ? [saying.data] : []));

export const ordered = (epoch = 1, tick = 0): readonly Fact[] => [
  loadTarget({ epoch, mw: 126, from: 5 * tick + 15, until: 5 * tick + 255 }, tick),
  said(
    'cluster.plan.v1',
    'riverbend',
    { tick, phase: 3 },
    { epoch, reductionMw: 52.8, measures: [{ run: 'cinder', measure: 'pause', capRatio: 0, reductionMw: 52.8, baselineMw: 66 }] },
  ),
];
export const paused = (tick: number, epoch = 1): readonly Fact[] => [
  said('cluster.checkpoint.v1', 'cinder', { tick, phase: 3 }, { campus: 'riverbend', epoch, checkpointedSteps: 95_100, saveSeconds: 5 }),
  said('cluster.pause.v1', 'cinder', { tick, phase: 3 }, { campus: 'riverbend', epoch, checkpointedSteps: 95_100, lostSteps: 0 }),
];
export const released = (epoch: number, tick: number): Fact => loadTarget({ epoch, mw: 0, from: 5 * tick + 5 }, tick);
export const outcome = (n: number, tick: number, result: 'accepted' | 'refused' = 'accepted', reason = ''): Fact =>
  said('control.outcome.v1', 'cinder', { tick }, { order: `training-cinder/${n}`, result, reason, setPointMw: 300, reductionMw: 0 });
export const resumed = (tick: number, capRatio: number, epoch = 2): Fact =>
  said(
    'cluster.resume.v1',
    'cinder',
    { tick },
    {
      campus: 'riverbend',
      epoch,
      capRatio,
      fromSteps: 95_100,
      readyTime: toWire(minute(5 * tick + 4)),
      curtailedFromTime: toWire(minute(15)),
      meanCurtailedMw: 16,
      missedSteps: 800,
    },
  );

/** Curtailed at 15 minutes, released at 100; it wants to resume some minutes after that. */
export function holding(isRestored = false) {
  const sequence = cinder(isRestored);
  sequence.advance(5, ordered());
  sequence.advance(25, paused(4));
  return sequence;
}
