import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TwinError } from '../../shared/runtime/errors.js';
import { readNetwork } from '../../shared/scenario/networkFile.js';
import type { Change, Line, Unit } from '../../shared/scenario/networkSchema.js';
import { readCase, ringCase } from '../support/caseFile.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-network-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Changes {
  readonly unit?: Partial<Unit>;
  readonly line?: Partial<Line>;
  readonly change?: Change;
  readonly shareRatio?: number;
  readonly regionMw?: number;
}

/** Reads the ring as a network file with something about its first unit, line, bus or region changed; the answer is the refusal. */
async function refusal({ unit = {}, line = {}, change, shareRatio = 0, regionMw = 0 }: Changes): Promise<string | null> {
  const ring = await readCase(ringCase);
  const { network } = ring;
  const first = <Thing>(things: readonly Thing[], other: Partial<Thing>): Thing[] =>
    things.map((thing, place) => (place === 0 ? { ...thing, ...other } : thing));
  const changed = {
    ...ring,
    regions: first(ring.regions, { load: { kind: 'constant', mw: regionMw } }),
    network: {
      ...network,
      units: first(network.units, unit),
      lines: first(network.lines, line),
      buses: first(network.buses, { loadShareRatio: shareRatio }),
      changes: change === undefined ? [] : [change],
    },
  };
  const file = join(folder, 'ring.json');
  await writeFile(file, JSON.stringify(changed));
  try {
    await readNetwork(file);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(TwinError);
    return (error as TwinError).message.replace(`${folder}/`, '');
  }
}

const atTime = '2030-01-01T00:00:00.000Z';
const piecewise = (...points: (readonly [number, number])[]): Partial<Unit> => ({
  costCurve: { kind: 'piecewise', points: points.map(([outputMw, usdPerHour]) => ({ outputMw, usdPerHour })) },
});

const blocks = (...ends: (readonly [number, number])[]) => ends.map(([upToMw, usdPerMwh]) => ({ upToMw, usdPerMwh }));

/** The ring without its lines but the one from bus 1 to bus 2, and with these units and loads. */
async function parted(unitBuses: readonly string[], loads: Readonly<Record<string, number>>): Promise<string | null> {
  const ring = await readCase(ringCase);
  const { network } = ring;
  const parts = {
    ...network,
    lines: network.lines.slice(0, 1),
    units: unitBuses.map((bus, place) => ({ ...(network.units[0] as Unit), id: `unit-${place}`, bus })),
    buses: network.buses.map((bus) => ({ ...bus, shuntMw: 0, fixedLoadMw: loads[bus.id] ?? 0 })),
  };
  const file = join(folder, 'parted.json');
  await writeFile(file, JSON.stringify({ ...ring, network: parts }));
  return readNetwork(file).then(
    () => null,
    (error: unknown) => (error as TwinError).message.replace(`${folder}/`, ''),
  );
}

describe('a network file of several islands', () => {
  it('is read when each part with load has something that feeds it, whether that is enough or not', async () => {
    expect(await parted(['1', '7'], { 2: 50, 7: 5_000 })).toBeNull();
    expect(await parted(['1'], { 2: 50, 7: 0 })).toBeNull();
    expect(await parted(['1'], { 2: 50, 7: -5 })).toBeNull();
  });

  it('is refused when a part has load and nothing that could ever feed it', async () => {
    expect(await parted(['1'], { 2: 50, 7: 5 })).toBe(
      'parted.json: network.buses[2]: found load in a part of 1 buses without lines to the other 2, units or storages, ' +
        'allowed: lines, links or units that can feed it',
    );
  });
});

