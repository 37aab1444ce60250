import { afterRequest, needs, steps, type End, type Step } from './steps.js';

/** Something that a record says of a project. `day` counts from 1970-01-01; null: by the day of the record, not known when. */
export type Milestone =
  | { readonly kind: 'reached'; readonly step: Step; readonly day: number | null }
  | { readonly kind: 'taken-back'; readonly step: Step; readonly day: number }
  | { readonly kind: 'rescheduled'; readonly day: number; readonly fromDay: number; readonly toDay: number };

/** What a milestone did to a project beside moving it on. `before`: a step that builds on this one and stands earlier. */
export type Remark =
  | { readonly kind: 'out-of-order'; readonly step: Step; readonly before: Step }
  | { readonly kind: 'reversed'; readonly step: Step }
  | { readonly kind: 'redated'; readonly step: Step }
  | { readonly kind: 'repeated'; readonly step: Step }
  | { readonly kind: 'rescheduled'; readonly laterDays: number }
  | { readonly kind: 'impossible'; readonly step: Step; readonly reason: ImpossibleReason };

/** Why a milestone cannot be; it then changes nothing. */
export type ImpossibleReason = 'in the future' | 'before the request' | 'after the withdrawal' | 'not reached';

/** Where a project stands: the day of each step reached, null where the day is not known. */
export interface ProjectState {
  readonly reached: Readonly<Partial<Record<Step, number | null>>>;
}

/** What is fixed while a project is replayed. */
export interface Frame {
  /** Day of the request; null: not known. */
  readonly requestDay: number | null;
  /** Last day of which the record can tell. */
  readonly asOfDay: number;
}

export const untouched: ProjectState = { reached: {} };

/** A project after one more milestone. Steps out of order and steps that are taken back are followed; what cannot be changes nothing. */
export function follow(
  state: ProjectState,
  milestone: Milestone,
  frame: Frame,
): { readonly state: ProjectState; readonly remarks: readonly Remark[] } {
  switch (milestone.kind) {
    case 'reached':
      return reach(state, milestone, frame);
    case 'taken-back': {
      const { step } = milestone;
      if (!(step in state.reached)) return { state, remarks: [{ kind: 'impossible', step, reason: 'not reached' }] };
      const { [step]: _, ...reached } = state.reached;
      return { state: { reached }, remarks: [{ kind: 'reversed', step }] };
    }
    case 'rescheduled':
      return { state, remarks: [{ kind: 'rescheduled', laterDays: milestone.toDay - milestone.fromDay }] };
  }
}

function reach(
  state: ProjectState,
  { step, day }: { readonly step: Step; readonly day: number | null },
  frame: Frame,
): { readonly state: ProjectState; readonly remarks: readonly Remark[] } {
  const { reached } = state;
  const reason = impossible(state, step, day, frame);
  if (reason !== null) return { state, remarks: [{ kind: 'impossible', step, reason }] };
  const known = reached[step];
  if (known !== undefined && (known === day || day === null)) return { state, remarks: [{ kind: 'repeated', step }] };
  const remarks: Remark[] = known === undefined || known === null ? [] : [{ kind: 'redated', step }];
  if (day !== null && known === undefined) {
    for (const before of steps) {
      const beforeDay = reached[before];
      if (needs[before].includes(step) && beforeDay !== undefined && beforeDay !== null && beforeDay < day)
        remarks.push({ kind: 'out-of-order', step, before });
    }
  }
  return { state: { reached: { ...reached, [step]: day } }, remarks };
}

function impossible({ reached }: ProjectState, step: Step, day: number | null, frame: Frame): ImpossibleReason | null {
  if (day === null) return null;
  if (day > frame.asOfDay) return 'in the future';
  if (frame.requestDay !== null && day < frame.requestDay && afterRequest.includes(step)) return 'before the request';
  const withdrawnDay = reached.withdrawn;
  return step !== 'withdrawn' && withdrawnDay !== undefined && withdrawnDay !== null && day > withdrawnDay ? 'after the withdrawal' : null;
}

/** Where a project stands by the furthest step it has reached. */
export function endOf({ reached }: ProjectState): End {
  if ('withdrawn' in reached) return 'withdrawn';
  if ('in-operation' in reached) return 'completed';
  if ('energization-approved' in reached || 'synchronization-approved' in reached) return 'energized';
  return 'agreement-signed' in reached ? 'agreementSigned' : 'active';
}
