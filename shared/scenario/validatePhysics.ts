import { leastReactancePu } from './matpower/branches.js';
import { commitmentMisfits } from '../domain/commitment/model.js';
import type { World } from './schema.js';
import { islandsOf } from './networkGraph.js';
import type { Bus, CostCurve, Unit } from './networkSchema.js';
import { shown, type Misfit } from './shape.js';
import { idsOf, unknownName } from './validateIds.js';

const shareTolerance = 1e-6;
/** Of the largest cost nearby: cases give costs with five or more digits. */
const convexTolerance = 1e-6;

/** Numbers that are fine alone and impossible together. */
export function* physicsMisfits(world: World): Generator<Misfit> {
  const { network, reserve } = world;
  yield* loadMisfits(world);
  for (const [index, line] of network.lines.entries()) {
    if (Math.abs(line.reactancePu) < leastReactancePu) {
      const allowed = `a number other than 0 in p.u. on 100 MVA, at least ${leastReactancePu} in size`;
      yield { field: `network.lines[${index}].reactancePu`, found: String(line.reactancePu), allowed };
    }
    if (line.emergencyRatingMw !== null && line.emergencyRatingMw < (line.ratingMw ?? Infinity)) {
      const field = `network.lines[${index}].emergencyRatingMw`;
      yield { field, found: String(line.emergencyRatingMw), allowed: `at least ratingMw, ${line.ratingMw ?? 'none'}` };
    }
    if (line.angleMinDegrees > line.angleMaxDegrees) {
      const field = `network.lines[${index}].angleMinDegrees`;
      yield { field, found: String(line.angleMinDegrees), allowed: `up to angleMaxDegrees, ${line.angleMaxDegrees}` };
    }
  }
  for (const [index, unit] of network.units.entries()) yield* unitMisfits(`network.units[${index}]`, unit);
  yield* commitmentMisfits(network.units);
  yield* islandMisfits(network);
  yield* changeMisfits(world);
  for (const [index, storage] of network.storages.entries()) {
    if (storage.initialMwh > storage.energyMwh) {
      yield {
        field: `network.storages[${index}].initialMwh`,
        found: String(storage.initialMwh),
        allowed: `up to energyMwh, ${storage.energyMwh}`,
      };
    }
    for (const side of ['chargeEfficiencyRatio', 'dischargeEfficiencyRatio'] as const) {
      if (storage[side] === 0) yield { field: `network.storages[${index}].${side}`, found: '0', allowed: 'above 0 to 1' };
    }
  }
  yield* reserveMisfits(reserve);
  for (const [index, campus] of world.campuses.entries()) {
    if (campus.inferenceMinMw > campus.inferenceMaxMw) {
      const field = `campuses[${index}].inferenceMinMw`;
      yield { field, found: String(campus.inferenceMinMw), allowed: `up to inferenceMaxMw, ${campus.inferenceMaxMw}` };
    }
  }
  for (const [index, run] of world.runs.entries()) {
    if (run.initialSteps > run.totalSteps) {
      yield { field: `runs[${index}].initialSteps`, found: String(run.initialSteps), allowed: `up to totalSteps, ${run.totalSteps}` };
    }
    if (run.staticRatio >= 1) yield { field: `runs[${index}].staticRatio`, found: String(run.staticRatio), allowed: 'from 0 to below 1' };
  }
}

/**
 * First corner at which a cost curve turns downwards, with the slopes before and behind it in USD/MWh; null: it is convex. A corner that
 * stands above the straight line between its neighbours by no more than the digits of a file are worth counts as straight.
 */
export function firstFall(
  points: Extract<CostCurve, { kind: 'piecewise' }>['points'],
): { readonly corner: number; readonly before: number; readonly after: number } | null {
  for (let corner = 1; corner + 1 < points.length; corner++) {
    const [left, middle, right] = points.slice(corner - 1, corner + 2);
    if (left === undefined || middle === undefined || right === undefined) continue;
    const before = (middle.usdPerHour - left.usdPerHour) / (middle.outputMw - left.outputMw);
    const after = (right.usdPerHour - middle.usdPerHour) / (right.outputMw - middle.outputMw);
    const shareRatio = (middle.outputMw - left.outputMw) / (right.outputMw - left.outputMw);
    const excess = (before - after) * shareRatio * (right.outputMw - middle.outputMw);
    const largest = Math.max(Math.abs(left.usdPerHour), Math.abs(middle.usdPerHour), Math.abs(right.usdPerHour));
    if (excess > convexTolerance * (1 + largest)) return { corner, before, after };
  }
  return null;
}

