/** Power in MW at an instant, UTC ms. */
export type PathPoint = readonly [atMs: number, mw: number];

/**
 * Power over time as straight pieces: constant before the first and after the last point, linear in between.
 * Two points at one instant are a jump; the later one holds from that instant on. Never empty, in order of time.
 */
export type PowerPath = readonly PathPoint[];

/** A path that stays at one power. */
export function flatPath(atMs: number, mw: number): PowerPath {
  return [[atMs, mw]];
}

/** Instant from which a path stays at one power. */
export function evenFromMs(path: PowerPath): number {
  return path[path.length - 1]?.[0] ?? 0;
}

/** Power at an instant, MW; after a jump at that instant. */
export function powerAt(path: PowerPath, atMs: number): number {
  if (evenFromMs(path) <= atMs) return finalPower(path);
  let before: PathPoint | undefined;
  for (const point of path) {
    if (point[0] > atMs) return before === undefined ? point[1] : between(before, point, atMs);
    before = point;
  }
  return before === undefined ? 0 : before[1];
}

/** Power the path ends at, MW. */
export function finalPower(path: PowerPath): number {
  return path[path.length - 1]?.[1] ?? 0;
}

/** Energy between two instants in MW ms, exact. */
export function energyBetween(path: PowerPath, fromMs: number, toMs: number): number {
  if (isEven(path, fromMs)) return finalPower(path) * Math.max(0, toMs - fromMs);
  const [first, second] = path;
  if (path.length === 2 && first !== undefined && second !== undefined && first[0] <= fromMs && toMs <= second[0])
    return ((between(first, second, fromMs) + between(first, second, toMs)) / 2) * Math.max(0, toMs - fromMs);
  let sum = 0;
  let [atMs, mw] = [fromMs, powerAt(path, fromMs)];
  for (const point of path) {
    if (point[0] <= fromMs) continue;
    if (point[0] >= toMs) break;
    sum += ((mw + point[1]) / 2) * (point[0] - atMs);
    [atMs, mw] = point;
  }
  return toMs > atMs ? sum + ((mw + powerBefore(path, toMs)) / 2) * (toMs - atMs) : sum;
}

/** Mean power between two instants, MW, exact; the power at the instant when both are the same. */
export function meanPower(path: PowerPath, fromMs: number, toMs: number): number {
  if (isEven(path, fromMs)) return finalPower(path);
  const [first, second] = path;
  if (path.length === 2 && first?.[0] === fromMs && second?.[0] === toMs) return (first[1] + second[1]) / 2;
  return toMs > fromMs ? energyBetween(path, fromMs, toMs) / (toMs - fromMs) : powerAt(path, fromMs);
}

/** Whether a path stays at one power from an instant on. */
export function isEven(path: PowerPath, fromMs: number): boolean {
  return path.length === 1 || evenFromMs(path) <= fromMs;
}

/** Straight pieces that cover an interval, in order; jumps lie between pieces. */
export function piecesOf(path: PowerPath, fromMs: number, toMs: number): readonly (readonly [PathPoint, PathPoint])[] {
  const pieces: (readonly [PathPoint, PathPoint])[] = [];
  let cursor: PathPoint = [fromMs, powerAt(path, fromMs)];
  for (const point of path) {
    if (point[0] <= fromMs) continue;
    if (point[0] >= toMs) break;
    if (point[0] > cursor[0]) pieces.push([cursor, point]);
    cursor = point;
  }
  if (toMs > cursor[0]) pieces.push([cursor, [toMs, powerBefore(path, toMs)]]);
  return pieces;
}

/**
 * The path until an instant, then straight to a power reached at `toMs`, and constant from there; a jump when the two instants are the
 * same.
 */
export function steer(path: PowerPath, fromMs: number, toMs: number, mw: number): PowerPath {
  const kept: PowerPath = [...path.filter((point) => point[0] < fromMs), [fromMs, powerBefore(path, fromMs)]];
  if (toMs <= fromMs) return tidy([...kept, [fromMs, mw]]);
  return tidy([...kept, [fromMs, powerAt(path, fromMs)], [toMs, mw]]);
}

/** The same power from an instant on, without the points that lie before it. */
export function forget(path: PowerPath, beforeMs: number): PowerPath {
  if (path.length === 1 || (path[0]?.[0] ?? 0) >= beforeMs) return path;
  return [[beforeMs, powerAt(path, beforeMs)], ...path.filter((point) => point[0] > beforeMs)];
}

/** Power just before an instant: the earlier side of a jump. */
export function powerBefore(path: PowerPath, atMs: number): number {
  if (evenFromMs(path) < atMs) return finalPower(path);
  let before: PathPoint | undefined;
  for (const point of path) {
    if (point[0] >= atMs) return before === undefined ? point[1] : between(before, point, atMs);
    before = point;
  }
  return before === undefined ? 0 : before[1];
}

/** One path with `factor` times another on top, exact: it bends and jumps where either does. */
export function withPath(path: PowerPath, other: PowerPath, factor: 1 | -1): PowerPath {
  const instants = [...new Set([...path, ...other].map(([atMs]) => atMs))].sort((a, b) => a - b);
  return instants.flatMap((atMs): readonly PathPoint[] => {
    const before = powerBefore(path, atMs) + factor * powerBefore(other, atMs);
    const after = powerAt(path, atMs) + factor * powerAt(other, atMs);
    return before === after
      ? [[atMs, after]]
      : [
          [atMs, before],
          [atMs, after],
        ];
  });
}

/** Steepest way up of a path between two instants, MW per ms; a jump counts as one over the whole time. 0: it never goes up. */
export function steepestRise(path: PowerPath, fromMs: number, toMs: number): number {
  const jumpMw = path.reduce(
    (most, [atMs]) => (atMs >= fromMs && atMs < toMs ? Math.max(most, powerAt(path, atMs) - powerBefore(path, atMs)) : most),
    0,
  );
  return piecesOf(path, fromMs, toMs).reduce(
    (most, [start, end]) => Math.max(most, (end[1] - start[1]) / (end[0] - start[0])),
    toMs > fromMs ? jumpMw / (toMs - fromMs) : 0,
  );
}

/** Leaves out a point that repeats the one before it. */
function tidy(path: PowerPath): PowerPath {
  return path.filter((point, index) => {
    const before = path[index - 1];
    return before === undefined || before[0] !== point[0] || before[1] !== point[1];
  });
}

function between(before: PathPoint, after: PathPoint, atMs: number): number {
  if (after[0] <= before[0]) return after[1];
  return before[1] + ((after[1] - before[1]) * (atMs - before[0])) / (after[0] - before[0]);
}
