import { wrongInput } from '../../runtime/errors.js';
import { placeOf, rowsOf, type Row, type Table } from '../csv.js';
import type { Unit, World } from '../schema.js';
import { slugOf, uniqueSlugs } from '../slug.js';
import { plainUnit } from '../plain.js';
import { busIn, idOf } from './network.js';
import { runningOf } from './running.js';

/** Unit types that take no part in the dispatch problem this data is compared on. */
const leftOut = new Set(['SYNC_COND', 'CSP']);
const unitTypes = 'CT, STEAM, CC, NUCLEAR, HYDRO, ROR, WIND, PV, RTPV, CSP, STORAGE, SYNC_COND';
/** Sources whose unused output can be called as reserve. Nuclear, water, wind and sun run at what they have. */
const reserveSources = new Set<Unit['source']>(['coal', 'gas-cc', 'gas-ct', 'oil']);
const kgPerPound = 0.45359237;

type Buses = World['network']['buses'];

/** A unit before its availability is known. */
export interface UnitRow {
  readonly unit: Unit;
  readonly needsSeries: boolean;
}

/**
 * Generating units that take part: marginal cost = fuel price * first average heat rate / 1000 + variable cost, $/MWh;
 * carbon = emission factor * the same heat rate.
 */
export function readUnits(table: Table, buses: Buses): { readonly units: readonly UnitRow[]; readonly skipped: readonly string[] } {
  const rows = rowsOf(table);
  const ids = uniqueSlugs(
    rows.map((row) => row.text('GEN UID')),
    `${table.file}: GEN UID`,
  );
  const skipped = rows.filter((row) => leftOut.has(row.text('Unit Type'))).map((row) => row.text('GEN UID'));
  const units = rows.flatMap((row, index): UnitRow[] => {
    const type = row.text('Unit Type');
    if (leftOut.has(type) || type === 'STORAGE') return [];
    const source = sourceOf(row, table, index);
    const heatRateMmbtuPerMwh = row.atLeastZero('HR_avg_0', 0) / 1000;
    const unit: Unit = {
      ...plainUnit,
      ...runningOf(table, row),
      id: idOf(ids, row.text('GEN UID')),
      name: row.text('GEN UID'),
      bus: busIn(table, index, row, 'Bus ID', buses),
      source,
      technology: type.toLowerCase(),
      capacityMw: row.atLeastZero('PMax MW'),
      costUsdPerMwh: row.atLeastZero('Fuel Price $/MMBTU', 0) * heatRateMmbtuPerMwh + row.number('VOM', 0),
      availability: null,
      dailyEnergyMwh: null,
      providesReserve: reserveSources.has(source),
      carbonKgPerMwh: carbonPoundsPerMmbtu(row, table) * heatRateMmbtuPerMwh * kgPerPound,
    };
    return [{ unit, needsSeries: source === 'wind' || source === 'solar' || source === 'hydro' }];
  });
  return { units, skipped };
}

/** Storages: power of the generator row, energy and start of its head reservoir, round-trip efficiency shared between both ways. */
export function readStorages(generators: Table, storage: Table, buses: Buses): World['network']['storages'] {
  const heads = rowsOf(storage).filter((row) => row.text('position') === 'head');
  return rowsOf(generators).flatMap((row, index) => {
    if (row.text('Unit Type') !== 'STORAGE') return [];
    const name = row.text('GEN UID');
    const head = heads.find((candidate) => candidate.text('GEN UID') === name);
    if (head === undefined)
      throw wrongInput(`${storage.file}: GEN UID: found no head reservoir of ${name}, allowed: one row with position head`);
    const oneWayRatio = Math.sqrt(row.aboveZero('Storage Roundtrip Efficiency') / 100);
    if (oneWayRatio > 1) row.refuse('Storage Roundtrip Efficiency', row.text('Storage Roundtrip Efficiency'), 'above 0 to 100');
    const [energyGwh, initialGwh] = [head.aboveZero('Max Volume GWh'), head.atLeastZero('Initial Volume GWh', 0)];
    if (initialGwh > energyGwh) head.refuse('Initial Volume GWh', initialGwh, `up to Max Volume GWh, ${energyGwh}`);
    return [
      {
        id: slugOf(name),
        bus: busIn(generators, index, row, 'Bus ID', buses),
        powerMw: row.aboveZero('PMax MW'),
        energyMwh: energyGwh * 1000,
        initialMwh: initialGwh * 1000,
        chargeEfficiencyRatio: oneWayRatio,
        dischargeEfficiencyRatio: oneWayRatio,
      },
    ];
  });
}

function carbonPoundsPerMmbtu(row: Row, table: Table): number {
  const column = 'Emissions CO2 Lbs/MMBTU';
  return table.header.includes(column) ? row.atLeastZero(column, 0) : 0;
}

function sourceOf(row: Row, table: Table, index: number): Unit['source'] {
  const type = row.text('Unit Type');
  const isOil = row.text('Fuel') === 'Oil';
  switch (type) {
    case 'CT':
      return isOil ? 'oil' : 'gas-ct';
    case 'STEAM':
      return isOil ? 'oil' : row.text('Fuel') === 'NG' ? 'gas-ct' : 'coal';
    case 'CC':
      return 'gas-cc';
    case 'NUCLEAR':
      return 'nuclear';
    case 'HYDRO':
    case 'ROR':
      return 'hydro';
    case 'WIND':
      return 'wind';
    case 'PV':
    case 'RTPV':
      return 'solar';
    default:
      throw wrongInput(`${placeOf(table, index, 'Unit Type')}: found ${JSON.stringify(type)}, allowed: ${unitTypes}`);
  }
}
