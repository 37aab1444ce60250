import type { World } from '../../shared/scenario/schema.js';
import { sampleColumns } from './samples.js';
import type { WorldSummary } from './viewTypes.js';

/** Who and what there is in a world, without series, profiles and network. */
export function summarise(world: World): WorldSummary {
  const regionOf = new Map(world.network.buses.map(({ id, region }) => [id, region]));
  const { requirementMw, watchBelowMw, warningBelowMw, emergencyBelowMw } = world.reserve;
  return {
    name: world.name,
    title: world.title,
    seed: world.seed,
    controls: world.controls ?? 'single',
    startTime: world.clock.startTime,
    tickMinutes: world.clock.tickMinutes,
    utcOffsetMinutes: world.clock.utcOffsetMinutes,
    reserve: { requirementMw, watchBelowMw, warningBelowMw, emergencyBelowMw },
    sampleColumns: sampleColumns(world).map(({ name }) => name),
    regions: world.regions.map(({ id, name }) => ({ id, name })),
    campuses: world.campuses.map(({ id, name, bus }) => ({ id, name, region: regionOf.get(bus) ?? 'all' })),
    runs: world.runs.map(({ id, campus, accelerators, facilityMw }) => ({ id, campus, accelerators, facilityMw })),
    projects: world.projects.map(({ id, name, campus }) => ({ id, name, campus })),
    contracts: world.contracts.map(({ id, campus, maxReductionMw, strikeUsdPerMwh }) => ({ id, campus, maxReductionMw, strikeUsdPerMwh })),
    agencies: world.agencies.map(({ id, name }) => ({ id, name })),
    lines: world.network.lines.map(({ id, fromBus, toBus, ratingMw }) => ({
      id,
      from: regionOf.get(fromBus) ?? '',
      to: regionOf.get(toBus) ?? '',
      ratingMw,
    })),
  };
}
