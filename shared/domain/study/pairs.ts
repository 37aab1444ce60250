import type { Figures } from './tally.js';
import { weightedSummaryOf, type Summary } from './statistics.js';

/** A finished cell as far as a comparison sees it. */
export interface Finished {
  readonly key: string;
  readonly group: string;
  readonly figures: Figures;
}

/** How one column differs over the pairs of a group: the second less the first. */
export interface Difference {
  readonly group: string;
  readonly column: string;
  readonly pairs: number;
  readonly meanFirst: number;
  readonly meanSecond: number;
  /** Of the differences of the pairs. */
  readonly difference: Summary;
}

/**
 * Cells of two studies by their key, each counted by the weight of its weather year; seeds and draws in common make the difference far
 * surer than two means would.
 */
export function differencesOf(
  first: readonly Finished[],
  second: readonly Finished[],
  weightOf: (key: string) => number = () => 1,
): readonly Difference[] {
  const partners = new Map(second.map((cell) => [cell.key, cell]));
  const pairs = first.flatMap((cell) => {
    const partner = partners.get(cell.key);
    return partner === undefined ? [] : [{ group: cell.group, weight: weightOf(cell.key), first: cell.figures, second: partner.figures }];
  });
  const groups = [...new Set(pairs.map(({ group }) => group))];
  const columns = [...new Set(pairs.flatMap((pair) => Object.keys(pair.first).filter((column) => column in pair.second)))];
  return groups.flatMap((group) => {
    const own = pairs.filter((pair) => pair.group === group);
    return columns.flatMap((column) => differenceOf(group, column, own) ?? []);
  });
}

function differenceOf(
  group: string,
  column: string,
  pairs: readonly { readonly weight: number; readonly first: Figures; readonly second: Figures }[],
): Difference | null {
  const values = pairs.flatMap((pair) => {
    const [first, second] = [pair.first[column] ?? null, pair.second[column] ?? null];
    return first === null || second === null ? [] : [{ first, second, weight: pair.weight }];
  });
  const summary = (of: (pair: (typeof values)[number]) => number) =>
    weightedSummaryOf(values.map((pair) => ({ value: of(pair), weight: pair.weight })));
  const [firsts, seconds] = [summary(({ first }) => first), summary(({ second }) => second)];
  const difference = summary(({ first, second }) => second - first);
  if (firsts === null || seconds === null || difference === null) return null;
  return { group, column, pairs: values.length, meanFirst: firsts.mean, meanSecond: seconds.mean, difference };
}
