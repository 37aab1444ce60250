import type { Table } from './csv.js';

/** A row or a cell of a file that cannot be used, and why; the rest of the file goes on. */
export interface Quarantined {
  /** Line of the file, counted from 1; null in a file without lines. */
  readonly line: number | null;
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
  /** The kind of mistake in a word or two, to count by. */
  readonly reason: string;
}

/** `<file>:<line>: <field>: found ..., allowed: ...` */
export function quarantineLine(file: string, { line, field, found, allowed }: Quarantined): string {
  return `${file}${line === null ? '' : `:${line}`}: ${field}: found ${found}, allowed: ${allowed}`;
}

/** A cell of a table that cannot be used. */
export function quarantinedCell(
  table: Table,
  row: number,
  of: { readonly field: string; readonly found: string; readonly allowed: string; readonly reason: string },
): Quarantined {
  return { line: table.lines[row] ?? null, ...of };
}

/** How many there are of each reason, in the order they came. */
export function countByReason(quarantined: readonly Quarantined[]): readonly { readonly reason: string; readonly count: number }[] {
  const counts = new Map<string, number>();
  for (const { reason } of quarantined) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count }));
}
