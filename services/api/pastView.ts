import type { Past } from './viewTypes.js';

/** Steps that are remembered of a block or a permit. */
const remembered = 40;

/** What was before, with what has just ended; the same when nothing did. */
export function pastOf(
  past: readonly Past[] = [],
  was: string | undefined,
  sinceMs: number | null | undefined,
  now: string,
): readonly Past[] {
  if (was === undefined || was === now) return past;
  return [...past.slice(1 - remembered), { was, sinceMs: sinceMs ?? null }];
}
