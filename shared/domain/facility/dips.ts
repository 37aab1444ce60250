/** When voltage dips become a transfer: this many of them within this time. */
export interface RideThroughRule {
  readonly dips: number;
  readonly windowSeconds: number;
}

/** Dips that count in the window, and the instant at which the rule is met. */
export interface DipCount {
  /** Instants of the dips that may still count, oldest first, UTC ms. */
  readonly recentMs: readonly number[];
  /** How many were in the window at each of the new dips, itself included. */
  readonly inWindow: readonly number[];
  /** Null: not met. */
  readonly transferAtMs: number | null;
}

/**
 * Counts new dips in a sliding window; a dip counts until its age is the window. The first that meets the rule is the last one counted:
 * a campus on its own supply feels no more dips. `newMs` in order of time and not before `recentMs`.
 */
export function countDips(rule: RideThroughRule, recentMs: readonly number[], newMs: readonly number[]): DipCount {
  let recent = recentMs;
  const inWindow: number[] = [];
  for (const atMs of newMs) {
    recent = [...recent.filter((earlierMs) => atMs - earlierMs < rule.windowSeconds * 1000), atMs];
    inWindow.push(recent.length);
    if (recent.length >= rule.dips) return { recentMs: [], inWindow, transferAtMs: atMs };
  }
  return { recentMs: recent, inWindow, transferAtMs: null };
}
