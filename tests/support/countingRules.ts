import type { Fact, Saying } from '../../shared/domain/fact.js';
import type { HostedRules } from '../../shared/domain/hostedSequence.js';
import type { Advance, Advanced, SequenceKind, SequenceRules, SequenceStart } from '../../shared/domain/sequence.js';

/** A sequence that wakes every `periodMs`, says each wake, starts its children at the first and reports at the last. */
export interface CountingConfig {
  readonly periodMs: number;
  readonly wakes: number;
  readonly isSilent?: boolean;
  readonly children?: readonly SequenceStart<CountingConfig>[];
  /** Cancelled at the second wake. */
  readonly cancels?: readonly string[];
}

export interface CountingState {
  readonly id: string;
  readonly parent: string | null;
  readonly config: CountingConfig;
  readonly wakes: number;
  readonly nextMs: number;
  /** Ids of facts and `from:outcome` of reports, in the order they were heard. */
  readonly heard: readonly string[];
}

export function countingStart(
  id: string,
  config: CountingConfig,
  options: { readonly kind?: SequenceKind; readonly startMs?: number; readonly parent?: string } = {},
): SequenceStart<CountingConfig> {
  return { kind: options.kind ?? 'training', id, rulesVersion: 1, startMs: options.startMs ?? 0, parent: options.parent ?? null, config };
}

export function countingRules(kind: SequenceKind): HostedRules {
  const rules: SequenceRules<CountingConfig, CountingState> = {
    kind,
    begin: (start) => ({ id: start.id, parent: start.parent, config: start.config, wakes: 0, nextMs: start.startMs, heard: [] }),
    advance,
    attributes: (state) => ({ phase: `wake-${Math.min(state.wakes, 3)}`, campus: 'riverbend' }),
  };
  return rules;
}

function advance(state: CountingState, { nowMs, facts, reports }: Advance): Advanced<CountingState> {
  const heard = [...state.heard, ...facts.map((fact: Fact) => fact.id), ...reports.map((report) => `${report.from}:${report.outcome}`)];
  const isCancelled = reports.some((report) => report.outcome === 'cancel');
  const isAwake = nowMs >= state.nextMs && !isCancelled;
  const wakes = state.wakes + (isAwake ? 1 : 0);
  const next: CountingState = { ...state, wakes, heard, nextMs: isAwake ? nowMs + state.config.periodMs : state.nextMs };
  const finished = isCancelled || wakes >= state.config.wakes;
  const outcome = isCancelled ? 'cancelled' : 'done';
  return {
    state: next,
    sayings: isAwake && state.config.isSilent !== true ? [saying(next)] : [],
    nextWakeMs: next.nextMs,
    start: isAwake && wakes === 1 ? (state.config.children ?? []) : [],
    cancel: isAwake && wakes === 2 ? (state.config.cancels ?? []) : [],
    reports: finished && state.parent !== null ? [{ to: state.parent, report: { from: state.id, atMs: nowMs, outcome } }] : [],
    finished,
  };
}

function saying(state: CountingState): Saying {
  return {
    type: 'training.phase.v1',
    region: 'west',
    entity: state.id,
    data: { campus: 'riverbend', phase: 'holding', previousPhase: 'running', epoch: state.wakes, untilTime: null },
  };
}
