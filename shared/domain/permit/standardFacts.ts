import type { PermitPhase } from '../../events/permit.js';
import type { FactOf } from '../fact.js';
import { toWire } from '../ticks.js';
import type { StandardEvent, StandardProcess, StandardProject, StandardRecords } from './standard.js';
import { eventWords, phaseWords, type ProcessStatus, type ProcessType } from './standardWords.js';

/** What is told of one permit: its facts in their order. */
export interface PermitHistory {
  readonly permit: string;
  readonly project: string;
  readonly agency: string;
  readonly region: string;
  readonly facts: readonly PermitFact[];
}

export type PermitFact =
  | Pick<FactOf<'permit.filing.v1'>, 'type' | 'timeMs' | 'data'>
  | Pick<FactOf<'permit.review.v1'>, 'type' | 'timeMs' | 'data'>
  | Pick<FactOf<'permit.decision.v1'>, 'type' | 'timeMs' | 'data'>
  | Pick<FactOf<'permit.phase.v1'>, 'type' | 'timeMs' | 'data'>;

/** Facts of permits as records of the standard, one process for each; `type` is the level of review they are told as. */
export function recordsOfFacts(histories: readonly PermitHistory[], type: ProcessType): StandardRecords {
  const processes = histories.map((history) => processOf(history, type));
  const projects = [...new Set(histories.map(({ project }) => project))].flatMap((project) => {
    const own = histories.flatMap((history, place) => (history.project === project ? [{ history, process: processes[place] }] : []));
    const first = own[0]?.history;
    return first === undefined
      ? []
      : [
          projectOf(
            first,
            own.flatMap(({ process }) => process ?? []),
          ),
        ];
  });
  return { projects, processes, case_events: histories.flatMap(eventsOf) };
}

function processOf(history: PermitHistory, type: ProcessType): StandardProcess {
  const { permit, project, agency, facts } = history;
  const phase = facts.findLast((fact) => fact.type === 'permit.phase.v1')?.data.phase ?? 'drafting';
  const { status, outcome } = phaseWords[phase];
  const filed = facts.find((fact) => fact.type === 'permit.filing.v1');
  const last = facts.at(-1);
  return {
    process_id: permit,
    project_id: project,
    process_type: type,
    process_status: status,
    process_stage: phase,
    lead_agency: agency,
    ...(filed === undefined ? {} : { start_date: dateOf(filed.timeMs) }),
    ...(outcome === null || last === undefined
      ? {}
      : { process_outcome: outcome, completion_date: dateOf(endMsOf(facts, phase) ?? last.timeMs) }),
  };
}

/** When a permit ended as it has. */
function endMsOf(facts: readonly PermitFact[], phase: PermitPhase): number | null {
  return (
    facts.findLast((fact) => fact.type === 'permit.phase.v1' && fact.data.phase === phase && fact.data.previousPhase !== phase)?.timeMs ??
    null
  );
}

/** A project stands where the review stands that is furthest from its end. */
function projectOf({ project, agency, region }: PermitHistory, processes: readonly StandardProcess[]): StandardProject {
  const order: readonly ProcessStatus[] = ['paused', 'underway', 'planned', 'completed'];
  const status = order.find((each) => processes.some((process) => process.process_status === each)) ?? 'planned';
  const dates = processes.flatMap(({ start_date }) => start_date ?? []).sort();
  return {
    project_id: project,
    project_title: project,
    project_description: `${processes.length} permits of project ${project}`,
    project_sector: 'energy',
    project_sponsor: { name: project },
    lead_agency: agency,
    location: { description: region },
    current_status: status === 'planned' ? 'pre-application' : status,
    ...(dates[0] === undefined ? {} : { start_date: dates[0] }),
  };
}

function eventsOf({ permit, facts }: PermitHistory): readonly StandardEvent[] {
  return facts.flatMap((fact, place) => {
    if (fact.type === 'permit.phase.v1') return [];
    const step = fact.type === 'permit.decision.v1' ? fact.data.outcome : fact.data.step;
    const { type, name } = eventWords[step];
    const isDecision = fact.type === 'permit.decision.v1';
    const event: StandardEvent = {
      case_event_id: `${permit}-${place + 1}`,
      process_id: permit,
      event_name: name,
      event_date: dateOf(fact.timeMs),
      event_type: type,
      status: 'completed',
      assigned_entity: fact.type === 'permit.filing.v1' ? fact.data.project : fact.data.agency,
      ...(isDecision ? { outcome: fact.data.outcome, description: fact.data.reason } : {}),
    };
    return [event];
  });
}

function dateOf(timeMs: number): string {
  return toWire(timeMs).slice(0, 10);
}
