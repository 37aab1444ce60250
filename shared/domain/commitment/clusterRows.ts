import { at } from '../grid/dense.js';
import type { Entry } from './builder.js';
import { mayRun, type Cluster } from './clusters.js';
import type { Draft } from './windowProblem.js';

/** Columns of clusters. */
export interface ClusterColumns {
  /** [clusters * hours]: how many members are on, start, stop. */
  readonly on: Int32Array;
  readonly start: Int32Array;
  readonly stop: Int32Array;
  /** [clusters * hours]: first cost block; the others follow it. */
  readonly blocks: Int32Array;
}

/** A cluster, and its columns by hour. */
interface Placed {
  readonly cluster: Cluster;
  readonly on: readonly number[];
  readonly start: readonly number[];
  readonly stop: readonly number[];
  /** [hours][blocks] */
  readonly blocks: readonly (readonly number[])[];
  /** Members on before the window, and what they gave above their least output, MW. */
  readonly onBefore: number;
  readonly aboveBeforeMw: number;
}

/** Writes what can be decided about clusters: columns, and the rows that tie them together. */
export function addClusters(draft: Draft, clusters: readonly Cluster[]): ClusterColumns {
  const hourCount = draft.hours.length;
  const columns: ClusterColumns = {
    on: new Int32Array(clusters.length * hourCount),
    start: new Int32Array(clusters.length * hourCount),
    stop: new Int32Array(clusters.length * hourCount),
    blocks: new Int32Array(clusters.length * hourCount),
  };
  const reserveEntries = new Map<string, Entry[]>();
  clusters.forEach((cluster, place) => {
    const placed = addColumns(draft, cluster);
    for (let hour = 0; hour < hourCount; hour++) {
      columns.on[place * hourCount + hour] = at(placed.on, hour);
      columns.start[place * hourCount + hour] = at(placed.start, hour);
      columns.stop[place * hourCount + hour] = at(placed.stop, hour);
      columns.blocks[place * hourCount + hour] = placed.blocks[hour]?.[0] ?? -1;
    }
    addTurnings(draft, placed);
    addTimes(draft, placed);
    addWidths(draft, placed);
    addRamps(draft, placed);
    addReserves(draft, placed, reserveEntries);
  });
  addRequirements(draft, reserveEntries);
  return columns;
}

/** MW a block of one member offers in an hour. */
function widthMw({ unit, availableMw }: Cluster, block: number, hour: number): number {
  let belowMw = unit.minMw;
  for (let place = 0; place < block; place++) belowMw += unit.cost.blocks[place]?.widthMw ?? 0;
  return Math.max(0, Math.min(unit.cost.blocks[block]?.widthMw ?? 0, at(availableMw, hour) - belowMw));
}

function addColumns(draft: Draft, cluster: Cluster): Placed {
  const { unit, members } = cluster;
  const { bus, cost } = unit;
  const committedCount = draft.state.units.length;
  const states = members.map((member) => draft.state.units[member]);
  const onBefore = states.filter((state) => state?.isOn === true).length;
  const aboveBeforeMw = states.reduce((sum, state) => sum + (state?.isOn === true ? Math.max(0, state.outputMw - unit.minMw) : 0), 0);
  const [on, start, stop]: [number[], number[], number[]] = [[], [], []];
  const blocks: number[][] = [];
  let wasOn = onBefore;
  draft.hours.forEach((_, hour) => {
    const fixed = draft.fixed;
    const most = mayRun(cluster, hour) ? members.length : 0;
    const isOn = fixed === null ? null : members.reduce((sum, member) => sum + at(fixed.isOn, hour * committedCount + member), 0);
    const least = unit.isAlwaysOn ? most : 0;
    on.push(draft.column(hour, { lower: isOn ?? least, upper: isOn ?? most, costUsd: cost.usdPerHourAtFrom, isInteger: true }));
    // Starts and stops are whole by themselves: they only cost and only constrain, so one of the two is 0 and the other the difference.
    const started = isOn === null ? null : Math.max(0, isOn - wasOn);
    const stopped = isOn === null ? null : Math.max(0, wasOn - isOn);
    start.push(draft.column(hour, { lower: started ?? 0, upper: started ?? most, costUsd: unit.startUsd }));
    stop.push(draft.column(hour, { lower: stopped ?? 0, upper: stopped ?? members.length, costUsd: unit.stopUsd }));
    wasOn = isOn ?? wasOn;
    draft.injections[hour]?.push({ column: at(on, hour), bus, mw: unit.minMw });
    blocks.push(
      cost.blocks.map(({ usdPerMwh }, block) =>
        draft.column(hour, { lower: 0, upper: (isOn ?? members.length) * widthMw(cluster, block, hour), costUsd: usdPerMwh }),
      ),
    );
    for (const column of blocks[hour] ?? []) draft.injections[hour]?.push({ column, bus, mw: 1 });
  });
  return { cluster, on, start, stop, blocks, onBefore, aboveBeforeMw };
}

/** What is on now is what was on, plus starts, less stops. */
function addTurnings({ builder, hours }: Draft, { on, start, stop, onBefore }: Placed): void {
  hours.forEach((_, hour) => {
    const entries: Entry[] = [
      [at(on, hour), 1],
      [at(start, hour), -1],
      [at(stop, hour), 1],
    ];
    if (hour > 0) entries.push([at(on, hour - 1), -1]);
    const right = hour > 0 ? 0 : onBefore;
    builder.row({ lower: right, upper: right, entries });
  });
}

