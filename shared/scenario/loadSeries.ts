import { hourlyLoad, type HourlyLoad } from '../domain/headroom/load.js';
import { hourMs } from '../domain/ticks.js';
import { wrongInput } from '../runtime/errors.js';
import { columnOf, numberIn, placeOf, readTable, type Table } from './csv.js';

/** Hourly load from a file, and what was passed over in it. */
export interface LoadSeries {
  readonly load: HourlyLoad;
  /** Hours of years that are not whole, left out. */
  readonly droppedHours: number;
  /** Hours that are used and whose value the publisher has filled in, by their category. */
  readonly imputedHours: number;
}

/** A load this many times the median is an error of a meter, not a load. */
const mostTimesMedian = 10;

/**
 * Reads hourly load in MW: columns of EIA's cleaned demand (`date_time`, `cleaned demand (MW)`, `category`), or `time` and `mw`. Hours in
 * UTC, one after the other; years that are not whole are left out. Low values stay as they are: load that was shed is real.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readLoadSeries(path: string): Promise<LoadSeries> {
  const table = await readTable(path);
  const isCleaned = table.header.includes('cleaned demand (MW)');
  const [timeName, loadName] = isCleaned ? ['date_time', 'cleaned demand (MW)'] : ['time', 'mw'];
  if (!isCleaned && !table.header.includes('mw'))
    throw wrongInput(`${path}: found columns ${table.header.join(', ')}, allowed: date_time and cleaned demand (MW), or time and mw`);
  const startMs = checkHours(table, timeName);
  const mw = readMw(table, loadName);
  const first = new Date(startMs);
  const firstYear = first.getTime() === Date.UTC(first.getUTCFullYear(), 0, 1) ? first.getUTCFullYear() : first.getUTCFullYear() + 1;
  const endYear = new Date(startMs + mw.length * hourMs).getUTCFullYear();
  if (endYear <= firstYear)
    throw wrongInput(`${path}: found ${mw.length} hours from ${first.toISOString()}, allowed: at least one whole calendar year in UTC`);
  const from = (Date.UTC(firstYear, 0, 1) - startMs) / hourMs;
  const to = (Date.UTC(endYear, 0, 1) - startMs) / hourMs;
  const category = isCleaned && table.header.includes('category') ? columnOf(table, 'category') : -1;
  const used = table.rows.slice(from, to);
  return {
    load: hourlyLoad(firstYear, mw.slice(from, to)),
    droppedHours: mw.length - used.length,
    imputedHours: category < 0 ? 0 : used.filter((cells) => cells[category] !== 'OKAY').length,
  };
}

/** The instant of the first row, UTC ms; every row is an hour after the one before. */
function checkHours(table: Table, column: string): number {
  const place = columnOf(table, column);
  let before = Number.NaN;
  let startMs = Number.NaN;
  table.rows.forEach((cells, row) => {
    const cell = cells[place] ?? '';
    const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})(?::00(?:\.0+)?)?Z?$/.exec(cell);
    const ms = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}:00Z`);
    const refuse = (found: string, allowed: string): never => {
      throw wrongInput(`${placeOf(table, row, column)}: found ${found}, allowed: ${allowed}`);
    };
    if (Number.isNaN(ms) || ms % hourMs !== 0) refuse(JSON.stringify(cell), 'a whole hour in UTC, YYYY-MM-DD HH:00');
    if (ms === before) refuse(`${cell} a second time`, 'every hour once, in UTC: local time repeats one in autumn');
    if (row > 0 && ms !== before + hourMs) refuse(cell, `the hour after the row before, ${new Date(before + hourMs).toISOString()}`);
    if (row === 0) startMs = ms;
    before = ms;
  });
  return startMs;
}

function readMw(table: Table, column: string): Float64Array {
  const place = columnOf(table, column);
  const mw = Float64Array.from(table.rows, (cells, row) => numberIn(table, row, column, cells[place] ?? ''));
  const median = mw.toSorted()[Math.floor(mw.length / 2)] ?? 0;
  const wrong = mw.findIndex((value) => value <= 0 || value > mostTimesMedian * median);
  if (wrong >= 0) {
    const allowed = `a load above 0 and up to ${mostTimesMedian} times the median, ${Math.round(mostTimesMedian * median)} MW`;
    throw wrongInput(`${placeOf(table, wrong, column)}: found ${mw[wrong]}, allowed: ${allowed}`);
  }
  return mw;
}
