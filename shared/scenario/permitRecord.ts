import type { Agency } from './schema.js';
import { columnOf, type Table } from './csv.js';
import { shown } from './shape.js';

type Step = NonNullable<Agency['recorded']>[number]['step'];

/** One step of a recorded file: its day, and the line it stands on. */
export interface RecordedStep {
  readonly atMs: number;
  readonly step: Step;
  readonly reason: string;
  readonly line: number;
}

/** A recorded file of one project as steps in order of their days, and what of it could not be used. */
export interface PermitRecord {
  /** Rows of the project, whatever their type. */
  readonly rows: number;
  readonly steps: readonly RecordedStep[];
  /** Rows that come before an earlier row of the file by their day. */
  readonly outOfOrder: number;
  /** Steps that take a decision back. */
  readonly reversed: number;
  /** One line for each row that was left out, with its place, field, what was found and what is allowed. */
  readonly quarantined: readonly string[];
}

/** Types of event that tell how a review went; others are about the project, not about its permit. */
export const reviewTypes: readonly string[] = ['nepa_eis', 'nepa_ea', 'litigation'];

interface ReadRow {
  readonly atMs: number;
  readonly type: string;
  readonly words: string;
  readonly line: number;
}

/**
 * The steps of a review from a file of events (columns project_id, seq, date, event_type, source_url). The files name no outcome, so a step
 * is read from the words of its source: a record of decision grants, a notice of intent begins, after a decision it takes that back, a
 * draft opens comment, a final statement closes it; a suit opens at the first event of litigation and closes at the last.
 */
export function permitRecord(table: Table, project: string, types: readonly string[] = reviewTypes): PermitRecord {
  const quarantined: string[] = [];
  const place = (line: number, field: string): string => `${table.file}:${line}: ${field}`;
  const rows: ReadRow[] = [];
  const seen = new Set<string>();
  let [own, outOfOrder, latestMs] = [0, 0, -Infinity];
  const at = (name: string): number => columnOf(table, name);
  const [idAt, seqAt, dateAt, typeAt, urlAt] = [at('project_id'), at('seq'), at('date'), at('event_type'), at('source_url')];
  table.rows.forEach((cells, index) => {
    if (cells[idAt] !== project) return;
    own += 1;
    const line = table.lines[index] ?? 0;
    const seq = cells[seqAt] ?? '';
    if (seen.has(seq)) {
      quarantined.push(`${place(line, 'seq')}: found ${shown(seq)} twice for ${project}, allowed: each once`);
      return;
    }
    seen.add(seq);
    const type = cells[typeAt] ?? '';
    if (!types.includes(type)) return;
    const atMs = dayOf(cells[dateAt] ?? '');
    if (atMs === null) {
      quarantined.push(`${place(line, 'date')}: found ${shown(cells[dateAt])}, allowed: a day like 2023-05-16, 05/16/2023 or 16 May 2023`);
      return;
    }
    if (atMs < latestMs) outOfOrder += 1;
    latestMs = Math.max(latestMs, atMs);
    rows.push({ atMs, type, words: (cells[urlAt] ?? '').toLowerCase(), line });
  });
  const { steps, reversed } = stepsOf(
    rows.sort((a, b) => a.atMs - b.atMs || a.line - b.line),
    (row) => quarantined.push(`${place(row.line, 'event_type')}: found a decision for a closed permit, allowed: one before it is closed`),
  );
  return { rows: own, steps, outOfOrder, reversed, quarantined };
}

function stepsOf(
  rows: readonly ReadRow[],
  refuse: (row: ReadRow) => void,
): { readonly steps: readonly RecordedStep[]; readonly reversed: number } {
  const steps: RecordedStep[] = [];
  const lastSuit = rows.findLast((row) => row.type === 'litigation');
  const suits = rows.filter((row) => row.type === 'litigation').length;
  let [isGranted, reversed] = [false, 0];
  for (const row of rows) {
    const step = stepOf(row, { isFirst: steps.length === 0, isGranted, isLastSuit: row === lastSuit && suits > 1 });
    if (step === 'granted' && isGranted) {
      refuse(row);
      continue;
    }
    if (step === 'revoked') reversed += 1;
    if (step === 'granted' || step === 'revoked') isGranted = step === 'granted';
    steps.push({ atMs: row.atMs, step, reason: `${row.type} of ${new Date(row.atMs).toISOString().slice(0, 10)}`, line: row.line });
  }
  return { steps, reversed };
}

function stepOf(
  { type, words }: ReadRow,
  at: { readonly isFirst: boolean; readonly isGranted: boolean; readonly isLastSuit: boolean },
): Step {
  if (type === 'litigation') return at.isLastSuit ? 'court-closed' : 'court-opened';
  if (/record-of-decision|[-_]rod\b|[-_]rod[-_.]/.test(words)) return 'granted';
  if (/notice-of-intent/.test(words)) return at.isGranted ? 'revoked' : 'received';
  if (/draft/.test(words)) return 'comment-opened';
  if (/final/.test(words)) return 'comment-closed';
  return at.isFirst ? 'received' : 'started';
}

const monthNames = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Noon UTC of a day in one of the forms people write; null when it is none, or no day of the calendar. */
function dayOf(text: string): number | null {
  const iso = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:T.*)?$/.exec(text);
  if (iso !== null) return noonOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})$/.exec(text);
  if (american !== null) return noonOf(Number(american[3]), Number(american[1]), Number(american[2]));
  const dayFirst = /^(\d{1,2})[- ]([A-Za-z]{3})[a-z]*\.?[- ](\d{4})$/.exec(text);
  if (dayFirst !== null) return noonOf(Number(dayFirst[3]), monthOf(dayFirst[2]), Number(dayFirst[1]));
  const monthFirst = /^([A-Za-z]{3})[a-z]*\.? (\d{1,2}), (\d{4})$/.exec(text);
  return monthFirst === null ? null : noonOf(Number(monthFirst[3]), monthOf(monthFirst[1]), Number(monthFirst[2]));
}

function monthOf(name: string | undefined): number {
  return monthNames.indexOf((name ?? '').toLowerCase()) + 1;
}

function noonOf(year: number, month: number, day: number): number | null {
  const atMs = Date.UTC(year, month - 1, day, 12);
  const date = new Date(atMs);
  const isReal = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isReal ? atMs : null;
}
