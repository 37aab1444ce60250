import type { HourlySeries } from '../domain/forecast/backtest.js';
import { dayMs, hourMs } from '../domain/ticks.js';
import { wrongInput } from '../runtime/errors.js';
import { columnOf, decimalPattern, placeOf, readTable, type Table } from './csv.js';
import type { ZoneClock } from './zone.js';

/** Hourly demand of a file as it came, gaps and errors of meters included, with the forecast its publisher made. */
export interface DemandFile {
  readonly series: HourlySeries;
  /** [hours], MW; NaN where there is none; null: the file has no such column. */
  readonly publishedMw: Float64Array | null;
  readonly loadColumn: string;
  /** Hours without a value, and hours whose value the publisher has made up: taken as missing, since it was made with later hours. */
  readonly missingHours: number;
  readonly imputedHours: number;
  /** Rows that say again what one before said, rows out of order, and rows at an hour that a clock change leaves out. */
  readonly repeatedRows: number;
  readonly unorderedRows: number;
  readonly noSuchHourRows: number;
}

/** How a file writes its hours. */
export interface DemandStamps {
  /** The clock its times are read on, unless they carry an offset. */
  readonly clock: ZoneClock;
  /** Whether an hour is named by its begin. */
  readonly isBegin: boolean;
  readonly loadColumn: string | null;
}

const timeNames = ['date_time', 'datetime', 'time', 'timestamp', 'utc'];
const cleanedName = 'cleaned demand (MW)';
const loadNames = [cleanedName, 'mw', 'load_mw', 'demand_mw', 'demand (MW)', 'raw demand (MW)'];
const publishedNames = ['forecast demand (MW)', 'forecast_mw'];
const missingWords = ['', 'MISSING', 'EMPTY', 'NA', 'N/A', 'NaN', 'nan', 'null'];
/** A file that spans more holds a wrong date. */
const mostYears = 60;

/**
 * Reads hourly demand in MW: columns of EIA's cleaned demand, or a time and a load, with the publisher's forecast beside it where there
 * is one. Gaps stay gaps and odd values stay as they are: what is load is decided by the forecaster, hour by hour.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readDemand(path: string, stamps: DemandStamps): Promise<DemandFile> {
  const table = await readTable(path);
  const loadColumn = loadColumnOf(table, stamps.loadColumn);
  const publishedColumn = publishedNames.find((name) => table.header.includes(name));
  const { startMs, hours, hourOf, ...counts } = placeRows(table, timeColumnOf(table), { stamps, column: loadColumn });
  const valuesIn = (column: string): ReturnType<typeof valuesOf> => valuesOf(table, { column, hours, hourOf, unit: 'MW' });
  const { values: mw, imputedHours } = valuesIn(loadColumn);
  return {
    series: { startMs, mw },
    publishedMw: publishedColumn === undefined ? null : valuesIn(publishedColumn).values,
    loadColumn,
    missingHours: mw.filter((value) => Number.isNaN(value)).length - imputedHours,
    imputedHours,
    ...counts,
  };
}

/**
 * Reads one value an hour from a file of a time and a column, [hours] from its first hour on; NaN where there is none.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readHours(
  path: string,
  asked: Pick<DemandStamps, 'clock' | 'isBegin'> & { readonly column: string; readonly unit: string },
): Promise<{ readonly startMs: number; readonly values: Float64Array }> {
  const table = await readTable(path);
  const rows = placeRows(table, timeColumnOf(table), { stamps: asked, column: asked.column });
  return { startMs: rows.startMs, values: valuesOf(table, { ...rows, column: asked.column, unit: asked.unit }).values };
}

function timeColumnOf(table: Table): string {
  const found = table.header.find((name) => timeNames.includes(name.toLowerCase()));
  if (found === undefined)
    throw wrongInput(`${table.file}: found columns ${table.header.join(', ')}, allowed: a time in ${timeNames.join(', ')}`);
  return found;
}

function loadColumnOf(table: Table, asked: string | null): string {
  if (asked !== null) return table.header[columnOf(table, asked)] ?? asked;
  const usual = loadNames.find((name) => table.header.includes(name));
  const inMegawatts = table.header.filter((name) => /[_ (]mw\)?$/i.test(name) && !publishedNames.includes(name));
  const found = usual ?? (inMegawatts.length === 1 ? inMegawatts[0] : undefined);
  if (found === undefined) {
    const allowed = `one of ${loadNames.join(', ')}, or a column named with --load-column`;
    throw wrongInput(`${table.file}: found columns ${table.header.join(', ')}, allowed: ${allowed}`);
  }
  return found;
}

/** Hour of each row from the first of the file, -1 for rows that are passed over. */
function placeRows(
  table: Table,
  timeColumn: string,
  { stamps, column }: { readonly stamps: Pick<DemandStamps, 'clock' | 'isBegin'>; readonly column: string },
): Pick<DemandFile, 'repeatedRows' | 'unorderedRows' | 'noSuchHourRows'> & {
  readonly startMs: number;
  readonly hours: number;
  readonly hourOf: Int32Array;
} {
  const [time, value] = [columnOf(table, timeColumn), columnOf(table, column)];
  const rowAt = new Map<number, number>();
  const endMs = new Float64Array(table.rows.length).fill(Number.NaN);
  let [repeatedRows, unorderedRows, noSuchHourRows, lastMs] = [0, 0, 0, -Infinity];
  table.rows.forEach((cells, row) => {
    const cell = cells[time] ?? '';
    const instants = instantsOf(cell, stamps);
    if (instants === null)
      refuse(table, row, { column: timeColumn, found: JSON.stringify(cell), allowed: 'a whole hour, YYYY-MM-DD HH:00' });
    // Of an hour that autumn repeats, the first that has not been seen.
    const atMs = instants.find((ms) => !rowAt.has(ms)) ?? instants[0];
    if (atMs === undefined) return void (noSuchHourRows += 1);
    const before = rowAt.get(atMs);
    if (before !== undefined) {
      const [was, is] = [table.rows[before]?.[value] ?? '', cells[value] ?? ''];
      const found = `${cell} a second time with ${JSON.stringify(is)} after ${JSON.stringify(was)}`;
      const allowed = 'every hour once; local time repeats one in autumn: --local --zone NAME';
      if (was !== is) refuse(table, row, { column: timeColumn, found, allowed });
      return void (repeatedRows += 1);
    }
    rowAt.set(atMs, row);
    endMs[row] = atMs;
    if (atMs < lastMs) unorderedRows += 1;
    lastMs = Math.max(lastMs, atMs);
  });
  const startMs = endMs.reduce((least, ms) => (ms < least ? ms : least), Infinity);
  if (lastMs - startMs > mostYears * 366 * dayMs) {
    const [from, to] = [new Date(startMs).toISOString(), new Date(lastMs).toISOString()];
    throw wrongInput(`${table.file}: found hours from ${from} to ${to}, allowed: at most ${mostYears} years`);
  }
  const hourOf = Int32Array.from(endMs, (ms) => (Number.isNaN(ms) ? -1 : (ms - startMs) / hourMs));
  return { startMs, hours: (lastMs - startMs) / hourMs + 1, hourOf, repeatedRows, unorderedRows, noSuchHourRows };
}

