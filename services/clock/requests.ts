import type { ClockStatus } from '../../shared/bus/answers.js';
import { shown } from '../../shared/domain/shown.js';
import { fromWire, toWire } from '../../shared/domain/ticks.js';
import { wrongInput } from '../../shared/runtime/errors.js';
import type { RequestHandler } from '../../shared/bus/request.js';
import { changeRate, modeOf, nowMs, type Clock } from './face.js';

/** What people and services may ask of the clock, by verb. */
export function clockRequests(clock: Clock): Readonly<Record<string, RequestHandler>> {
  const { state } = clock;
  const answer = (): ClockStatus => statusOf(clock);
  return {
    status: answer,
    pause: async (body) => {
      await changeRate(clock, { mode: 'paused', rate: state.rate, holdAtMs: state.holdAtMs, reason: reasonOf(body, 'pause') });
      return answer();
    },
    resume: async (body) => {
      const mode = state.rate === null && clock.context.world.clock.rate === 'max' ? 'max' : 'rate';
      const rate = mode === 'max' ? null : (state.rate ?? Number(clock.context.world.clock.rate));
      await changeRate(clock, { mode, rate, holdAtMs: state.holdAtMs, reason: reasonOf(body, 'resume') });
      return answer();
    },
    rate: async (body) => {
      await changeRate(clock, { ...modeOf(rateOf(body)), holdAtMs: state.holdAtMs, reason: reasonOf(body, 'rate') });
      return answer();
    },
    step: async (body) => {
      state.stepsLeft = ticksOf(body);
      clock.wake();
      return answer();
    },
    rununtil: async (body) => {
      const holdAtMs = instantOf(body, nowMs(clock));
      await changeRate(clock, { mode: 'max', rate: null, holdAtMs, reason: reasonOf(body, 'run until') });
      return answer();
    },
    between: async () => {
      await new Promise<void>((resolve) => {
        clock.asked.push(resolve);
        clock.wake();
      });
      return answer();
    },
    admit: async (body) => {
      const id = textField(body, 'id') ?? 'request';
      let tellRecorded = (): void => undefined;
      const recorded = new Promise<void>((resolve) => (tellRecorded = resolve));
      await new Promise<void>((admit) => {
        clock.admitting.push({ id, admit, recorded, tellRecorded });
        clock.wake();
      });
      return answer();
    },
    admitted: (body) => {
      clock.admitting.find(({ id }) => id === textField(body, 'id'))?.tellRecorded();
      return answer();
    },
    hold: (body) => {
      state.holds.set(textField(body, 'by') ?? 'request', reasonOf(body, 'held'));
      return answer();
    },
    release: (body) => {
      state.holds.delete(textField(body, 'by') ?? 'request');
      clock.wake();
      return answer();
    },
  };
}

function statusOf(clock: Clock): ClockStatus {
  const { state, pace, waiting } = clock;
  const waitingFor = waiting.current;
  const { rate, ticksPerSecond } = pace.achieved();
  const standing = state.mode === 'paused' && state.stepsLeft === null;
  return {
    state: state.holds.size > 0 ? 'held' : standing ? 'paused' : waitingFor.length > 0 ? 'waiting' : 'running',
    twinTime: toWire(nowMs(clock)),
    tick: state.tick,
    phase: state.phase,
    mode: state.mode,
    rate: state.rate,
    achievedRate: Math.round(rate),
    ticksPerSecond: Math.round(ticksPerSecond * 10) / 10,
    holdAtTime: state.holdAtMs === null ? null : toWire(state.holdAtMs),
    holds: [...state.holds].map(([by, reason]) => `${by}: ${reason}`),
    waitingFor,
  };
}

function field(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>)[name] : undefined;
}

function textField(body: unknown, name: string): string | undefined {
  const value = field(body, name);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function reasonOf(body: unknown, verb: string): string {
  return textField(body, 'reason') ?? verb;
}

function rateOf(body: unknown): number | 'max' {
  const rate = field(body, 'rate');
  if (rate === 'max') return rate;
  if (typeof rate === 'number' && Number.isFinite(rate) && rate > 0) return rate;
  throw wrongInput(`rate: found ${shown(rate)}, allowed: a number above 0 (twin seconds per second) or max`);
}

function ticksOf(body: unknown): number {
  const ticks = field(body, 'ticks') ?? 1;
  if (typeof ticks === 'number' && Number.isSafeInteger(ticks) && ticks >= 1 && ticks <= 1_000_000) return ticks;
  throw wrongInput(`ticks: found ${shown(ticks)}, allowed: an integer from 1 to 1000000`);
}

function instantOf(body: unknown, presentMs: number): number {
  const time = field(body, 'time');
  const timeMs = typeof time === 'string' ? fromWire(time) : Number.NaN;
  if (Number.isFinite(timeMs) && timeMs > presentMs) return timeMs;
  throw wrongInput(`time: found ${shown(time)}, allowed: an RFC 3339 instant after ${toWire(presentMs)}`);
}