/** Who started lately is on, who stopped lately is off. An hour out of service ends the least time on. */
function addTimes({ builder, hours, state, fixed }: Draft, { cluster, on, start, stop }: Placed): void {
  if (fixed !== null) return;
  const { unit, members } = cluster;
  const sinceLess = (isOn: boolean, hoursInState: number): number =>
    members.filter((member) => state.units[member]?.isOn === isOn && (state.units[member]?.hoursInState ?? 0) <= hoursInState).length;
  let firstRunnable = 0;
  hours.forEach((_, hour) => {
    const downEntries: Entry[] = [[at(on, hour), 1]];
    for (let past = Math.max(0, hour - unit.minDownHours + 1); past <= hour; past++) downEntries.push([at(stop, past), 1]);
    const stopped = sinceLess(false, unit.minDownHours - 1 - hour);
    builder.row({ lower: -Infinity, upper: members.length - stopped, entries: downEntries });
    if (!mayRun(cluster, hour)) {
      firstRunnable = hour + 1;
      return;
    }
    const upEntries: Entry[] = [[at(on, hour), -1]];
    for (let past = Math.max(firstRunnable, hour - unit.minUpHours + 1); past <= hour; past++) upEntries.push([at(start, past), 1]);
    const started = firstRunnable > 0 ? 0 : sinceLess(true, unit.minUpHours - 1 - hour);
    builder.row({ lower: -Infinity, upper: -started, entries: upEntries });
  });
}

/** A block is no wider than what is on. */
function addWidths({ builder, hours, fixed }: Draft, { cluster, on, blocks }: Placed): void {
  if (fixed !== null) return;
  hours.forEach((_, hour) => {
    (blocks[hour] ?? []).forEach((column, block) => {
      const entries: Entry[] = [
        [column, 1],
        [at(on, hour), -widthMw(cluster, block, hour)],
      ];
      builder.row({ lower: -Infinity, upper: 0, entries });
    });
  });
}

/** Power above the least output changes by at most the ramp of what is on; not downwards where less is available than before. */
function addRamps({ builder, hours }: Draft, { cluster, on, blocks, onBefore, aboveBeforeMw }: Placed): void {
  const { unit, availableMw } = cluster;
  const rampMw = unit.rampMwPerHour;
  if (rampMw >= unit.capacityMw - unit.minMw) return;
  const sum = (hour: number, sign: number): Entry[] => (blocks[hour] ?? []).map((column): Entry => [column, sign]);
  hours.forEach((_, hour) => {
    const isFirst = hour === 0;
    const up: Entry[] = [...sum(hour, 1), ...sum(hour - 1, -1), [at(on, hour), -rampMw]];
    builder.row({ lower: -Infinity, upper: isFirst ? aboveBeforeMw : 0, entries: up });
    if (at(availableMw, hour) < (isFirst ? unit.capacityMw : at(availableMw, hour - 1))) return;
    const down: Entry[] = [...sum(hour, -1), ...sum(hour - 1, 1)];
    if (!isFirst) down.push([at(on, hour - 1), -rampMw]);
    builder.row({ lower: -Infinity, upper: isFirst ? rampMw * onBefore - aboveBeforeMw : 0, entries: down });
  });
}

/** Reserve fits above the output, and into what can be ramped in time. */
function addReserves(draft: Draft, { cluster, on, blocks }: Placed, byRequirement: Map<string, Entry[]>): void {
  const { unit, members, availableMw } = cluster;
  if (unit.reserves.length === 0) return;
  const { reserves } = draft.commitment.options;
  draft.hours.forEach((_, hour) => {
    const roomMw = Math.max(0, at(availableMw, hour) - unit.minMw);
    const provided = unit.reserves.map((product) => {
      const reachMw = Math.min(roomMw, ((reserves[product]?.responseMinutes ?? 0) / 60) * unit.rampMwPerHour);
      const column = draft.column(hour, { lower: 0, upper: members.length * reachMw, costUsd: 0 });
      const entries: Entry[] = [
        [column, 1],
        [at(on, hour), -reachMw],
      ];
      draft.builder.row({ lower: -Infinity, upper: 0, entries });
      const key = `${product}/${hour}`;
      byRequirement.set(key, [...(byRequirement.get(key) ?? []), [column, 1]]);
      return column;
    });
    const entries: Entry[] = [...(blocks[hour] ?? []), ...provided].map((column): Entry => [column, 1]);
    draft.builder.row({ lower: -Infinity, upper: 0, entries: [...entries, [at(on, hour), -roomMw]] });
  });
}

/** What is provided, and what is missing at its price, meets the requirement. */
function addRequirements(draft: Draft, byRequirement: ReadonlyMap<string, readonly Entry[]>): void {
  draft.commitment.options.reserves.forEach(({ shortageUsdPerMwh }, product) => {
    draft.hours.forEach(({ reserveMw }, hour) => {
      const requirementMw = at(reserveMw, product);
      if (requirementMw <= 0) return;
      const missing = draft.column(hour, { lower: 0, upper: requirementMw, costUsd: shortageUsdPerMwh });
      const entries: readonly Entry[] = [...(byRequirement.get(`${product}/${hour}`) ?? []), [missing, 1]];
      draft.builder.row({ lower: requirementMw, upper: Infinity, entries });
    });
  });
}
