import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { importCase, networkFileSchema, readNetwork } from '../../shared/scenario/networkFile.js';
import { summaryOf } from '../../shared/scenario/networkSummary.js';
import { misfitOf, shapeOf } from '../../shared/scenario/shape.js';
import { readCase, ringCase } from '../support/caseFile.js';
import { noPglib, noRtsGmlc, pglibDir, rtsGmlcDir } from '../support/data.js';

const generators = (rows: string): string => ringCase.replace(/mpc\.gen = \[[^\]]*\]/, `mpc.gen = [${rows}]`);
const costs = (text: string, rows: string): string => text.replace(/mpc\.gencost = \[[^\]]*\]/, `mpc.gencost = [${rows}]`);

describe('a MATPOWER case', () => {
  it('becomes buses with fixed loads in the regions of its areas', async () => {
    const { name, regions, network, series } = await readCase(ringCase);
    expect(name).toBe('ring');
    expect(regions).toEqual([
      { id: 'area-1', name: 'Area 1', load: { kind: 'constant', mw: 0 } },
      { id: 'area-2', name: 'Area 2', load: { kind: 'constant', mw: 0 } },
    ]);
    expect(network.buses).toEqual([
      { id: '1', name: '1', region: 'area-1', loadShareRatio: 0, fixedLoadMw: 0, shuntMw: 0, baseKv: 230, isReference: true },
      { id: '2', name: '2', region: 'area-1', loadShareRatio: 0, fixedLoadMw: 50, shuntMw: 0, baseKv: 230, isReference: false },
      { id: '7', name: '7', region: 'area-2', loadShareRatio: 0, fixedLoadMw: 80, shuntMw: 0, baseKv: null, isReference: false },
    ]);
    expect(series).toEqual({});
  });

  it('has lines with ratings or none, taps, shifts and angle limits', async () => {
    const { network } = await readCase(ringCase);
    const [first, second, third] = network.lines;
    expect(first).toMatchObject({ id: 'line-1-2-1', resistancePu: 0.01, reactancePu: 0.1, ratingMw: 100, emergencyRatingMw: 120 });
    expect(first).toMatchObject({ tapRatio: 1, phaseShiftDegrees: 0, angleMinDegrees: -30, angleMaxDegrees: 30 });
    expect(second).toMatchObject({ ratingMw: null, emergencyRatingMw: null, tapRatio: 1.05, phaseShiftDegrees: -3 });
    expect(second).toMatchObject({ angleMinDegrees: -360, angleMaxDegrees: 360 });
    // A long-term rating below the continuous one is raised to it.
    expect(third).toMatchObject({ ratingMw: 90, emergencyRatingMw: 90, angleMinDegrees: -360, angleMaxDegrees: 360 });
  });

  it('converts impedances from its own base to 100 MVA, and nothing else', async () => {
    const { network } = await readCase(ringCase.replace('baseMVA = 100', 'baseMVA = 50'));
    expect(network.lines[0]).toMatchObject({ resistancePu: 0.02, reactancePu: 0.2, ratingMw: 100 });
    expect(network.buses[1]?.fixedLoadMw).toBe(50);
  });

  it('has units that always run, with quadratic, constant and linear cost', async () => {
    const { network } = await readCase(ringCase);
    expect(network.units[0]).toMatchObject({
      id: 'gen-1-1',
      capacityMw: 200,
      minMw: 10,
      isAlwaysOn: true,
      scheduledMw: 60,
      source: 'other',
    });
    expect(network.units[0]?.costCurve).toEqual({
      kind: 'quadratic',
      quadraticUsdPerMw2h: 0.01,
      linearUsdPerMwh: 20,
      constantUsdPerHour: 5,
    });
    expect(network.units[1]).toMatchObject({ id: 'gen-2-1', costUsdPerMwh: 30, costCurve: null, rampMwPerMinute: null });
  });

  it('keeps piecewise costs, and knows those on one line as linear', async () => {
    const { network } = await readCase(costs(ringCase, '1 0 0 3 0 0 100 1000 200 3000; 1 0 0 2 0 0 100 1500 0 0'));
    expect(network.units[0]).toMatchObject({
      costUsdPerMwh: 20,
      costCurve: {
        kind: 'piecewise',
        points: [
          { outputMw: 0, usdPerHour: 0 },
          { outputMw: 100, usdPerHour: 1000 },
          { outputMw: 200, usdPerHour: 3000 },
        ],
      },
    });
    expect(network.units[1]).toMatchObject({ costUsdPerMwh: 15, costCurve: null });
  });

  it('takes a higher degree whose coefficients are zero, and ignores costs of reactive power', async () => {
    const { network } = await readCase(costs(ringCase, '2 0 0 4 0 0.02 20 0; 2 0 0 4 0 0 30 0; 2 0 0 4 9 9 9 9; 2 0 0 4 9 9 9 9'));
    expect(network.units.map(({ costCurve }) => costCurve)).toEqual([
      { kind: 'quadratic', quadraticUsdPerMw2h: 0.02, linearUsdPerMwh: 20, constantUsdPerHour: 0 },
      null,
    ]);
  });

  it('takes a dispatchable load as a unit that draws', async () => {
    const { network } = await readCase(generators('1 0 0 0 0 1 100 1 200 0; 2 -30 0 0 0 1 100 1 0 -40'));
    expect(network.units[1]).toMatchObject({ capacityMw: 0, minMw: -40, scheduledMw: -30 });
  });

  it('splits a generator that always draws into load and the rest, at the same cost', async () => {
    const { network, warnings } = await readCase(
      costs(generators('1 0 0 0 0 1 100 1 200 0; 2 -30 0 0 0 1 100 1 -20 -40'), '2 0 0 3 0 20 0; 2 0 0 3 0.5 10 7'),
    );
    expect(network.buses[1]?.fixedLoadMw).toBe(70);
    // At -30 MW both say 0.5 * 900 - 300 + 7 = 157 USD/h; there the rest of the range stands at -10 MW.
    expect(network.units[1]).toMatchObject({ capacityMw: 0, minMw: -20, scheduledMw: -10 });
    expect(network.units[1]?.costCurve).toEqual({
      kind: 'quadratic',
      quadraticUsdPerMw2h: 0.5,
      linearUsdPerMwh: -10,
      constantUsdPerHour: 7,
    });
    expect(warnings).toEqual(['gen-2-1 draws at least 20 MW: they are kept as load at bus 2']);
  });

  it('leaves out what is out of service or hangs on an isolated bus, and says so', async () => {
    const text = ringCase
      .replace('mpc.bus = [', 'mpc.bus = [\n9 4 12 0 0 0 1 1 0 230 1 1.1 0.9;')
      .replace('mpc.gen = [', 'mpc.gen = [\n1 0 0 0 0 1 100 0 10 99;\n9 0 0 0 0 1 100 1 10 0;')
      .replace('mpc.gencost = [', 'mpc.gencost = [\n2 1 1 3 -1 0 0;\n2 0 0 3 0 1 0;')
      .replace('mpc.branch = [', 'mpc.branch = [\n1 2 0 0 0 0 0 0 0 0 0 0 0;\n9 1 0 0.1 0 0 0 0 0 0 1 0 0;');
    const { network, warnings } = await readCase(text);
    expect([network.buses.length, network.units.length, network.lines.length]).toEqual([3, 2, 3]);
    expect(warnings).toEqual([
      'out of service and left out: 1 generators, 1 branches, 0 DC lines',
      'isolated (type 4) and left out: buses 9 with 12 MW of load, 1 generators, 1 branches, 0 DC lines',
    ]);
  });

  it('reads DC lines: range both ways, one way, turned, and with a fixed part', async () => {
    const tail = '0 0 1 1';
    const dcline = [
      `1 2 1 5 5 ${tail} -40 40`,
      `1 2 1 0 0 ${tail} 0 30`,
      `1 7 1 -8 -8 ${tail} -20 0`,
      `1 7 1 12 12 ${tail} 10 25`,
      `1 7 0 0 0 ${tail} 0 30`,
    ];
    const { network } = await readCase(`${ringCase}mpc.dcline = [${dcline.join(';')}];`);
    expect(network.links).toEqual([
      { id: 'dc-1-2-1', fromBus: '1', toBus: '2', capacityMw: 40, reverseCapacityMw: null, scheduledMw: 5 },
      { id: 'dc-1-2-2', fromBus: '1', toBus: '2', capacityMw: 30, reverseCapacityMw: 0, scheduledMw: 0 },
      { id: 'dc-1-7-1', fromBus: '7', toBus: '1', capacityMw: 20, reverseCapacityMw: 0, scheduledMw: 8 },
      { id: 'dc-1-7-2', fromBus: '1', toBus: '7', capacityMw: 15, reverseCapacityMw: 0, scheduledMw: 2 },
    ]);
    expect(network.buses.map(({ fixedLoadMw }) => fixedLoadMw)).toEqual([10, 50, 70]);
  });

  it('takes names, fuels, types and ramps when they are given', async () => {
    const wide = (row: string, ramps: string): string => `${row} 0 0 0 0 0 0 ${ramps} 0 0`;
    const text = generators(`${wide('1 0 0 0 0 1 100 1 200 0', '4 50 90')}; ${wide('2 0 0 0 0 1 100 1 9 0', '0 50 90')}`);
    const { network } = await readCase(
      `${text}mpc.bus_name = {'North''s %1'; "B"; 'C'};\nmpc.genfuel = {'ng'\n'coal'};\nmpc.gentype = {'CC'; 'ST'};\n`,
    );
    expect(network.buses.map(({ name }) => name)).toEqual(["North's %1", 'B', 'C']);
    expect(network.units.map(({ source, rampMwPerMinute }) => [source, rampMwPerMinute])).toEqual([
      ['gas-cc', 4],
      ['coal', 5],
    ]);
  });

  it('is the same whatever its line ends, separators, comments, continued lines, packing and case of Inf', async () => {
    const plain = await readCase(ringCase);
    const rough = ringCase
      .replace('function mpc = ring', '%{\nfunction mpc = other\n%}\nfunction s = ring()')
      .replaceAll('mpc.', 's.')
      .replace('1	60	0	30	-30', '1,\t60 ... set point\n 0 Inf, -inf')
      .replace('100	0;\n]', '100	0 % last row\n]')
      .replace('s.baseMVA = 100;', 's.baseMVA = 1e2; s.areas = [1 1];  # areas')
      .replace('2	7	0.02', '2	7	+2.0D-2');
    expect(await readCase(`\uFEFF${rough.replaceAll('\n', '\r\n')}`)).toEqual(plain);
    expect(await readCase(gzipSync(rough), 'ring.m.gz')).toEqual(plain);
  });

  it('names what it does not understand and leaves it out', async () => {
    const { warnings } = await readCase(`${ringCase}mpc.if.map = [1 2];\nmpc.reserves.zones = ones(1, 2);\n`);
    expect(warnings).toEqual(['mpc.if.map is left out', 'mpc.reserves.zones is left out']);
  });

  it('leaves out branches with resistance alone when asked', async () => {
    const text = ringCase.replace('0.03	0.3', '0.03	0');
    const { network, warnings } = await readCase(text, 'ring.m', { zeroReactance: 'leave-out' });
    expect(network.lines.map(({ id }) => id)).toEqual(['line-1-2-1', 'line-2-7-1']);
    expect(warnings).toEqual(['branches without reactance are left out, they carry nothing in --dc series: 1']);
  });
});

