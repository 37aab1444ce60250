import { at } from '../grid/dense.js';

/** Loading above its rating by less than this is rounding. */
export const loadingToleranceRatio = 1e-6;

/** A line after an event, against its long-term emergency rating. */
export interface LineLoading {
  readonly line: number;
  /** After the event, from the first to the second bus; negative the other way. */
  readonly netFlowMw: number;
  readonly ratingMw: number;
  /** Flow over rating; above 1 the rating is broken. */
  readonly loadingRatio: number;
}

/** [lines]: 1 / rating, 0 where there is no rating (null or infinite), so that such a line is never loaded. */
export function inverseRatings(emergencyRatingMw: ArrayLike<number | null>): Float64Array {
  return Float64Array.from({ length: emergencyRatingMw.length }, (_, line) => 1 / (emergencyRatingMw[line] ?? Infinity));
}

/** The most loaded of those offered, most loaded first; equal ones in the order they came. */
export interface Ranking<Entry extends { readonly loadingRatio: number }> {
  /** What an entry must exceed to be taken; -1 while there is room. */
  floorRatio(): number;
  take(entry: Entry): void;
  readonly entries: readonly Entry[];
}

/** A ranking that holds at most so many entries. */
export function rankingOf<Entry extends { readonly loadingRatio: number }>(keep: number): Ranking<Entry> {
  const entries: Entry[] = [];
  let isSorted = true;
  return {
    floorRatio: () => (entries.length < keep ? -1 : keep === 0 ? Infinity : (entries.at(-1)?.loadingRatio ?? -1)),
    take(entry) {
      if (keep === Infinity) {
        isSorted = entries.push(entry) === 1;
        return;
      }
      let place = entries.length;
      while (place > 0 && (entries[place - 1]?.loadingRatio ?? Infinity) < entry.loadingRatio) place--;
      entries.splice(place, 0, entry);
      if (entries.length > keep) entries.pop();
    },
    get entries() {
      if (!isSorted) entries.sort((a, b) => b.loadingRatio - a.loadingRatio);
      isSorted = true;
      return entries;
    },
  };
}

/** Place of the largest of some values, the first of equal ones; -1 when there are none. */
export function largestPlace(values: ArrayLike<number>): number {
  let best = -1;
  for (let place = 0; place < values.length; place++) {
    if (best < 0 || (values[place] ?? -Infinity) > (values[best] ?? Infinity)) best = place;
  }
  return best;
}

/** Sum of an array over some places. */
export function sumAt(values: Float64Array, places: readonly number[]): number {
  return places.reduce((sum, place) => sum + at(values, place), 0);
}
