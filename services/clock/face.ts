import type { ClockMode } from '../../shared/bus/answers.js';
import type { Publisher } from '../../shared/bus/publish.js';
import { stamp, type Fact, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { fromWire, tickStartMs, toWire, type Phase } from '../../shared/domain/ticks.js';
import type { ServiceContext } from '../../shared/runtime/service.js';
import type { Answers } from './answers.js';
import type { Pace } from './pace.js';
import type { ClockState } from './state.js';
import type { Waiting } from './waiting.js';

/** A request that is to be recorded between two ticks. */
export interface Admitting {
  readonly id: string;
  /** It may now. */
  readonly admit: () => void;
  /** Resolves once it has. */
  readonly recorded: Promise<void>;
  readonly tellRecorded: () => void;
}

/** Everything the clock works with. */
export interface Clock {
  readonly context: ServiceContext;
  readonly state: ClockState;
  readonly publisher: Publisher;
  readonly answers: Answers;
  readonly pace: Pace;
  readonly waiting: Waiting;
  counts: RepeatCounts;
  /** Who waits for the phase between two ticks. */
  readonly asked: (() => void)[];
  /** Who waits to record something between two ticks, and how each is told that it may, and tells that it has. */
  readonly admitting: Admitting[];
  /** Latest instant at which that phase was opened; it never goes back. */
  betweenMs: number;
  readonly startedAtMs: number;
  stopped: boolean;
  /** Wakes the loop after a request changed something. */
  wake: () => void;
}

/** Twin instant at which the present tick begins, UTC ms. */
export function nowMs(clock: Clock): number {
  return startOf(clock, clock.state.tick);
}

/** Twin instant at which a tick begins, UTC ms. */
export function startOf(clock: Clock, tick: number): number {
  const { startTime, tickMinutes } = clock.context.world.clock;
  return tickStartMs({ startMs: fromWire(startTime), tickMinutes }, tick);
}

/** ClockMode and rate behind `--rate N`, `--rate max` and `--rate 0`. */
export function modeOf(rate: number | 'max'): { readonly mode: ClockMode; readonly rate: number | null } {
  if (rate === 'max') return { mode: 'max', rate: null };
  return rate === 0 ? { mode: 'paused', rate: null } : { mode: 'rate', rate };
}

/** Records a change of pace and lets the loop follow it. */
export async function changeRate(
  clock: Clock,
  change: { readonly mode: ClockMode; readonly rate: number | null; readonly holdAtMs: number | null; readonly reason: string },
): Promise<void> {
  Object.assign(clock.state, { mode: change.mode, rate: change.rate, holdAtMs: change.holdAtMs, epoch: clock.state.epoch + 1 });
  clock.pace.anchor(nowMs(clock));
  await say(clock, clock.state.phase === 0 ? 1 : clock.state.phase, {
    type: 'clock.rate.v1',
    region: 'all',
    entity: 'clock',
    data: {
      mode: change.mode,
      rate: change.rate,
      holdAtTime: change.holdAtMs === null ? null : toWire(change.holdAtMs),
      epoch: clock.state.epoch,
      reason: change.reason,
    },
  });
  clock.wake();
}

/** Stores one fact of the clock; answers its stream sequence. */
export function say(clock: Clock, phase: Phase, saying: Saying): Promise<number> {
  const tick = phase === 4 ? clock.state.tick - 1 : clock.state.tick;
  const stamped = stamp([saying], { component: 'clock', tick, phase, startMs: nowMs(clock), counts: clock.counts });
  clock.counts = stamped.counts;
  return clock.publisher.publish(stamped.facts as readonly Fact[]);
}
