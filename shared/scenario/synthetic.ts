import { createDispatcher } from '../domain/grid/dispatch.js';
import { prepareGrid } from '../domain/grid/grid.js';
import { hoursOf } from '../domain/grid/hours.js';
import { erasOf } from '../domain/grid/changes.js';
import { solveByPivots } from '../domain/grid/simplex/solve.js';
import { topologyOf } from '../domain/grid/topology.js';
import { draw } from '../domain/random.js';
import { bareWorld, type NetworkFile } from './networkFile.js';
import { plainBus, plainLine, plainUnit } from './plain.js';

/** Size and seed of a made-up network. */
export interface SyntheticSize {
  readonly buses: number;
  readonly seed: number;
}

const meanDegree = 2.8;
/** Share of lines that stand within 10 % of their limit at the peak. */
const tightRatio = 0.2;
const hoursOfDay = 24;
const regionCount = 4;
const meanLoadMw = 40;

/**
 * A meshed network drawn from a seed: buses strewn over a square, each joined to its nearest in a tree and then to near ones until lines
 * have a mean degree of 2.8; a unit at every third bus, 1.3 times the peak in sum; a day of load, each region with its peak at another
 * hour. Ratings follow from the flows at the peak without limits: a fifth of the lines stand within 10 % of theirs there.
 */
export function syntheticNetwork({ buses: busCount, seed }: SyntheticSize): NetworkFile {
  const number = (purpose: string, n: number): number => draw({ seed, component: 'synthetic', entity: `${busCount}`, purpose, n });
  const x = Array.from({ length: busCount }, (_, bus) => number('x', bus));
  const y = Array.from({ length: busCount }, (_, bus) => number('y', bus));
  const distance = (a: number, b: number): number => Math.hypot((x[a] ?? 0) - (x[b] ?? 0), (y[a] ?? 0) - (y[b] ?? 0));
  const regionOf = (bus: number): string => `r${((x[bus] ?? 0) < 0.5 ? 0 : 1) + ((y[bus] ?? 0) < 0.5 ? 0 : 2)}`;
  const ends = linesBetween(busCount, distance);
  const weights = Array.from({ length: busCount }, (_, bus) => (number('has-load', bus) < 0.7 ? 0.2 + number('load', bus) : 0));
  const regionWeight = new Map<string, number>();
  weights.forEach((weight, bus) => regionWeight.set(regionOf(bus), (regionWeight.get(regionOf(bus)) ?? 0) + weight));
  const unitBuses = Array.from({ length: busCount }, (_, bus) => bus).filter((bus) => bus % 3 === 0);
  const sizes = unitBuses.map((bus) => 0.3 + number('size', bus));
  const scaleMw = (1.3 * meanLoadMw * busCount) / sizes.reduce((sum, size) => sum + size, 0);
  const regions = Array.from({ length: regionCount }, (_, region) => `r${region}`);
  const made: NetworkFile = {
    schema: 'loadstone.network/1',
    name: `synthetic-${busCount}`,
    regions: regions.map((id) => ({ id, name: id, load: { kind: 'series', series: `load-${id}` } })),
    series: Object.fromEntries(
      regions.map((id, region) => [
        `load-${id}`,
        {
          startTime: '2027-01-01T00:00:00.000Z',
          stepMinutes: 60,
          values: Array.from(
            { length: hoursOfDay },
            (_, hour) =>
              ((regionWeight.get(id) ?? 0) / weights.reduce((sum, weight) => sum + weight, 0)) *
              meanLoadMw *
              busCount *
              (0.75 + 0.25 * Math.cos(((hour - 17 - region) / hoursOfDay) * 2 * Math.PI)),
          ),
        },
      ]),
    ),
    network: {
      changes: [],
      links: [],
      interfaces: [],
      storages: [],
      buses: weights.map((weight, bus) => ({
        ...plainBus,
        id: `b${bus}`,
        name: `b${bus}`,
        region: regionOf(bus),
        loadShareRatio: weight / (regionWeight.get(regionOf(bus)) ?? 1),
      })),
      lines: ends.map(([from, to], line) => ({
        ...plainLine,
        id: `l${line}`,
        fromBus: `b${from}`,
        toBus: `b${to}`,
        reactancePu: 0.002 + 0.4 * distance(from, to),
        ratingMw: null,
        emergencyRatingMw: null,
      })),
      units: unitBuses.map((bus, place) => ({
        ...plainUnit,
        id: `u${bus}`,
        name: `u${bus}`,
        bus: `b${bus}`,
        source: 'gas-cc' as const,
        capacityMw: (sizes[place] ?? 0) * scaleMw,
        costUsdPerMwh: 8 + 60 * number('cost', bus),
        availability: null,
        dailyEnergyMwh: null,
        providesReserve: true,
        carbonKgPerMwh: 0,
      })),
    },
    warnings: [],
  };
  return rated(made, number);
}

