import type { Milestone } from '../../domain/queue/machine.js';
import type { Step } from '../../domain/queue/steps.js';
import { dateIn } from '../dates.js';
import type { ChangeGroup } from './changes.js';
import type { QueueForm } from './forms.js';

/** What a change of a project's cells says happened to it: what was taken back first, then what was reached, then a new plan. */
export function milestonesOf({ day, cells }: ChangeGroup, form: QueueForm): readonly Milestone[] {
  const takenBack: Milestone[] = [];
  const reached: Milestone[] = [];
  const moved: Milestone[] = [];
  const told = new Set<Step>();
  const take = (step: Step): void => {
    if (!told.has(step)) takenBack.push({ kind: 'taken-back', step, day });
    told.add(step);
  };
  const reach = (step: Step, on: number): void => {
    if (!told.has(step)) reached.push({ kind: 'reached', step, day: on });
    told.add(step);
  };
  const dayOf = (step: Step): number => {
    const column = form.dates.find(([, own]) => own === step)?.[0];
    const date = dateIn(column === undefined ? '' : (cells.get(column)?.to ?? ''));
    return date.kind === 'day' ? date.day : day;
  };
  for (const [column, { from, to }] of cells) {
    if (column === form.status) {
      const [left, entered] = [form.statusSteps[from.toLowerCase()] ?? null, form.statusSteps[to.toLowerCase()] ?? null];
      if (left !== null && left !== entered) take(left);
      if (entered !== null && left !== entered) reach(entered, dayOf(entered));
    }
    for (const { column: own, words, step } of form.words) {
      if (own !== column) continue;
      const [was, is] = [words.includes(from.toLowerCase()), words.includes(to.toLowerCase())];
      if (was && !is) take(step);
      if (is && !was) reach(step, day);
    }
  }
  for (const [column, { from, to }] of cells) {
    const [was, is] = [dateIn(from), dateIn(to)];
    const step = form.dates.find(([own]) => own === column)?.[1];
    if (step !== undefined && is.kind === 'day') reach(step, is.day);
    if (step !== undefined && is.kind === 'none' && was.kind === 'day') take(step);
    if (column === form.planned && was.kind === 'day' && is.kind === 'day')
      moved.push({ kind: 'rescheduled', day, fromDay: was.day, toDay: is.day });
  }
  return [...takenBack, ...reached, ...moved];
}
