import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importNetwork, readNetwork, writeNetwork } from '../../shared/scenario/networkFile.js';

const bus = 'Bus ID,Bus Name,MW Load,Area\n1,Ada,30,1\n2,Bea,10,1\n3,Cleo,5,2\n';
const branch = 'UID,From Bus,To Bus,X,Cont Rating,LTE Rating,Tr Ratio\nL1,1,2,0.1,100,110,0\nT 2,2,3,0.2,50,60,1.05\n';
const dcBranch = 'UID,From Bus,To Bus,MW Load\nDC1,1,3,20\n';
const gen = [
  'GEN UID,Bus ID,Unit Type,Fuel,PMax MW,Fuel Price $/MMBTU,HR_avg_0,VOM,Storage Roundtrip Efficiency',
  '1_CT_1,1,CT,NG,40,4,10000,NA,0',
  '2_WIND_1,2,WIND,Wind,25,0,NA,0,0',
  '3_STORAGE_1,3,STORAGE,Storage,5,0,0,0,81',
  '1_SYNC_COND_1,1,SYNC_COND,Sync_Cond,0,0,0,0,0',
  '',
].join('\n');
const storage = 'GEN UID,Max Volume GWh,Initial Volume GWh,position\n3_STORAGE_1,0.02,0.01,head\n3_STORAGE_1,0.02,0.01,tail\n';
const pointers = [
  'Simulation,Category,Object,Parameter,Data File',
  'DAY_AHEAD,Area,1,MW Load,../timeseries_data_files/LOAD/load.csv',
  'DAY_AHEAD,Area,2,MW Load,../timeseries_data_files/LOAD/load.csv',
  'DAY_AHEAD,Generator,2_WIND_1,PMax MW,../timeseries_data_files/WIND/wind.csv',
  '',
].join('\n');
const load = 'Year,Month,Day,Period,1,2\n2020,1,1,1,32,4\n2020,1,1,2,31,5\n';
const wind = 'Year,Month,Day,Period,2_WIND_1\n2020,1,1,1,30\n2020,1,1,2,7\n';

let dir = '';
const put = (path: string, content: string | Buffer): Promise<void> => writeFile(join(dir, path), content);

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'loadstone-rts-'));
  await mkdir(join(dir, 'sourcedata'));
  await mkdir(join(dir, 'timeseries_data_files/Load'), { recursive: true });
  await mkdir(join(dir, 'timeseries_data_files/wind'));
  const tables = { bus, branch, dc_branch: dcBranch, gen, storage, timeseries_pointers: pointers };
  for (const [name, content] of Object.entries(tables)) await put(`sourcedata/${name}.csv`, content);
  await put('timeseries_data_files/Load/load.csv', load);
  await put('timeseries_data_files/wind/WIND.csv.gz', gzipSync(wind));
});
afterEach(() => rm(dir, { recursive: true }));

async function refusal(): Promise<string> {
  const error = await importNetwork(dir).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message.replace(`${dir}/`, '') : 'accepted';
}

