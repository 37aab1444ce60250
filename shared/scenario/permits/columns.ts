import { wrongInput } from '../../runtime/errors.js';
import { columnOf, type Table } from '../csv.js';

/** Which columns of a file of permit records hold what; null: none does. */
export interface RecordColumns {
  /** Agency, or whatever else the records are grouped by. */
  readonly group: string | null;
  readonly start: string;
  readonly end: string;
  /** Day on which a case without an end was last seen. */
  readonly lastSeen: string | null;
  /** Whether these are impact statements: a decision on the day of the notice cannot be, and one before the final statement is told. */
  readonly areStatements: boolean;
  /** Word that tells whether the end is one, with the words that say so; another word means that the case was last seen then. */
  readonly status: { readonly column: string; readonly endedWords: readonly string[] } | null;
  readonly id: string | null;
}

/** What a user says about the columns. */
export interface ColumnsAsked {
  readonly start?: string;
  readonly end?: string;
  readonly censor?: string;
  readonly by?: string;
  readonly status?: string;
  readonly ended?: string;
  readonly id?: string;
}

/** Columns of federal environmental impact statements: notice of intent, record of decision, and the final statement between them. */
export const statementColumns = { group: 'agency', start: 'noi_date', end: 'rod_date', lastSeen: 'final_eis_date' } as const;

/** Word for all records in one group. */
export const noGroup = 'none';

/** Whether a table holds environmental impact statements. */
export function hasStatements({ header }: Table): boolean {
  return header.includes(statementColumns.start) && header.includes(statementColumns.end);
}

/**
 * Columns of a table as asked for; what is not asked for is that of impact statements where the table holds them.
 * @throws TWIN_WRONG_INPUT naming a column that is not there or not said.
 */
export function columnsOf(table: Table, asked: ColumnsAsked): RecordColumns {
  const plain = hasStatements(table) ? statementColumns : null;
  const own = (asked.end ?? plain?.end) === plain?.end ? plain : null;
  const named = (option: string, found: string | undefined, fallback: string | undefined): string => {
    const name = found ?? fallback;
    const known = table.header.slice(0, 40).join(', ');
    if (name === undefined) throw wrongInput(`${table.file}: found no ${statementColumns.start}, allowed: ${option} with one of ${known}`);
    columnOf(table, name);
    return name;
  };
  const start = named('--start', asked.start, plain?.start);
  const end = named('--end', asked.end, plain?.end);
  const lastSeen = asked.censor ?? (own !== null && table.header.includes(own.lastSeen) ? own.lastSeen : undefined);
  const group = asked.by ?? (plain !== null && table.header.includes(plain.group) ? plain.group : noGroup);
  if (asked.ended !== undefined && asked.status === undefined)
    throw wrongInput(`--ended: found ${asked.ended}, allowed: with --status and the column of the words`);
  return {
    start,
    end,
    lastSeen: lastSeen === undefined ? null : named('--censor', lastSeen, undefined),
    areStatements: start === statementColumns.start && lastSeen === statementColumns.lastSeen && end === statementColumns.end,
    group: group === noGroup ? null : named('--by', group, undefined),
    status: asked.status === undefined ? null : { column: named('--status', asked.status, undefined), endedWords: wordsOf(asked.ended) },
    id: asked.id === undefined ? null : named('--id', asked.id, undefined),
  };
}

/** Words, in small letters, that say that a case has ended. */
function wordsOf(asked: string | undefined): readonly string[] {
  const words = (asked ?? 'completed,complete,ended,granted,denied,issued,approved,decided').split(',');
  return words.map((word) => word.trim().toLowerCase());
}
