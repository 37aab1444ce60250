import type { World } from '../../scenario/schema.js';
import type { ReserveState } from '../../events/grid.js';
import type { Saying } from '../fact.js';
import { published } from './published.js';

/** Reserve at exactly a threshold still counts as above it, whatever the last digit says, MW. */
const thresholdToleranceMw = 1e-6;

/** One word for the system: from reserve alone, since outage checks of lines are red all night in systems that are fine. */
export function wordOf(reserve: World['reserve'], availableMw: number): ReserveState {
  if (availableMw >= reserve.watchBelowMw - thresholdToleranceMw) return 'normal';
  if (availableMw >= reserve.warningBelowMw - thresholdToleranceMw) return 'watch';
  return availableMw >= reserve.emergencyBelowMw - thresholdToleranceMw ? 'warning' : 'emergency';
}

/** The reserve of a tick, and the change of the state word when there is one. */
export function reserveSayings(
  reserve: World['reserve'],
  now: { readonly availableMw: number; readonly scarcityUsdPerMwh: number; readonly previousState: ReserveState },
): { readonly word: ReserveState; readonly sayings: readonly Saying[] } {
  const availableMw = published(now.availableMw);
  const word = wordOf(reserve, availableMw);
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
    },
  };
  if (word === now.previousState) return { word, sayings: [said] };
  const changed: Saying = {
    type: 'grid.state.v1',
    region: 'all',
    entity: 'system',
    data: { state: word, previousState: now.previousState, availableReserveMw: availableMw },
  };
  return { word, sayings: [said, changed] };
}