describe('a network file', () => {
  it('is read when its loads are fixed, negative ones included, and when they are shared', async () => {
    expect(await refusal({})).toBeNull();
    expect(await refusal({ shareRatio: 1, regionMw: -40 })).toBeNull();
  });

  it('may have a cost that is straight but for the digits of its file', async () => {
    expect(await refusal({ unit: piecewise([396, 3208.986], [397.33333, 3219.79067], [398.66667, 3230.59533], [400, 3241.4]) })).toBeNull();
  });

  it.each<[string, Changes, string]>([
    [
      'a unit has its least output above its capacity',
      { unit: { minMw: 201 } },
      'network.units[0].minMw: found 201, allowed: up to capacityMw, 200',
    ],
    [
      'a cost turns downwards',
      { unit: piecewise([0, 0], [100, 3000], [200, 5000]) },
      'network.units[0].costCurve.points[1].usdPerHour: found a slope of 30 then 20 USD/MWh, ' +
        'allowed: slopes that do not fall: cost has to be convex',
    ],
    [
      'points of a cost do not rise',
      { unit: piecewise([0, 0], [100, 3000], [100, 5000]) },
      'network.units[0].costCurve.points[2].outputMw: found 100, allowed: above the point before, 100',
    ],
    [
      'a quadratic cost falls',
      { unit: { costCurve: { kind: 'quadratic', quadraticUsdPerMw2h: -1, linearUsdPerMwh: 0, constantUsdPerHour: 0 } } },
      'network.units[0].costCurve.quadraticUsdPerMw2h: found -1, allowed: a number in USD/MW2h from 0',
    ],
    [
      'maintenance ends before it begins',
      { unit: { maintenance: [{ fromTime: '2030-01-02T00:00:00.000Z', toTime: atTime }] } },
      `network.units[0].maintenance[0].toTime: found "${atTime}", allowed: after fromTime, 2030-01-02T00:00:00.000Z`,
    ],
    [
      'angle limits cross',
      { line: { angleMinDegrees: 10, angleMaxDegrees: -10 } },
      'network.lines[0].angleMinDegrees: found 10, allowed: up to angleMaxDegrees, -10',
    ],
    [
      'a reactance is zero',
      { line: { reactancePu: 0 } },
      'network.lines[0].reactancePu: found 0, allowed: a number other than 0 in p.u. on 100 MVA, at least 1e-8 in size',
    ],
    [
      'a change names an unknown unit',
      { change: { kind: 'retire-unit', atTime, unit: 'gen-9-1' } },
      'network.changes[0].unit: found "gen-9-1", an unknown unit, allowed: gen-1-1, gen-2-1',
    ],
    [
      'a change names an unknown region',
      { change: { kind: 'scale-load', atTime, region: 'area-9', factorRatio: 2 } },
      'network.changes[0].region: found "area-9", an unknown region, allowed: area-1, area-2',
    ],
    [
      'the first block of a cost is dearer than the second',
      { unit: { commitment: { startUsd: 1, noLoadUsdPerHour: 2, isOnAtStart: true, blocks: blocks([100, 30], [200, 20]) } } },
      'network.units[0].commitment.blocks[1].usdPerMwh: found 20 (gen-1-1), allowed: 30 or more, the cost of the block before: a convex cost',
    ],
    [
      'a block ends before the one before it',
      { unit: { commitment: { startUsd: 1, noLoadUsdPerHour: 2, isOnAtStart: true, blocks: blocks([100, 30], [90, 40]) } } },
      'network.units[0].commitment.blocks[1].upToMw: found 90, allowed: above 100, the end of the block before',
    ],
    [
      'shares of a load do not add up',
      { shareRatio: 0.5 },
      'network.buses.loadShareRatio: found 0.5 as sum of region "area-1", allowed: 1 within 0.000001',
    ],
    [
      'a region has load and no bus a share of it',
      { regionMw: 10 },
      'network.buses.loadShareRatio: found 0 as sum of region "area-1", ' +
        'allowed: 1 within 0.000001, or 0 throughout with a constant load of 0 MW',
    ],
  ])('is refused in one line when %s', async (_what, changes, line) => {
    expect(await refusal(changes)).toBe(`ring.json: ${line}`);
  });
});
