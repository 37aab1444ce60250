import { draw } from '../random.js';
import { acceptedDistance, distanceFromCurve } from './distance.js';
import { durationsAt, type Durations } from './durations.js';
import { kaplanMeier } from './kaplanMeier.js';
import { modelOf, sampledWithin } from './model.js';

/** How well what is fitted on one half of the cases describes the other half. */
export interface HoldOut {
  /** Cases of the half that was not fitted. */
  readonly count: number;
  /** Largest distance on the first division. */
  readonly ksDistance: number;
  /** Two samples of `count` from one distribution stay below it 19 times in 20: 1.36 sqrt(2 / count). */
  readonly acceptedDistance: number;
  readonly predicts: boolean;
  /** Divisions made, and the share of them that stay below. */
  readonly divisions: number;
  readonly acceptedRatio: number;
}

/** Halves smaller than this say nothing. */
const leastHalf = 10;

/** Fits random halves and compares each with its other half; null with too few cases. `name` and `seed` fix the draws. */
export function holdOut(
  durations: Durations,
  how: { readonly seed: number; readonly name: string; readonly divisions: number },
): HoldOut | null {
  const count = Math.floor(durations.days.length / 2);
  if (count < leastHalf) return null;
  const distances: number[] = [];
  for (let n = 0; n < how.divisions; n++) {
    const order = shuffled(durations.days.length, { ...how, n });
    const { sampled } = modelOf(durationsAt(durations, order.slice(count)));
    const other = kaplanMeier(durationsAt(durations, order.slice(0, count)));
    if (sampled !== null) distances.push(distanceFromCurve(other, (days) => sampledWithin(sampled, days)));
  }
  const first = distances[0];
  if (first === undefined) return null;
  const accepted = acceptedDistance(count);
  const passed = distances.filter((distance) => distance <= accepted).length;
  return {
    count,
    ksDistance: first,
    acceptedDistance: accepted,
    predicts: first <= accepted,
    divisions: distances.length,
    acceptedRatio: passed / distances.length,
  };
}

/** Places 0 to count - 1 in an order of chance. */
function shuffled(count: number, of: { readonly seed: number; readonly name: string; readonly n: number }): readonly number[] {
  const rank = Float64Array.from({ length: count }, (_, place) =>
    draw({ seed: of.seed, component: 'hold-out', entity: of.name, purpose: `${place}/half`, n: of.n }),
  );
  return Array.from(rank, (_, place) => place).sort((a, b) => (rank[a] ?? 0) - (rank[b] ?? 0));
}