describe.skipIf(pglibDir === null)(`published cases${pglibDir === null ? ` (${noPglib})` : ''}`, () => {
  const dir = pglibDir ?? '';
  const files = ['.', 'api', 'sad'].flatMap((sub) =>
    pglibDir === null ? [] : readdirSync(join(dir, sub)).flatMap((name) => (name.endsWith('.m') ? [join(dir, sub, name)] : [])),
  );

  it.each(files.map((file) => [file.slice(dir.length + 1), file]))('%s fits the published schema, in one island', async (_name, file) => {
    const network = await readNetwork(file);
    expect(misfitOf(shapeOf(networkFileSchema), network)).toBeNull();
    expect(summaryOf(network).islands.length).toBe(1);
    expect(network.network.buses.length).toBe(Number(/case(\d+)/.exec(file)?.[1]));
  });
});

describe.skipIf(rtsGmlcDir === null)(`the case of RTS-GMLC${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  it('has the units, buses and branches of the tables it was made from', async () => {
    const dir = rtsGmlcDir ?? '';
    const { network, name } = await importCase(join(dir, 'MATPOWER/RTS_GMLC.m'));
    const tables = (await readNetwork(dir)).network;
    expect(name).toBe('rts-gmlc');
    expect([network.buses.length, network.lines.length, network.units.length, network.links.length]).toEqual([73, 120, 96, 1]);
    expect(network.buses.reduce((sumMw, bus) => sumMw + bus.fixedLoadMw, 0)).toBeCloseTo(8_550, 6);
    const own = new Map(tables.units.map((unit) => [unit.id, unit]));
    const coal = network.units.filter(({ source }) => source === 'coal');
    expect(coal.length).toBeGreaterThan(10);
    for (const { id, capacityMw, minMw, rampMwPerMinute, technology } of coal)
      expect(own.get(id)).toMatchObject({ source: 'coal', capacityMw, minMw, rampMwPerMinute, technology });
    expect(network.lines.map(({ reactancePu, tapRatio, ratingMw }) => [reactancePu, tapRatio, ratingMw])).toEqual(
      tables.lines.map(({ reactancePu, tapRatio, ratingMw }) => [reactancePu, tapRatio, ratingMw]),
    );
  });
});
