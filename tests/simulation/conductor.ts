import { stamp, type FactOf, type Saying } from '../../shared/domain/fact.js';
import type { PhasePlan } from '../../shared/domain/phases.js';
import { tickStartMs, type Phase } from '../../shared/domain/ticks.js';
import type { Done } from '../../shared/runtime/doors.js';
import type { Loop, Owner } from './loop.js';
import { wayMs, type SimulatedStream } from './stream.js';

/** Stands for the clock service in lock-step: opens phases, waits for everybody, closes ticks, and reads back where it stood. */
export interface Conductor {
  /** Begins a life of it. */
  start(): void;
  hear(done: Done): void;
  readonly isThrough: boolean;
  /** Who has not answered which phase; one line. */
  readonly waitsFor: string;
}

export interface Score {
  readonly startMs: number;
  readonly tickMinutes: number;
  readonly plan: readonly PhasePlan[];
  readonly fromTick: number;
  readonly ticks: number;
}

export function createConductor(loop: Loop, stream: SimulatedStream, owner: Owner, score: Score): Conductor {
  const { plan, fromTick, ticks, tickMinutes } = score;
  let newest = new Map<string, Done>();
  let waits = (): string => 'nobody';
  let [isThrough, wake]: [boolean, (() => void) | null] = [false, null];

  const answered = async (life: number, participants: readonly string[], tick: number, phase: Phase): Promise<void> => {
    const hasAnswered = (component: string): boolean => {
      const done = newest.get(component);
      return done !== undefined && (done.tick > tick || (done.tick === tick && done.phase >= phase));
    };
    waits = () => `${participants.filter((component) => !hasAnswered(component)).join(', ')} in tick ${tick}, phase ${phase}`;
    while (!participants.every(hasAnswered)) {
      await new Promise<void>((resolve) => (wake = resolve));
      // Who was killed while it waited goes no further.
      if (owner.life !== life) await new Promise<never>(() => undefined);
    }
  };

  const conduct = async (): Promise<void> => {
    const { life } = owner;
    await new Promise<void>((resolve) => loop.later(owner, loop.between(wayMs.least, wayMs.most), resolve));
    let { tick, phase, counts } = standing(stream, fromTick);
    const say = (at: Phase, saying: Saying): void => {
      const stamped = stamp([saying], {
        component: 'clock',
        tick,
        phase: at,
        startMs: tickStartMs({ startMs: score.startMs, tickMinutes }, tick),
        counts,
      });
      counts = stamped.counts;
      void stream.publish(owner, stamped.facts);
    };
    for (; tick < fromTick + ticks; tick++, phase = 0) {
      for (const opened of plan) {
        if (opened.phase < phase) continue;
        const throughSequence = stream.stored.length;
        const data = { tick, phase: opened.phase, tickMinutes, throughSequence };
        if (opened.phase > phase) say(opened.phase, { type: 'clock.mark.v1', region: 'all', entity: 'clock', data });
        await answered(life, opened.participants, tick, opened.phase);
      }
      say(3, { type: 'clock.tick.v1', region: 'all', entity: 'clock', data: { tick, missing: [] } });
    }
    isThrough = true;
  };

  return {
    get isThrough() {
      return isThrough;
    },
    get waitsFor() {
      return waits();
    },
    start: () => {
      newest = new Map();
      wake = null;
      void conduct();
    },
    hear: (done) => {
      newest.set(done.component, done);
      wake?.();
      wake = null;
    },
  };
}

/** Where twin time stands by the marks and closed ticks in the stream. */
function standing(
  stream: SimulatedStream,
  fromTick: number,
): { tick: number; phase: Phase | 0; counts: Record<string, readonly [number, number]> } {
  const mark = stream.stored.findLast((fact) => fact?.type === 'clock.mark.v1') as FactOf<'clock.mark.v1'> | undefined;
  const closed = stream.stored.findLast((fact) => fact?.type === 'clock.tick.v1') as FactOf<'clock.tick.v1'> | undefined;
  if (mark === undefined) return { tick: fromTick, phase: 0, counts: {} };
  const isClosed = closed !== undefined && closed.data.tick >= mark.data.tick;
  const counts = { 'clock.mark.v1/clock': [mark.timeMs, mark.n] as const };
  return isClosed ? { tick: mark.data.tick + 1, phase: 0, counts } : { tick: mark.data.tick, phase: mark.data.phase as Phase, counts };
}
