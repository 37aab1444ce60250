import type { Source } from '../../events/grid.js';
import { assert } from '../assert.js';
import type { FactDataOf, FactType, Saying } from '../fact.js';
import { at } from './dense.js';
import type { Dispatch } from './dispatch.js';
import type { Frame } from './frame.js';
import type { Ahead } from './clearing.js';
import type { DispatchInput } from './problem.js';
import type { Topology } from './topology.js';
import { published } from './published.js';

/** Everything the facts of a tick are made of. */
export interface Outcome {
  readonly input: DispatchInput;
  readonly dispatch: Dispatch;
  readonly topology: Topology;
  readonly offers: Ahead['offers'];
  /** [campuses]: load before what clears in this very tick, MW. */
  readonly campusMw: readonly number[];
  /** [storages], at the end of the tick. */
  readonly storedMwh: readonly number[];
}

/** Supply, demand, price, flow, curtailment and clearing of every region, in the order of the world, as far as anybody hears them. */
export function regionSayings(frame: Frame, outcome: Outcome): readonly Saying[] {
  const tellers = regionTellers.filter(({ type }) => frame.isHeard(type));
  return frame.world.regions.flatMap(({ id }, region) => {
    const where = { id, region, balance: balanceOf(frame, outcome, region) };
    return tellers.map(({ tell }) => tell(frame, outcome, where));
  });
}

const regionTellers: readonly { readonly type: FactType; readonly tell: (frame: Frame, outcome: Outcome, where: Where) => Saying }[] = [
  { type: 'grid.supply.v1', tell: supplyOf },
  { type: 'grid.demand.v1', tell: demandOf },
  { type: 'grid.price.v1', tell: priceOf },
  { type: 'grid.flow.v1', tell: flowOf },
  { type: 'grid.curtailment.v1', tell: curtailmentOf },
  { type: 'grid.clearing.v1', tell: clearingOf },
];

function demandOf(_frame: Frame, _outcome: Outcome, { id, balance }: Where): Saying {
  return {
    type: 'grid.demand.v1',
    region: id,
    entity: id,
    data: {
      nativeMw: published(balance.loadMw - balance.campusMw),
      campusMw: published(balance.campusMw - balance.bidMw),
      demandMw: published(balance.loadMw - balance.bidMw),
      unservedMw: published(balance.shedMw),
    },
  };
}

function clearingOf(frame: Frame, outcome: Outcome, { id, region }: Where): Saying {
  return { type: 'grid.clearing.v1', region: id, entity: id, data: { offers: clearedIn(frame, outcome, region) } };
}

function clearedIn({ grid }: Frame, { offers }: Outcome, region: number): FactDataOf['grid.clearing.v1']['offers'] {
  const cleared: FactDataOf['grid.clearing.v1']['offers'] = [];
  offers.forEach((offer, place) => {
    if (offer === null || grid.regionOfBus[grid.busOfContract[place] as number] !== region) return;
    cleared.push({ ...offer, clearedMw: published(offer.clearedMw), priceUsdPerMwh: published(offer.priceUsdPerMwh) });
  });
  return cleared;
}

interface Balance {
  readonly loadMw: number;
  readonly campusMw: number;
  readonly bidMw: number;
  readonly shedMw: number;
  readonly generationMw: number;
  readonly chargeMw: number;
  readonly dischargeMw: number;
  readonly netExportMw: number;
}

function balanceOf(frame: Frame, { input, dispatch, campusMw }: Outcome, region: number): Balance {
  const { grid } = frame;
  const total = (values: ArrayLike<number>, busOf: readonly number[] | null): number => {
    let sum = 0;
    for (let place = 0; place < values.length; place++) {
      const bus = busOf === null ? place : (busOf[place] as number);
      if (grid.regionOfBus[bus] === region) sum += values[place] as number;
    }
    return sum;
  };
  const balance = {
    loadMw: total(input.loadMw, null),
    campusMw: total(campusMw, grid.busOfCampus),
    bidMw: total(dispatch.bidMw, grid.busOfContract),
    shedMw: total(dispatch.shedMw, null),
    generationMw: total(dispatch.generationMw, grid.busOfUnit),
    chargeMw: total(dispatch.chargeMw, grid.busOfStorage),
    dischargeMw: total(dispatch.dischargeMw, grid.busOfStorage),
  };
  const netExportMw = balance.generationMw + balance.dischargeMw + balance.shedMw + balance.bidMw - balance.loadMw - balance.chargeMw;
  const borderMw = outflow(frame, grid.lineEnds, dispatch.netFlowMw, region) + outflow(frame, grid.linkEnds, dispatch.netLinkMw, region);
  assert(Math.abs(netExportMw - borderMw) <= 1e-6, `region ${region} exports ${netExportMw} MW, but ${borderMw} MW cross its border`);
  return { ...balance, netExportMw };
}

function outflow(frame: Frame, ends: readonly (readonly [number, number])[], netMw: Float64Array, region: number): number {
  const regionOf = (bus: number): number => frame.grid.regionOfBus[bus] as number;
  return ends.reduce((sum, [from, to], place) => {
    const out = regionOf(from) === region ? 1 : 0;
    const back = regionOf(to) === region ? 1 : 0;
    return sum + (out - back) * at(netMw, place);
  }, 0);
}

interface Where {
  readonly id: string;
  readonly region: number;
  readonly balance: Balance;
}

/** What is where, as prepared once. */
function placesOf(frame: Frame, region: number): Frame['grid']['inRegion'][number] {
  const places = frame.grid.inRegion[region];
  assert(places !== undefined, `region ${region} is not in the world`);
  return places;
}

