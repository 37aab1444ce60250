import { dayText } from '../../../shared/domain/days.js';
import type { Milestone } from '../../../shared/domain/queue/machine.js';
import type { Pledge } from '../../../shared/domain/queue/pledges.js';
import { dayMs } from '../../../shared/domain/ticks.js';
import { stopwatchMs, wallNow } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { columnOf, readTable, type Table } from '../../../shared/scenario/csv.js';
import { dateIn, dayIn } from '../../../shared/scenario/dates.js';
import { lastToldDay } from '../../../shared/scenario/queue/asOf.js';
import { milestonesOf } from '../../../shared/scenario/queue/changeMilestones.js';
import { carriedOn, type CarriedOn, type ChangeGroup } from '../../../shared/scenario/queue/changes.js';
import { formOf, type QueueForm } from '../../../shared/scenario/queue/forms.js';
import { projectsOf, type QueueProject } from '../../../shared/scenario/queue/projects.js';
import type { Quarantined } from '../../../shared/scenario/quarantine.js';

/** Files and options of a replay. */
export interface SourceAsked {
  readonly changes?: string;
  readonly columns?: string;
  readonly asOf?: string;
}

/** What is replayed: projects with the milestones of the snapshot and of the changes after it. */
export interface QueueSource {
  readonly table: Table;
  readonly form: QueueForm;
  readonly rows: number;
  readonly projects: readonly QueueProject[];
  readonly pledges: readonly Pledge[];
  readonly quarantined: readonly Quarantined[];
  readonly unreadable: readonly Quarantined[];
  readonly asOfDay: number;
  readonly asOfFrom: string;
  readonly carried: CarriedOn | null;
  /** Wall time at which the rows were there. */
  readonly readAtMs: number;
}

/**
 * Reads a queue file and, where asked for, the changes after it.
 * @throws TWIN_WRONG_INPUT when a file, a column or a day is missing.
 */
export async function readSource(file: string, asked: SourceAsked): Promise<QueueSource> {
  const table = await readTable(file);
  const changes = asked.changes === undefined ? null : await readTable(asked.changes);
  const readAtMs = stopwatchMs();
  const form = formOf(table, asked.columns);
  const read = projectsOf(table, form);
  if (read.projects.length === 0) {
    const first = read.quarantined[0];
    throw wrongInput(`${file}: found no project of use, allowed: at least one; first: ${first?.field ?? ''} ${first?.found ?? ''}`);
  }
  const carried = changes === null ? null : carriedOn(table, form, changes);
  const followed = carried === null ? { projects: read.projects, gone: [] } : withChanges(read.projects, carried.groups, table, form);
  const came = followed.projects.length + followed.gone.length - read.projects.length;
  return {
    table: carried?.table ?? table,
    form,
    rows: table.rows.length + came,
    projects: followed.projects,
    pledges: carried === null ? read.pledges : projectsOf(carried.table, form).pledges,
    quarantined: [...read.quarantined, ...followed.gone],
    unreadable: read.unreadable,
    carried,
    readAtMs,
    ...asOf(asked.asOf, { table, form, projects: read.projects, carried }),
  };
}

/** The projects with what their changes say after what the snapshot says; those that left the list are told apart. */
function withChanges(
  projects: readonly QueueProject[],
  groups: readonly ChangeGroup[],
  table: Table,
  form: QueueForm,
): { readonly projects: readonly QueueProject[]; readonly gone: readonly Quarantined[] } {
  const byId = new Map(projects.map((project) => [project.id, project]));
  const goneOn = new Map<string, number>();
  for (const group of groups) {
    const later = milestonesOf(group, form);
    const known = byId.get(group.id) ?? (group.row === 'comes' ? newProject(group, later, form) : null);
    // The changes of a row that is left out are left out with it.
    if (known === null) continue;
    const fields = later.map((milestone) => (milestone.kind === 'rescheduled' ? (form.planned ?? '') : 'field'));
    byId.set(group.id, { ...known, milestones: [...known.milestones, ...later], fields: [...known.fields, ...fields] });
    if (group.row === 'goes') goneOn.set(group.id, group.day);
    else if (group.row === 'comes') goneOn.delete(group.id);
  }
  const gone = [...goneOn].map(([id, day]): Quarantined => {
    const row = byId.get(id)?.row ?? -1;
    byId.delete(id);
    const found = `${id} no more on ${dayText(day)}`;
    return { line: table.lines[row] ?? null, field: form.id, found, allowed: 'a project that stays in the list', reason: 'left the list' };
  });
  return { projects: [...byId.values()], gone };
}

/** A project that came with a change. */
function newProject({ id, cells }: ChangeGroup, milestones: readonly Milestone[], { status }: QueueForm): QueueProject {
  const requested = milestones.find((milestone) => milestone.kind === 'reached' && milestone.step === 'requested');
  const requestDay = requested?.kind === 'reached' ? requested.day : null;
  const pledge: Pledge = { requestDay, filedDay: null, onlineDay: null, isBuilt: false, isOpen: true, capacityMw: null };
  return { id, row: -1, word: cells.get(status ?? '')?.to ?? '', requestDay, milestones: [], fields: [], pledge };
}

function asOf(
  asked: string | undefined,
  of: { readonly table: Table; readonly form: QueueForm; readonly projects: readonly QueueProject[]; readonly carried: CarriedOn | null },
): { readonly asOfDay: number; readonly asOfFrom: string } {
  if (asked !== undefined) return { asOfDay: dayIn('--as-of', asked), asOfFrom: '--as-of' };
  if (of.carried !== null && of.carried.lastDay !== null) return { asOfDay: of.carried.lastDay, asOfFrom: 'last change' };
  const column = of.form.snapshot;
  if (column !== null) {
    const place = columnOf(of.table, column);
    const days = of.table.rows.flatMap((cells) => {
      const date = dateIn(cells[place] ?? '');
      return date.kind === 'day' ? [date.day] : [];
    });
    if (days.length > 0) return { asOfDay: days.reduce((last, day) => Math.max(last, day)), asOfFrom: column };
  }
  const days = of.projects.flatMap(({ milestones }) => milestones.flatMap(({ day }) => day ?? []));
  const last = lastToldDay(days, Math.floor(wallNow() / dayMs));
  if (last === null) throw wrongInput(`${of.table.file}: found no date, allowed: at least one, or --as-of`);
  return { asOfDay: last, asOfFrom: 'latest date that is not far from the others' };
}
