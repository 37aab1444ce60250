import { plainBus, plainLine, plainLink, plainUnit } from '../../shared/scenario/plain.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { GridWorld } from '../../shared/domain/grid/grid.js';

type Row = Record<string, string>;

/** The hourly problem that other tools are measured with: a year of loads, limits of units, and the network. */
export interface RtsHourly {
  readonly world: GridWorld;
  readonly unitName: readonly string[];
  /** MW at [bus] in an hour. */
  loadMw(hour: number): Float64Array;
  /** MW at most of [unit] in an hour. */
  availableMw(hour: number): Float64Array;
}

/** Reads it straight from the files: no storage, no CSP, marginal cost from the average heat rate, loads by share of the area. */
export function readRtsHourly(folder: string): RtsHourly {
  const buses = rows(folder, 'SourceData/bus.csv');
  const branches = rows(folder, 'SourceData/branch.csv');
  const units = rows(folder, 'SourceData/gen.csv').filter((row) => !['SYNC_COND', 'STORAGE', 'CSP'].includes(row['Unit Type'] ?? ''));
  const load = rows(folder, 'timeseries_data_files/Load/DAY_AHEAD_regional_Load.csv.gz');
  const limits = ['WIND/DAY_AHEAD_wind', 'PV/DAY_AHEAD_pv', 'RTPV/DAY_AHEAD_rtpv', 'Hydro/DAY_AHEAD_hydro'].map((name) =>
    rows(folder, `timeseries_data_files/${name}.csv.gz`),
  );
  const areaMw = new Map<string, number>();
  for (const bus of buses) areaMw.set(text(bus, 'Area'), (areaMw.get(text(bus, 'Area')) ?? 0) + number(bus, 'MW Load'));
  const share = buses.map((bus) => number(bus, 'MW Load') / (areaMw.get(text(bus, 'Area')) ?? NaN));
  const tableOf = units.map((unit) => limits.find((table) => text(unit, 'GEN UID') in (table[0] ?? {})));
  return {
    unitName: units.map((unit) => text(unit, 'GEN UID')),
    loadMw: (hour) => Float64Array.from(buses, (bus, place) => number(load[hour] ?? {}, text(bus, 'Area')) * (share[place] ?? NaN)),
    availableMw: (hour) =>
      Float64Array.from(units, (unit, place) => {
        const table = tableOf[place];
        return table === undefined
          ? number(unit, 'PMax MW')
          : Math.min(number(table[hour] ?? {}, text(unit, 'GEN UID')), number(unit, 'PMax MW'));
      }),
    world: {
      regions: [...areaMw.keys()].map((id) => ({ id, name: id, load: { kind: 'series', series: id } })),
      campuses: [],
      contracts: [],
      lostLoadUsdPerMwh: 10_000,
      reserve: { requirementMw: 0, shortageSteps: [], watchBelowMw: 0, warningBelowMw: 0, emergencyBelowMw: 0 },
      network: {
        changes: [],
        buses: buses.map((bus, place) => ({
          ...plainBus,
          id: text(bus, 'Bus ID'),
          name: text(bus, 'Bus Name'),
          region: text(bus, 'Area'),
          loadShareRatio: share[place] ?? NaN,
        })),
        lines: branches.map((branch) => ({
          ...plainLine,
          id: text(branch, 'UID'),
          fromBus: text(branch, 'From Bus'),
          toBus: text(branch, 'To Bus'),
          reactancePu: number(branch, 'X'),
          tapRatio: number(branch, 'Tr Ratio') > 0 ? number(branch, 'Tr Ratio') : 1,
          ratingMw: number(branch, 'Cont Rating'),
          emergencyRatingMw: number(branch, 'LTE Rating'),
        })),
        links: [{ ...plainLink, id: 'dc', fromBus: '113', toBus: '316', capacityMw: 100 }],
        interfaces: [],
        storages: [],
        units: units.map((unit) => ({
          ...plainUnit,
          id: text(unit, 'GEN UID'),
          name: text(unit, 'GEN UID'),
          bus: text(unit, 'Bus ID'),
          source: 'gas-cc',
          capacityMw: number(unit, 'PMax MW'),
          costUsdPerMwh: (number(unit, 'Fuel Price $/MMBTU') * (Number(unit['HR_avg_0']) || 0)) / 1000 + (Number(unit['VOM']) || 0),
          availability: null,
          dailyEnergyMwh: null,
          providesReserve: false,
          carbonKgPerMwh: 0,
        })),
      },
    },
  };
}

function rows(folder: string, name: string): Row[] {
  const bytes = readFileSync(join(folder, name));
  return parse(name.endsWith('.gz') ? gunzipSync(bytes) : bytes, { columns: true, bom: true }) as Row[];
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (value === undefined) throw new Error(`${column}: no such column`);
  return value;
}

function number(row: Row, column: string): number {
  return Number(text(row, column));
}
