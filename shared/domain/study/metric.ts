import type { World } from '../../scenario/schema.js';
import type { Fact, FactType } from '../fact.js';

/** What a metric remembers between two facts, plain JSON; it is the meter's own, which may change it in place. */
export type Amounts = Record<string, number>;

/** A metric as it is measured in one world: a fold over facts. */
export interface Meter {
  readonly hears: readonly FactType[];
  /** Before the first fact; not to be changed. */
  readonly start: Readonly<Amounts>;
  hear(amounts: Amounts, fact: Fact): Amounts;
  /** The figure at an instant, by part; a figure without parts has the part ''. Null: nothing was heard that it could be made of. */
  values(amounts: Amounts, atMs: number): Readonly<Record<string, number | null>>;
}

/** A figure that a study may ask for. */
export interface Metric {
  readonly id: string;
  readonly unit: string;
  readonly definition: string;
  /** What stands after the dot in the name of a column; null: it is one column. */
  readonly parts: string | null;
  over(measured: Measured): Meter;
}

/** Where and when a metric is measured. */
export interface Measured {
  readonly world: World;
  readonly startMs: number;
  readonly tickMs: number;
}

/** The same amounts with some more in one place. */
export function added(amounts: Amounts, key: string, more: number): Amounts {
  amounts[key] = (amounts[key] ?? 0) + more;
  return amounts;
}

/** A metric of one number that grows by what `more` finds in a fact. */
export function sum(
  of: Omit<Metric, 'parts' | 'over'>,
  hears: readonly FactType[],
  more: (measured: Measured) => (fact: Fact) => number,
): Metric {
  return {
    ...of,
    parts: null,
    over: (measured) => {
      const moreIn = more(measured);
      return {
        hears,
        start: { '': 0 },
        hear: (amounts, fact) => added(amounts, '', moreIn(fact)),
        values: (amounts) => amounts,
      };
    },
  };
}
