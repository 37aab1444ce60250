import type { NetworkFile } from './networkFile.js';
import type { World } from './schema.js';

type Network = World['network'];

/** What a network is made of, for people who look at it before they run it. */
export interface NetworkSummary {
  readonly name: string;
  readonly counts: Readonly<Record<'regions' | 'buses' | 'lines' | 'links' | 'interfaces' | 'units' | 'storages' | 'series', number>>;
  readonly capacityBySource: readonly { readonly source: string; readonly units: number; readonly capacityMw: number }[];
  readonly storageMw: number;
  readonly storageMwh: number;
  /** Parts that hang together by AC lines, as bus ids; one when the grid is whole. */
  readonly islands: readonly (readonly string[])[];
  /** AC lines whose loss cuts buses off, with the smaller side. */
  readonly radialLines: readonly { readonly line: string; readonly cutOffBuses: readonly string[]; readonly cutOffCapacityMw: number }[];
  /** Hours that every series covers, as the first and last instant; null: no series. */
  readonly covers: { readonly fromTime: string; readonly toTime: string } | null;
  readonly warnings: readonly string[];
}

/** Counts, capacity by source, islands, radial lines and warnings of a network. */
export function summaryOf({ name, regions, network, series, warnings }: NetworkFile): NetworkSummary {
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const sources = [...new Set(network.units.map((unit) => unit.source))];
  return {
    name,
    counts: {
      regions: regions.length,
      buses: network.buses.length,
      lines: network.lines.length,
      links: network.links.length,
      interfaces: network.interfaces.length,
      units: network.units.length,
      storages: network.storages.length,
      series: Object.keys(series).length,
    },
    capacityBySource: sources
      .map((source) => network.units.filter((unit) => unit.source === source))
      .map((units) => ({ source: units[0]?.source ?? '', units: units.length, capacityMw: sum(units.map((unit) => unit.capacityMw)) }))
      .sort((a, b) => b.capacityMw - a.capacityMw),
    storageMw: sum(network.storages.map((storage) => storage.powerMw)),
    storageMwh: sum(network.storages.map((storage) => storage.energyMwh)),
    islands: islandsOf(network.buses, network.lines),
    radialLines: radialLinesOf(network),
    covers: coverOf(series),
    warnings,
  };
}

/** Sets of buses joined by lines, each in the order of the buses. */
export function islandsOf(buses: Network['buses'], lines: Network['lines']): string[][] {
  const neighbours = new Map<string, string[]>(buses.map(({ id }) => [id, []]));
  for (const { fromBus, toBus } of lines) {
    neighbours.get(fromBus)?.push(toBus);
    neighbours.get(toBus)?.push(fromBus);
  }
  const islandOf = new Map<string, number>();
  let islands = 0;
  for (const { id } of buses) {
    if (islandOf.has(id)) continue;
    const open = [id];
    for (let bus = open.pop(); bus !== undefined; bus = open.pop()) {
      if (islandOf.has(bus)) continue;
      islandOf.set(bus, islands);
      open.push(...(neighbours.get(bus) ?? []));
    }
    islands += 1;
  }
  const result: string[][] = Array.from({ length: islands }, () => []);
  for (const { id } of buses) result[islandOf.get(id) ?? 0]?.push(id);
  return result;
}

/** Takes each line out once: cheap at the size of the networks here, and plainly right with parallel lines. */
function radialLinesOf({ buses, lines, units }: Network): NetworkSummary['radialLines'] {
  const whole = islandsOf(buses, lines).length;
  return lines.flatMap((line) => {
    const parts = islandsOf(
      buses,
      lines.filter((other) => other !== line),
    );
    if (parts.length === whole) return [];
    const sides = parts.filter((part) => part.includes(line.fromBus) || part.includes(line.toBus)).sort((a, b) => a.length - b.length);
    const cutOffBuses = sides[0] ?? [];
    const cutOffCapacityMw = units.filter((unit) => cutOffBuses.includes(unit.bus)).reduce((sumMw, unit) => sumMw + unit.capacityMw, 0);
    return [{ line: line.id, cutOffBuses, cutOffCapacityMw }];
  });
}

function coverOf(series: World['series']): NetworkSummary['covers'] {
  const all = Object.values(series);
  if (all.length === 0) return null;
  const fromMs = Math.max(...all.map((each) => Date.parse(each.startTime)));
  const toMs = Math.min(...all.map((each) => Date.parse(each.startTime) + each.values.length * each.stepMinutes * 60_000));
  return { fromTime: new Date(fromMs).toISOString(), toTime: new Date(toMs).toISOString() };
}
