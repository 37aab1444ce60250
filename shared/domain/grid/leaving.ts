import type { Instant } from '../ticks.js';
import type { Outcome } from './facts.js';
import type { Frame } from './frame.js';
import type { CampusView, GridState, LeftLoad } from './state.js';

/** Campus load that left the grid at one instant, and the grid as it stood before. */
export interface Leaving {
  readonly before: Outcome;
  readonly mw: number;
  /** The largest of them, and how many. */
  readonly campus: string;
  readonly count: number;
}

/**
 * The largest load that left at one instant of the tick; null: none did. What campuses want of the tick is without it from there on: before
 * is the same tick with all of it, dispatched by `dispatchWith`.
 */
export function leavingOf(
  { world }: Frame,
  state: GridState,
  { tick, startMs, tickMs }: Instant,
  dispatchWith: (campuses: readonly CampusView[]) => Outcome,
): Leaving | null {
  const left = (state.left ?? []).filter((one) => one.tick === tick);
  const [first] = left;
  if (first === undefined) return null;
  const most = left.reduce((one, other) => (sumMw(other) > sumMw(one) ? other : one), first);
  const missingMw = (campus: string): number =>
    left.reduce((sum, one) => {
      const mw = one.campuses.reduce((total, each) => (each.campus === campus ? total + each.mw : total), 0);
      return sum + (mw * (startMs + tickMs - one.atMs)) / tickMs;
    }, 0);
  const campuses = state.campuses.map((view, place) => ({ ...view, wantMw: view.wantMw + missingMw(world.campuses[place]?.id ?? '') }));
  const largest = most.campuses.reduce((one, other) => (other.mw > one.mw ? other : one));
  return { before: dispatchWith(campuses), mw: sumMw(most), campus: largest.campus, count: most.campuses.length };
}

function sumMw({ campuses }: LeftLoad): number {
  return campuses.reduce((sum, { mw }) => sum + mw, 0);
}
