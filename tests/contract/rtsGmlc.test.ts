import { beforeAll, describe, expect, it } from 'vitest';
import { plainLink } from '../../shared/scenario/plain.js';
import { readTable } from '../../shared/scenario/csv.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { importNetwork } from '../../shared/scenario/networkFile.js';
import { summaryOf } from '../../shared/scenario/networkSummary.js';
import type { World } from '../../shared/scenario/schema.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';

const dir = rtsGmlcDir ?? '';
if (rtsGmlcDir === null) console.warn(noRtsGmlc);

/** MW of a series in an hour of the year. */
function valueMw(world: Pick<World, 'series'>, name: string, hour: number): number {
  return world.series[name]?.values[hour] ?? Number.NaN;
}

const hourOf = (time: string): number => (Date.parse(time) - Date.UTC(2020, 0, 1)) / 3_600_000;

/** What all generating units could deliver in an hour, storage apart. */
function availableMw(world: Pick<World, 'series' | 'network'>, hour: number): number {
  return world.network.units.reduce(
    (sumMw, unit) => sumMw + (unit.availability?.kind === 'series' ? valueMw(world, unit.availability.series, hour) : unit.capacityMw),
    0,
  );
}

function nativeMw(world: Pick<World, 'series'>, hour: number): number {
  return ['area-1', 'area-2', 'area-3'].reduce((sumMw, area) => sumMw + valueMw(world, `load-${area}`, hour), 0);
}

describe.skipIf(rtsGmlcDir === null)('the RTS-GMLC import', () => {
  let imported: Awaited<ReturnType<typeof importNetwork>>;
  beforeAll(async () => {
    imported = await importNetwork(dir);
  });

  it('has the buses, branches and units of the data, without condensers and solar thermal', () => {
    const { counts, islands, radialLines, capacityBySource, covers } = summaryOf(imported);
    expect(counts).toEqual({ regions: 3, buses: 73, lines: 120, links: 1, interfaces: 0, units: 153, storages: 1, series: 83 });
    expect(islands.length).toBe(1);
    expect(radialLines.map(({ line, cutOffBuses }) => [line, ...cutOffBuses])).toEqual([
      ['b11', '207'],
      ['c11', '307'],
    ]);
    expect(Object.fromEntries(capacityBySource.map((row) => [row.source, Math.round(row.capacityMw * 10) / 10]))).toEqual({
      'gas-cc': 3_550,
      solar: 2_715.9,
      wind: 2_507.9,
      coal: 2_317,
      'gas-ct': 1_485,
      hydro: 1_000,
      nuclear: 400,
      oil: 324,
    });
    expect(covers).toEqual({ fromTime: '2020-01-01T00:00:00.000Z', toTime: '2021-01-01T00:00:00.000Z' });
  });

  it('takes costs, taps and the DC link as the peer scripts do', () => {
    const unit = imported.network.units.find(({ id }) => id === '101-steam-3');
    expect(unit?.costUsdPerMwh).toBeCloseTo((2.11399 * 13_270) / 1000, 9);
    expect(unit?.carbonKgPerMwh).toBeCloseTo(210 * 13.27 * 0.45359237, 9);
    expect(imported.network.lines.find(({ id }) => id === 'a7')).toMatchObject({ reactancePu: 0.084, tapRatio: 1.015 });
    expect(imported.network.links).toEqual([{ ...plainLink, scheduledMw: 100, id: 'dc1', fromBus: '113', toBus: '316', capacityMw: 100 }]);
    expect(imported.network.storages[0]).toMatchObject({ id: '313-storage-1', powerMw: 50, energyMwh: 150, initialMwh: 75 });
  });

  it('keeps the load of every hour as it stands in the file, to 1e-6', async () => {
    const table = await readTable(`${dir}/timeseries_data_files/Load/DAY_AHEAD_regional_Load.csv.gz`);
    expect(table.rows.length).toBe(8_784);
    const worstMw = Math.max(
      ...table.rows.map((row, hour) => Math.abs(Number(row[4]) + Number(row[5]) + Number(row[6]) - nativeMw(imported, hour))),
    );
    expect(worstMw).toBeLessThan(1e-6);
  });

  it('shares the load of an area among its buses completely', () => {
    for (const { id } of imported.regions) {
      const share = imported.network.buses.filter((bus) => bus.region === id).reduce((sum, bus) => sum + bus.loadShareRatio, 0);
      expect(share).toBeCloseTo(1, 12);
    }
  });

  it('never makes more of wind, sun and water than the unit can deliver', () => {
    for (const unit of imported.network.units) {
      if (unit.availability?.kind !== 'series') continue;
      expect(Math.max(...(imported.series[unit.availability.series]?.values ?? [Infinity]))).toBeLessThanOrEqual(unit.capacityMw);
    }
  });

  it('names every file its pointers miss, and goes on', () => {
    const missing = imported.warnings.filter((warning) => warning.includes('which is not there'));
    expect(missing.length).toBe(10);
    expect(
      missing.some((warning) =>
        warning.includes('"../timeseries_data_files/HYDRO/REAL_TIME_hydro.csv", which is not there: 20 series passed over'),
      ),
    ).toBe(true);
  });
});

