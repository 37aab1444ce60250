/** What sites are scored by. */
export const criteria = ['surplus', 'hosting', 'price', 'carbon', 'latency', 'water', 'permits', 'network'] as const;
export type Criterion = (typeof criteria)[number];

/** Whether more of a criterion is better. */
const moreIsBetter: Readonly<Record<Criterion, boolean>> = {
  surplus: true,
  hosting: true,
  price: false,
  carbon: false,
  latency: false,
  water: false,
  permits: false,
  network: false,
};

/** A site with what is known of it; null: not known, and never made up. */
export interface Candidate {
  readonly id: string;
  readonly values: Readonly<Record<Criterion, number | null>>;
}

/** A site in its rank. */
export interface RankedSite {
  readonly id: string;
  /** 1: best; equal scores share the better rank. */
  readonly rank: number;
  /** 0 to 1: mean over the criteria, by weight, of the share of sites it beats, ties as half. */
  readonly score: number;
  /** No other site is at least as good in every criterion that counts and better in one. */
  readonly isPareto: boolean;
}

/** Sites in order, and what their score is made of. */
export interface Ranking {
  readonly used: readonly Criterion[];
  /** Weighted above 0, but not known of every site. */
  readonly missing: readonly { readonly criterion: Criterion; readonly known: number }[];
  readonly sites: readonly RankedSite[];
}

/** Ranks sites by the criteria that are known of all of them; weights are at least 0. */
export function rankSites(sites: readonly Candidate[], weights: Readonly<Record<Criterion, number>>): Ranking {
  const wanted = criteria.filter((criterion) => weights[criterion] > 0);
  const knownOf = (criterion: Criterion): number => sites.filter(({ values }) => values[criterion] !== null).length;
  const used = wanted.filter((criterion) => knownOf(criterion) === sites.length);
  const missing = wanted.filter((criterion) => !used.includes(criterion)).map((criterion) => ({ criterion, known: knownOf(criterion) }));
  const total = used.reduce((sum, criterion) => sum + weights[criterion], 0);
  const shares = used.map((criterion) => beatenShares(sites.map((site) => goodness(site, criterion))));
  const scores = sites.map((_, place) =>
    total === 0 ? 0 : used.reduce((sum, criterion, k) => sum + weights[criterion] * (shares[k]?.[place] ?? 0), 0) / total,
  );
  const ranked = sites.map((site, place) => {
    const score = scores[place] ?? 0;
    const rank = 1 + scores.filter((other) => other > score).length;
    return { id: site.id, rank, score, isPareto: !sites.some((other) => dominates(other, site, used)) };
  });
  return { used, missing, sites: ranked.sort((a, b) => a.rank - b.rank) };
}

function goodness({ values }: Candidate, criterion: Criterion): number {
  const value = values[criterion] ?? 0;
  return moreIsBetter[criterion] ? value : -value;
}

function dominates(one: Candidate, other: Candidate, used: readonly Criterion[]): boolean {
  let isBetter = false;
  for (const criterion of used) {
    const [here, there] = [goodness(one, criterion), goodness(other, criterion)];
    if (here < there) return false;
    if (here > there) isBetter = true;
  }
  return isBetter;
}

/** Share of the others that each value is above, equal ones as half; 0.5 where there are no others. */
export function beatenShares(values: readonly number[]): number[] {
  const sorted = Float64Array.from(values).sort();
  const others = values.length - 1;
  return values.map((value) => {
    if (others === 0) return 0.5;
    const below = lowerPlace(sorted, value);
    const equal = upperPlace(sorted, value) - below - 1;
    return (below + equal / 2) / others;
  });
}

/** How many sorted values lie below one, and how many at it or below. */
function lowerPlace(sorted: Float64Array, value: number): number {
  return placeWhere(sorted, (each) => each >= value);
}
function upperPlace(sorted: Float64Array, value: number): number {
  return placeWhere(sorted, (each) => each > value);
}

function placeWhere(sorted: Float64Array, isPast: (value: number) => boolean): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (isPast(sorted[middle] as number)) to = middle;
    else from = middle + 1;
  }
  return from;
}
