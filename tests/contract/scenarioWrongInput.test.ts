import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TwinError } from '../../shared/runtime/errors.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { uniqueSlugs } from '../../shared/scenario/slug.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-scenario-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** The one line a scenario file is refused with, its folder left out. */
async function refusal(text: string): Promise<string> {
  const file = join(folder, 'world.json');
  await writeFile(file, text);
  return messageOf(() => resolveWorld({ scenario: file }));
}

async function messageOf(run: () => Promise<unknown>): Promise<string> {
  const error = await run().then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(TwinError);
  const { code, message } = error as TwinError;
  expect(code).toBe('TWIN_WRONG_INPUT');
  expect(message).not.toContain('\n');
  return message.replace(`${folder}/`, '');
}

/** The built-in world as JSON with some values replaced, each at a path like `campuses.0.limitMw`. */
async function changed(values: Readonly<Record<string, unknown>>): Promise<string> {
  const { world } = await resolveWorld({ scenario: 'three-areas' });
  const root: unknown = JSON.parse(JSON.stringify(world));
  for (const [path, value] of Object.entries(values)) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const place = keys.reduce((at, key) => (isOpen(at) ? at[key] : undefined), root);
    if (!isOpen(place)) throw new Error(`no ${path} in the world`);
    place[last] = value;
  }
  return JSON.stringify(root);
}

function few(values: readonly number[]): unknown {
  return { startTime: '2027-07-13T17:00:00.000Z', stepMinutes: 60, values };
}

