import { at } from '../grid/dense.js';
import type { Entry } from './builder.js';
import { availableOf } from './model.js';
import type { Draft } from './windowProblem.js';

/** Columns of groups that run freely: [hours * groups], first cost block; the others follow it. */
export interface FreeColumns {
  readonly base: Int32Array;
}

/** [hours * storages] each; `isCharging` is 1 in hours of charging. */
export interface StorageColumns {
  readonly charge: Int32Array;
  readonly discharge: Int32Array;
  readonly stored: Int32Array;
  readonly isCharging: Int32Array;
}

/** [hours * buses] each, -1 where there can be none: load not served, and power that cannot be put anywhere. */
export interface SlackColumns {
  readonly shed: Int32Array;
  readonly surplus: Int32Array;
}

/** Groups that give anything between nothing and what is available. */
export function addFreeGroups(draft: Draft): FreeColumns {
  const { free } = draft.commitment;
  const base = new Int32Array(draft.hours.length * free.length).fill(-1);
  draft.hours.forEach(({ availableMw }, hour) => {
    free.forEach((group, place) => {
      const isOne = group.cost.blocks.length === 1;
      let leftMw = availableOf(group, availableMw) - group.fromMw;
      group.cost.blocks.forEach(({ widthMw, usdPerMwh }, block) => {
        const upper = Math.max(0, isOne ? leftMw : Math.min(widthMw, leftMw));
        leftMw -= upper;
        const column = draft.column(hour, { lower: 0, upper, costUsd: usdPerMwh });
        if (block === 0) base[hour * free.length + place] = column;
        draft.injections[hour]?.push({ column, bus: group.bus, mw: 1 });
      });
      if (group.fromMw === 0 && group.cost.usdPerHourAtFrom === 0) return;
      // What is given and spent at the lower end is a constant, as a column that cannot move.
      const column = draft.column(hour, { lower: 1, upper: 1, costUsd: group.cost.usdPerHourAtFrom });
      draft.injections[hour]?.push({ column, bus: group.bus, mw: group.fromMw });
    });
  });
  return { base };
}

/** Links, from the first to the second bus; negative the other way. */
export function addLinks(draft: Draft): Int32Array {
  const { network, linkEnds } = draft.commitment;
  const columns = new Int32Array(draft.hours.length * linkEnds.length);
  draft.hours.forEach((_, hour) => {
    linkEnds.forEach(([from, to], place) => {
      const link = network.links[place];
      const upper = link?.capacityMw ?? 0;
      const column = draft.column(hour, { lower: -(link?.reverseCapacityMw ?? upper), upper, costUsd: 0 });
      columns[hour * linkEnds.length + place] = column;
      draft.injections[hour]?.push({ column, bus: from, mw: -1 }, { column, bus: to, mw: 1 });
    });
  });
  return columns;
}

/** Storages either charge or discharge in an hour, and hold at the end at least what they held at the start. */
export function addStorages(draft: Draft): StorageColumns {
  const { commitment, hours, state, fixed, builder } = draft;
  const { busOfStorage, network } = commitment;
  const count = busOfStorage.length;
  const columns = ['charge', 'discharge', 'stored', 'isCharging'].map(() => new Int32Array(hours.length * count));
  const [charge, discharge, stored, isCharging] = columns as [Int32Array, Int32Array, Int32Array, Int32Array];
  hours.forEach((_, hour) => {
    busOfStorage.forEach((bus, place) => {
      const storage = network.storages[place];
      if (storage === undefined) return;
      const { powerMw, energyMwh, chargeEfficiencyRatio, dischargeEfficiencyRatio } = storage;
      const index = hour * count + place;
      const heldMwh = Math.min(energyMwh, state.storedMwh[place] ?? 0);
      const isLast = hour === hours.length - 1;
      const decided = fixed === null ? null : at(fixed.isCharging, index);
      charge[index] = draft.column(hour, { lower: 0, upper: powerMw, costUsd: 0 });
      discharge[index] = draft.column(hour, { lower: 0, upper: powerMw, costUsd: 0 });
      stored[index] = draft.column(hour, { lower: isLast ? heldMwh : 0, upper: energyMwh, costUsd: 0 });
      isCharging[index] = draft.column(hour, { lower: decided ?? 0, upper: decided ?? 1, costUsd: 0, isInteger: true });
      draft.injections[hour]?.push({ column: at(charge, index), bus, mw: -1 }, { column: at(discharge, index), bus, mw: 1 });
      const level: Entry[] = [
        [at(stored, index), 1],
        [at(charge, index), -chargeEfficiencyRatio],
        [at(discharge, index), 1 / dischargeEfficiencyRatio],
      ];
      if (hour > 0) level.push([at(stored, index - count), -1]);
      const before = hour > 0 ? 0 : heldMwh;
      builder.row({ lower: before, upper: before, entries: level });
      const direction = at(isCharging, index);
      builder.row({
        lower: -Infinity,
        upper: 0,
        entries: [
          [at(charge, index), 1],
          [direction, -powerMw],
        ],
      });
      builder.row({
        lower: -Infinity,
        upper: powerMw,
        entries: [
          [at(discharge, index), 1],
          [direction, powerMw],
        ],
      });
    });
  });
  return { charge, discharge, stored, isCharging };
}

/** Load not served and power with nowhere to go, both at the price of lost load, so that every hour has an answer. */
export function addSlack(draft: Draft): SlackColumns {
  const { network, options, committed } = draft.commitment;
  const busCount = network.buses.length;
  const shed = new Int32Array(draft.hours.length * busCount).fill(-1);
  const surplus = new Int32Array(draft.hours.length * busCount).fill(-1);
  const forced = new Set(committed.map(({ bus }) => bus));
  const costUsd = options.lostLoadUsdPerMwh;
  draft.hours.forEach(({ loadMw }, hour) => {
    loadMw.forEach((mw, bus) => {
      if (mw > 0) {
        const column = draft.column(hour, { lower: 0, upper: mw, costUsd });
        shed[hour * busCount + bus] = column;
        draft.injections[hour]?.push({ column, bus, mw: 1 });
      }
      if (mw < 0 || forced.has(bus)) {
        const column = draft.column(hour, { lower: 0, upper: Infinity, costUsd });
        surplus[hour * busCount + bus] = column;
        draft.injections[hour]?.push({ column, bus, mw: -1 });
      }
    });
  });
  return { shed, surplus };
}
