import { finalPower, meanPower, powerAt, powerBefore, type PowerPath } from './powerPath.js';
import { rampMwPerMs } from './rise.js';
import { sumOfRuns, type CampusWork, type Draft, type RunWork, type Site } from './state.js';

/** Power a campus may draw from the grid at an instant, MW: nothing once it is transferred, along its ramp on the way back, else any. */
export function gridAllowanceMw({ campus }: Site, { facility, limitMw }: CampusWork, atMs: number): number {
  const onSite = facility?.onSite ?? null;
  if (onSite === null) return Number.POSITIVE_INFINITY;
  return onSite.kind === 'transferred' ? 0 : rampMwPerMs(campus, limitMw) * Math.max(0, atMs - onSite.sinceMs);
}

/** Training and inference of a campus between two instants: mean MW. */
export function meanHeatMw(draft: Draft, site: Site, { inference }: CampusWork, fromMs: number, toMs: number): number {
  return sumOfRuns(draft, site, ({ path }) => meanPower(path, fromMs, toMs)) + meanPower(inference, fromMs, toMs);
}

/** Training and inference at the end of the tick, MW. */
export function endHeatMw(draft: Draft, site: Site, { inference }: CampusWork): number {
  return sumOfRuns(draft, site, ({ path }) => powerBefore(path, draft.endMs)) + powerBefore(inference, draft.endMs);
}

/** Highest training and inference may come to in the tick, MW: what each of them has at its highest point. */
export function highestHeatMw(draft: Draft, site: Site, { inference }: CampusWork): number {
  const highest = (path: typeof inference): number =>
    path.reduce(
      (most, [atMs, mw]) => (atMs > draft.startMs && atMs < draft.endMs ? Math.max(most, mw) : most),
      Math.max(powerAt(path, draft.startMs), powerBefore(path, draft.endMs)),
    );
  return sumOfRuns(draft, site, ({ path }) => (path.length === 1 ? finalPower(path) : highest(path))) + highest(inference);
}

/** A stretch of a tick with the cooling that runs in it. */
export interface CooledStretch {
  readonly fromMs: number;
  readonly toMs: number;
  readonly coolingMw: number;
}

/** What of the load of a campus the grid does not carry in a stretch: its mean, and what it is at the end, MW. Exact. */
export function aboveAllowanceMw(
  draft: Draft,
  site: Site,
  campus: CampusWork,
  { fromMs, toMs, coolingMw }: CooledStretch,
): { readonly meanMw: number; readonly endMw: number } {
  const paths: readonly PowerPath[] = [campus.inference, ...site.runs.flatMap((index) => pathOf(draft.runs[index]))];
  const bends = paths.flatMap((path) => path.flatMap(([atMs]) => (atMs > fromMs && atMs < toMs ? [atMs] : [])));
  const edges = [fromMs, ...[...new Set(bends)].sort((a, b) => a - b), toMs];
  const excess = (atMs: number, side: typeof powerAt): number =>
    paths.reduce((sum, path) => sum + side(path, atMs), coolingMw) - gridAllowanceMw(site, campus, atMs);
  let area = 0;
  for (let k = 0; k + 1 < edges.length; k++) {
    const [startMs, endMs] = [edges[k] ?? fromMs, edges[k + 1] ?? toMs];
    area += positiveMean(excess(startMs, powerAt), excess(endMs, powerBefore)) * (endMs - startMs);
  }
  return { meanMw: toMs > fromMs ? area / (toMs - fromMs) : 0, endMw: Math.max(0, excess(toMs, powerBefore)) };
}

/** The power of a run as a list of one, so that lists of runs flatten to lists of paths. */
function pathOf(work: RunWork | undefined): readonly PowerPath[] {
  return work === undefined ? [] : [work.path];
}

/** Mean of what lies above 0 of a straight line between two values. */
function positiveMean(first: number, last: number): number {
  if (first >= 0 && last >= 0) return (first + last) / 2;
  if (first <= 0 && last <= 0) return 0;
  const top = Math.max(first, last);
  return (top * top) / (2 * Math.abs(last - first));
}
