import type { Reading } from '../../domain/mirror/reading.js';
import { shown } from '../../domain/shown.js';
import { hourMs } from '../../domain/ticks.js';
import { wrongInput } from '../../runtime/errors.js';
import { parseRows } from '../csv.js';
import type { Quarantined } from '../quarantine.js';

/** What a source gave: its readings, and rows that are none. */
export interface Readings {
  readonly readings: readonly Reading[];
  readonly odd: readonly Quarantined[];
}

const hourPattern = /^(\d{4}-\d{2}-\d{2})[ T](\d{2})(?::00(?::00(?:\.0+)?)?)?Z?$/;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?Z$/;
const hourAllowed = 'the end of a whole hour in UTC, YYYY-MM-DD HH:00';

/**
 * Readings in the text of a CSV: columns of EIA's hourly demand, `date_time` (UTC, end of the hour) and `raw demand (MW)`, or `fromTime`,
 * `toTime` (RFC 3339 in UTC) and `mw`. A last line without an end is still being written and waits.
 * @throws TWIN_WRONG_INPUT when the columns are others, or no row is of the area asked for.
 */
export function readingsOfCsv(text: string, file: string, area: string | undefined): Readings {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const { rows, lines } = parseRows(whole, file);
  const header = rows[0] ?? [];
  const placeOf = (name: string): number => header.indexOf(name);
  const isEia = placeOf('date_time') >= 0 && placeOf('raw demand (MW)') >= 0;
  if (!isEia && ['fromTime', 'toTime', 'mw'].some((name) => placeOf(name) < 0))
    throw wrongInput(
      `${file}: found columns ${shown(header.join(', '))}, allowed: date_time and raw demand (MW), or fromTime, toTime and mw`,
    );
  if (area !== undefined && placeOf('area') < 0)
    throw wrongInput(`${file}: found no column area, allowed: one, since rows of ${area} are asked for`);
  const readings: Reading[] = [];
  const odd: Quarantined[] = [];
  rows.slice(1).forEach((cells, row) => {
    const line = lines[row + 1] ?? null;
    if (cells.length !== header.length) {
      odd.push({ line, field: 'row', found: `${cells.length} cells`, allowed: `${header.length}, as in the header`, reason: 'cells' });
      return;
    }
    if (area !== undefined && cells[placeOf('area')] !== area) return;
    const cell = (name: string): string => cells[placeOf(name)] ?? '';
    const reading = isEia ? hourEnding(cell('date_time'), cell('raw demand (MW)')) : spanned(cell('fromTime'), cell('toTime'), cell('mw'));
    if ('reason' in reading) odd.push({ ...reading, line });
    else readings.push(reading);
  });
  return { readings, odd };
}

type Odd = Omit<Quarantined, 'line'>;

function hourEnding(time: string, rawText: string, field = 'date_time'): Reading | Odd {
  const match = hourPattern.exec(time);
  const toMs = match === null ? Number.NaN : Date.parse(`${match[1]}T${match[2]}:00Z`);
  if (!Number.isFinite(toMs)) return { field, found: shown(time), allowed: hourAllowed, reason: 'time' };
  return { fromMs: toMs - hourMs, toMs, rawText };
}

function spanned(from: string, to: string, rawText: string): Reading | Odd {
  const [fromMs = Number.NaN, toMs = Number.NaN] = [from, to].map((time) => (instantPattern.test(time) ? Date.parse(time) : Number.NaN));
  if (!Number.isFinite(fromMs)) return { field: 'fromTime', found: shown(from), allowed: 'an RFC 3339 instant in UTC', reason: 'time' };
  if (!(toMs > fromMs)) return { field: 'toTime', found: shown(to), allowed: 'an RFC 3339 instant in UTC after fromTime', reason: 'time' };
  return { fromMs, toMs, rawText };
}

/** Most of an answer that is named in one line. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Readings in an answer of the EIA open data API, version 2 (`electricity/rto/region-data`): hourly demand of one authority, `period` the
 * end of the hour in UTC.
 * @throws TWIN_WRONG_INPUT when it has another form.
 */
export function readingsOfAnswer(answer: unknown, place: string, respondent: string): Readings & { readonly total: number } {
  const response = fieldsOf(fieldsOf(answer)?.['response']);
  const rows = response?.['data'];
  if (response === null || !Array.isArray(rows))
    throw wrongInput(`${place}: found no list response.data in the answer, allowed: the form of the EIA open data API, version 2`);
  const readings: Reading[] = [];
  const odd: Quarantined[] = [];
  rows.forEach((row: unknown, index) => {
    const reading = readingOfRow(fieldsOf(row) ?? {}, respondent);
    if ('reason' in reading) odd.push({ ...reading, line: null, field: `response.data[${index}].${reading.field}` });
    else readings.push(reading);
  });
  const total = Number(response['total'] ?? rows.length);
  return { readings, odd, total: Number.isFinite(total) ? total : rows.length };
}

function readingOfRow(row: Fields, respondent: string): Reading | Odd {
  const wanted: readonly (readonly [string, string, string])[] = [
    ['respondent', respondent, 'respondent'],
    ['type', 'D', 'type'],
    ['value-units', 'megawatthours', 'unit'],
  ];
  for (const [field, allowed, reason] of wanted) if (row[field] !== allowed) return { field, found: shown(row[field]), allowed, reason };
  const value = row['value'];
  return hourEnding(String(row['period'] ?? ''), value === null || value === undefined ? '' : String(value), 'period');
}

function fieldsOf(value: unknown): Fields | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}
