import type { World } from '../../scenario/schema.js';
import type { ReserveState } from '../../events/grid.js';
import type { Saying } from '../fact.js';
import type { Coverage } from '../security/contingencyReserve.js';
import { stateSentence } from '../security/sentences.js';
import { stateWordOf } from '../security/stateWord.js';
import { published } from './published.js';

/** Reserve at exactly a threshold still counts as above it, whatever the last digit says, MW. */
const thresholdToleranceMw = 1e-6;

/** The word that the thresholds of reserve alone ask for. */
export function wordOf(reserve: World['reserve'], availableMw: number): ReserveState {
  if (availableMw >= reserve.watchBelowMw - thresholdToleranceMw) return 'normal';
  if (availableMw >= reserve.warningBelowMw - thresholdToleranceMw) return 'watch';
  return availableMw >= reserve.emergencyBelowMw - thresholdToleranceMw ? 'warning' : 'emergency';
}

/** What the reserve of a tick is judged by. */
export interface ReserveNow {
  readonly availableMw: number;
  readonly scarcityUsdPerMwh: number;
  readonly unservedMw: number;
  /** The worst loss in each direction, with the name of what is lost: a unit or storage; the bus of campuses. */
  readonly upward: Coverage & { readonly id: string | null };
  readonly downward: Coverage & { readonly id: string | null };
  readonly previousState: ReserveState;
}

/** The reserve of a tick, and the change of the state word when there is one; flows over lines never enter the word. */
export function reserveSayings(
  { reserve, security }: Pick<World, 'reserve' | 'security'>,
  now: ReserveNow,
): { readonly word: ReserveState; readonly sayings: readonly Saying[] } {
  const availableMw = published(now.availableMw);
  const { upward, downward } = now;
  const inputs = {
    thresholds: reserve,
    availableReserveMw: availableMw,
    upwardShortfallMw: published(upward.shortfallMw),
    downwardShortfallMw: published(downward.shortfallMw),
    unservedMw: published(now.unservedMw),
  };
  const { word, reasons } = stateWordOf(inputs, {
    upwardShortfall: security.upwardShortfallState,
    downwardShortfall: security.downwardShortfallState,
    unserved: security.unservedState,
  });
  const named = ({ id, lostMw }: ReserveNow['upward']) => (id === null ? null : { id, lostMw });
  const why = {
    sentence: stateSentence(reasons, {
      availableMw,
      requirementMw: reserve.requirementMw,
      upward: named(upward),
      downward: named(downward),
    }),
    reasons: reasons.map(({ kind, word: state, mw }) => ({ cause: kind, state, missingMw: published(mw) })),
  };
  const said: Saying = {
    type: 'grid.reserve.v1',
    region: 'all',
    entity: 'system',
    data: {
      requirementMw: reserve.requirementMw,
      availableMw,
      shortageMw: published(Math.max(0, reserve.requirementMw - availableMw)),
      scarcityUsdPerMwh: published(now.scarcityUsdPerMwh),
      state: word,
      ...why,
      upwardLoss: upward.id,
      upwardLossMw: published(upward.lostMw),
      upwardReserveMw: published(upward.reserveMw),
      upwardShortfallMw: inputs.upwardShortfallMw,
      downwardLoss: downward.id,
      downwardLossMw: published(downward.lostMw),
      downwardReserveMw: published(downward.reserveMw),
      downwardShortfallMw: inputs.downwardShortfallMw,
    },
  };
  if (word === now.previousState) return { word, sayings: [said] };
  const changed: Saying = {
    type: 'grid.state.v1',
    region: 'all',
    entity: 'system',
    data: { state: word, previousState: now.previousState, availableReserveMw: availableMw, ...why },
  };
  return { word, sayings: [said, changed] };
}
