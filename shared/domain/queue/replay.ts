import { endOf, follow, untouched, type Frame, type Milestone, type ProjectState, type Remark } from './machine.js';
import type { End, Step } from './steps.js';

/** What is replayed of one project: its milestones in the order they are heard. */
export interface ProjectRecord {
  readonly requestDay: number | null;
  readonly milestones: readonly Milestone[];
}

/** How the replay of one project ended, and what was remarked at which of its milestones. */
export interface ProjectOutcome {
  readonly state: ProjectState;
  readonly end: End;
  readonly remarks: readonly { readonly milestone: number; readonly remark: Remark }[];
}

/** Replays one project up to a day. */
export function replayProject({ requestDay, milestones }: ProjectRecord, asOfDay: number): ProjectOutcome {
  const frame: Frame = { requestDay, asOfDay };
  const remarks: { milestone: number; remark: Remark }[] = [];
  let state = untouched;
  milestones.forEach((milestone, place) => {
    const next = follow(state, milestone, frame);
    state = next.state;
    for (const remark of next.remarks) remarks.push({ milestone: place, remark });
  });
  return { state, end: endOf(state), remarks };
}

/** What happened over all projects of a replay. */
export interface ReplayTally {
  readonly milestones: number;
  readonly reversed: number;
  /** Milestones that came after a step that builds on them, and projects with one. */
  readonly outOfOrder: number;
  readonly outOfOrderProjects: number;
  readonly redated: number;
  readonly repeated: number;
  /** Steps that stand before one that they build on, most frequent first; `of`: projects in which both have a day. */
  readonly pairs: readonly { readonly step: Step; readonly before: Step; readonly projects: number; readonly of: number }[];
  /** Days by which each change of the planned date moved it, later above 0, rising. */
  readonly laterDays: Float64Array;
}

export function tallyOf(records: readonly ProjectRecord[], outcomes: readonly ProjectOutcome[]): ReplayTally {
  const counts = { reversed: 0, outOfOrder: 0, outOfOrderProjects: 0, redated: 0, repeated: 0 };
  const pairs = new Map<string, { step: Step; before: Step; projects: number }>();
  const laterDays: number[] = [];
  for (const { remarks } of outcomes) {
    const late = new Set<number>();
    for (const { milestone, remark } of remarks) {
      if (remark.kind === 'out-of-order') {
        late.add(milestone);
        // The step that came first is the one that did not wait.
        const key = `${remark.before}/${remark.step}`;
        const pair = pairs.get(key) ?? { step: remark.before, before: remark.step, projects: 0 };
        pairs.set(key, { ...pair, projects: pair.projects + 1 });
      } else if (remark.kind === 'rescheduled') laterDays.push(remark.laterDays);
      else if (remark.kind !== 'impossible') counts[remark.kind] += 1;
    }
    counts.outOfOrder += late.size;
    if (late.size > 0) counts.outOfOrderProjects += 1;
  }
  return {
    ...counts,
    milestones: records.reduce((sum, record) => sum + record.milestones.length, 0),
    pairs: [...pairs.values()]
      .map((pair) => ({ ...pair, of: outcomes.filter(({ state }) => hasDay(state, pair.step) && hasDay(state, pair.before)).length }))
      .sort((a, b) => b.projects - a.projects || (a.step < b.step ? -1 : 1)),
    laterDays: Float64Array.from(laterDays).sort(),
  };
}

function hasDay({ reached }: ProjectState, step: Step): boolean {
  return typeof reached[step] === 'number';
}
