import { wrongInput } from '../../runtime/errors.js';
import { columnOf, numberIn, placeOf, readTable, rowsOf, type Table } from '../csv.js';
import type { Series } from '../schema.js';
import { pointedAt } from './folder.js';

/** Day-ahead series of the data by object (`1` for an area, `122_WIND_1` for a unit), MW, and what was wrong with the pointers. */
export interface PointedSeries {
  readonly load: ReadonlyMap<string, Series>;
  readonly output: ReadonlyMap<string, Series>;
  readonly warnings: readonly string[];
}

interface Pointer {
  readonly simulation: string;
  readonly category: string;
  readonly object: string;
  readonly parameter: string;
  readonly file: string;
}

/** Reads the hourly series behind the pointers; files that are not there are named in the warnings and passed over. */
export async function readPointedSeries(sourceDir: string, pointers: Table): Promise<PointedSeries> {
  const all = rowsOf(pointers).map(
    (row): Pointer => ({
      simulation: row.text('Simulation'),
      category: row.text('Category'),
      object: row.text('Object'),
      parameter: row.text('Parameter'),
      file: row.text('Data File'),
    }),
  );
  const warnings: string[] = [];
  const paths = new Map<string, string>();
  for (const file of new Set(all.map((pointer) => pointer.file))) {
    const path = await pointedAt(sourceDir, file);
    if (path !== null) paths.set(file, path);
    else warnings.push(danglingText(file, all));
  }
  const hourly = all.filter((pointer) => pointer.simulation === 'DAY_AHEAD');
  const load = hourly.filter((pointer) => pointer.category === 'Area' && pointer.parameter === 'MW Load');
  const output = hourly.filter((pointer) => pointer.category === 'Generator' && pointer.parameter === 'PMax MW');
  const tables = new Map<string, HourlyTable>();
  const read = { load: await seriesOf(load, paths, tables), output: await seriesOf(output, paths, tables), warnings };
  checkSameHours([...tables.values()]);
  return read;
}

/** All tables have to cover the same hours: those of the longest, of the earliest among equals. */
function checkSameHours(tables: readonly HourlyTable[]): void {
  const [longest] = [...tables].sort((a, b) => b.table.rows.length - a.table.rows.length || a.startTime.localeCompare(b.startTime));
  if (longest === undefined) return;
  for (const { table, startTime } of tables) {
    const count = table.rows.length;
    if (count === longest.table.rows.length && startTime === longest.startTime) continue;
    const place = placeOf(table, count - 1, 'Period');
    const allowed = `${longest.table.rows.length} hours from ${longest.startTime}, as in ${longest.table.file}`;
    throw wrongInput(`${place}: found ${count} hours from ${startTime}, allowed: ${allowed}`);
  }
}

function danglingText(file: string, all: readonly Pointer[]): string {
  const objects = new Set(all.filter((pointer) => pointer.file === file).map((pointer) => pointer.object));
  return `timeseries_pointers.csv: Data File: found "${file}", which is not there: ${objects.size} series passed over`;
}

async function seriesOf(
  pointers: readonly Pointer[],
  paths: ReadonlyMap<string, string>,
  tables: Map<string, HourlyTable>,
): Promise<Map<string, Series>> {
  const series = new Map<string, Series>();
  for (const { object, file } of pointers) {
    const path = paths.get(file);
    if (path === undefined) continue;
    const known = tables.get(path);
    const table = known ?? hourlyTable(await readTable(path));
    if (known === undefined) tables.set(path, table);
    series.set(object, { startTime: table.startTime, stepMinutes: 60, values: columnValues(table.table, object) });
  }
  return series;
}

interface HourlyTable {
  readonly table: Table;
  readonly startTime: string;
}

/** Checks that the rows are the hours of one stretch of time: Period 1 is the hour from 00:00. Hours are taken as UTC, as they stand. */
function hourlyTable(table: Table): HourlyTable {
  const at = ['Year', 'Month', 'Day', 'Period'].map((name) => [name, columnOf(table, name)] as const);
  let startMs = 0;
  for (const [index, cells] of table.rows.entries()) {
    const [year = 0, month = 0, day = 0, period = 0] = at.map(([name, column]) => numberIn(table, index, name, cells[column] ?? ''));
    const timeMs = Date.UTC(year, month - 1, day) + (period - 1) * 3_600_000;
    if (index === 0) startMs = timeMs;
    const expectedMs = startMs + index * 3_600_000;
    if (timeMs !== expectedMs || period < 1 || period > 24) {
      const found = `${year}-${month}-${day} period ${period}`;
      throw wrongInput(`${placeOf(table, index, 'Period')}: found ${found}, allowed: periods 1 to 24, each hour after the one before`);
    }
  }
  return { table, startTime: new Date(startMs).toISOString() };
}

function columnValues(table: Table, name: string): number[] {
  const column = columnOf(table, name);
  return table.rows.map((cells, index) => {
    const value = numberIn(table, index, name, cells[column] ?? '');
    if (value < 0) throw wrongInput(`${placeOf(table, index, name)}: found ${value}, allowed: a number in MW from 0`);
    return value;
  });
}