function refuse(table: Table, row: number, what: { readonly column: string; readonly found: string; readonly allowed: string }): never {
  throw wrongInput(`${placeOf(table, row, what.column)}: found ${what.found}, allowed: ${what.allowed}`);
}

/** Ends of the hour that a cell names; null when it names none. */
function instantsOf(cell: string, { clock, isBegin }: Pick<DemandStamps, 'clock' | 'isBegin'>): readonly number[] | null {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})[ T](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/.exec(cell);
  const us = /^(\d{1,2})\/(\d{1,2})\/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(cell);
  const [year, month, day, hour, minute, second] = (iso?.slice(1, 7) ?? [us?.[3], us?.[1], us?.[2], us?.[4], us?.[5], us?.[6]]).map(
    (part) => Number(part ?? 0),
  );
  if ((iso ?? us) === null || [year, month, day, hour].some((part) => part === undefined) || minute !== 0 || second !== 0) return null;
  const localMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour);
  if (new Date(localMs).getUTCDate() !== day && hour !== 24) return null;
  const offset = iso?.[7];
  // What a clock change repeats or leaves out is an hour, and on the clock an hour is told by its begin.
  const beginMs = localMs - (isBegin ? 0 : hourMs);
  const begins = offset === undefined ? clock.instantsOf(beginMs) : [beginMs - offsetMsOf(offset)];
  return begins.map((ms) => ms + hourMs);
}

function offsetMsOf(offset: string): number {
  if (offset === 'Z') return 0;
  const minutes = 60 * Number(offset.slice(1, 3)) + Number(offset.slice(-2));
  return (offset.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

function valuesOf(
  table: Table,
  of: { readonly column: string; readonly unit: string; readonly hours: number; readonly hourOf: Int32Array },
): { readonly values: Float64Array; readonly imputedHours: number } {
  const place = columnOf(table, of.column);
  const category = of.column === cleanedName && table.header.includes('category') ? columnOf(table, 'category') : -1;
  const values = new Float64Array(of.hours).fill(Number.NaN);
  let imputedHours = 0;
  table.rows.forEach((cells, row) => {
    const [cell, hour] = [cells[place] ?? '', of.hourOf[row] ?? -1];
    if (hour < 0 || missingWords.includes(cell)) return;
    if (!decimalPattern.test(cell))
      refuse(table, row, { column: of.column, found: JSON.stringify(cell), allowed: `a number of ${of.unit}, or MISSING` });
    if (category >= 0 && cells[category] !== 'OKAY') imputedHours += 1;
    else values[hour] = Number(cell);
  });
  return { values, imputedHours };
}
