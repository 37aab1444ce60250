import type { Connection, Twin } from './connection.js';

/** How old the newest mark is, and whether that is too old to trust what is shown. */
export interface Freshness {
  readonly isLost: boolean;
  readonly isHeld: boolean;
  readonly isStale: boolean;
  /** Wall ms since the newest mark of the clock; null: none heard. */
  readonly ageMs: number | null;
}

/** Shortest cadence that is judged: below it the network, not the twin, decides. */
const leastCadenceMs = 1_000;

/** Values are stale after twice the wall time a tick takes at the rate asked for; while the twin is held they cannot get stale. */
export function freshnessOf(connection: Connection, twin: Twin, wallMs: number): Freshness {
  const { rate, mark } = twin.view.system;
  const isLost = connection.lostAtMs !== null;
  const isHeld = rate === null || rate.mode === 'paused';
  const ageMs = twin.pulse.ageMs === null ? null : twin.pulse.ageMs + Math.max(0, wallMs - twin.heardAtMs);
  const tickMs = (mark?.tickMinutes ?? twin.world.tickMinutes) * 60_000;
  const cadenceMs = Math.max(leastCadenceMs, rate?.mode === 'rate' && rate.rate !== null ? tickMs / rate.rate : leastCadenceMs);
  return { isLost, isHeld, isStale: isLost || (!isHeld && ageMs !== null && ageMs > 2 * cadenceMs), ageMs };
}
