/** Priority of a run that names none. */
export const usualPriority = 5;
/** Largest priority: touched last. */
export const highestPriority = 9;

/** Priority of a run, 0..9; a run with a higher one is touched only when those with lower ones do not suffice. */
export function priorityOf(run: { readonly priority?: number }): number {
  return run.priority ?? usualPriority;
}

/** What an accelerator-hour of a run counts beside one of usual priority: twice as much for each step; a choice of this model. */
export function weightOf(run: { readonly priority?: number }): number {
  return 2 ** (priorityOf(run) - usualPriority);
}

/**
 * Those of the lowest priorities that are enough together, in their order; all of them when nothing is enough. `isEnough` is asked about
 * growing sets.
 */
export function lowestThatSuffice<Held extends { readonly run: { readonly priority?: number } }>(
  held: readonly Held[],
  isEnough: (some: readonly Held[]) => boolean,
): readonly Held[] {
  const levels = [...new Set(held.map(({ run }) => priorityOf(run)))].sort((a, b) => a - b);
  for (const level of levels.slice(0, -1)) {
    const some = held.filter(({ run }) => priorityOf(run) <= level);
    if (isEnough(some)) return some;
  }
  return held;
}
