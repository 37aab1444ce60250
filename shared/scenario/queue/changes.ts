import { columnOf, type Table } from '../csv.js';
import { dateIn } from '../dates.js';
import { quarantinedCell, type Quarantined } from '../quarantine.js';
import type { QueueForm } from './forms.js';

/** The cells of one project that changed between two snapshots. */
export interface ChangeGroup {
  readonly id: string;
  /** Day of the snapshot that shows them. */
  readonly day: number;
  /** Column, what stood there, what stands there now. */
  readonly cells: ReadonlyMap<string, { readonly from: string; readonly to: string }>;
  /** Whether the project came or went as a whole. */
  readonly row: 'stays' | 'comes' | 'goes';
}

/** A snapshot carried on by its changes. */
export interface CarriedOn {
  readonly table: Table;
  readonly groups: readonly ChangeGroup[];
  readonly changes: number;
  /** Changes that do not fit the snapshot. */
  readonly quarantined: readonly Quarantined[];
  /** Day of the last snapshot; null without changes. */
  readonly lastDay: number | null;
}

/** In the column of the names of columns: the whole row. */
const wholeRow = '<row>';
const idColumns = ['queue_position', 'queue_id', 'id'];

/**
 * Applies changes (columns snapshot, queue_position, field, old, new) to a snapshot, in their order. A change whose old value is not what
 * stands there, or whose project or column there is not, is left out and told.
 * @throws TWIN_WRONG_INPUT when a column is missing.
 */
export function carriedOn(table: Table, form: QueueForm, changes: Table): CarriedOn {
  const idColumn = idColumns.find((name) => changes.header.includes(name)) ?? 'queue_position';
  const at = { id: columnOf(changes, idColumn), day: columnOf(changes, 'snapshot'), field: columnOf(changes, 'field') };
  const [oldAt, newAt] = [columnOf(changes, 'old'), columnOf(changes, 'new')];
  const place = new Map(table.header.map((name, column) => [name, column]));
  const idAt = columnOf(table, form.id);
  const rows = new Map(table.rows.map((cells, row) => [cells[idAt] ?? '', { cells: [...cells], row }]));
  const groups = new Map<string, { id: string; day: number; cells: Map<string, { from: string; to: string }>; row: ChangeGroup['row'] }>();
  const quarantined: Quarantined[] = [];
  changes.rows.forEach((cells, row) => {
    const [id, field, from, to] = [cells[at.id] ?? '', cells[at.field] ?? '', cells[oldAt] ?? '', cells[newAt] ?? ''];
    const refuse = (name: string, found: string, allowed: string, reason: string): unknown =>
      quarantined.push(quarantinedCell(changes, row, { field: name, found, allowed, reason }));
    const day = dateIn(cells[at.day] ?? '');
    if (day.kind !== 'day') return refuse('snapshot', JSON.stringify(cells[at.day] ?? ''), 'the day of a snapshot', 'unreadable date');
    const comes = field === wholeRow && to === 'present';
    const own = rows.get(id);
    if (own === undefined && !comes) return refuse(idColumn, id, 'a project of the snapshot', 'unknown id');
    if (own !== undefined && comes) return refuse(idColumn, id, 'a project that is not there yet', 'duplicate id');
    const column = place.get(field);
    if (column === undefined && field !== wholeRow) return refuse('field', field, 'a column of the snapshot', 'unknown column');
    const stands = own?.cells[column ?? -1] ?? '';
    if (column !== undefined && stands !== from)
      return refuse('old', JSON.stringify(from), `what stands there, ${JSON.stringify(stands)}`, 'another value');
    const key = `${day.day}/${id}`;
    const group = groups.get(key) ?? { id, day: day.day, cells: new Map(), row: 'stays' };
    groups.set(key, group);
    if (comes) {
      rows.set(id, { cells: table.header.map((name) => (name === form.id ? id : '')), row: -1 });
      group.row = 'comes';
    } else if (field === wholeRow) {
      rows.delete(id);
      group.row = 'goes';
    } else if (own !== undefined && column !== undefined) {
      own.cells[column] = to;
      group.cells.set(field, { from, to });
    }
  });
  const days = [...groups.values()].map(({ day }) => day);
  const left = [...rows.values()];
  return {
    table: { ...table, rows: left.map(({ cells }) => cells), lines: Int32Array.from(left, ({ row }) => table.lines[row] ?? 0) },
    groups: [...groups.values()],
    changes: changes.rows.length,
    quarantined,
    lastDay: days.length === 0 ? null : Math.max(...days),
  };
}
