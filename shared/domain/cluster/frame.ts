import type { World } from '../../scenario/schema.js';
import { runsWhereTheyAre, type Moved } from '../fleet/moved.js';
import { siteFacilityOf } from '../facility/site.js';
import { fromWire, minuteMs } from '../ticks.js';
import { clusterActions } from './actions.js';
import { inferenceOf, remembered } from './inference.js';
import type { Frame } from './state.js';

/** Link between campuses of a world that names none, Gbit/s; assumed. */
const usualLinkGbps = 100;

/** The frame of a world in which some runs have moved. */
export function frameOf(world: World, moved: readonly Moved[]): Frame {
  const runs = runsWhereTheyAre(world.runs, moved);
  const regionOfBus = new Map(world.network.buses.map((bus) => [bus.id, bus.region]));
  const placeOfCampus = new Map(world.campuses.map(({ id }, place) => [id, place]));
  const key = { seed: world.seed, utcOffsetMinutes: world.clock.utcOffsetMinutes, series: world.series };
  const sites = world.campuses.map((campus, place) => ({
    place,
    campus,
    inferenceMw: campus.inferenceFlex === undefined ? inferenceOf(key, campus) : remembered(inferenceOf(key, campus)),
    region: regionOfBus.get(campus.bus) ?? 'all',
    facility: siteFacilityOf(world, campus),
    host: placeOfCampus.get(campus.inferenceFlex?.moveTo ?? '') ?? -1,
    guests: world.campuses.flatMap(({ inferenceFlex }, guest) => (inferenceFlex?.moveTo === campus.id ? [guest] : [])),
    contracts: world.contracts.filter((contract) => contract.campus === campus.id),
    runs: runs.flatMap((run, index) => (run.campus === campus.id ? [index] : [])),
  }));
  const own = world.script.filter((entry) => clusterActions.includes(entry.action));
  const regions = world.regions.map(({ id }) => ({
    region: id,
    sites: sites.flatMap((site, place) => (site.region === id ? [place] : [])),
  }));
  return {
    startMs: fromWire(world.clock.startTime),
    seed: world.seed,
    tickMs: world.clock.tickMinutes * minuteMs,
    sites,
    runs,
    home: world.runs,
    linkGbps: world.linkGbps ?? usualLinkGbps,
    placeOfCampus,
    placeOfRun: new Map(world.runs.map(({ id }, place) => [id, place])),
    regions: regions.filter((region) => region.sites.length > 0),
    script: own
      .map(({ atTime, action, target, destination = '' }) => ({ atMs: fromWire(atTime), action, target, destination }))
      .sort((a, b) => a.atMs - b.atMs),
  };
}
