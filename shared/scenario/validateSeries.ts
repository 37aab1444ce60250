import type { Profile, World } from './schema.js';
import { unknownName } from './validateIds.js';
import { shown, type Misfit } from './shape.js';

/** Series that are named and missing, too short, or negative. A used one covers the world from its start to its hold, or its first tick. */
export function* seriesMisfits(world: World): Generator<Misfit> {
  const known = new Set(Object.keys(world.series));
  const used = new Set<string>();
  const temperatures = new Set<string>();
  for (const [field, profile] of profilesOf(world)) {
    if (profile?.kind !== 'series') continue;
    yield* unknownName(`${field}.series`, profile.series, 'series', known);
    used.add(profile.series);
  }
  for (const [index, { facility }] of world.campuses.entries()) {
    if (facility?.outside.kind !== 'series') continue;
    yield* unknownName(`campuses[${index}].facility.outside.series`, facility.outside.series, 'series', known);
    temperatures.add(facility.outside.series);
  }
  for (const { inferenceProfile } of world.campuses) if (inferenceProfile !== undefined) used.add(inferenceProfile.series);
  const { startTime, holdAtTime, tickMinutes } = world.clock;
  const startMs = Date.parse(startTime);
  const endMs = holdAtTime === null ? startMs + tickMinutes * 60_000 : Date.parse(holdAtTime);
  for (const [name, series] of Object.entries(world.series)) {
    if (!used.has(name) && !temperatures.has(name)) continue;
    if (!(series.stepMinutes > 0)) {
      yield { field: `series.${name}.stepMinutes`, found: shown(series.stepMinutes), allowed: 'a number in min above 0' };
      continue;
    }
    const fromMs = Date.parse(series.startTime);
    const toMs = fromMs + series.values.length * series.stepMinutes * 60_000;
    if (fromMs > startMs || toMs < endMs) {
      const span = `${series.values.length} values from ${series.startTime} to ${instantText(toMs)}`;
      yield { field: `series.${name}`, found: span, allowed: `to cover the world, ${startTime} to ${instantText(endMs)}` };
    }
    const unearthly = temperatures.has(name) ? series.values.findIndex((value) => Math.abs(value) > 70) : -1;
    if (unearthly >= 0)
      yield {
        field: `series.${name}.values[${unearthly}]`,
        found: String(series.values[unearthly]),
        allowed: 'a number in C from -70 to 70',
      };
    const negative = used.has(name) ? series.values.findIndex((value) => value < 0) : -1;
    if (negative >= 0)
      yield { field: `series.${name}.values[${negative}]`, found: String(series.values[negative]), allowed: 'a number in MW from 0' };
  }
}

function instantText(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

function profilesOf(world: World): (readonly [string, Profile | null])[] {
  return [
    ...world.regions.map((region, index) => [`regions[${index}].load`, region.load] as const),
    ...world.network.units.map((unit, index) => [`network.units[${index}].availability`, unit.availability] as const),
  ];
}
