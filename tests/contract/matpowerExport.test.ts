import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { caseOf } from '../../shared/scenario/matpower/export.js';
import { importCase, readNetwork, type NetworkFile } from '../../shared/scenario/networkFile.js';
import { readCase, ringCase } from '../support/caseFile.js';
import { noPglib, noRtsGmlc, pglibDir, rtsGmlcDir } from '../support/data.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** What is read from the case a network was written as. */
async function readBack(network: NetworkFile, hour: number | null = null): Promise<NetworkFile> {
  const file = join(folder, 'back.m');
  await writeFile(file, caseOf(network, hour).text);
  return importCase(file);
}

const hourly = { startTime: '2030-01-01T00:00:00.000Z', stepMinutes: 60 };

/** The ring with loads of a region that move, and a unit that depends on the weather. */
async function moving(): Promise<NetworkFile> {
  const ring = await readCase(ringCase);
  const { network } = ring;
  return {
    ...ring,
    regions: ring.regions.map((region) => (region.id === 'area-1' ? { ...region, load: { kind: 'series', series: 'load' } } : region)),
    network: {
      ...network,
      buses: network.buses.map((bus) => (bus.region === 'area-1' ? { ...bus, loadShareRatio: 0.5 } : bus)),
      units: network.units.map((unit, place) =>
        place === 1 ? { ...unit, availability: { kind: 'series' as const, series: 'wind' }, minMw: 20 } : unit,
      ),
      changes: [
        { kind: 'scale-load', atTime: '2030-01-01T02:00:00.000Z', region: 'area-1', factorRatio: 3 },
        { kind: 'scale-cost', atTime: '2030-01-01T02:00:00.000Z', source: 'other', factorRatio: 2 },
        { kind: 'retire-unit', atTime: '2030-01-01T02:00:00.000Z', unit: 'gen-1-1' },
      ],
    },
    series: { load: { ...hourly, values: [10, 40, 20] }, wind: { ...hourly, values: [5, 60, 70] } },
  };
}

describe('a network written as a MATPOWER case', () => {
  it('is the same network when it is read back', async () => {
    const ring = await readCase(
      `${ringCase}mpc.dcline = [1 7 1 -8 -8 0 0 1 1 -20 0];\nmpc.gen_name = {'Alpha' 'CT' 'Oil'; 'B''s 1' 'PV' 'Solar'};`,
    );
    const back = await readBack(ring);
    expect(back.network).toEqual(ring.network);
    expect(back.regions).toEqual(ring.regions);
    expect([back.name, back.warnings]).toEqual(['ring', []]);
  });

  it('keeps ids that are no numbers', async () => {
    const ring = await readCase(ringCase);
    const network = JSON.parse(
      JSON.stringify(ring.network).replaceAll('"7"', '"my_bus"').replaceAll('line-1-7-1', 'west'),
    ) as typeof ring.network;
    expect((await readBack({ ...ring, network })).network).toEqual(network);
  });

  it('shows the hour of the highest load, changes that hold by then included', async () => {
    const { text, snapshot } = caseOf(await moving(), null);
    // Hour 2 has 20 MW threefold, more than the 40 MW of hour 1.
    expect([snapshot.hour, snapshot.atTime]).toEqual([2, '2030-01-01T02:00:00.000Z']);
    expect(text).toContain('% Loads and what units can deliver are those of hour 2, from 2030-01-01T02:00:00.000Z.');
    const back = await readBack(await moving());
    expect(back.network.buses.map(({ fixedLoadMw }) => fixedLoadMw)).toEqual([30, 80, 80]);
    expect(back.network.units.map(({ id, capacityMw, costUsdPerMwh }) => [id, capacityMw, costUsdPerMwh])).toEqual([['gen-2-1', 70, 60]]);
    expect(back.warnings).toEqual(['out of service and left out: 1 generators, 0 branches, 0 DC lines']);
  });

  it('shows any other hour, where a least output above what is there falls to it', async () => {
    const back = await readBack(await moving(), 0);
    expect(back.network.buses.map(({ fixedLoadMw }) => fixedLoadMw)).toEqual([5, 55, 80]);
    expect(back.network.units.map(({ capacityMw, minMw }) => [capacityMw, minMw])).toEqual([
      [200, 10],
      [5, 5],
    ]);
  });

  it('is refused for an hour that is not covered', async () => {
    const network = await moving();
    expect(() => caseOf(network, 3)).toThrow('hour: found 3, allowed: a whole number from 0 to 2');
  });

  it('says what it does not carry', async () => {
    const { text } = caseOf(await readNetwork('three-areas'), 17);
    const head = text.slice(0, text.indexOf('mpc.version'));
    expect(head).toContain('% Areas: 1 west, 2 central, 3 south.');
    for (const lost of ['voltages and reactive power', 'storages (1)', 'interface limits (1)', 'daily energy (1)', 'units that may be off'])
      expect(head).toContain(lost);
  });
});

describe.skipIf(pglibDir === null)(`published cases written again${pglibDir === null ? ` (${noPglib})` : ''}`, () => {
  it.each(['.', 'api', 'sad'])('are the same networks when they are read back: %s', async (sub) => {
    const dir = join(pglibDir ?? '', sub);
    const files = (await readdir(dir)).filter((name) => name.endsWith('.m'));
    expect(files.length).toBeGreaterThan(0);
    for (const name of files) {
      const network = await readNetwork(join(dir, name));
      const back = await readBack(network);
      expect({ ...back, warnings: [] }, name).toEqual({ ...network, warnings: [] });
    }
  });
});

describe.skipIf(rtsGmlcDir === null)(`RTS-GMLC written as a case${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  const dir = rtsGmlcDir ?? '';

  it('is the same network from its case', async () => {
    const network = await readNetwork(join(dir, 'MATPOWER/RTS_GMLC.m'));
    expect({ ...(await readBack(network)), warnings: [] }).toEqual({ ...network, warnings: [] });
  });

  it('keeps from its tables everything a case can hold, at the hour of the highest load', async () => {
    const tables = await readNetwork(dir);
    const { snapshot } = caseOf(tables, null);
    expect(snapshot.atTime).toBe('2020-08-26T14:00:00.000Z');
    const back = await readBack(tables);
    expect(back.network.buses.reduce((sumMw, bus) => sumMw + bus.fixedLoadMw, 0)).toBeCloseTo(8_191.836, 3);
    expect(back.network.buses.map((bus) => ({ ...bus, fixedLoadMw: 0 }))).toEqual(
      tables.network.buses.map((bus) => ({ ...bus, loadShareRatio: 0 })),
    );
    expect(back.network.lines).toEqual(tables.network.lines.map((line) => ({ ...line, outagesPerYear: 0, outageHours: 0 })));
    expect(back.network.links).toEqual(tables.network.links);
    const kept = (units: NetworkFile['network']['units']) =>
      units.map(({ id, name, bus, source, technology, costUsdPerMwh, rampMwPerMinute, scheduledMw }) =>
        [id, name, bus, source, technology, costUsdPerMwh, rampMwPerMinute, scheduledMw].join(' '),
      );
    expect(kept(back.network.units)).toEqual(kept(tables.network.units));
    expect(back.regions.map(({ id, name }) => [id, name])).toEqual(tables.regions.map(({ id, name }) => [id, name]));
  });
});
