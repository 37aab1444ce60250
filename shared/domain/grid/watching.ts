import type { ReserveState } from '../../events/grid.js';
import type { FactType, Saying } from '../fact.js';
import { contingencyReserve, type Coverage } from '../security/contingencyReserve.js';
import type { Instant } from '../ticks.js';
import { securitySaying } from './badge.js';
import type { Outcome } from './facts.js';
import type { Frame } from './frame.js';
import { operatingPointOf } from './operating.js';
import type { Leaving } from './leaving.js';
import { reserveSayings } from './reserve.js';
import { frequencySaying } from './sudden.js';

/**
 * What operators watch beyond cost: reserve with the state word in every tick; the N-1 badge and frequency every so many ticks, as the
 * scenario has it, and at once after a trip, a return or a change of the grid; frequency also when campuses leave.
 */
export function watch(
  frame: Frame,
  outcome: Outcome,
  now: { readonly instant: Instant; readonly previousState: ReserveState; readonly hasChanged: boolean; readonly leaving: Leaving | null },
): { readonly word: ReserveState; readonly sayings: readonly Saying[] } {
  const { world, grid } = frame;
  const { security, frequency } = world;
  const { leaving } = now;
  const { tick } = now.instant;
  const point = operatingPointOf(frame, outcome, security.reserveMinutes);
  const { upward, downward } = contingencyReserve({
    units: point.feeders,
    importMw: [],
    campusBus: grid.busOfCampus,
    campusMw: point.campusMw,
    minutes: security.reserveMinutes,
  });
  const named = (coverage: Coverage, things: readonly { readonly id: string }[]) => {
    const { loss } = coverage;
    return { ...coverage, id: loss === null ? null : (things[loss.place]?.id ?? null) };
  };
  const reserve = reserveSayings(
    { ...world, reserve: { ...world.reserve, requirementMw: outcome.input.requirementMw } },
    {
      availableMw: outcome.dispatch.reserveMw,
      scarcityUsdPerMwh: outcome.dispatch.scarcityUsdPerMwh,
      unservedMw: point.unservedMw,
      upward: named(upward, point.feeders),
      downward: named(downward, world.network.buses),
      previousState: now.previousState,
    },
  );
  const isDue = (type: FactType, everyTicks: number): boolean => frame.isHeard(type) && (now.hasChanged || tick % everyTicks === 0);
  const sayings = [
    ...reserve.sayings,
    ...(isDue('grid.security.v1', security.everyTicks) ? [securitySaying(frame, outcome, point)] : []),
    ...(leaving !== null || isDue('grid.frequency.v1', frequency.everyTicks)
      ? [
          frequencySaying(
            frame,
            point,
            leaving === null ? null : { ...leaving, point: operatingPointOf(frame, leaving.before, security.reserveMinutes) },
          ),
        ]
      : []),
  ];
  return { word: reserve.word, sayings };
}
