import { wrongInput } from '../runtime/errors.js';
import { decimalPattern } from './csv.js';
import { readText } from './files.js';

/** A year of weather as EnergyPlus files have it (EPW, EnergyPlus auxiliary programs). */
export interface WeatherYear {
  readonly file: string;
  /** City, state and country as the file has them. */
  readonly place: string;
  /** [hours], C: dry bulb, local standard time. */
  readonly outsideC: Float64Array;
}

const headerLines = 8;
const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** Number of dry bulb among the columns of a row, from 1. */
const dryBulbColumn = 7;

/**
 * Reads an EPW file of hourly rows over a whole year, 29 February or not; years of its months may differ.
 * @throws TWIN_WRONG_INPUT with file, line and field for a header that is none, an hour out of order, and a temperature that is missing or
 * beyond -70 to 70 C.
 */
export async function readEpw(path: string): Promise<WeatherYear> {
  const lines = (await readText(path, 'any')).split(/\r\n|\n|\r/);
  while (lines.length > 0 && lines[lines.length - 1]?.trim() === '') lines.pop();
  const [head = ''] = lines;
  const location = head.split(',').map((cell) => cell.trim());
  if (location[0]?.toUpperCase() !== 'LOCATION')
    refuse(path, 1, 'LOCATION', JSON.stringify(head.slice(0, 40)), 'an EPW header that begins with LOCATION');
  const periods = (lines[headerLines - 1] ?? '').split(',').map((cell) => cell.trim());
  if (periods[0]?.toUpperCase() !== 'DATA PERIODS')
    refuse(path, headerLines, 'DATA PERIODS', JSON.stringify((periods[0] ?? '').slice(0, 40)), `DATA PERIODS as the ${headerLines}th line`);
  if (periods[1] !== '1' || periods[2] !== '1')
    refuse(path, headerLines, 'DATA PERIODS', `${periods[1]} periods of ${periods[2]} rows an hour`, 'one period of one row an hour');
  const rows = lines.slice(headerLines);
  const isLeap = rows.length === 8_784;
  if (!isLeap && rows.length !== 8_760) refuse(path, lines.length, 'rows', `${rows.length} hours`, '8760, or 8784 with 29 February');
  const hours = calendar(isLeap);
  const outsideC = Float64Array.from(rows, (row, index) => temperatureOf(path, headerLines + 1 + index, row, hours[index] ?? [0, 0, 0]));
  return { file: path, place: location.slice(1, 4).join(', '), outsideC };
}

/** Month, day and hour (1 to 24) of each hour of a year. */
export function calendar(isLeap: boolean): readonly (readonly [month: number, day: number, hour: number])[] {
  return monthDays.flatMap((days, month) =>
    Array.from({ length: isLeap && month === 1 ? 29 : days }, (_, day) => day + 1).flatMap((day) =>
      Array.from({ length: 24 }, (_, hour) => [month + 1, day, hour + 1] as const),
    ),
  );
}

function temperatureOf(path: string, line: number, row: string, expected: readonly [number, number, number]): number {
  const cells = row.split(',');
  if (cells.length < dryBulbColumn) refuse(path, line, 'row', `${cells.length} columns`, `at least ${dryBulbColumn}`);
  (['month', 'day', 'hour'] as const).forEach((name, index) => {
    const cell = (cells[index + 1] ?? '').trim();
    if (Number(cell) !== expected[index] || cell === '')
      refuse(path, line, name, JSON.stringify(cell), `${expected[index]}, the next hour of the year`);
  });
  const cell = (cells[dryBulbColumn - 1] ?? '').trim();
  const celsius = decimalPattern.test(cell) ? Number(cell) : Number.NaN;
  if (!(celsius > -70 && celsius < 70))
    refuse(path, line, 'dry bulb', JSON.stringify(cell), 'a number in C above -70 and below 70 (99.9 is missing)');
  return celsius + 0;
}

function refuse(path: string, line: number, field: string, found: string, allowed: string): never {
  throw wrongInput(`${path}:${line}: ${field}: found ${found}, allowed: ${allowed}`);
}
