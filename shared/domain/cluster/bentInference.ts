import { flatPath, forget, meanPower, powerAt, withPath, type PowerPath } from './powerPath.js';

/** What a campus gives of its inference on load targets; paths beside what it draws. */
export interface BentInference {
  /** Freed by serving on fewer nodes. */
  readonly consolidated: PowerPath;
  /** Freed by serving at its host. */
  readonly moved: PowerPath;
  /** When it begins to come back by itself; null: nothing is given. */
  readonly endsMs: number | null;
  /** Since when the host does not serve any more what is still on its way home; null: it serves. */
  readonly homelessMs: number | null;
}

/** Nothing given. */
export const nothingBent: BentInference = { consolidated: flatPath(0, 0), moved: flatPath(0, 0), endsMs: null, homelessMs: null };

/** What fewer nodes and another campus take off inference together, as a path. */
export function cutOf({ consolidated, moved }: BentInference): PowerPath {
  return withPath(consolidated, moved, 1);
}

/** The same without what lies before the tick. */
export function forgetBent(bent: BentInference, beforeMs: number): BentInference {
  const { consolidated, moved } = bent;
  const kept = { ...bent, consolidated: forget(consolidated, beforeMs), moved: forget(moved, beforeMs) };
  const isHome = kept.moved.every(([, mw]) => mw === 0);
  return isHome && kept.homelessMs !== null ? { ...kept, homelessMs: null } : kept;
}

/** What inference of a campus gives at an instant, MW. */
export function givenAt(bent: BentInference | undefined, atMs: number): number {
  return bent === undefined ? 0 : powerAt(bent.consolidated, atMs) + powerAt(bent.moved, atMs);
}

/** And its mean between two instants, MW. */
export function meanGivenMw(bent: BentInference | undefined, fromMs: number, toMs: number): number {
  return bent === undefined ? 0 : meanPower(bent.consolidated, fromMs, toMs) + meanPower(bent.moved, fromMs, toMs);
}
