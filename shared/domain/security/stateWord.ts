import type { ReserveState } from '../../events/grid.js';

/** Thresholds of available reserve, MW, as in a scenario. */
export interface ReserveThresholds {
  readonly watchBelowMw: number;
  readonly warningBelowMw: number;
  readonly emergencyBelowMw: number;
}

/** Why the word is not `normal`, or what an operator has to know beside it. */
export type StateReason =
  /** Reserve is below a threshold; mw: what is missing to it. */
  | { readonly kind: 'reserve-below'; readonly word: ReserveState; readonly mw: number; readonly thresholdMw: number }
  /** The worst single loss of generation or import is not covered; mw: what is missing. */
  | { readonly kind: 'upward-shortfall'; readonly word: ReserveState; readonly mw: number }
  /** The loss of the largest campus, or of the campuses at one bus, is not covered downwards; mw: what is missing. */
  | { readonly kind: 'downward-shortfall'; readonly word: ReserveState; readonly mw: number }
  /** Load is not served; mw: how much. */
  | { readonly kind: 'unserved'; readonly word: ReserveState; readonly mw: number };

/** What the word follows from; flows over lines are not part of it. */
export interface StateInputs {
  readonly thresholds: ReserveThresholds;
  readonly availableReserveMw: number;
  readonly upwardShortfallMw: number;
  readonly downwardShortfallMw: number;
  readonly unservedMw: number;
}

/** The word each cause asks for at least; reserve below a threshold asks for the word of that threshold. */
export interface StatePolicy {
  readonly upwardShortfall: ReserveState;
  readonly downwardShortfall: ReserveState;
  readonly unserved: ReserveState;
}

/**
 * Load not served is an emergency; reserve that does not cover the worst single loss a warning upwards and a watch downwards, where
 * generation can still be tripped without anyone going without power (a choice; NERC EOP-011 counts the first two as its highest level).
 */
export const defaultStatePolicy: StatePolicy = { upwardShortfall: 'warning', downwardShortfall: 'watch', unserved: 'emergency' };

/** MW that count as none: the last digits of a sum. */
const toleranceMw = 1e-6;
const severity: Readonly<Record<ReserveState, number>> = { normal: 0, watch: 1, warning: 2, emergency: 3 };

/** One word for the system and every reason for it, the gravest first; reserve at exactly a threshold counts as above it. */
export function stateWordOf(
  inputs: StateInputs,
  policy: StatePolicy = defaultStatePolicy,
): { readonly word: ReserveState; readonly reasons: readonly StateReason[] } {
  const { thresholds, availableReserveMw } = inputs;
  const steps = [
    { word: 'emergency', thresholdMw: thresholds.emergencyBelowMw },
    { word: 'warning', thresholdMw: thresholds.warningBelowMw },
    { word: 'watch', thresholdMw: thresholds.watchBelowMw },
  ] as const;
  const below = steps.find(({ thresholdMw }) => availableReserveMw < thresholdMw - toleranceMw);
  const reasons: StateReason[] = [
    ...over(inputs.unservedMw, { kind: 'unserved' as const, word: policy.unserved }),
    ...(below === undefined ? [] : [{ kind: 'reserve-below' as const, ...below, mw: below.thresholdMw - availableReserveMw }]),
    ...over(inputs.upwardShortfallMw, { kind: 'upward-shortfall' as const, word: policy.upwardShortfall }),
    ...over(inputs.downwardShortfallMw, { kind: 'downward-shortfall' as const, word: policy.downwardShortfall }),
  ];
  reasons.sort((a, b) => severity[b.word] - severity[a.word]);
  return { word: reasons[0]?.word ?? 'normal', reasons };
}

function over<Reason extends object>(mw: number, reason: Reason): readonly (Reason & { readonly mw: number })[] {
  return mw > toleranceMw ? [{ ...reason, mw }] : [];
}
