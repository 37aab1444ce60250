import { assert } from '../assert.js';
import type { FactDataOf, FactType, Saying } from '../fact.js';
import { at, floatAt } from './dense.js';
import type { Dispatch } from './dispatch.js';
import type { Frame } from './frame.js';
import type { Ahead } from './clearing.js';
import type { DispatchInput } from './problem.js';
import type { Topology } from './topology.js';
import { published } from './published.js';
import type { Crossing, GridRegion } from './regions.js';

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
  return frame.regions.flatMap((region) => {
    const balance = balanceOf(outcome, region);
    return tellers.map(({ tell }) => tell(frame, outcome, region, balance));
  });
}

type Tell = (frame: Frame, outcome: Outcome, region: GridRegion, balance: Balance) => Saying;

const regionTellers: readonly { readonly type: FactType; readonly tell: Tell }[] = [
  { type: 'grid.supply.v1', tell: supplyOf },
  { type: 'grid.demand.v1', tell: demandOf },
  { type: 'grid.price.v1', tell: priceOf },
  { type: 'grid.flow.v1', tell: flowOf },
  { type: 'grid.curtailment.v1', tell: curtailmentOf },
  { type: 'grid.clearing.v1', tell: clearingOf },
];

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

function balanceOf({ input, dispatch, campusMw }: Outcome, region: GridRegion): Balance {
  const balance = {
    loadMw: totalAt(input.loadMw, region.buses),
    campusMw: region.campuses.reduce((sum, campus) => sum + (campusMw[campus] as number), 0),
    bidMw: totalAt(dispatch.bidMw, region.contracts),
    shedMw: totalAt(dispatch.shedMw, region.buses),
    generationMw: totalAt(dispatch.generationMw, region.units),
    chargeMw: totalAt(dispatch.chargeMw, region.storages),
    dischargeMw: totalAt(dispatch.dischargeMw, region.storages),
  };
  const netExportMw = balance.generationMw + balance.dischargeMw + balance.shedMw + balance.bidMw - balance.loadMw - balance.chargeMw;
  const borderMw = outflow(region.lineCrossings, dispatch.netFlowMw) + outflow(region.linkCrossings, dispatch.netLinkMw);
  assert(Math.abs(netExportMw - borderMw) <= 1e-6, `${region.id} exports ${netExportMw} MW, but ${borderMw} MW cross its border`);
  return { ...balance, netExportMw };
}

function totalAt(values: Float64Array, places: readonly number[]): number {
  let sum = 0;
  for (const place of places) sum += floatAt(values, place);
  return sum;
}

function outflow(crossings: readonly Crossing[], netMw: Float64Array): number {
  let sum = 0;
  for (const { place, sign } of crossings) sum += sign * floatAt(netMw, place);
  return sum;
}

function supplyOf(frame: Frame, { input, dispatch, storedMwh }: Outcome, region: GridRegion, balance: Balance): Saying {
  const { network } = frame.world;
  return {
    type: 'grid.supply.v1',
    region: region.id,
    entity: region.id,
    data: {
      generationMw: published(balance.generationMw),
      availableMw: published(totalAt(input.availableMw, region.units)),
      chargeMw: published(balance.chargeMw),
      dischargeMw: published(balance.dischargeMw),
      importMw: published(Math.max(0, -balance.netExportMw)),
      exportMw: published(Math.max(0, balance.netExportMw)),
      sources: region.sources.map(({ source, units }) => ({
        source,
        generationMw: published(totalAt(dispatch.generationMw, units)),
        availableMw: published(totalAt(input.availableMw, units)),
      })),
      units: region.units.map((place) => ({
        unit: network.units[place]?.id ?? '',
        generationMw: published(floatAt(dispatch.generationMw, place)),
        availableMw: published(floatAt(input.availableMw, place)),
      })),
      storages: region.storages.map((place) => ({
        storage: network.storages[place]?.id ?? '',
        chargeMw: published(floatAt(dispatch.chargeMw, place)),
        dischargeMw: published(floatAt(dispatch.dischargeMw, place)),
        storedMwh: published(storedMwh[place] ?? 0),
      })),
    },
  };
}

