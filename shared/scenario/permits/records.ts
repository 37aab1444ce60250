import { dayText } from '../../domain/days.js';
import type { OneDuration } from '../../domain/survival/durations.js';
import { wrongInput } from '../../runtime/errors.js';
import { columnOf, readTable, type Table } from '../csv.js';
import { dateIn, dateWords } from '../dates.js';
import { quarantinedCell, type Quarantined } from '../quarantine.js';
import { columnsOf, statementColumns, type ColumnsAsked, type RecordColumns } from './columns.js';

/** One case of a file: who decided it, and how long that took or had taken when it was last seen. */
export interface PermitRecord extends OneDuration {
  readonly agency: string;
  readonly startDay: number;
  /** Whether a final impact statement stands after the decision, as one of a supplement does. */
  readonly isEarly: boolean;
  readonly line: number | null;
}

/** The cases of a file, and what in it could not be used. */
export interface PermitRecords {
  readonly file: string;
  readonly columns: RecordColumns;
  /** What the durations presuppose: whoever never came so far is not in the file. */
  readonly given: string;
  readonly rows: number;
  readonly records: readonly PermitRecord[];
  readonly quarantined: readonly Quarantined[];
}

/** What is left out of a row, told as a mistake of one cell. */
type Refused = Omit<Quarantined, 'line'>;

/**
 * Reads the cases of a CSV file. A row that cannot be is left out and told; `asOfDay` is the last day of which it can tell, and the day on
 * which open cases were seen where `isOpenThen` says so and the file does not.
 * @throws TWIN_WRONG_INPUT when the columns are not there, or no row can be used.
 */
export async function readPermitRecords(
  path: string,
  asked: ColumnsAsked,
  until: { readonly asOfDay: number; readonly isOpenThen: boolean },
): Promise<PermitRecords> {
  const table = await readTable(path);
  const columns = columnsOf(table, asked);
  const read = rowReader(table, columns, until);
  const records: PermitRecord[] = [];
  const quarantined: Quarantined[] = [];
  table.rows.forEach((cells, row) => {
    const found = read(cells);
    if ('reason' in found) quarantined.push(quarantinedCell(table, row, found));
    else records.push({ ...found, line: table.lines[row] ?? null });
  });
  checkSome(path, records, quarantined);
  return { file: path, columns, given: givenOf(table, columns), rows: table.rows.length, records, quarantined };
}

/** @throws TWIN_WRONG_INPUT when no case is left. */
export function checkSome(path: string, records: readonly PermitRecord[], quarantined: readonly Quarantined[]): void {
  const first = quarantined[0];
  if (records.length > 0) return;
  const why = first === undefined ? 'no case' : `${quarantined.length} cases, none of use: ${first.field} ${first.found}`;
  throw wrongInput(`${path}: found ${why}, allowed: ${first?.allowed ?? 'at least one case with a start and an end'}`);
}

function rowReader(
  table: Table,
  columns: RecordColumns,
  until: { readonly asOfDay: number; readonly isOpenThen: boolean },
): (cells: readonly string[]) => Omit<PermitRecord, 'line'> | Refused {
  const placeOf = (name: string | null): number => (name === null ? -1 : columnOf(table, name));
  const places = { start: placeOf(columns.start), end: placeOf(columns.end), lastSeen: placeOf(columns.lastSeen) };
  const [group, id, status] = [placeOf(columns.group), placeOf(columns.id), placeOf(columns.status?.column ?? null)];
  const ids = new Set<string>();
  return (cells) => {
    const ownId = cells[id] ?? '';
    if (columns.id !== null && (ownId === '' || ids.has(ownId))) return refusedId(columns.id, ownId);
    ids.add(ownId);
    const word = (cells[status] ?? '').toLowerCase();
    const ends = columns.status === null || columns.status.endedWords.includes(word);
    const texts = { start: cells[places.start] ?? '', end: cells[places.end] ?? '', lastSeen: cells[places.lastSeen] ?? '' };
    const found = durationOf(texts, { columns, ends, ...until });
    return 'reason' in found ? found : { ...found, agency: columns.group === null ? 'all' : cells[group] || 'not stated' };
  };
}

/** How long one case took, from the cells of its row. */
export function durationOf(
  cells: { readonly start: string; readonly end: string; readonly lastSeen: string },
  how: { readonly columns: RecordColumns; readonly ends: boolean; readonly asOfDay: number; readonly isOpenThen: boolean },
): Omit<PermitRecord, 'agency' | 'line'> | Refused {
  const { columns } = how;
  const start = dateIn(cells.start);
  if (start.kind !== 'day') return refusedDate(columns.start, cells.start, start.kind);
  const end = dateIn(cells.end);
  if (end.kind === 'other') return refusedDate(columns.end, cells.end, 'other');
  const last = end.kind === 'none' ? dateIn(cells.lastSeen) : end;
  const field = end.kind === 'none' ? (columns.lastSeen ?? columns.end) : columns.end;
  if (last.kind === 'other') return refusedDate(field, cells.lastSeen, 'other');
  if (last.kind === 'none' && !how.isOpenThen) return refusedDate(field, '', 'none');
  const lastDay = last.kind === 'day' ? last.day : how.asOfDay;
  if (start.day > how.asOfDay) return refusedFuture(columns.start, start.day, how.asOfDay);
  if (lastDay > how.asOfDay) return refusedFuture(field, lastDay, how.asOfDay);
  if (lastDay < start.day) {
    const allowed = `on or after ${columns.start} ${dayText(start.day)}`;
    return { field, found: dayText(lastDay), allowed, reason: 'end before start' };
  }
  if (columns.areStatements && lastDay === start.day) {
    const allowed = `after ${columns.start} ${dayText(start.day)}`;
    return { field, found: dayText(lastDay), allowed, reason: 'decision with the notice' };
  }
  const final = dateIn(columns.areStatements ? cells.lastSeen : '');
  const isEarly = end.kind === 'day' && final.kind === 'day' && end.day < final.day;
  return { startDay: start.day, days: lastDay - start.day, isEnded: end.kind === 'day' && how.ends, isEarly };
}

export function refusedDate(field: string, cell: string, kind: 'none' | 'other'): Refused {
  const found = kind === 'none' ? 'no date' : JSON.stringify(cell);
  return { field, found, allowed: dateWords, reason: kind === 'none' ? 'no date' : 'unreadable date' };
}

export function refusedFuture(field: string, day: number, asOfDay: number): Refused {
  return { field, found: dayText(day), allowed: `up to ${dayText(asOfDay)}`, reason: 'in the future' };
}

export function refusedId(field: string, id: string): Refused {
  return id === ''
    ? { field, found: 'nothing', allowed: 'an id', reason: 'no id' }
    : { field, found: `${id} a second time`, allowed: 'every id once', reason: 'duplicate id' };
}

/** A file in which every row has a final impact statement says nothing of those that were given up before it. */
function givenOf(table: Table, { lastSeen }: RecordColumns): string {
  if (lastSeen !== statementColumns.lastSeen) return 'being in the file';
  const place = columnOf(table, lastSeen);
  return table.rows.every((cells) => dateIn(cells[place] ?? '').kind === 'day') ? 'a final EIS' : 'being in the file';
}
