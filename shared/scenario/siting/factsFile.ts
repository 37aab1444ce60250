import type { Place, Users } from '../../domain/siting/distance.js';
import { wrongInput } from '../../runtime/errors.js';
import { isFolder } from '../files.js';
import { readTable, rowsOf, type Row, type Table } from '../csv.js';
import { sourceFolderOf, sourceTable } from '../rtsGmlc/folder.js';
import { columnNamed, columnNeeded, names, onceOnly, placeReader } from './columns.js';
import { busIn } from './siteFile.js';

/** What is known of a bus as a site beside its network; null: not known. */
export interface SiteFacts {
  readonly place: Place | null;
  readonly waterStress: number | null;
  readonly permitMonths: number | null;
  readonly powerMonths: number | null;
  readonly networkUsd: number | null;
  readonly population: number | null;
}

/** Facts that a file may give, with the column each stands in. */
export const factColumns = ['waterStress', 'permitMonths', 'powerMonths', 'networkUsd', 'population'] as const;
export type FactColumn = (typeof factColumns)[number];

/** Facts by bus, and where they are from. */
export interface FactsFile {
  readonly byBus: ReadonlyMap<string, SiteFacts>;
  /** By column that is there: the sources it names, and whether some of its values have none. */
  readonly sources: readonly { readonly column: FactColumn; readonly named: readonly string[]; readonly isAssumed: boolean }[];
}

/** Of a column, what its values may be. */
const allowed: Readonly<Record<FactColumn, { readonly most: number; readonly words: string }>> = {
  waterStress: { most: 5, words: '0 to 5, as the baseline water stress score of WRI Aqueduct' },
  permitMonths: { most: 600, words: '0 to 600 months' },
  powerMonths: { most: 600, words: '0 to 600 months' },
  networkUsd: { most: 1e12, words: '0 to 1e12 USD' },
  population: { most: 1e10, words: '0 to 1e10' },
};

/**
 * Reads facts of buses: columns bus (or Bus ID); latitude and longitude, waterStress, permitMonths, powerMonths, networkUsd, population where they are
 * there, each with a column of the same name and `Source` behind it.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readFactsFile(path: string, busIds: readonly string[]): Promise<FactsFile> {
  const table = await readTable(path);
  const busName = columnNeeded(table, names.bus);
  const placeOf = placeReader(table);
  const columns = factColumns.filter((column) => table.header.includes(column));
  if (placeOf === null && columns.length === 0)
    throw wrongInput(`${path}: found columns ${table.header.join(', ')}, allowed: with latitude and longitude, ${factColumns.join(', ')}`);
  const rows = rowsOf(table);
  const known = new Set<string>();
  const byBus = new Map<string, SiteFacts>();
  for (const row of rows) {
    onceOnly(row, busName, known);
    const factOf = (column: FactColumn): number | null => (columns.includes(column) ? factIn(row, column) : null);
    byBus.set(busIn(row, { busName, busIds }), {
      place: placeOf === null ? null : placeOf(row),
      waterStress: factOf('waterStress'),
      permitMonths: factOf('permitMonths'),
      powerMonths: factOf('powerMonths'),
      networkUsd: factOf('networkUsd'),
      population: factOf('population'),
    });
  }
  return { byBus, sources: columns.map((column) => sourcesOf(table, rows, column)) };
}

function factIn(row: Row, column: FactColumn): number | null {
  if (row.text(column) === '') return null;
  const value = row.number(column);
  const { most, words } = allowed[column];
  return value < 0 || value > most ? row.refuse(column, value, words) : value;
}

function sourcesOf(table: Table, rows: readonly Row[], column: FactColumn): FactsFile['sources'][number] {
  const sourceName = columnNamed(table, [`${column}Source`]);
  const given = rows.filter((row) => row.text(column) !== '');
  const named = sourceName === null ? [] : given.map((row) => row.text(sourceName)).filter((source) => source !== '');
  return { column, named: [...new Set(named)], isAssumed: named.length < given.length };
}

/**
 * Coordinates of the buses of an RTS-GMLC folder, from the table they stand in; null for any other network.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function rtsPlaces(place: string, busIds: readonly string[]): Promise<FactsFile | null> {
  if (!(await isFolder(place))) return null;
  const path = await sourceTable(await sourceFolderOf(place), 'bus.csv');
  const table = await readTable(path);
  return placeReader(table) === null ? null : readFactsFile(path, busIds);
}

/**
 * Reads where users are: columns place, latitude, longitude and weight.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readUsersFile(path: string): Promise<Users[]> {
  const table = await readTable(path);
  const placeOf = placeReader(table);
  if (placeOf === null) throw wrongInput(`${path}: found columns ${table.header.join(', ')}, allowed: with latitude and longitude`);
  columnNeeded(table, ['weight']);
  const users = rowsOf(table).map((row): Users => {
    const place = placeOf(row) ?? row.refuse(names.latitude[0], 'nothing', 'coordinates');
    return { ...place, weight: row.atLeastZero('weight') };
  });
  if (users.every(({ weight }) => weight === 0)) throw wrongInput(`${path}: weight: found 0 throughout, allowed: one above 0`);
  return users;
}
