import { wallNow } from '../../shared/runtime/clock.js';

/** Where twin time stands against wall time at a finite rate, and how fast it really ran. */
export interface Pace {
  /** Wall milliseconds until twin instant `twinMs` is due at `rate` twin seconds a second; 0 or less: due. */
  untilMs(twinMs: number, rate: number): number;
  /** Starts counting anew from `twinMs`; after a change of rate, a pause, or when the clock has fallen behind. */
  anchor(twinMs: number): void;
  /** Notes a finished tick. */
  ticked(twinMs: number): void;
  achieved(): { readonly rate: number; readonly ticksPerSecond: number };
}

/** A clock that is further behind than this goes on from where it stands instead of racing. */
const lagMs = 1_000;
const windowMs = 3_000;

export function createPace(): Pace {
  let anchorTwinMs = 0;
  let anchorWallMs = wallNow();
  let finished: { readonly wallMs: number; readonly twinMs: number }[] = [];
  const anchor = (twinMs: number): void => {
    anchorTwinMs = twinMs;
    anchorWallMs = wallNow();
  };
  return {
    anchor,
    untilMs: (twinMs, rate) => {
      const left = anchorWallMs + (twinMs - anchorTwinMs) / rate - wallNow();
      if (left < -lagMs) anchor(twinMs);
      return left;
    },
    ticked: (twinMs) => {
      const wallMs = wallNow();
      finished.push({ wallMs, twinMs });
      if (finished.length > 2_000) finished = finished.slice(1_000);
    },
    achieved: () => {
      const since = wallNow() - windowMs;
      const recent = finished.filter((entry) => entry.wallMs >= since);
      const [first, last] = [recent[0], recent.at(-1)];
      if (first === undefined || last === undefined || last.wallMs === first.wallMs) return { rate: 0, ticksPerSecond: 0 };
      const seconds = (last.wallMs - first.wallMs) / 1_000;
      return { rate: (last.twinMs - first.twinMs) / 1_000 / seconds, ticksPerSecond: (recent.length - 1) / seconds };
    },
  };
}
