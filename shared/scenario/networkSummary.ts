import type { NetworkFile } from './networkFile.js';
import { bridgesOf, islandsOf } from './networkGraph.js';
import type { World } from './schema.js';

type Network = World['network'];

/** What a network is made of, for people who look at it before they run it. */
export interface NetworkSummary {
  readonly name: string;
  readonly counts: Readonly<Record<'regions' | 'buses' | 'lines' | 'links' | 'interfaces' | 'units' | 'storages' | 'series', number>>;
  readonly capacityBySource: readonly { readonly source: string; readonly units: number; readonly capacityMw: number }[];
  /** Load that is the same at all times, beside what the regions share out. */
  readonly fixedLoadMw: number;
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
    fixedLoadMw: sum(network.buses.map((bus) => bus.fixedLoadMw)),
    storageMw: sum(network.storages.map((storage) => storage.powerMw)),
    storageMwh: sum(network.storages.map((storage) => storage.energyMwh)),
    islands: islandsOf(network.buses, network.lines),
    radialLines: radialLinesOf(network),
    covers: coverOf(series),
    warnings,
  };
}

function radialLinesOf({ buses, lines, units }: Network): NetworkSummary['radialLines'] {
  const capacityMw = new Map<string, number>();
  for (const unit of units) capacityMw.set(unit.bus, (capacityMw.get(unit.bus) ?? 0) + unit.capacityMw);
  return bridgesOf(buses, lines).map(({ branch, cutOff }) => {
    const cutOffBuses = cutOff.map((place) => buses[place]?.id ?? '');
    return {
      line: lines[branch]?.id ?? '',
      cutOffBuses,
      cutOffCapacityMw: cutOffBuses.reduce((sumMw, bus) => sumMw + (capacityMw.get(bus) ?? 0), 0),
    };
  });
}

function coverOf(series: World['series']): NetworkSummary['covers'] {
  const all = Object.values(series);
  if (all.length === 0) return null;
  const fromMs = Math.max(...all.map((each) => Date.parse(each.startTime)));
  const toMs = Math.min(...all.map((each) => Date.parse(each.startTime) + each.values.length * each.stepMinutes * 60_000));
  return { fromTime: new Date(fromMs).toISOString(), toTime: new Date(toMs).toISOString() };
}
