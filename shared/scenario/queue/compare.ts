import { columnOf, type Table } from '../csv.js';

/** How a snapshot differs from another one, project by project and cell by cell. */
export interface Comparison {
  readonly projects: number;
  readonly cells: number;
  readonly different: readonly { readonly id: string; readonly column: string; readonly found: string; readonly wanted: string }[];
  readonly onlyHere: readonly string[];
  readonly onlyThere: readonly string[];
}

/**
 * Compares a snapshot with the one that was wanted, in the columns that both have except `besides`. Numbers are equal within 1e-6 of their
 * size, texts when they differ in white space alone.
 * @throws TWIN_WRONG_INPUT when the wanted one has no column of ids.
 */
export function compared(
  found: Table,
  wanted: Table,
  how: { readonly id: string; readonly besides: readonly (string | null)[] },
): Comparison {
  const [idHere, idThere] = [columnOf(found, how.id), columnOf(wanted, how.id)];
  const columns = wanted.header.flatMap((name, there) => {
    const here = found.header.indexOf(name);
    return here < 0 || how.besides.includes(name) ? [] : [{ name, here, there }];
  });
  const there = new Map(wanted.rows.map((cells) => [cells[idThere] ?? '', cells]));
  const different: { id: string; column: string; found: string; wanted: string }[] = [];
  const onlyHere: string[] = [];
  let projects = 0;
  for (const cells of found.rows) {
    const id = cells[idHere] ?? '';
    const other = there.get(id);
    there.delete(id);
    if (other === undefined) {
      onlyHere.push(id);
      continue;
    }
    projects += 1;
    for (const { name, here, there: place } of columns) {
      const [own, its] = [cells[here] ?? '', other[place] ?? ''];
      if (!isSame(own, its)) different.push({ id, column: name, found: own, wanted: its });
    }
  }
  return { projects, cells: projects * columns.length, different, onlyHere, onlyThere: [...there.keys()] };
}

function isSame(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [Number(a), Number(b)];
  if (a !== '' && b !== '' && Number.isFinite(x) && Number.isFinite(y)) return Math.abs(x - y) <= 1e-6 * Math.max(1, Math.abs(x));
  return a.replaceAll(/\s+/g, ' ') === b.replaceAll(/\s+/g, ' ');
}
