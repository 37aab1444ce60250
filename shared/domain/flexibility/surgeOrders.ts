import type { FactDataOf, FactOf } from '../fact.js';
import { fromWire } from '../ticks.js';
import type { DeskFrame } from './frame.js';
import type { Asked } from './requests.js';

/** Who asks when a forecast does. */
const actor = 'forecast';

/**
 * What is asked of the fleet because of a forecast: what is likely to be missing, as far as it can be given, from the first hour in which that is
 * likely to the last. Each forecast takes the place of what the one before it asked for, so that a risk that has passed lets the runs resume.
 */
export function surgeOrders(
  { ask }: DeskFrame,
  fleet: readonly FactDataOf['control.request.v1'][],
  { data, tick }: FactOf<'forecast.surge.v1'>,
): readonly Asked[] {
  if (ask === null || ask === undefined) return [];
  const about = { target: 'fleet', actor, id: `surge-${tick}`, reason: data.sentence };
  const released = fleet
    .filter((standing) => standing.actor === actor)
    .map(({ request }): Asked => ({ ...about, action: 'release-fleet', amountMw: null, request }));
  const { likelyFromTime, likelyUntilTime, likelyMw, probabilityRatio } = data;
  if (likelyFromTime === null || likelyUntilTime === null || likelyMw <= 0 || probabilityRatio < ask.fromRatio) return released;
  const asked: Asked = {
    ...about,
    action: 'curtail-fleet',
    amountMw: Math.ceil(likelyMw),
    request: `surge-${tick}`,
    targetKind: 'reduction',
    fromMs: fromWire(likelyFromTime),
    untilMs: fromWire(likelyUntilTime),
    rampMinutes: ask.rampMinutes,
    isBestEffort: true,
  };
  return [...released, asked];
}