/** Tree over the nearest buses, then the shortest further lines until the mean degree is reached; no pair twice. */
function linesBetween(busCount: number, distance: (a: number, b: number) => number): (readonly [number, number])[] {
  const lines: (readonly [number, number])[] = [];
  const isJoined = new Set<number>();
  const join = (a: number, b: number): void => {
    lines.push([a, b]);
    isJoined.add(Math.min(a, b) * busCount + Math.max(a, b));
  };
  const nearest = new Int32Array(busCount);
  const nearestDistance = Float64Array.from({ length: busCount }, (_, bus) => distance(0, bus));
  const isIn = new Uint8Array(busCount);
  isIn[0] = 1;
  for (let count = 1; count < busCount; count++) {
    let next = -1;
    for (let bus = 0; bus < busCount; bus++) {
      if (isIn[bus] === 0 && (next < 0 || (nearestDistance[bus] ?? 0) < (nearestDistance[next] ?? 0))) next = bus;
    }
    isIn[next] = 1;
    join(nearest[next] ?? 0, next);
    for (let bus = 0; bus < busCount; bus++) {
      const own = distance(next, bus);
      if (own < (nearestDistance[bus] ?? 0)) [nearest[bus], nearestDistance[bus]] = [next, own];
    }
  }
  const further: { readonly a: number; readonly b: number; readonly length: number }[] = [];
  const reach = 2.5 / Math.sqrt(busCount);
  for (let a = 0; a < busCount; a++) {
    for (let b = a + 1; b < busCount; b++) {
      const length = distance(a, b);
      if (length < reach && !isJoined.has(a * busCount + b)) further.push({ a, b, length });
    }
  }
  further.sort((one, other) => one.length - other.length || one.a - other.a || one.b - other.b);
  const wanted = Math.round((meanDegree * busCount) / 2);
  // Evenly through the list, so that lines of all lengths close loops and not only the shortest.
  const step = Math.max(1, Math.floor(further.length / (wanted - lines.length)));
  for (let place = 0; place < further.length && lines.length < wanted; place += step) {
    const { a, b } = further[place] ?? { a: 0, b: 0 };
    join(a, b);
  }
  return lines;
}

/** Gives every line its rating from the flow at the peak without limits. */
function rated(made: NetworkFile, number: (purpose: string, n: number) => number): NetworkFile {
  const world = bareWorld(made);
  const grid = prepareGrid(world);
  const [era] = erasOf(world, { fromMs: 0, toMs: 1 });
  if (era === undefined) return made;
  const hours = hoursOf(world, grid, era, { fromHour: 0, toHour: hoursOfDay, outageSeed: null });
  const loadMw = new Float64Array(made.network.buses.length);
  const availableMw = new Float64Array(made.network.units.length);
  let peakHour = 0;
  let peakMw = 0;
  for (let hour = 0; hour < hoursOfDay; hour++) {
    hours.loadMw(hour, loadMw);
    const sumMw = loadMw.reduce((sum, mw) => sum + mw, 0);
    if (sumMw > peakMw) [peakHour, peakMw] = [hour, sumMw];
  }
  hours.loadMw(peakHour, loadMw);
  hours.availableMw(peakHour, availableMw);
  const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
  const { netFlowMw } = createDispatcher(grid, solveByPivots(null))(
    topologyOf(grid, []),
    { hours: 1, availableMw, costUsdPerMwh, loadMw, requirementMw: 0, reserveInUseMw: 0, storages: [], bids: [] },
    null,
  );
  const lines = made.network.lines.map((line, place) => {
    const mw = Math.max(5, Math.abs(netFlowMw[place] ?? 0));
    const ratio = number('tight', place) < tightRatio ? 0.9 + 0.1 * number('near', place) : 0.3 + 0.4 * number('far', place);
    return { ...line, ratingMw: mw / ratio, emergencyRatingMw: (1.2 * mw) / ratio };
  });
  return { ...made, network: { ...made.network, lines } };
}
