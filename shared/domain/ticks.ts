/** Parts of a tick, in order: wants and offers, grid, deeds; 4: between it and the next tick, when somebody asked for it. */
export type Phase = 1 | 2 | 3 | 4;

/** One phase of one tick; a fact spoken in it covers [startMs, startMs + tickMs). All instants are UTC milliseconds. */
export interface Instant {
  readonly tick: number;
  readonly phase: Phase;
  readonly startMs: number;
  readonly tickMs: number;
  /** In phase 4: the instant of the clock at which it is spoken, within the tick; what is decided then takes effect with the next tick. */
  readonly atMs?: number;
}

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** Twin instant at which tick `tick` begins, in milliseconds UTC. */
export function tickStartMs(clock: { readonly startMs: number; readonly tickMinutes: number }, tick: number): number {
  return clock.startMs + tick * clock.tickMinutes * minuteMs;
}

/** Instants written out lately; remembering them changes speed and nothing else. */
const written = new Map<number, string>();
const mostWritten = 4_096;

/** RFC 3339 in UTC with milliseconds, the form of every instant on the wire. */
export function toWire(timeMs: number): string {
  const known = written.get(timeMs);
  if (known !== undefined) return known;
  if (written.size >= mostWritten) written.clear();
  const text = new Date(timeMs).toISOString();
  written.set(timeMs, text);
  return text;
}

/** Milliseconds UTC of an RFC 3339 instant. NaN when it is none. */
export function fromWire(time: string): number {
  return Date.parse(time);
}
