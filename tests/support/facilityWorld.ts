import type { FacilityPlan } from '../../shared/scenario/facilitySchema.js';
import { plainFacility } from '../../shared/scenario/plain.js';
import type { World } from '../../shared/scenario/schema.js';
import { toWire } from '../../shared/domain/ticks.js';
import { riverbend, startMs } from './clusterWorld.js';

export type FacilityParts = { readonly [Part in keyof FacilityPlan]?: Partial<FacilityPlan[Part]> };

/** A facility at 15 C outside, at which fans and pumps alone cool; with other parts where given. */
export function facilityOf(parts: FacilityParts = {}): FacilityPlan {
  return {
    outside: (parts.outside as FacilityPlan['outside'] | undefined) ?? { kind: 'constant', meanC: 15 },
    cooling: { ...plainFacility.cooling, ...parts.cooling },
    ups: { ...plainFacility.ups, ...parts.ups },
    battery: { ...plainFacility.battery, ...parts.battery },
    generators: { ...plainFacility.generators, ...parts.generators },
    rideThrough: { ...plainFacility.rideThrough, ...parts.rideThrough },
  };
}

/** Riverbend with a facility: 361 MW of training, inference as given, limit 600 MW. */
export function facilityWorld(
  parts: FacilityParts = {},
  more: {
    readonly inferenceMw?: number;
    readonly limitMw?: number;
    readonly dipSeconds?: readonly number[];
    readonly world?: Partial<World>;
  } = {},
): World {
  const { inferenceMw = 0, dipSeconds = [] } = more;
  const plain = riverbend();
  const campuses = plain.campuses.map((campus) => ({
    ...campus,
    limitMw: more.limitMw ?? campus.limitMw,
    inferenceMinMw: inferenceMw,
    inferenceMaxMw: inferenceMw,
    facility: facilityOf(parts),
  }));
  return { ...plain, campuses, script: dipSeconds.map((seconds) => dipAt(seconds)), ...more.world };
}

/** A voltage dip of the script, s after the start of the world. */
export function dipAt(seconds: number, target = 'riverbend'): World['script'][number] {
  return { atTime: toWire(startMs + seconds * 1000), action: 'dip-campus', target, reason: 'arrester' };
}