function demandOf(_frame: Frame, _outcome: Outcome, { id }: GridRegion, balance: Balance): Saying {
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

function priceOf(frame: Frame, { input, dispatch }: Outcome, region: GridRegion): Saying {
  const { buses } = frame.world.network;
  const { busPriceUsdPerMwh, scarcityUsdPerMwh } = dispatch;
  const weightMw = totalAt(input.loadMw, region.buses);
  let [priceUsdPerMwh, scarcityOfPrice] = [0, 0];
  for (const bus of region.buses) {
    const share = weightMw > 0 ? floatAt(input.loadMw, bus) / weightMw : 1 / region.buses.length;
    const price = floatAt(busPriceUsdPerMwh, bus);
    priceUsdPerMwh += price * share;
    // A price below the scarcity is one of a place whose power is of no use to reserve: there nothing of it is scarcity.
    scarcityOfPrice += (price < scarcityUsdPerMwh ? 0 : scarcityUsdPerMwh) * share;
  }
  return {
    type: 'grid.price.v1',
    region: region.id,
    entity: region.id,
    data: {
      priceUsdPerMwh: published(priceUsdPerMwh),
      reserveScarcityUsdPerMwh: published(scarcityOfPrice),
      energyUsdPerMwh: published(priceUsdPerMwh - scarcityOfPrice),
      buses: region.buses.map((bus) => ({ bus: buses[bus]?.id ?? '', priceUsdPerMwh: published(floatAt(busPriceUsdPerMwh, bus)) })),
    },
  };
}

function flowOf(frame: Frame, { dispatch, topology }: Outcome, region: GridRegion): Saying {
  const { lines, interfaces } = frame.world.network;
  const { flowsFromRatio } = frame.world;
  return {
    type: 'grid.flow.v1',
    region: region.id,
    entity: region.id,
    data: {
      lines: region.lines.flatMap((place) => {
        const line = lines[place];
        if (line === undefined) return [];
        const ratingMw = at(topology.isLineIn, place) === 1 ? line.ratingMw : 0;
        const isShown = ratingMw !== null && Math.abs(floatAt(dispatch.netFlowMw, place)) >= flowsFromRatio * ratingMw;
        return isShown ? [{ line: line.id, netFlowMw: published(floatAt(dispatch.netFlowMw, place)), ratingMw }] : [];
      }),
      interfaces: region.interfaces.flatMap((place) => {
        const limit = interfaces[place];
        if (limit === undefined) return [];
        const netFlowMw = floatAt(dispatch.netInterfaceMw, place);
        const limitMw = netFlowMw < 0 ? (limit.reverseLimitMw ?? Infinity) : limit.limitMw;
        const isShown = flowsFromRatio === 0 || Math.abs(netFlowMw) >= flowsFromRatio * limitMw;
        return isShown ? [{ interface: limit.id, netFlowMw: published(netFlowMw), limitMw: limit.limitMw }] : [];
      }),
      fromRatio: flowsFromRatio,
    },
  };
}

function curtailmentOf(frame: Frame, { input, dispatch }: Outcome, region: GridRegion): Saying {
  const units: { unit: string; curtailedMw: number }[] = [];
  let totalMw = 0;
  for (const place of region.curtailable) {
    const curtailedMw = published(floatAt(input.availableMw, place) - floatAt(dispatch.generationMw, place));
    if (curtailedMw <= 0) continue;
    units.push({ unit: frame.world.network.units[place]?.id ?? '', curtailedMw });
    totalMw += curtailedMw;
  }
  return {
    type: 'grid.curtailment.v1',
    region: region.id,
    entity: region.id,
    data: { curtailedMw: published(totalMw), units },
  };
}

function clearingOf(_frame: Frame, { offers }: Outcome, { id, contracts }: GridRegion): Saying {
  const cleared: FactDataOf['grid.clearing.v1']['offers'] = [];
  for (const place of contracts) {
    const offer = offers[place] ?? null;
    if (offer === null) continue;
    cleared.push({ ...offer, clearedMw: published(offer.clearedMw), priceUsdPerMwh: published(offer.priceUsdPerMwh) });
  }
  return { type: 'grid.clearing.v1', region: id, entity: id, data: { offers: cleared } };
}
