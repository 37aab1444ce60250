import { requestsOf, type Requests } from '../domain/inference/requests.js';
import { dayMs, minuteMs } from '../domain/ticks.js';
import { wrongInput } from '../runtime/errors.js';
import { readTable, rowsOf, type Row } from './csv.js';

/** Requests of a trace, and what was done to its rows. */
export interface RequestTrace {
  readonly requests: Requests;
  /** Instant of the first request as the file says it; without a zone it is taken as UTC. */
  readonly firstTime: string;
  /** Rows that stood behind a later one; they were put in order. */
  readonly rowsOutOfOrder: number;
}

const timeAllowed = 'a date and time, YYYY-MM-DD hh:mm:ss, with up to 9 decimals, and Z, +hh:mm or no zone';
const timePattern = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * Reads requests with their tokens: columns TIMESTAMP, ContextTokens and GeneratedTokens, as in the Azure traces. `memoryTokens`: most
 * tokens, read and written, that a node holds for one request.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readRequestTrace(path: string, memoryTokens: number): Promise<RequestTrace> {
  const rows = rowsOf(await readTable(path));
  let [latest, rowsOutOfOrder] = [Number.NEGATIVE_INFINITY, 0];
  const list = rows.map((row) => {
    const [atSeconds, contextTokens, generatedTokens] = [
      secondsOf(row),
      tokensOf(row, 'ContextTokens', 1),
      tokensOf(row, 'GeneratedTokens', 0),
    ];
    if (contextTokens + generatedTokens > memoryTokens)
      row.refuse(
        'ContextTokens',
        `${contextTokens} and ${generatedTokens} generated`,
        `together at most ${memoryTokens}, what one node holds`,
      );
    if (atSeconds < latest) rowsOutOfOrder += 1;
    latest = Math.max(latest, atSeconds);
    return { atSeconds, contextTokens, generatedTokens };
  });
  const requests = requestsOf(list);
  if (!(requests.periodSeconds > 0))
    throw wrongInput(`${path}: found ${list.length} requests at one instant, allowed: two instants or more`);
  const first = list.reduce((earliest, row, place) => (row.atSeconds < (list[earliest]?.atSeconds ?? 0) ? place : earliest), 0);
  return { requests, firstTime: rows[first]?.text('TIMESTAMP') ?? '', rowsOutOfOrder };
}

/** Seconds since 1970; decimals beyond milliseconds are kept. */
function secondsOf(row: Row): number {
  const cell = row.text('TIMESTAMP');
  const match = timePattern.exec(cell);
  if (match === null) return row.refuse('TIMESTAMP', JSON.stringify(cell), timeAllowed);
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number);
  const midnightMs = Date.UTC(year ?? 0, (month ?? 0) - 1, day);
  const inDayMs = ((hour ?? 0) * 60 + (minute ?? 0)) * minuteMs + (second ?? 0) * 1_000;
  const isDay = new Date(midnightMs).toISOString().startsWith(`${match[1]}-${match[2]}-${match[3]}`);
  if (!isDay || (minute ?? 0) > 59 || (second ?? 0) > 59 || inDayMs >= dayMs)
    return row.refuse('TIMESTAMP', JSON.stringify(cell), timeAllowed);
  const offset = /([+-])(\d{2}):(\d{2})/.exec(match[8] ?? '');
  const offsetMs = offset === null ? 0 : (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * minuteMs;
  return (midnightMs + inDayMs - offsetMs) / 1_000 + Number(`0${match[7] ?? ''}`);
}

function tokensOf(row: Row, column: string, least: number): number {
  const value = row.number(column);
  return Number.isSafeInteger(value) && value >= least ? value : row.refuse(column, value, `a whole number from ${least}`);
}
