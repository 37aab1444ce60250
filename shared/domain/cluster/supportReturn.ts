import { steepestRise, withPath, type PowerPath } from './powerPath.js';
import type { CampusWork, Draft } from './state.js';

/** Slope with which load that battery and generators carried goes back to the grid in a tick, MW per ms. */
export function supportReturnMwPerMs({ startMs, endMs }: Draft, { facility }: CampusWork): number {
  const path = facility?.support?.path;
  if (path === undefined || endMs <= startMs) return 0;
  const nothing: PowerPath = [[startMs, 0]];
  return steepestRise(withPath(nothing, path, -1), startMs, endMs);
}