function isOpen(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

describe('a scenario is refused in one line', () => {
  it('when quantiles of a duration fall', async () => {
    expect(await refusal(await changed({ 'agencies.0.effort': { kind: 'quantiles', days: [5, 20, 19, 40] } }))).toBe(
      'world.json: agencies[0].effort.days[2]: found 19 days, allowed: at least the quantile before',
    );
  });

  it('when its name is unknown', async () => {
    expect(await messageOf(() => resolveWorld({ scenario: 'four-areas' }))).toBe(
      'scenario: found "four-areas", allowed: three-areas, phoenix, campus-build, rts-gmlc, rts-gmlc-tight, or the path of a .json file',
    );
  });

  it('when it needs data and gets none', async () => {
    expect(await messageOf(() => resolveWorld({ scenario: 'rts-gmlc' }))).toBe(
      'data: found nothing, allowed: for scenario rts-gmlc the folder with SourceData and timeseries_data_files of RTS-GMLC',
    );
  });

  it('when the data folder is not there, or holds something else', async () => {
    const absent = join(folder, 'absent');
    expect(await messageOf(() => resolveWorld({ scenario: 'rts-gmlc', dataDir: absent }))).toBe(
      'absent: found no such folder, allowed: the RTS-GMLC folder with SourceData and timeseries_data_files',
    );
    expect(await messageOf(() => resolveWorld({ scenario: 'rts-gmlc', dataDir: folder }))).toContain('found no folder SourceData');
  });

  it('when the file is missing', async () => {
    expect(await messageOf(() => resolveWorld({ scenario: join(folder, 'no.json') }))).toBe(
      'no.json: found no such file, allowed: a readable file',
    );
  });

  it('when the file is empty', async () => {
    expect(await refusal(' \n')).toBe('world.json: found an empty file, allowed: a file with content');
  });

  it('when it is no JSON, naming the line', async () => {
    expect(await refusal('{\n  "schema": "loadstone.scenario/1"\n  "name": "x" }')).toBe(
      'world.json:3: found "\\"name\\": \\"x\\" }", allowed: JSON',
    );
  });

  it('when it holds a stray character, naming the line', async () => {
    expect(await refusal('{\n  "schema": "loadstone.scenario/1",\n  "name": @x }')).toBe('world.json:3: found "@x }", allowed: JSON');
  });

  it('when a number handed over in the program is NaN', async () => {
    expect(await messageOf(() => resolveWorld({ scenario: 'three-areas', overrides: { seed: Number.NaN } }))).toBe(
      'scenario three-areas: seed: found NaN, allowed: a whole number from 0 to 4294967295',
    );
  });

  it('when a number is NaN, naming line and field', async () => {
    expect(await refusal('{\n "seed": 1,\n "lostLoadUsdPerMwh": NaN\n}')).toBe(
      'world.json:3: lostLoadUsdPerMwh: found NaN, allowed: a JSON value (a number, "text", true, false, null)',
    );
  });

  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ['megawatts are negative', { 'campuses.0.limitMw': -5 }, 'campuses[0].limitMw: found -5, allowed: a number in MW from 0'],
    [
      'a number is a text with a unit',
      { 'campuses.0.limitMw': '600 MW' },
      'campuses[0].limitMw: found "600 MW", allowed: a number in MW from 0',
    ],
    [
      'a field carries the wrong unit',
      { 'network.units.0.capacityKw': 1 },
      'network.units[0].capacityKw: found an unknown field, allowed: capacityMw',
    ],
    [
      'a field is missing',
      { 'network.units.0.capacityMw': undefined },
      'network.units[0].capacityMw: found nothing, allowed: a number in MW from 0',
    ],
    ['a number is null', { 'campuses.0.limitMw': null }, 'campuses[0].limitMw: found null, allowed: a number in MW from 0'],
    [
      'a word is not among those allowed',
      { 'contracts.0.tranche': 'all' },
      'contracts[0].tranche: found "all", allowed: "cap-and-pause", "pause"',
    ],
    [
      'a profile is of an unknown kind',
      { 'regions.0.load': { kind: 'tide' } },
      'regions[0].load.kind: found "tide", allowed: "series", "constant", "load", "wind", "solar"',
    ],
    [
      'a bus is unknown',
      { 'network.units.0.bus': 'north' },
      'network.units[0].bus: found "north", an unknown bus, allowed: central, south, west',
    ],
    [
      'a region is unknown',
      { 'network.buses.0.region': 'north' },
      'network.buses[0].region: found "north", an unknown region, allowed: central, south, west',
    ],
    [
      'a campus is unknown',
      { 'runs.0.campus': 'nowhere' },
      'runs[0].campus: found "nowhere", an unknown campus, allowed: harbor, mesa, riverbend',
    ],
    [
      'an agency is unknown',
      { 'projects.0.blocks.2.permits.0.agency': 'nobody' },
      'projects[0].blocks[2].permits[0].agency: found "nobody", an unknown agency, allowed: county-zoning, state-air-board, ' +
        'state-utility-commission, utility-study-desk, water-board',
    ],
    [
      'a series is unknown',
      { 'regions.0.load': { kind: 'series', series: 'load-1' } },
      'regions[0].load.series: found "load-1", an unknown series, allowed: none is defined',
    ],
    [
      'the script pauses a run that is not there',
      { 'script.0.action': 'pause-run' },
      'script[0].target: found "central-cc-3", an unknown run, allowed: atlas, boreas, cinder, delta, dune, ember',
    ],
    [
      'an id stands twice',
      { 'network.units.1.id': 'west-ct-2' },
      'network.units and storages: found id "west-ct-2" twice, allowed: each id once',
    ],
    [
      'a permit id stands in two blocks',
      { 'projects.0.blocks.3.permits.0.id': 'mesa-block-3-air' },
      'projects.blocks.permits: found id "mesa-block-3-air" twice, allowed: each id once',
    ],
    [
      'permits wait for each other in a circle',
      { 'projects.0.blocks.3.permits.0.after': ['mesa-block-4-water'], 'projects.0.blocks.3.permits.1.after': ['mesa-block-4-line'] },
      'projects[0].blocks[3].permits.after: found the cycle mesa-block-4-line -> mesa-block-4-water -> mesa-block-4-line, ' +
        'allowed: permits that wait for each other without a cycle',
    ],
    [
      'load shares do not add up',
      { 'network.buses.0.loadShareRatio': 0.9 },
      'network.buses.loadShareRatio: found 0.9 as sum of region "west", allowed: 1 within 0.000001',
    ],
    [
      'a series ends before the world does',
      { 'clock.holdAtTime': '2027-07-14T17:00:00.000Z', 'series.few': few([1, 2, 3]), 'regions.0.load': { kind: 'series', series: 'few' } },
      'series.few: found 3 values from 2027-07-13T17:00:00.000Z to 2027-07-13T20:00:00.000Z, ' +
        'allowed: to cover the world, 2027-07-13T17:00:00.000Z to 2027-07-14T17:00:00.000Z',
    ],
    [
      'a series of megawatts goes below zero',
      { 'series.few': few([1, -2]), 'regions.0.load': { kind: 'series', series: 'few' } },
      'series.few.values[1]: found -2, allowed: a number in MW from 0',
    ],
    [
      'an instant does not exist',
      { 'clock.startTime': '2027-13-45T17:00:00.000Z' },
      'clock.startTime: found "2027-13-45T17:00:00.000Z", allowed: an instant like "2027-07-13T17:00:00.000Z"',
    ],
    ['it has no region', { regions: [] }, 'regions: found 0 entries, allowed: at least 1'],
  ])('when %s', async (_what, values, line) => {
    expect(await refusal(await changed(values))).toBe(`world.json: ${line}`);
  });

  it('when two names become one id', () => {
    expect(() => uniqueSlugs(['121_CT 1', '121.CT-1'], 'gen.csv: GEN UID')).toThrow(
      'gen.csv: GEN UID: found "121_CT 1" and "121.CT-1", both "121-ct-1" as id, allowed: names that stay different as ids',
    );
  });

  it('when an override is out of range', async () => {
    expect(await messageOf(() => resolveWorld({ scenario: 'three-areas', overrides: { rate: -1 } }))).toBe(
      'scenario three-areas: clock.rate: found -1, allowed: a number in twin s per s above 0 or "max"',
    );
  });
});
