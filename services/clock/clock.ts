import { createPublisher, type Publisher } from '../../shared/bus/publish.js';
import { newestOn, readAll } from '../../shared/bus/read.js';
import { serve } from '../../shared/bus/request.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { subjectOf } from '../../shared/bus/envelope.js';
import { stamp, type Fact, type FactOf, type FactType, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { phasePlan } from '../../shared/domain/phases.js';
import { fromWire, tickStartMs, toWire, type Phase } from '../../shared/domain/ticks.js';
import { wallNow } from '../../shared/runtime/clock.js';
import type { RunningService, ServiceContext } from '../../shared/runtime/service.js';
import { collectAnswers, type Answers } from './answers.js';
import { createPace, type Pace } from './pace.js';
import { clockRequests } from './requests.js';
import type { ClockState, Mode } from './state.js';
import { createWaiting, type Waiting } from './waiting.js';

/** Everything the clock works with. */
export interface Clock {
  readonly context: ServiceContext;
  readonly state: ClockState;
  readonly publisher: Publisher;
  readonly answers: Answers;
  readonly pace: Pace;
  readonly waiting: Waiting;
  counts: RepeatCounts;
  readonly startedAtMs: number;
  stopped: boolean;
  /** Wakes the loop after a request changed something. */
  wake: () => void;
}

/** A missing participant is carried forward after this at a finite rate, wall ms. */
const patienceMs = 1_500;
/** A participant that has not been heard of yet is still starting, and is waited for this long whatever the pace, wall ms. */
const startPatienceMs = 30_000;
/** Longest sleep while paused or ahead of time, wall ms. */
const napMs = 250;

/** Owns twin time: opens the phases of each tick in turn, waits for their answers, and paces them. */
export async function startClock(context: ServiceContext): Promise<RunningService> {
  const publisher = createPublisher(context.bus);
  const clock: Clock = {
    context, publisher, answers: collectAnswers(context.bus), pace: createPace(), waiting: createWaiting(context, publisher),
    state: { tick: 0, phase: 0, mode: 'paused', rate: null, holdAtMs: null, epoch: 0, stepsLeft: null, holds: new Map(), throughSequence: 0 },
    counts: {}, startedAtMs: wallNow(), stopped: false, wake: () => undefined,
  };
  await recover(clock);
  serve(context.bus, 'clock', clockRequests(clock));
  const ended = run(clock);
  return {
    ended,
    stop: async () => {
      clock.stopped = true;
      clock.wake();
      await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 500))]);
      publisher.close();
    },
  };
}

/** Twin instant at which the present tick begins, UTC ms. */
export function nowMs(clock: Clock): number {
  return startOf(clock, clock.state.tick);
}

function startOf(clock: Clock, tick: number): number {
  const { startTime, tickMinutes } = clock.context.world.clock;
  return tickStartMs({ startMs: fromWire(startTime), tickMinutes }, tick);
}

async function recover(clock: Clock): Promise<void> {
  const { bus, world } = clock.context;
  const newest = async <Type extends FactType>(type: Type): Promise<FactOf<Type> | null> => {
    const heard = await newestOn(bus, streamsOf(bus.root).facts, subjectOf(bus.root, { region: 'all', type, entity: 'clock' }));
    return heard === null ? null : (heard.fact as unknown as FactOf<Type>);
  };
  const [mark, closed] = [await newest('clock.mark.v1'), await newest('clock.tick.v1')];
  if (mark !== null) {
    const isClosed = closed !== null && closed.data.tick >= mark.data.tick;
    clock.state.tick = isClosed ? mark.data.tick + 1 : mark.data.tick;
    clock.state.phase = isClosed ? 0 : (mark.data.phase as Phase);
    clock.counts = { 'clock.mark.v1/clock': [mark.timeMs, mark.n] };
  }
  const rates = (await readAll(bus, { types: ['clock.rate.v1'] })).map(({ fact }) => fact as unknown as FactOf<'clock.rate.v1'>);
  const rate = rates.at(-1);
  if (rate !== undefined) {
    clock.counts = { ...clock.counts, 'clock.rate.v1/clock': [rate.timeMs, rate.n] };
    const { mode, holdAtTime, epoch } = rate.data;
    Object.assign(clock.state, { mode, rate: rate.data.rate, holdAtMs: holdAtTime === null ? null : fromWire(holdAtTime), epoch });
  }
  await obeyStart(clock, rates, world.clock);
  clock.pace.anchor(nowMs(clock));
}

/** Sets the pace a new world begins with, or that `up` was asked for; a start is obeyed once, however often the clock restarts. */
async function obeyStart(clock: Clock, rates: readonly FactOf<'clock.rate.v1'>[], usual: ServiceContext['world']['clock']): Promise<void> {
  const { start } = clock.context.config;
  const reason = start === null ? 'scenario' : `start ${start.id}`;
  const isNew = rates.length === 0;
  const isAsked = start !== null && (start.rate !== null || start.holdAtTime !== null) && !rates.some((fact) => fact.data.reason === reason);
  if (!isNew && !isAsked) return;
  const holdAtTime = start?.holdAtTime ?? (isNew ? usual.holdAtTime : null);
  const pace = start?.rate ?? (isNew ? usual.rate : null);
  const { mode, rate } = pace === null ? clock.state : modeOf(pace);
  await changeRate(clock, { mode, rate, holdAtMs: holdAtTime === null ? clock.state.holdAtMs : fromWire(holdAtTime), reason });
}

