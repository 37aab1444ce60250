import type { Pulse } from './viewTypes.js';

/** Wall time over which the achieved rate is measured. */
const windowMs = 5_000;

/** How fast twin time really goes and how old the newest mark is. */
export interface Tempo {
  /** Notes a mark of twin instant `timeMs` heard at wall time `heardMs`. */
  mark(timeMs: number, heardMs: number): void;
  /** Measures anew from the newest mark on: what was read before it had happened earlier. */
  forget(): void;
  read(wallMs: number): Pick<Pulse, 'ageMs' | 'achievedRate'>;
}

/** Measures over the marks of the last five seconds; null until two instants that far apart in the window were heard. */
export function createTempo(): Tempo {
  let marks: { readonly timeMs: number; readonly heardMs: number }[] = [];
  return {
    mark: (timeMs, heardMs) => {
      if (marks.at(-1)?.timeMs === timeMs) return;
      // One mark before the window stays, so that slow rates are measured too.
      const first = marks.findIndex((mark) => mark.heardMs >= heardMs - windowMs);
      marks = [...marks.slice(first === -1 ? -1 : Math.max(0, first - 1)), { timeMs, heardMs }];
    },
    forget: () => {
      marks = marks.slice(-1);
    },
    read: (wallMs) => {
      const [first, last] = [marks[0], marks.at(-1)];
      if (first === undefined || last === undefined) return { ageMs: null, achievedRate: null };
      const spanMs = last.heardMs - first.heardMs;
      return { ageMs: wallMs - last.heardMs, achievedRate: spanMs < 200 ? null : (last.timeMs - first.timeMs) / spanMs };
    },
  };
}
