/** Wall time in milliseconds since 1970, UTC; the only place that reads it. Twin time never comes from here. */
export function wallNow(): number {
  return Date.now();
}

/** Resolves after `waitMs` of wall time. */
export function wallDelay(waitMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, waitMs));
}

/** Milliseconds of wall time since an arbitrary instant, finer than a millisecond: for measuring how long something takes. */
export function stopwatchMs(): number {
  return performance.now();
}
