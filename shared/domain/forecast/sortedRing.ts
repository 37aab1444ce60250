/** The newest numbers of a series, also in order of size; NaN takes a place but is in no order. */
export interface SortedRing {
  /** In the order they came, the oldest overwritten. */
  readonly came: Float32Array;
  /** Smallest first, the first `count` of them. */
  readonly sorted: Float32Array;
  count: number;
  next: number;
}

export function newSortedRing(length: number): SortedRing {
  return { came: new Float32Array(length).fill(Number.NaN), sorted: new Float32Array(length), count: 0, next: 0 };
}

/** Takes in a number and drops the oldest where the ring is full. */
export function putSorted(ring: SortedRing, value: number): void {
  const oldest = ring.came[ring.next] ?? Number.NaN;
  if (!Number.isNaN(oldest)) {
    ring.sorted.copyWithin(placeOf(ring, oldest), placeOf(ring, oldest) + 1, ring.count);
    ring.count -= 1;
  }
  ring.came[ring.next] = value;
  ring.next = (ring.next + 1) % ring.came.length;
  if (Number.isNaN(value)) return;
  const rounded = Math.fround(value);
  const place = placeOf(ring, rounded);
  ring.sorted.copyWithin(place + 1, place, ring.count);
  ring.sorted[place] = rounded;
  ring.count += 1;
}

/** Quantile of the numbers, in a straight line between neighbours; null without any. */
export function quantileOf({ sorted, count }: SortedRing, level: number): number | null {
  if (count === 0) return null;
  const place = Math.max(0, Math.min(count - 1, level * (count + 1) - 1));
  const below = Math.floor(place);
  const low = sorted[below] ?? 0;
  return low + (place - below) * ((sorted[Math.min(below + 1, count - 1)] ?? 0) - low);
}

/** First place whose number is not smaller. */
function placeOf({ sorted, count }: SortedRing, value: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