/** Mode and rate behind `--rate N`, `--rate max` and `--rate 0`. */
export function modeOf(rate: number | 'max'): { readonly mode: Mode; readonly rate: number | null } {
  if (rate === 'max') return { mode: 'max', rate: null };
  return rate === 0 ? { mode: 'paused', rate: null } : { mode: 'rate', rate };
}

/** Records a change of pace and lets the loop follow it. */
export async function changeRate(
  clock: Clock,
  change: { readonly mode: Mode; readonly rate: number | null; readonly holdAtMs: number | null; readonly reason: string },
): Promise<void> {
  Object.assign(clock.state, { mode: change.mode, rate: change.rate, holdAtMs: change.holdAtMs, epoch: clock.state.epoch + 1 });
  clock.pace.anchor(nowMs(clock));
  await say(clock, clock.state.phase === 0 ? 1 : clock.state.phase, {
    type: 'clock.rate.v1', region: 'all', entity: 'clock',
    data: {
      mode: change.mode, rate: change.rate, holdAtTime: change.holdAtMs === null ? null : toWire(change.holdAtMs),
      epoch: clock.state.epoch, reason: change.reason,
    },
  });
  clock.wake();
}

function say(clock: Clock, phase: Phase, saying: Saying): Promise<number> {
  const stamped = stamp([saying], { component: 'clock', tick: clock.state.tick, phase, startMs: nowMs(clock), counts: clock.counts });
  clock.counts = stamped.counts;
  return clock.publisher.publish(stamped.facts as readonly Fact[]);
}

function nap(clock: Clock, waitMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(waitMs, napMs));
    clock.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}

async function run(clock: Clock): Promise<void> {
  while (!clock.stopped) {
    if (!(await isDue(clock))) continue;
    await runTick(clock);
  }
}

/** Whether the next tick may begin now; sleeps a little when not. */
async function isDue(clock: Clock): Promise<boolean> {
  const { state } = clock;
  // A tick that was begun is finished, whatever the pace says by now.
  if (state.phase !== 0) return true;
  if (state.stepsLeft === null && state.holdAtMs !== null && nowMs(clock) >= state.holdAtMs && state.mode !== 'paused') {
    await changeRate(clock, { mode: 'paused', rate: null, holdAtMs: null, reason: 'reached the instant to hold at' });
    return false;
  }
  if (state.holds.size > 0 || (state.mode === 'paused' && state.stepsLeft === null)) {
    clock.pace.anchor(nowMs(clock));
    await nap(clock, napMs);
    return false;
  }
  if (isLockStep(clock) || state.rate === null) return true;
  const leftMs = clock.pace.untilMs(nowMs(clock), state.rate);
  if (leftMs <= 0.5) return true;
  await nap(clock, leftMs);
  return false;
}

function isLockStep(clock: Clock): boolean {
  return clock.state.mode !== 'rate' || clock.state.stepsLeft !== null;
}

async function runTick(clock: Clock): Promise<void> {
  const { state, context } = clock;
  const missing = new Set<string>();
  for (const { phase, participants } of phasePlan) {
    if (phase < state.phase) continue;
    if (phase > state.phase) {
      state.phase = phase;
      const { tick, throughSequence } = state;
      void say(clock, phase, {
        type: 'clock.mark.v1', region: 'all', entity: 'clock',
        data: { tick, phase, tickMinutes: context.world.clock.tickMinutes, throughSequence },
      });
    }
    for (const component of await waitFor(clock, participants, phase)) missing.add(component);
    state.throughSequence = Math.max(state.throughSequence, clock.answers.lastSequence(participants));
    if (clock.stopped) return;
  }
  const carried = [...missing].sort();
  const closing = say(clock, 3, {
    type: 'clock.tick.v1', region: 'all', entity: 'clock', quality: carried.length > 0 ? 'estimated' : 'simulated',
    data: { tick: state.tick, missing: carried },
  });
  if (carried.length > 0) await closing;
  clock.pace.ticked(startOf(clock, state.tick + 1));
  state.tick += 1;
  state.phase = 0;
  if (state.stepsLeft !== null) {
    state.stepsLeft -= 1;
    if (state.stepsLeft === 0) {
      state.stepsLeft = null;
      await changeRate(clock, { mode: 'paused', rate: null, holdAtMs: null, reason: 'stepped' });
    }
  }
}

/** Waits until everyone has answered a phase; answers who was carried forward. In lock-step it waits without bound. */
async function waitFor(clock: Clock, participants: readonly string[], phase: Phase): Promise<readonly string[]> {
  const began = clock.waiting.begin();
  while (!clock.stopped) {
    const missing = clock.answers.missing(participants, clock.state.tick, phase);
    if (missing.length === 0) break;
    const isStarting = wallNow() - clock.startedAtMs < startPatienceMs && missing.some((component) => !clock.answers.hasHeard(component));
    const waitedMs = clock.waiting.note(missing, began, isStarting);
    if (!isLockStep(clock) && !isStarting) {
      // Who was absent before costs no further patience: it catches up by itself, and counts again from then on.
      const isOnlyAbsent = missing.every((component) => clock.waiting.isAbsent(component));
      if (isOnlyAbsent || waitedMs >= patienceMs) {
        clock.waiting.carry(participants, missing);
        return missing;
      }
    }
    await clock.answers.next(100);
  }
  clock.waiting.end();
  clock.waiting.carry(participants, []);
  return [];
}
