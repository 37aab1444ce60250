/** How long things lasted: those that ended, and those that had lasted so long when they were last seen. */
export interface Durations {
  /** [cases]: days, at least 0. */
  readonly days: Float64Array;
  /** [cases]: 1 where the case ended then; 0 where it was open still (censored). */
  readonly isEnded: Uint8Array;
}

/** One case: how long it lasted, and whether it ended then. */
export interface OneDuration {
  readonly days: number;
  readonly isEnded: boolean;
}

export function durationsOf(cases: readonly OneDuration[]): Durations {
  return {
    days: Float64Array.from(cases, (one) => one.days),
    isEnded: Uint8Array.from(cases, (one) => (one.isEnded ? 1 : 0)),
  };
}

/** Days of the cases that ended, rising. */
export function endedDays({ days, isEnded }: Durations): Float64Array {
  return days.filter((_, index) => isEnded[index] === 1).sort();
}

/** The cases at some places. */
export function durationsAt({ days, isEnded }: Durations, places: readonly number[]): Durations {
  return { days: Float64Array.from(places, (place) => days[place] ?? 0), isEnded: Uint8Array.from(places, (place) => isEnded[place] ?? 0) };
}
