import { cutOf, type BentInference } from './bentInference.js';
import { flatPath, meanPower, steer, withPath, type PowerPath } from './powerPath.js';
import { setCampus, type Draft, type Site } from './state.js';

/** Inference a campus serves for others, as a path. */
export function arrivedAt(draft: Draft, { guests }: Site): PowerPath {
  return guests.reduce<PowerPath>(
    (sum, place) => {
      const bent = draft.campuses[place]?.bent;
      return bent === undefined || bent.homelessMs !== null ? sum : withPath(sum, bent.moved, 1);
    },
    flatPath(draft.startMs, 0),
  );
}

/** Changes what a campus gives of its inference, and with it what it and its host draw. */
export function bend(draft: Draft, place: number, change: Partial<BentInference>): void {
  const campus = draft.campuses[place];
  if (campus?.bent === undefined) return;
  const bent = { ...campus.bent, ...change };
  const inference = withPath(withPath(campus.inference, cutOf(campus.bent), 1), cutOf(bent), -1);
  setCampus(draft, place, { bent, inference });
  const host = draft.frame.sites[place]?.host ?? -1;
  const hosting = draft.campuses[host];
  if (hosting === undefined || hosting.isTripped) return;
  const served = (one: BentInference): PowerPath => (one.homelessMs === null ? one.moved : flatPath(draft.startMs, 0));
  setCampus(draft, host, { inference: withPath(withPath(hosting.inference, served(campus.bent), -1), served(bent), 1) });
}

/** A campus has lost its connection: what it gave is over at once, and what it served for others has no home until it is back there. */
export function unbend(draft: Draft, place: number, atMs: number): void {
  const site = draft.frame.sites[place];
  const bent = draft.campuses[place]?.bent;
  if (site === undefined) return;
  if (bent !== undefined && bent.endsMs !== null) {
    const over = (path: PowerPath): PowerPath => steer(path, atMs, atMs, 0);
    bend(draft, place, { consolidated: over(bent.consolidated), moved: over(bent.moved), endsMs: null, homelessMs: null });
  }
  for (const guest of site.guests) {
    const own = draft.campuses[guest]?.bent;
    const isThere = own !== undefined && own.homelessMs === null && own.moved.some(([, mw]) => mw > 0);
    if (isThere) setCampus(draft, guest, { bent: { ...own, homelessMs: atMs } });
  }
}

/** Inference on its way home that nobody serves, mean over the tick of a draft, MW. */
export function homelessMw({ startMs, endMs }: Draft, { moved, homelessMs }: BentInference): number {
  if (homelessMs === null || endMs <= startMs) return 0;
  const fromMs = Math.max(startMs, homelessMs);
  return (meanPower(moved, fromMs, endMs) * Math.max(0, endMs - fromMs)) / (endMs - startMs);
}
