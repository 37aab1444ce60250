import { placeOf, rowsOf, type Row, type Table } from '../csv.js';
import { plainBus, plainLine, plainLink } from '../plain.js';
import type { World } from '../schema.js';
import { smallestIsland, type islandsOf } from '../networkGraph.js';
import { slugOf, uniqueSlugs } from '../slug.js';
import { wrongInput } from '../../runtime/errors.js';

type Network = World['network'];

/** Id of an area of the data. */
export function areaId(area: string): string {
  return `area-${area}`;
}

/** Areas in the order they first appear, and buses with their share of the load of their area. */
export function readBuses(table: Table): { readonly areas: readonly string[]; readonly buses: Network['buses'] } {
  const rows = rowsOf(table);
  const ids = uniqueSlugs(
    rows.map((row) => row.text('Bus ID')),
    `${table.file}: Bus ID`,
  );
  const loadMw = new Map<string, number>();
  for (const row of rows) loadMw.set(row.text('Area'), (loadMw.get(row.text('Area')) ?? 0) + row.atLeastZero('MW Load'));
  for (const [area, sumMw] of loadMw) {
    if (sumMw <= 0)
      throw wrongInput(`${table.file}: MW Load: found ${sumMw} MW in all of area ${area}, allowed: a sum above 0 to share its load by`);
  }
  const buses = rows.map((row) => ({
    ...plainBus,
    id: idOf(ids, row.text('Bus ID')),
    name: row.text('Bus Name') || row.text('Bus ID'),
    region: areaId(row.text('Area')),
    loadShareRatio: row.number('MW Load') / (loadMw.get(row.text('Area')) ?? 1),
    shuntMw: optional(table, row, 'MW Shunt G') ?? 0,
    baseKv: optional(table, row, 'BaseKV'),
    isReference: table.header.includes('Bus Type') && row.text('Bus Type') === 'Ref',
  }));
  return { areas: [...loadMw.keys()], buses };
}

/** AC branches: impedance, tap where there is one, forced outages, continuous and long-term emergency rating. */
export function readLines(table: Table, buses: Network['buses']): Network['lines'] {
  const rows = rowsOf(table);
  const ids = uniqueSlugs(
    rows.map((row) => row.text('UID')),
    `${table.file}: UID`,
  );
  return rows.map((row, index) => {
    const tapRatio = row.atLeastZero('Tr Ratio', 0);
    const ratingMw = row.aboveZero('Cont Rating');
    const reactancePu = row.number('X');
    if (reactancePu === 0) row.refuse('X', 0, 'a reactance other than 0');
    return {
      ...plainLine,
      id: idOf(ids, row.text('UID')),
      ...endsIn(table, index, row, buses),
      resistancePu: optional(table, row, 'R') ?? 0,
      reactancePu,
      tapRatio: tapRatio > 0 ? tapRatio : 1,
      outagesPerYear: optional(table, row, 'Perm OutRate') ?? 0,
      outageHours: optional(table, row, 'Duration') ?? 0,
      ratingMw,
      emergencyRatingMw: Math.max(ratingMw, row.atLeastZero('LTE Rating', ratingMw)),
    };
  });
}

/** DC links; their set point in the file is taken as their capacity, both ways. */
export function readLinks(table: Table, buses: Network['buses']): Network['links'] {
  const rows = rowsOf(table);
  const ids = uniqueSlugs(
    rows.map((row) => row.text('UID')),
    `${table.file}: UID`,
  );
  return rows.map((row, index) => ({
    ...plainLink,
    id: idOf(ids, row.text('UID')),
    ...endsIn(table, index, row, buses),
    capacityMw: row.aboveZero('MW Load'),
    scheduledMw: row.aboveZero('MW Load'),
  }));
}

/** Both buses of a branch, which have to be two. */
function endsIn(table: Table, index: number, row: Row, buses: Network['buses']): Pick<Network['links'][number], 'fromBus' | 'toBus'> {
  const [fromBus, toBus] = [busIn(table, index, row, 'From Bus', buses), busIn(table, index, row, 'To Bus', buses)];
  if (fromBus === toBus) row.refuse('To Bus', `${JSON.stringify(row.text('To Bus'))}, the bus it begins at`, 'another bus');
  return { fromBus, toBus };
}

/**
 * All buses have to hang together, by AC or DC: what does not is named by its smallest part.
 * @throws TWIN_WRONG_INPUT naming the row of its first bus.
 */
export function checkWhole(table: Table, buses: Network['buses'], branches: Parameters<typeof islandsOf>[1]): void {
  const cut = smallestIsland(buses, branches);
  if (cut === null) return;
  const allowed = 'buses joined by the lines of branch.csv or the links of dc_branch.csv';
  rowsOf(table)[buses.findIndex(({ id }) => id === cut.first)]?.refuse('Bus ID', cut.found, allowed);
}

/** A number of a column that a table may lack, and a cell may leave empty. */
export function optional(table: Table, row: Row, column: string): number | null {
  if (!table.header.includes(column)) return null;
  const value = row.number(column, Number.NaN);
  return Number.isNaN(value) ? null : value;
}

/** Id that a name got; every name looked up was among those that got one. */
export function idOf(ids: ReadonlyMap<string, string>, name: string): string {
  const id = ids.get(name);
  if (id === undefined) throw wrongInput(`id: found ${JSON.stringify(name)}, allowed: ${[...ids.keys()].slice(0, 12).join(', ')}`);
  return id;
}

/**
 * Id of the bus a cell names.
 * @throws TWIN_WRONG_INPUT when there is no such bus.
 */
export function busIn(table: Table, index: number, row: Row, column: string, buses: Network['buses']): string {
  const id = slugOf(row.text(column));
  if (buses.some((bus) => bus.id === id)) return id;
  const found = JSON.stringify(row.text(column));
  throw wrongInput(`${placeOf(table, index, column)}: found ${found}, an unknown bus, allowed: the ${buses.length} buses of bus.csv`);
}
