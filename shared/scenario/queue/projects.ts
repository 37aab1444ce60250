import { dayText } from '../../domain/days.js';
import type { Milestone } from '../../domain/queue/machine.js';
import type { Pledge } from '../../domain/queue/pledges.js';
import { afterRequest, steps, type Step } from '../../domain/queue/steps.js';
import { columnOf, decimalPattern, type Table } from '../csv.js';
import { dateIn, dateWords } from '../dates.js';
import { refusedId } from '../permits/records.js';
import { quarantinedCell, type Quarantined } from '../quarantine.js';
import type { QueueForm } from './forms.js';

/** One project of a queue file: what is replayed of it, and what it promised. */
export interface QueueProject {
  readonly id: string;
  /** Row of the table, counted from 0. */
  readonly row: number;
  /** Status word as the file has it. */
  readonly word: string;
  readonly requestDay: number | null;
  /** In the order of their days, those without one at the end. */
  readonly milestones: readonly Milestone[];
  /** [milestones]: column that each stands in. */
  readonly fields: readonly string[];
  readonly pledge: Pledge;
}

/** The projects of a queue file, the rows left out, and the dates left out of rows that go on. */
export interface QueueProjects {
  readonly projects: readonly QueueProject[];
  readonly quarantined: readonly Quarantined[];
  /** What they promised: every row with an id of its own and a known word, also where the order of its dates cannot be. */
  readonly pledges: readonly Pledge[];
  readonly unreadable: readonly Quarantined[];
}

/** What stands in a milestone's column when a project needs none. */
const waivedWords = new Set(['not required', 'waived', 'not applicable']);
/** Steps that end a project; a row in which one stands before the request cannot be. */
const finalSteps: readonly Step[] = ['in-operation', 'withdrawn'];

/** Reads every row of a queue file. */
export function projectsOf(table: Table, form: QueueForm): QueueProjects {
  const read = rowReader(table, form);
  const out = { projects: [] as QueueProject[], quarantined: [] as Quarantined[], pledges: [] as Pledge[] };
  const unreadable: Quarantined[] = [];
  const ids = new Set<string>();
  table.rows.forEach((cells, row) => {
    const refuse = (of: Omit<Quarantined, 'line'>): unknown => out.quarantined.push(quarantinedCell(table, row, of));
    const { id, word, entries, others, pledge } = read(cells);
    if (id === '' || ids.has(id)) return refuse(refusedId(form.id, id));
    ids.add(id);
    if (form.status !== null && !Object.hasOwn(form.statusSteps, word.toLowerCase())) {
      const allowed = Object.keys(form.statusSteps)
        .filter((each) => each !== '')
        .join(', ');
      return refuse({ field: form.status, found: JSON.stringify(word), allowed, reason: 'unknown status' });
    }
    out.pledges.push(pledge);
    for (const { field, found } of others)
      unreadable.push(quarantinedCell(table, row, { field, found: JSON.stringify(found), allowed: dateWords, reason: 'unreadable date' }));
    const { requestDay } = pledge;
    const early = entries.find(({ step, day }) => finalSteps.includes(step) && day !== null && requestDay !== null && day < requestDay);
    if (early !== undefined && requestDay !== null) {
      const allowed = `on or after the request, ${dayText(requestDay)}`;
      return refuse({ field: early.field, found: dayText(early.day ?? requestDay), allowed, reason: 'completion before request' });
    }
    return out.projects.push({
      id,
      row,
      word,
      requestDay,
      pledge,
      milestones: entries.map(({ step, day }) => ({ kind: 'reached', step, day })),
      fields: entries.map(({ field }) => field),
    });
  });
  return { ...out, unreadable };
}

/** A step that a row says is reached, and the column that says it. */
interface Entry {
  readonly step: Step;
  readonly day: number | null;
  readonly field: string;
}

interface RowRead {
  readonly id: string;
  readonly word: string;
  readonly entries: readonly Entry[];
  readonly others: readonly { readonly field: string; readonly found: string }[];
  readonly pledge: Pledge;
}

function rowReader(table: Table, form: QueueForm): (cells: readonly string[]) => RowRead {
  const place = (column: string | null): number => (column === null ? -1 : columnOf(table, column));
  const [id, status, filed, capacity] = [place(form.id), place(form.status), place(form.filed), place(form.capacityMw)];
  const copy = form.copyOf === null ? null : { column: form.copyOf.column, place: place(form.copyOf.column), of: place(form.copyOf.of) };
  const dates = form.dates.map(([field, step]) => ({ field, step, place: place(field) }));
  const words = form.words.map((each) => ({ ...each, place: place(each.column) }));
  const dayIn = (cell: string | undefined): number | null => {
    const date = dateIn(cell ?? '');
    return date.kind === 'day' ? date.day : null;
  };
  return (cells) => {
    const entries: Entry[] = [];
    const others: { field: string; found: string }[] = [];
    for (const { field, step, place: at } of dates) {
      const cell = cells[at] ?? '';
      const date = dateIn(cell);
      const isCopy = copy !== null && copy.column === field && dayIn(cell) === dayIn(cells[copy.of]);
      if (date.kind === 'day' && !isCopy) entries.push({ step, day: date.day, field });
      else if (date.kind === 'other' && !waivedWords.has(cell.toLowerCase())) others.push({ field, found: cell });
    }
    const word = cells[status] ?? '';
    const isDated = (step: Step): boolean => entries.some((entry) => entry.step === step);
    for (const { column, words: said, step, place: at } of words)
      if (said.includes((cells[at] ?? '').toLowerCase()) && !isDated(step)) entries.push({ step, day: null, field: column });
    const said = Object.hasOwn(form.statusSteps, word.toLowerCase()) ? (form.statusSteps[word.toLowerCase()] ?? null) : null;
    if (said !== null && !isDated(said)) entries.push({ step: said, day: null, field: form.status ?? '' });
    const requestDay = entries.find(({ step }) => step === 'requested')?.day ?? null;
    const built = entries.filter(({ step }) => afterRequest.includes(step) && step !== 'withdrawn');
    const isWithdrawn = isDated('withdrawn') || said === 'withdrawn';
    return {
      id: cells[id] ?? '',
      word,
      entries: entries.sort(inOrder),
      others,
      pledge: {
        requestDay,
        filedDay: dayIn(cells[filed]),
        onlineDay: entries.find(({ step }) => step === 'in-operation')?.day ?? null,
        isBuilt: built.length > 0 && !isWithdrawn,
        isOpen: built.length === 0 && !isWithdrawn,
        capacityMw: decimalPattern.test(cells[capacity] ?? '') ? Number(cells[capacity]) : null,
      },
    };
  };
}

/** By day, then as the steps are meant to follow each other; what has no day comes last. */
function inOrder(a: Entry, b: Entry): number {
  return (a.day ?? Infinity) - (b.day ?? Infinity) || steps.indexOf(a.step) - steps.indexOf(b.step);
}
