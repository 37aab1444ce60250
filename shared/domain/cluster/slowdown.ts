import type { Run } from '../../scenario/schema.js';
import { cappedMw, idleMw, type CapCurve, type PowerCurve } from './throughput.js';

/** How far a run may be slowed down, as its contract with its owner says; absent: it may be paused. */
export type SlowdownClass = NonNullable<Run['slowdownClass']>;

/** What is read of a run to know how far it may be slowed down. */
export type Slowable = CapCurve & { readonly slowdownClass?: SlowdownClass };

/** Largest slowdown of each class, as a share of full speed. Source: the tiers of the Phoenix field trial, Colangelo et al., 2025. */
const slowdownRatio: Readonly<Record<SlowdownClass, number>> = { none: 0, 'slow-10': 0.1, 'slow-25': 0.25, 'slow-50': 0.5, pause: 1 };

/** Whether a run may be paused. */
export function mayPause({ slowdownClass = 'pause' }: Slowable): boolean {
  return slowdownClass === 'pause';
}

/** Lowest cap of the accelerators that keeps the class of a run, 0..1, and no lower than `floorRatio`: throughput turned around. */
export function lowestCap(run: Slowable, floorRatio: number): number {
  const { staticRatio, capExponent, slowdownClass = 'pause' } = run;
  if (slowdownClass === 'pause') return floorRatio;
  const kept = staticRatio + (1 - staticRatio) * (1 - slowdownRatio[slowdownClass]) ** capExponent;
  return Math.max(floorRatio, Math.min(1, kept));
}

/** Facility power in MW of a run capped at a ratio, or at the lowest cap its class allows where that is higher. */
export function slowedMw(run: PowerCurve & Slowable, capRatio: number): number {
  return cappedMw(run, lowestCap(run, capRatio));
}

/** Least facility power in MW to which a run may be brought. */
export function leastMw(run: PowerCurve & Slowable): number {
  return mayPause(run) ? idleMw(run) : slowedMw(run, 0);
}