describe('a folder in the form of RTS-GMLC', () => {
  it('is read whatever the case of its folders, packed or not, with mixed line ends, a byte-order mark and NA', async () => {
    await put('sourcedata/bus.csv', `\uFEFF${bus.replace('Area\n', 'Area\r\n').replace('30,1\n', '30,1\r\n')}`);
    const { network, regions, series } = await importNetwork(dir);
    expect(regions.map(({ id }) => id)).toEqual(['area-1', 'area-2']);
    expect(network.buses.map(({ id, loadShareRatio }) => [id, loadShareRatio])).toEqual([
      ['1', 0.75],
      ['2', 0.25],
      ['3', 1],
    ]);
    expect(network.units.map(({ id, costUsdPerMwh }) => [id, costUsdPerMwh])).toEqual([
      ['1-ct-1', 40],
      ['2-wind-1', 0],
    ]);
    expect(network.lines.map(({ id, reactancePu, tapRatio }) => [id, reactancePu, tapRatio])).toEqual([
      ['l1', 0.1, 1],
      ['t-2', 0.2, 1.05],
    ]);
    expect(network.storages).toEqual([
      { id: '3-storage-1', bus: '3', powerMw: 5, energyMwh: 20, initialMwh: 10, chargeEfficiencyRatio: 0.9, dischargeEfficiencyRatio: 0.9 },
    ]);
    // The wind hour above capacity is capped; period 1 is the hour from 00:00.
    expect(series['2-wind-1']).toEqual({ startTime: '2020-01-01T00:00:00.000Z', stepMinutes: 60, values: [25, 7] });
    expect(series['load-area-2']?.values).toEqual([4, 5]);
  });

  it('leaves out a unit whose hours are missing, and says so', async () => {
    await rm(join(dir, 'timeseries_data_files/wind/WIND.csv.gz'));
    const { network, warnings } = await importNetwork(dir);
    expect(network.units.map(({ id }) => id)).toEqual(['1-ct-1']);
    expect(warnings[0]).toContain('found "../timeseries_data_files/WIND/wind.csv", which is not there: 1 series passed over');
    expect(warnings[1]).toBe('2_WIND_1: no day-ahead hours, left out with its 25 MW');
  });

  it('is refused without the load of an area', async () => {
    await rm(join(dir, 'timeseries_data_files/Load/load.csv'));
    expect(await refusal()).toBe('sourcedata: found no day-ahead load of area 1, allowed: a pointer to a file that is there');
  });

  it.each<[string, string, string, string]>([
    ['a table is empty', 'branch.csv', '', 'sourcedata/branch.csv: found an empty file, allowed: a file with content'],
    [
      'a branch ends at an unknown bus',
      'branch.csv',
      branch.replace('2,3,0.2', '2,9,0.2'),
      'sourcedata/branch.csv:3: To Bus: found "9", an unknown bus, allowed: the 3 buses of bus.csv',
    ],
    ['power is negative', 'gen.csv', gen.replace(',25,', ',-25,'), 'sourcedata/gen.csv:3: PMax MW: found -25, allowed: a number from 0'],
    [
      'a number is no number',
      'branch.csv',
      branch.replace('0.2,50', 'NaN,50'),
      'sourcedata/branch.csv:3: X: found "NaN", allowed: a number',
    ],
    [
      'a unit stands twice',
      'gen.csv',
      gen.replace('2_WIND_1', '1_CT_1'),
      'sourcedata/gen.csv: GEN UID: found "1_CT_1" twice, allowed: names that stay different as ids',
    ],
    [
      'a reactance is zero',
      'branch.csv',
      branch.replace('0.2,50', '0,50'),
      'sourcedata/branch.csv:3: X: found 0, allowed: a reactance other than 0',
    ],
    [
      'a rating is zero',
      'branch.csv',
      branch.replace('0.2,50', '0.2,0'),
      'sourcedata/branch.csv:3: Cont Rating: found 0, allowed: a number above 0',
    ],
    [
      'a branch ends where it begins',
      'branch.csv',
      branch.replace('2,3,0.2', '2,2,0.2'),
      'sourcedata/branch.csv:3: To Bus: found "2", the bus it begins at, allowed: another bus',
    ],
    [
      'a bus is cut off',
      'bus.csv',
      `${bus}4,Dot,5,2\n`,
      'sourcedata/bus.csv:5: Bus ID: found bus 4 cut off from the other 3 (2 islands), ' +
        'allowed: buses joined by the lines of branch.csv or the links of dc_branch.csv',
    ],
    [
      'the least output is above the largest',
      'gen.csv',
      gen
        .replace('PMax MW,', 'PMax MW,PMin MW,')
        .replaceAll(/,(40|25|5|0),(4|0),/g, ',$1,0,$2,')
        .replace(',40,0,', ',40,41,'),
      'sourcedata/gen.csv:2: PMin MW: found 41, allowed: up to PMax MW, 40',
    ],
    [
      'a storage begins fuller than it can be',
      'storage.csv',
      storage.replace('0.02,0.01,head', '0.02,0.03,head'),
      'sourcedata/storage.csv:2: Initial Volume GWh: found 0.03, allowed: up to Max Volume GWh, 0.02',
    ],
    [
      'a row is short',
      'bus.csv',
      bus.replace('2,Bea,10,1', '2,Bea,10'),
      'sourcedata/bus.csv:3: found 3 cells, allowed: 4, as in the header',
    ],
    [
      'a quote is not closed',
      'bus.csv',
      bus.replace('Bea', '"Bea'),
      'sourcedata/bus.csv:4: found Quote Not Closed: the parsing is finished with an opening quote at line 4, ' +
        'allowed: CSV with equally long rows',
    ],
    [
      'there are empty lines before the row that is wrong',
      'branch.csv',
      branch.replace('T 2,2,3,0.2', '\n\r\nT 2,2,3,NaN'),
      'sourcedata/branch.csv:5: X: found "NaN", allowed: a number',
    ],
    [
      'a column is missing',
      'bus.csv',
      bus.replace('MW Load', 'kW Load'),
      'sourcedata/bus.csv: found no column "MW Load", allowed: Bus ID, Bus Name, kW Load, Area',
    ],
    [
      'a unit is of an unknown type',
      'gen.csv',
      gen.replace('CT,NG', 'FUSION,NG'),
      'sourcedata/gen.csv:2: Unit Type: found "FUSION", allowed: CT, STEAM, CC, NUCLEAR, ' +
        'HYDRO, ROR, WIND, PV, RTPV, CSP, STORAGE, SYNC_COND',
    ],
  ])('is refused in one line when %s', async (_what, file, content, line) => {
    await put(`sourcedata/${file}`, content);
    expect(await refusal()).toBe(line);
  });

  it('is refused when an hour is missing from a series', async () => {
    await put('timeseries_data_files/Load/load.csv', load.replace('2020,1,1,2', '2020,1,1,3'));
    expect(await refusal()).toBe(
      'timeseries_data_files/Load/load.csv:3: Period: found 2020-1-1 period 3, allowed: periods 1 to 24, each hour after the one before',
    );
  });

  it('is refused when a series ends before the others do', async () => {
    await put('timeseries_data_files/Load/load.csv', load.replace('2020,1,1,2,31,5\n', ''));
    expect(await refusal()).toBe(
      'timeseries_data_files/Load/load.csv:2: Period: found 1 hours from 2020-01-01T00:00:00.000Z, ' +
        `allowed: 2 hours from 2020-01-01T00:00:00.000Z, as in ${dir}/timeseries_data_files/wind/WIND.csv.gz`,
    );
  });

  it('is refused when a series begins after the others do', async () => {
    await put('timeseries_data_files/Load/load.csv', load.replaceAll('2020,1,1', '2020,1,2'));
    expect(await refusal()).toContain('found 2 hours from 2020-01-02T00:00:00.000Z, allowed: 2 hours from 2020-01-01T00:00:00.000Z');
  });

  it('is refused when a value of a series is NA, or missing', async () => {
    await put('timeseries_data_files/Load/load.csv', load.replace('31,5', 'NA,5'));
    expect(await refusal()).toBe('timeseries_data_files/Load/load.csv:3: 1: found "NA", allowed: a number');
    await put('timeseries_data_files/Load/load.csv', load.replace('31,5', ',5'));
    expect(await refusal()).toBe('timeseries_data_files/Load/load.csv:3: 1: found "", allowed: a number');
    await put('timeseries_data_files/Load/load.csv', load.replace('31,5', '31'));
    expect(await refusal()).toBe('timeseries_data_files/Load/load.csv:3: found 5 cells, allowed: 6, as in the header');
  });

  it('takes a series with a byte-order mark and the line ends of Windows for the same series', async () => {
    await put('timeseries_data_files/Load/load.csv', `\uFEFF${load.replaceAll('\n', '\r\n')}`);
    expect((await importNetwork(dir)).series['load-area-1']?.values).toEqual([32, 31]);
  });

  it('is the same network after it was written and read again, packed', async () => {
    const imported = await importNetwork(dir);
    await writeNetwork(join(dir, 'out.json.gz'), imported);
    expect(await readNetwork(join(dir, 'out.json.gz'))).toEqual(imported);
    expect((await readFile(join(dir, 'out.json.gz'))).subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
  });
});
