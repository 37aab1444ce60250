import type { Fact, FactType } from '../fact.js';
import { columnOf } from './catalogue.js';
import type { Amounts, Measured, Meter, Metric } from './metric.js';

/** What all metrics of a cell remember, by metric; plain JSON. */
export type Tally = Record<string, Amounts>;

/** Figures of a cell by column. */
export type Figures = Readonly<Record<string, number | null>>;

/** Several metrics over the facts of one world. */
export interface Tallying {
  readonly hears: ReadonlySet<FactType>;
  /** Before the first fact. */
  start(): Tally;
  /** Takes facts up, in place. */
  hear(tally: Tally, facts: readonly Fact[]): void;
  figures(tally: Tally, atMs: number): Figures;
}

/** Measures metrics in a world. */
export function tallying(metrics: readonly Metric[], measured: Measured): Tallying {
  const meters = metrics.map(({ id, over }) => ({ id, meter: over(measured) }));
  const listeners = new Map<FactType, { readonly id: string; readonly meter: Meter }[]>();
  for (const each of meters) for (const type of each.meter.hears) listeners.set(type, [...(listeners.get(type) ?? []), each]);
  return {
    hears: new Set(listeners.keys()),
    start: () => Object.fromEntries(meters.map(({ id, meter }) => [id, { ...meter.start }])),
    hear: (tally, facts) => {
      for (const fact of facts)
        for (const { id, meter } of listeners.get(fact.type) ?? []) tally[id] = meter.hear(tally[id] ?? { ...meter.start }, fact);
    },
    figures: (tally, atMs) =>
      Object.fromEntries(
        meters.flatMap(({ id, meter }) =>
          Object.entries(meter.values(tally[id] ?? meter.start, atMs)).map(([part, value]) => [columnOf(id, part), rounded(value)]),
        ),
      ),
  };
}

/** Twelve digits: what lies beyond is the order in which numbers were added up. */
function rounded(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(12)) + 0;
}
