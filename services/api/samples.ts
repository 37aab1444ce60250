import type { SampleTable, View } from './viewTypes.js';
import { sources, type Source } from '../../shared/events/grid.js';
import type { World } from '../../shared/scenario/schema.js';

/** Ticks the charts reach back: two days of 5 minutes, twelve of 30. */
export const sampleLimit = 576;

interface Column {
  readonly name: string;
  readonly of: (view: View) => number | null;
}

/** The columns of the charts of a world, in MW, USD/MWh and twin ms UTC, and how each is read off a view. */
export function sampleColumns(world: World): readonly Column[] {
  const present = new Set<Source>(world.network.units.map(({ source }) => source));
  if (world.network.storages.length > 0) present.add('storage');
  return [
    { name: 'timeMs', of: (view) => view.system.closed?.timeMs ?? null },
    { name: 'demandMw', of: (view) => sumRegions(view, ({ demand }) => demand?.demandMw) },
    { name: 'campusMw', of: (view) => sumRegions(view, ({ demand }) => demand?.campusMw) },
    { name: 'chargeMw', of: (view) => sumRegions(view, ({ supply }) => supply?.chargeMw) },
    { name: 'curtailedMw', of: (view) => sumRegions(view, ({ curtailedMw }) => curtailedMw ?? undefined) },
    { name: 'reserveMw', of: (view) => view.system.reserve?.availableMw ?? null },
    { name: 'requirementMw', of: (view) => view.system.reserve?.requirementMw ?? null },
    ...sources
      .filter((source) => present.has(source))
      .map((source) => ({ name: `source/${source}`, of: (view: View) => sourceMw(view, source) })),
    ...world.regions.map(({ id }) => ({ name: `price/${id}`, of: (view: View) => view.regions[id]?.price?.priceUsdPerMwh ?? null })),
    ...world.campuses.flatMap(({ id }) => [
      { name: `power/${id}`, of: (view: View) => view.campuses[id]?.power?.meanMw ?? null },
      { name: `want/${id}`, of: (view: View) => view.campuses[id]?.wantMw ?? null },
    ]),
  ];
}

/** One row of the charts, rounded to what a pixel can show; null where nothing was heard yet. */
export function sampleRow(columns: readonly Column[], view: View): SampleTable['rows'][number] {
  return columns.map((column, index) => {
    const value = column.of(view);
    return value === null || index === 0 ? value : Math.round(value * 10) / 10;
  });
}

/**
 * The rows with one more at the end, at most `sampleLimit`, in order of time. A row of an instant that is already there replaces what was known
 * from then on, so that reading a stretch of the stream again gives the same rows.
 */
export function appendRow(rows: SampleTable['rows'], row: SampleTable['rows'][number]): SampleTable['rows'] {
  const timeMs = row[0] ?? 0;
  const kept = rows.at(-1)?.[0] ?? -Infinity;
  const before = kept < timeMs ? rows : rows.filter(([earlierMs]) => (earlierMs ?? 0) < timeMs);
  return [...before.slice(Math.max(0, before.length + 1 - sampleLimit)), row];
}

function sumRegions(view: View, of: (region: View['regions'][string]) => number | undefined): number | null {
  let sum: number | null = null;
  for (const region of Object.values(view.regions)) {
    const value = of(region);
    if (value !== undefined) sum = (sum ?? 0) + value;
  }
  return sum;
}

function sourceMw(view: View, source: Source): number | null {
  if (source === 'storage') return sumRegions(view, ({ supply }) => supply?.dischargeMw);
  return sumRegions(view, ({ supply }) => {
    if (supply === null) return undefined;
    return supply.sources.reduce((sum, entry) => (entry.source === source ? sum + entry.generationMw : sum), 0);
  });
}