describe.skipIf(rtsGmlcDir === null)('the overlay rts-gmlc', () => {
  let world: World;
  beforeAll(async () => {
    world = (await resolveWorld({ scenario: 'rts-gmlc', dataDir: dir })).world;
  });

  it('has the margins of the notes in the week of 22 July: what units could deliver less load less north and south at their limits', () => {
    const campusMw = world.campuses
      .filter(({ id }) => id === 'north' || id === 'south')
      .reduce((sumMw, campus) => sumMw + campus.limitMw, 0);
    expect(campusMw).toBe(1_600);
    const from = hourOf('2020-07-22T00:00Z');
    const hours = Array.from({ length: 7 * 24 }, (_, index) => from + index);
    const margins = hours.map((hour) => ({ hour, marginMw: availableMw(world, hour) - nativeMw(world, hour) - campusMw }));
    const below = (limitMw: number) => margins.filter(({ marginMw }) => marginMw < limitMw);
    const least = margins.reduce((a, b) => (b.marginMw < a.marginMw ? b : a));
    expect(Math.round(least.marginMw)).toBe(248);
    // Period 18 is the hour that begins at 17:00.
    expect(least.hour).toBe(hourOf('2020-07-26T17:00Z'));
    expect(below(600).length).toBe(14);
    const evenings = (limitMw: number) => new Set(below(limitMw).map(({ hour }) => Math.floor(hour / 24))).size;
    expect(evenings(600)).toBe(4);
    expect(evenings(world.reserve.requirementMw)).toBe(5);
  });

  it('has nothing scarce in the whole year without its campuses', () => {
    const least = Math.min(...Array.from({ length: 8_784 }, (_, hour) => availableMw(world, hour) - nativeMw(world, hour)));
    expect(Math.round(least)).toBe(1_848);
  });

  it('offers enough flexibility to lift the tightest hour above its reserve requirement', () => {
    const flexibleMw = world.contracts.reduce((sumMw, contract) => sumMw + contract.maxReductionMw, 0);
    expect(248 + flexibleMw).toBeGreaterThan(world.reserve.requirementMw);
    for (const campus of ['north', 'south']) {
      const trainingMw = world.runs
        .filter((run) => run.campus === campus && run.startWithBlock === null)
        .reduce((sumMw, run) => sumMw + 0.8 * run.facilityMw, 0);
      const soldMw = world.contracts
        .filter((contract) => contract.campus === campus)
        .reduce((sumMw, contract) => sumMw + contract.maxReductionMw, 0);
      expect(soldMw).toBeLessThanOrEqual(trainingMw);
    }
  });

  it('is one world each time it is read, and another with the nuclear unit out', async () => {
    const again = await resolveWorld({ scenario: 'rts-gmlc', dataDir: dir });
    const first = await resolveWorld({ scenario: 'rts-gmlc', dataDir: dir });
    const tight = await resolveWorld({ scenario: 'rts-gmlc-tight', dataDir: dir });
    expect(again.hash).toBe(first.hash);
    expect(tight.hash).not.toBe(first.hash);
    expect(tight.world.script.filter(({ target }) => target === '121-nuclear-1').map(({ atTime, action }) => [atTime, action])).toEqual([
      ['2020-07-25T00:00:00.000Z', 'trip-unit'],
      ['2020-07-28T00:00:00.000Z', 'return-unit'],
    ]);
  });
});
