import type { Place } from '../../domain/siting/distance.js';
import { wrongInput } from '../../runtime/errors.js';
import type { Row, Table } from '../csv.js';

/** Names that a column may have in files of different origin. */
export const names = {
  bus: ['bus', 'Bus ID'],
  node: ['node', 'bus', 'Bus ID'],
  site: ['site', 'Handle', 'name'],
  mw: ['mw', 'Current power (MW)'],
  latitude: ['latitude', 'Latitude', 'lat'],
  longitude: ['longitude', 'Longitude', 'lng'],
} as const;

/** The first of some names that a table has as a column; null: none. */
export function columnNamed(table: Table, allowed: readonly string[]): string | null {
  return allowed.find((name) => table.header.includes(name)) ?? null;
}

/**
 * The same for a column that has to be there.
 * @throws TWIN_WRONG_INPUT naming the file and what it may be called.
 */
export function columnNeeded(table: Table, allowed: readonly string[]): string {
  const name = columnNamed(table, allowed);
  if (name === null) throw wrongInput(`${table.file}: found columns ${table.header.join(', ')}, allowed: with ${allowed.join(' or ')}`);
  return name;
}

/**
 * Reads the coordinates of a row, in decimal degrees or as degrees, minutes and seconds (`32°35'25"N`); null where the table has no such
 * columns, or both cells are empty.
 * @throws TWIN_WRONG_INPUT when the table has one column without the other.
 */
export function placeReader(table: Table): ((row: Row) => Place | null) | null {
  const [latitude, longitude] = [columnNamed(table, names.latitude), columnNamed(table, names.longitude)];
  if (latitude === null && longitude === null) return null;
  const [latitudeName, longitudeName] = [columnNeeded(table, names.latitude), columnNeeded(table, names.longitude)];
  return (row) => {
    if (row.text(latitudeName) === '' && row.text(longitudeName) === '') return null;
    return {
      latitudeDegrees: degreesIn(row, latitudeName, { most: 90, letters: 'NS' }),
      longitudeDegrees: degreesIn(row, longitudeName, { most: 180, letters: 'EW' }),
    };
  };
}

function degreesIn(row: Row, column: string, of: { readonly most: number; readonly letters: string }): number {
  const cell = row.text(column);
  const degrees = parts.test(cell) ? fromParts(cell, of.letters) : row.number(column);
  if (degrees === null || Math.abs(degrees) > of.most)
    return row.refuse(column, JSON.stringify(cell), `degrees from -${of.most} to ${of.most}, or like 32°35'25"${of.letters[0] ?? ''}`);
  return degrees;
}

const parts = /[°NSEW]/;

/** Degrees, minutes and seconds with a letter; null when they are no such thing. */
function fromParts(cell: string, letters: string): number | null {
  const match = /^(\d{1,3})°(?:\s*(\d{1,2})['′])?(?:\s*(\d{1,2}(?:\.\d+)?)["″])?\s*([NSEW])$/.exec(cell.trim());
  if (match === null || !letters.includes(match[4] ?? '?')) return null;
  const [minutes, seconds] = [Number(match[2] ?? 0), Number(match[3] ?? 0)];
  if (minutes >= 60 || seconds >= 60) return null;
  const degrees = Number(match[1]) + minutes / 60 + seconds / 3_600;
  return match[4] === 'S' || match[4] === 'W' ? -degrees : degrees;
}

/** Refuses a name that has stood in an earlier row. */
export function onceOnly(row: Row, column: string, known: Set<string>): string {
  const name = row.text(column);
  if (name === '') row.refuse(column, 'nothing', 'a name');
  if (known.has(name)) row.refuse(column, `${JSON.stringify(name)} a second time`, 'every name once');
  known.add(name);
  return name;
}
