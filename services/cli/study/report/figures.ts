import { summaryOf, weightedSummaryOf } from '../../../../shared/domain/study/statistics.js';
import type { StudyCell } from '../../../../shared/domain/study/cells.js';
import type { KeptCell } from '../folder.js';
import { weighted, type Outcomes } from '../results.js';

/** A column of a group on the way: quantiles over its cells at each sample, null where none of them knows it. */
export interface Fan {
  readonly group: string;
  readonly cells: number;
  readonly ticks: readonly number[];
  readonly p10: readonly (number | null)[];
  readonly p50: readonly (number | null)[];
  readonly p90: readonly (number | null)[];
}

/** How far a column moves with one input, the others taken together. */
export interface Driver {
  readonly input: string;
  readonly lowLabel: string;
  readonly highLabel: string;
  /** Means of the column where the input has the one value and the other; the lower first. */
  readonly low: number;
  readonly high: number;
}

/** Shares of the cells that are compared where an input is drawn: its lowest and its highest. */
const tailRatio = 1 / 3;

/** The fans of a column, in the order of the groups. */
export function fansOf({ cells, finished }: Outcomes, column: string): readonly Fan[] {
  return groupsOf(cells).flatMap((group) => {
    const own = cells.filter((cell) => cell.group === group);
    const kept = own.flatMap((cell) => finished.get(cell.index) ?? []);
    const longest = kept.reduce<KeptCell | null>((most, each) => (ticksOf(each).length > ticksOf(most).length ? each : most), null);
    const ticks = ticksOf(longest);
    const at = ticks.map((_, place) =>
      weightedSummaryOf(own.flatMap(({ index, weight }) => weighted(finished.get(index)?.samples?.figures[column]?.[place], weight))),
    );
    if (at.every((summary) => summary === null)) return [];
    const of = (which: 'p10' | 'p50' | 'p90') => at.map((summary) => summary?.[which] ?? null);
    return [{ group, cells: kept.length, ticks, p10: of('p10'), p50: of('p50'), p90: of('p90') }];
  });
}

/** The inputs that a column moves with, most first: variants, axes, what is drawn, and chance. */
export function driversOf({ cells, finished }: Outcomes, column: string): readonly Driver[] {
  const known = cells.flatMap((cell) => {
    const value = finished.get(cell.index)?.figures[column];
    return value === null || value === undefined ? [] : [{ cell, value }];
  });
  const axes = (cells[0]?.axes ?? []).map(({ id }, place) => byLabel(id, known, ({ axes: own }) => own[place]?.label ?? ''));
  const draws = (cells[0]?.drawn ?? []).map(({ key }, place) => byDraw(key, known, ({ drawn }) => drawn[place]?.value ?? 0));
  const all = [byLabel('variant', known, ({ variant }) => variant), ...axes, ...draws, byChance(known)];
  return all
    .flatMap((driver) => driver ?? [])
    .filter(({ low, high }) => high > low)
    .sort((a, b) => b.high - b.low - (a.high - a.low));
}

/** Groups of cells, in order. */
export function groupsOf(cells: readonly StudyCell[]): readonly string[] {
  return [...new Set(cells.map(({ group }) => group))];
}

interface Known {
  readonly cell: StudyCell;
  readonly value: number;
}

function ticksOf(kept: KeptCell | null): readonly number[] {
  return kept?.samples?.ticks ?? [];
}

function meanOf(known: readonly Known[]): number {
  return known.reduce((sum, { value }) => sum + value, 0) / known.length;
}

function byLabel(input: string, known: readonly Known[], labelOf: (cell: StudyCell) => string): Driver | null {
  const labels = [...new Set(known.map(({ cell }) => labelOf(cell)))];
  if (labels.length < 2) return null;
  const means = labels.map((label) => ({ label, mean: meanOf(known.filter(({ cell }) => labelOf(cell) === label)) }));
  means.sort((a, b) => a.mean - b.mean);
  return driver(input, means[0], means.at(-1));
}

function byDraw(input: string, known: readonly Known[], valueOf: (cell: StudyCell) => number): Driver | null {
  const sorted = [...known].sort((a, b) => valueOf(a.cell) - valueOf(b.cell));
  const count = Math.floor(sorted.length * tailRatio);
  if (count < 1) return null;
  const ends = [
    { label: 'low', mean: meanOf(sorted.slice(0, count)) },
    { label: 'high', mean: meanOf(sorted.slice(-count)) },
  ];
  ends.sort((a, b) => a.mean - b.mean);
  return driver(input, ends[0], ends[1]);
}

/** What seeds alone do: the middle four fifths of the cells, each against the mean of its group and draw. */
function byChance(known: readonly Known[]): Driver | null {
  const alike = new Map<string, Known[]>();
  for (const each of known) {
    const key = `${each.cell.group}/${each.cell.draw ?? ''}`;
    alike.set(key, [...(alike.get(key) ?? []), each]);
  }
  const away = [...alike.values()].flatMap((own) => (own.length < 2 ? [] : own.map(({ value }) => value - meanOf(own))));
  const spread = summaryOf(away);
  if (spread === null) return null;
  const mean = meanOf(known);
  return { input: 'seed', lowLabel: 'P10', highLabel: 'P90', low: mean + spread.p10, high: mean + spread.p90 };
}

type End = { readonly label: string; readonly mean: number } | undefined;

function driver(input: string, low: End, high: End): Driver | null {
  return low === undefined || high === undefined
    ? null
    : { input, lowLabel: low.label, highLabel: high.label, low: low.mean, high: high.mean };
}