function supplyOf(frame: Frame, { input, dispatch, storedMwh }: Outcome, where: Where): Saying {
  const { network } = frame.world;
  const { id, region, balance } = where;
  const { units: places, storages } = placesOf(frame, region);
  const sum = (of: readonly number[], values: Float64Array): number => published(of.reduce((total, place) => total + at(values, place), 0));
  return {
    type: 'grid.supply.v1',
    region: id,
    entity: id,
    data: {
      generationMw: published(balance.generationMw),
      availableMw: sum(places, input.availableMw),
      chargeMw: published(balance.chargeMw),
      dischargeMw: published(balance.dischargeMw),
      importMw: published(Math.max(0, -balance.netExportMw)),
      exportMw: published(Math.max(0, balance.netExportMw)),
      sources: bySource(frame, places).map(([source, of]) => ({
        source,
        generationMw: sum(of, dispatch.generationMw),
        availableMw: sum(of, input.availableMw),
      })),
      units: places.map((place) => ({
        unit: network.units[place]?.id ?? '',
        generationMw: published(at(dispatch.generationMw, place)),
        availableMw: published(at(input.availableMw, place)),
      })),
      storages: storages.map((place) => ({
        storage: network.storages[place]?.id ?? '',
        chargeMw: published(at(dispatch.chargeMw, place)),
        dischargeMw: published(at(dispatch.dischargeMw, place)),
        storedMwh: published(storedMwh[place] ?? 0),
      })),
    },
  };
}

/** Kinds of unit with their units, in the order in which the kinds first appear among the places. */
function bySource({ world }: Frame, places: readonly number[]): readonly (readonly [Source, readonly number[]])[] {
  const sources = new Map<Source, number[]>();
  for (const place of places) {
    const source = world.network.units[place]?.source;
    if (source === undefined) continue;
    const of = sources.get(source);
    if (of === undefined) sources.set(source, [place]);
    else of.push(place);
  }
  return [...sources];
}

function priceOf(frame: Frame, { input, dispatch }: Outcome, { id, region }: Where): Saying {
  const { buses } = frame.world.network;
  const places = placesOf(frame, region).buses;
  const weightMw = places.reduce((sum, bus) => sum + at(input.loadMw, bus), 0);
  const mean = (valueAt: (bus: number) => number): number =>
    places.reduce((sum, bus) => sum + valueAt(bus) * (weightMw > 0 ? at(input.loadMw, bus) / weightMw : 1 / places.length), 0);
  const priceAt = (bus: number): number => at(dispatch.busPriceUsdPerMwh, bus);
  const { scarcityUsdPerMwh } = dispatch;
  const priceUsdPerMwh = mean(priceAt);
  // A price below the scarcity is one of a place whose power is of no use to reserve: there nothing of it is scarcity.
  const scarcityOfPrice = mean((bus) => (priceAt(bus) < scarcityUsdPerMwh ? 0 : scarcityUsdPerMwh));
  return {
    type: 'grid.price.v1',
    region: id,
    entity: id,
    data: {
      priceUsdPerMwh: published(priceUsdPerMwh),
      reserveScarcityUsdPerMwh: published(scarcityOfPrice),
      energyUsdPerMwh: published(priceUsdPerMwh - scarcityOfPrice),
      buses: places.map((bus) => ({ bus: buses[bus]?.id ?? '', priceUsdPerMwh: published(priceAt(bus)) })),
    },
  };
}

function flowOf(frame: Frame, { dispatch, topology }: Outcome, { id, region }: Where): Saying {
  const { lines, interfaces } = frame.world.network;
  const { flowsFromRatio } = frame.world;
  return {
    type: 'grid.flow.v1',
    region: id,
    entity: id,
    data: {
      lines: lines.flatMap((line, place) => {
        const [from] = frame.grid.lineEnds[place] as readonly [number, number];
        const ratingMw = at(topology.isLineIn, place) === 1 ? line.ratingMw : 0;
        const isShown = ratingMw !== null && Math.abs(at(dispatch.netFlowMw, place)) >= flowsFromRatio * ratingMw;
        return frame.grid.regionOfBus[from] === region && isShown
          ? [{ line: line.id, netFlowMw: published(at(dispatch.netFlowMw, place)), ratingMw }]
          : [];
      }),
      interfaces: interfaces.flatMap((limit, place) => {
        const netFlowMw = at(dispatch.netInterfaceMw, place);
        const limitMw = netFlowMw < 0 ? (limit.reverseLimitMw ?? Infinity) : limit.limitMw;
        const isShown = flowsFromRatio === 0 || Math.abs(netFlowMw) >= flowsFromRatio * limitMw;
        return limit.region === id && isShown ? [{ interface: limit.id, netFlowMw: published(netFlowMw), limitMw: limit.limitMw }] : [];
      }),
      fromRatio: flowsFromRatio,
    },
  };
}

function curtailmentOf(frame: Frame, { input, dispatch }: Outcome, { id, region }: Where): Saying {
  const units = placesOf(frame, region).units.flatMap((place) => {
    const unit = frame.world.network.units[place];
    if (unit === undefined || unit.availability === null || unit.dailyEnergyMwh !== null) return [];
    const curtailedMw = published(at(input.availableMw, place) - at(dispatch.generationMw, place));
    return curtailedMw > 0 ? [{ unit: unit.id, curtailedMw }] : [];
  });
  return {
    type: 'grid.curtailment.v1',
    region: id,
    entity: id,
    data: { curtailedMw: published(units.reduce((sum, unit) => sum + unit.curtailedMw, 0)), units },
  };
}