/** Shares of the load of each region: 1 in sum, or none at all where the region itself has no load. */
function* loadMisfits({ regions, network }: World): Generator<Misfit> {
  const shareOf = new Map<string, number>();
  const isShared = new Set<string>();
  for (const bus of network.buses) {
    shareOf.set(bus.region, (shareOf.get(bus.region) ?? 0) + bus.loadShareRatio);
    if (bus.loadShareRatio > 0) isShared.add(bus.region);
  }
  for (const { id, load } of regions) {
    const shares = shareOf.get(id) ?? 0;
    const isFixed = !isShared.has(id) && load.kind === 'constant' && load.mw === 0;
    if (isFixed || Math.abs(shares - 1) <= shareTolerance) continue;
    const allowed = `1 within ${shareTolerance}${shares === 0 ? ', or 0 throughout with a constant load of 0 MW' : ''}`;
    yield { field: 'network.buses.loadShareRatio', found: `${shares} as sum of region "${id}"`, allowed };
  }
}

/** Parts of a network that draw power and hang together with nothing that gives any: no hour of theirs could ever be served. */
function* islandMisfits({ buses, lines, links, units, storages }: World['network']): Generator<Misfit> {
  const feeds = new Set([...units, ...storages].map(({ bus }) => bus));
  const draws = (bus: Bus): boolean => bus.loadShareRatio > 0 || bus.fixedLoadMw + bus.shuntMw > 0;
  const islands = islandsOf(buses, [...lines, ...links]);
  if (islands.length < 2) return;
  const placeOf = new Map(buses.map(({ id }, place) => [id, place]));
  for (const island of islands) {
    const loads = island.flatMap((id) => {
      const place = placeOf.get(id);
      const bus = place === undefined ? undefined : buses[place];
      return bus === undefined || !draws(bus) ? [] : [place];
    });
    if (loads.length === 0 || island.some((id) => feeds.has(id))) continue;
    const found = `load in a part of ${island.length} buses without lines to the other ${buses.length - island.length}, units or storages`;
    yield { field: `network.buses[${loads[0]}]`, found, allowed: 'lines, links or units that can feed it' };
  }
}

function* unitMisfits(at: string, unit: Unit): Generator<Misfit> {
  if (unit.minMw > unit.capacityMw)
    yield { field: `${at}.minMw`, found: String(unit.minMw), allowed: `up to capacityMw, ${unit.capacityMw}` };
  for (const [index, { fromTime, toTime }] of unit.maintenance.entries()) {
    if (Date.parse(fromTime) >= Date.parse(toTime))
      yield { field: `${at}.maintenance[${index}].toTime`, found: shown(toTime), allowed: `after fromTime, ${fromTime}` };
  }
  if (unit.costCurve?.kind !== 'piecewise') return;
  const { points } = unit.costCurve;
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before !== undefined && point.outputMw <= before.outputMw) {
      const field = `${at}.costCurve.points[${index}].outputMw`;
      return yield { field, found: String(point.outputMw), allowed: `above the point before, ${before.outputMw}` };
    }
  }
  const fall = firstFall(points);
  if (fall !== null) {
    const field = `${at}.costCurve.points[${fall.corner}].usdPerHour`;
    yield {
      field,
      found: `a slope of ${fall.before} then ${fall.after} USD/MWh`,
      allowed: 'slopes that do not fall: cost has to be convex',
    };
  }
}

function* changeMisfits({ regions, network }: World): Generator<Misfit> {
  const [units, regionIds] = [idsOf(network.units), idsOf(regions)];
  for (const [index, change] of network.changes.entries()) {
    switch (change.kind) {
      case 'add-unit':
      case 'retire-unit':
        yield* unknownName(`network.changes[${index}].unit`, change.unit, 'unit', units);
        break;
      case 'scale-load':
        yield* unknownName(`network.changes[${index}].region`, change.region, 'region', regionIds);
        break;
      case 'scale-cost':
        break;
    }
  }
}

function* reserveMisfits(reserve: World['reserve']): Generator<Misfit> {
  const words = ['watchBelowMw', 'warningBelowMw', 'emergencyBelowMw'] as const;
  for (const [above, below] of [
    [words[0], words[1]],
    [words[1], words[2]],
  ] as const) {
    if (reserve[below] > reserve[above])
      yield { field: `reserve.${below}`, found: String(reserve[below]), allowed: `up to ${above}, ${reserve[above]}` };
  }
  for (const [index, step] of reserve.shortageSteps.entries()) {
    const before = reserve.shortageSteps[index - 1];
    if (before !== undefined && step.priceUsdPerMwh < before.priceUsdPerMwh) {
      const field = `reserve.shortageSteps[${index}].priceUsdPerMwh`;
      yield { field, found: String(step.priceUsdPerMwh), allowed: `at least the price of the step before, ${before.priceUsdPerMwh}` };
    }
  }
}
