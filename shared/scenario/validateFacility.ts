import type { FacilityPlan } from './facilitySchema.js';
import type { World } from './schema.js';
import type { Misfit } from './shape.js';

/** Parts of facilities that are fine alone and impossible together. */
export function* facilityMisfits({ campuses }: Pick<World, 'campuses'>): Generator<Misfit> {
  for (const [index, { facility, limitMw }] of campuses.entries()) {
    if (facility === undefined) continue;
    const at = `campuses[${index}].facility`;
    yield* coolingMisfits(`${at}.cooling`, facility.cooling, limitMw);
    yield* supplyMisfits(at, facility);
  }
}

function* coolingMisfits(at: string, { supplyC, returnC, ratedMw }: FacilityPlan['cooling'], limitMw: number): Generator<Misfit> {
  if (returnC <= supplyC) yield { field: `${at}.returnC`, found: String(returnC), allowed: `above supplyC, ${supplyC}` };
  if (ratedMw !== null && ratedMw < limitMw / 10) {
    const allowed = `at least a tenth of limitMw, ${limitMw / 10}, or null`;
    yield { field: `${at}.ratedMw`, found: String(ratedMw), allowed };
  }
}

function* supplyMisfits(at: string, { battery, generators }: FacilityPlan): Generator<Misfit> {
  const { powerMw, energyMwh } = battery;
  if (powerMw > 0 !== energyMwh > 0) {
    const [empty, full] = powerMw > 0 ? (['energyMwh', 'powerMw'] as const) : (['powerMw', 'energyMwh'] as const);
    yield { field: `${at}.battery.${empty}`, found: '0', allowed: `above 0, as ${full} is ${battery[full]}` };
  }
  if (generators.powerMw > 0 && generators.fuelHours === 0)
    yield { field: `${at}.generators.fuelHours`, found: '0', allowed: `above 0, as powerMw is ${generators.powerMw}` };
}
