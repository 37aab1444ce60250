import { createPublisher } from '../../shared/bus/publish.js';
import { serve } from '../../shared/bus/request.js';
import type { Saying } from '../../shared/domain/fact.js';
import { betweenParticipants, phasePlanOf } from '../../shared/domain/phases.js';
import { toWire, type Phase } from '../../shared/domain/ticks.js';
import { wallDelay, wallNow } from '../../shared/runtime/clock.js';
import type { RunningService, ServiceContext } from '../../shared/runtime/service.js';
import { collectAnswers } from './answers.js';
import { changeRate, nowMs, say, startOf, type Clock } from './face.js';
import { createPace } from './pace.js';
import { recover } from './recover.js';
import { clockRequests } from './requests.js';
import { createWaiting } from './waiting.js';

/** A missing participant is carried forward after this at a finite rate, wall ms. */
const patienceMs = 1_500;
/** A participant that has not been heard of yet is still starting, and is waited for this long whatever the pace, wall ms. */
const startPatienceMs = 30_000;
/** Longest wait for a request that may be recorded, wall ms. */
const admittedMs = 500;
/** Longest sleep while paused or ahead of time, wall ms. */
const napMs = 250;

/** Owns twin time: opens the phases of each tick in turn, waits for their answers, and paces them. */
export async function startClock(context: ServiceContext): Promise<RunningService> {
  const publisher = createPublisher(context.bus);
  const clock: Clock = {
    context,
    publisher,
    answers: collectAnswers(context.bus),
    pace: createPace(),
    waiting: createWaiting(context, publisher),
    state: {
      tick: 0,
      phase: 0,
      mode: 'paused',
      rate: null,
      holdAtMs: null,
      epoch: 0,
      stepsLeft: null,
      holds: new Map(),
      throughSequence: 0,
    },
    counts: {},
    asked: [],
    admitting: [],
    betweenMs: 0,
    startedAtMs: wallNow(),
    stopped: false,
    wake: () => undefined,
  };
  await recover(clock);
  await serve(context.bus, 'clock', clockRequests(clock));
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
    await runBetween(clock);
    await runAdmitted(clock);
    // What was asked for meanwhile has woken nobody, since nobody slept.
    if (clock.state.phase === 0 && (clock.asked.length > 0 || clock.admitting.length > 0)) continue;
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
  for (const { phase, participants } of phasePlanOf(context.world)) {
    if (phase < state.phase) continue;
    if (phase > state.phase) {
      state.phase = phase;
      const { tick, throughSequence } = state;
      const { tickMinutes } = context.world.clock;
      const mark: Saying = {
        type: 'clock.mark.v1',
        region: 'all',
        entity: 'clock',
        data: { tick, phase, tickMinutes, throughSequence },
      };
      clock.publisher.meanwhile(say(clock, phase, mark));
    }
    for (const component of await waitFor(clock, participants, { tick: state.tick, phase, fromSequence: 0 })) missing.add(component);
    state.throughSequence = Math.max(state.throughSequence, clock.answers.lastSequence(participants));
    if (clock.stopped) return;
  }
  const carried = [...missing].sort();
  const closing = say(clock, 3, {
    type: 'clock.tick.v1',
    region: 'all',
    entity: 'clock',
    quality: carried.length > 0 ? 'estimated' : 'simulated',
    data: { tick: state.tick, missing: carried },
  });
  if (carried.length > 0) await closing;
  else clock.publisher.meanwhile(closing);
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

/**
 * Opens the phase between the last tick and the next one for whoever asked, so that a load target is acted on at once at any pace. Not
 * within a tick, and not before the first one: what was asked then has its turn in the tick.
 */
async function runBetween(clock: Clock): Promise<void> {
  const { state, context } = clock;
  const asked = clock.asked.splice(0);
  if (asked.length === 0) return;
  const tick = state.tick - 1;
  if (state.phase === 0 && tick >= 0) {
    const { tickMinutes } = context.world.clock;
    const startMs = startOf(clock, tick);
    const leftMs = state.rate === null || isLockStep(clock) ? 1 : Math.max(0, clock.pace.untilMs(nowMs(clock), state.rate)) * state.rate;
    const atMs = Math.min(nowMs(clock) - 1, Math.max(startMs, Math.round(nowMs(clock) - leftMs), clock.betweenMs));
    clock.betweenMs = atMs;
    const fromSequence = await say(clock, 4, {
      type: 'clock.mark.v1',
      region: 'all',
      entity: 'clock',
      timeMs: atMs,
      data: { tick, phase: 4, tickMinutes, tickStartTime: toWire(startMs), throughSequence: state.throughSequence },
    });
    await waitFor(clock, betweenParticipants, { tick, phase: 4, fromSequence });
    state.throughSequence = Math.max(state.throughSequence, clock.answers.lastSequence(betweenParticipants));
  }
  for (const done of asked) done();
}

/**
 * Lets whoever wants to record a request do so between two ticks, one after the other: it then counts from the next tick on for everybody,
 * live and in a world that is run again. Who does not say that it is done is not waited for long.
 */
async function runAdmitted(clock: Clock): Promise<void> {
  if (clock.state.phase !== 0) return;
  for (let entry = clock.admitting[0]; entry !== undefined && !clock.stopped; entry = clock.admitting[0]) {
    entry.admit();
    await Promise.race([entry.recorded, wallDelay(admittedMs)]);
    clock.admitting.splice(clock.admitting.indexOf(entry), 1);
  }
}

/** What an answer of a participant has to be about. */
interface Opened {
  readonly tick: number;
  readonly phase: Phase;
  /** Stream sequence its mark has at least. */
  readonly fromSequence: number;
}

/** Waits until everyone has answered a phase; answers who was carried forward. In lock-step it waits without bound. */
async function waitFor(clock: Clock, participants: readonly string[], opened: Opened): Promise<readonly string[]> {
  const began = clock.waiting.begin();
  while (!clock.stopped) {
    const missing = clock.answers.missing(participants, opened);
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
