import type { Fact, FactType } from '../fact.js';
import { hourMs } from '../ticks.js';

/** What a cell keeps beside its figures. */
export interface Keeping {
  readonly hourly: boolean;
  /** Types of facts that are kept whole; none: no facts. */
  readonly events: readonly FactType[];
}

/** What was kept of a cell; plain JSON. */
export interface Kept {
  /** Start of the first hour, UTC ms; null: no hour yet. */
  readonly fromMs: number | null;
  /** Hourly means by column, such as `priceUsdPerMwh.west`; null: nothing was heard in that hour. */
  readonly hours: Readonly<Record<string, readonly (number | null)[]>>;
  readonly events: readonly Fact[];
}

/** Keeps what a cell says, tick by tick; what it holds between two ticks can be saved and gone on with. */
export interface Keeper {
  readonly hears: readonly FactType[];
  hear(facts: readonly Fact[], tickStartMs: number): void;
  kept(): Kept;
  save(): SavedKeeper;
}

/** A keeper between two ticks, plain JSON. */
export interface SavedKeeper {
  readonly kept: Kept;
  readonly hourMs: number | null;
  readonly sums: Readonly<Record<string, readonly [sum: number, count: number]>>;
}

const hourlyTypes = [
  'grid.demand.v1',
  'grid.price.v1',
  'grid.supply.v1',
  'grid.curtailment.v1',
  'grid.reserve.v1',
  'cluster.power.v1',
] as const;

/** Begins to keep, or goes on where it was saved. */
export function createKeeper({ hourly, events }: Keeping, saved?: SavedKeeper): Keeper {
  const wanted = new Set<FactType>(events);
  let hour = saved?.hourMs ?? null;
  let sums = new Map(Object.entries(saved?.sums ?? {}));
  let fromMs = saved?.kept.fromMs ?? null;
  const columns = new Map(Object.entries(saved?.kept.hours ?? {}).map(([name, values]) => [name, [...values]]));
  const kept: Fact[] = [...(saved?.kept.events ?? [])];

  const length = (): number => Math.max(0, ...[...columns.values()].map((values) => values.length));
  const closeHour = (): void => {
    const before = length();
    for (const name of sums.keys())
      if (!columns.has(name))
        columns.set(
          name,
          Array.from({ length: before }, () => null),
        );
    for (const [name, values] of columns) {
      const [sum, count] = sums.get(name) ?? [0, 0];
      values.push(count === 0 ? null : Number((sum / count).toPrecision(9)));
    }
    sums = new Map();
  };
  const table = (): Kept => ({
    fromMs,
    hours: Object.fromEntries([...columns].map(([name, values]) => [name, [...values]])),
    events: [...kept],
  });
  return {
    hears: [...(hourly ? hourlyTypes : []), ...events],
    hear: (facts, tickStartMs) => {
      const now = Math.floor(tickStartMs / hourMs) * hourMs;
      if (hourly && hour !== null && now !== hour) closeHour();
      if (hourly) {
        hour = now;
        fromMs ??= now;
        // A region that is said in parts adds up within its tick before it counts as one value.
        const ofTick = new Map<string, number>();
        for (const fact of facts) for (const [name, value] of valuesOf(fact)) ofTick.set(name, (ofTick.get(name) ?? 0) + value);
        for (const [name, value] of ofTick) {
          const [sum, count] = sums.get(name) ?? [0, 0];
          sums.set(name, [sum + value, count + 1]);
        }
      }
      for (const fact of facts) if (wanted.has(fact.type)) kept.push(fact);
    },
    kept: () => {
      if (sums.size > 0) closeHour();
      return table();
    },
    save: () => ({ kept: table(), hourMs: hour, sums: Object.fromEntries(sums) }),
  };
}

/** What a fact says for the hourly table. */
function valuesOf(fact: Fact): readonly (readonly [string, number])[] {
  const { region } = fact;
  switch (fact.type) {
    case 'grid.demand.v1':
      return [
        [`demandMw.${region}`, fact.data.demandMw],
        [`unservedMw.${region}`, fact.data.unservedMw],
      ];
    case 'grid.price.v1':
      return [[`priceUsdPerMwh.${region}`, fact.data.priceUsdPerMwh]];
    case 'grid.supply.v1':
      return fact.data.sources.map(({ source, generationMw }) => [`generationMw.${source}`, generationMw]);
    case 'grid.curtailment.v1':
      return [['curtailedMw', fact.data.units.reduce((sum, { curtailedMw }) => sum + curtailedMw, 0)]];
    case 'grid.reserve.v1':
      return [['reserveMw', fact.data.availableMw]];
    case 'cluster.power.v1':
      return fact.data.campuses.map(({ campus, meanMw }) => [`campusMw.${campus}`, meanMw]);
    default:
      return [];
  }
}
