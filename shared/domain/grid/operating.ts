import type { Source } from '../../events/grid.js';
import type { ReserveUnit } from '../security/contingencyReserve.js';
import { isOnline } from '../security/governors.js';
import { at } from './dense.js';
import type { Outcome } from './facts.js';
import type { Frame } from './frame.js';

/** Something that feeds the grid, a unit or a storage, as the checks of security see it. */
export interface Feeder extends ReserveUnit {
  readonly id: string;
  readonly bus: number;
  readonly source: Source;
  readonly inertiaMws: number;
  readonly isSpread: boolean;
}

/** What stands on the grid at a tick, after everything that cleared in it. */
export interface OperatingPoint {
  /** Units in order, then storages; a storage that charges has an output below 0. */
  readonly feeders: readonly Feeder[];
  /** [campuses], MW. */
  readonly campusMw: readonly number[];
  /** [buses]: load that is served, without what storages draw. */
  readonly servedMw: Float64Array;
  readonly unservedMw: number;
  readonly chargeMw: number;
}

/** The operating point of a dispatch. A storage can give what it holds, and take what it has room for, over `minutes`. */
export function operatingPointOf(frame: Frame, outcome: Outcome, minutes: number): OperatingPoint {
  const { grid } = frame;
  const { input, dispatch } = outcome;
  const { network, contracts, security } = frame.world;
  const isSpread = (source: Source): boolean => security.spreadSources.includes(source);
  const units = network.units.map((unit, place): Feeder => {
    const outputMw = at(dispatch.generationMw, place);
    return {
      id: unit.id,
      bus: grid.busOfUnit[place] as number,
      source: unit.source,
      inertiaMws: unit.inertiaMws,
      outputMw,
      availableMw: at(input.availableMw, place),
      minMw: unit.minMw,
      rampMwPerMinute: unit.rampMwPerMinute,
      isOnline: isOnline(outputMw, null),
      providesReserve: unit.providesReserve,
      isSpread: isSpread(unit.source),
    };
  });
  const hours = minutes / 60;
  const storages = network.storages.map((storage, place): Feeder => {
    const storedMwh = outcome.storedMwh[place] ?? 0;
    const roomMwh = storage.energyMwh - storedMwh;
    return {
      id: storage.id,
      bus: grid.busOfStorage[place] as number,
      source: 'storage',
      inertiaMws: 0,
      outputMw: at(dispatch.dischargeMw, place) - at(dispatch.chargeMw, place),
      availableMw: Math.min(storage.powerMw, (storedMwh * storage.dischargeEfficiencyRatio) / hours),
      minMw: -Math.min(storage.powerMw, roomMwh / storage.chargeEfficiencyRatio / hours),
      rampMwPerMinute: null,
      isOnline: true,
      providesReserve: true,
      isSpread: isSpread('storage'),
    };
  });
  const campusMw = [...outcome.campusMw];
  contracts.forEach((_, place) => {
    const campus = grid.campusOfContract[place] as number;
    campusMw[campus] = Math.max(0, (campusMw[campus] as number) - at(dispatch.bidMw, place));
  });
  const servedMw = input.loadMw.map((mw, bus) => mw - at(dispatch.shedMw, bus));
  contracts.forEach((_, place) => {
    const bus = grid.busOfContract[place] as number;
    servedMw[bus] = at(servedMw, bus) - at(dispatch.bidMw, place);
  });
  return {
    feeders: [...units, ...storages],
    campusMw,
    servedMw,
    unservedMw: dispatch.shedMw.reduce((sum, mw) => sum + mw, 0),
    chargeMw: dispatch.chargeMw.reduce((sum, mw) => sum + mw, 0),
  };
}
