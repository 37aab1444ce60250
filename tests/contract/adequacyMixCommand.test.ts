import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { register } from '../../services/cli/commands/adequacy.js';
import type { MixReport } from '../../shared/domain/mix/report.js';
import { writeNetwork } from '../../shared/scenario/networkFile.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { smallUnit, smallWorld, stepSeries } from '../support/worlds.js';

const days = 12;
let folder = '';
let network = '';

function hours(value: (hour: number) => number) {
  return stepSeries(
    60,
    Array.from({ length: 24 * days }, (_, hour) => value(hour)),
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-mix-'));
  network = join(folder, 'small.json');
  const { regions, network: grid } = smallWorld();
  const twoState = { meanHoursToFailure: 95, meanHoursToRepair: 5 };
  await writeNetwork(network, {
    schema: 'loadstone.network/1',
    name: 'small',
    regions,
    series: {
      'north-load': hours((hour) => 60 + 20 * Math.sin((2 * Math.PI * hour) / 24)),
      'south-load': hours((hour) => 100 + 30 * Math.sin((2 * Math.PI * hour) / 24)),
      wind: hours((hour) => (Math.floor(hour / 24) % 3 === 0 ? 5 : 30)),
    },
    network: {
      ...grid,
      lines: grid.lines.map((line) => ({ ...line, ratingMw: 45, emergencyRatingMw: 45 })),
      units: [
        smallUnit('steam', 'a', 50, 10, { source: 'gas-cc', forcedOutage: twoState }),
        ...['t1', 't2', 't3', 't4', 't5'].map((id) => smallUnit(id, 'b', 40, 40, { source: 'gas-ct', forcedOutage: twoState })),
        smallUnit('windy', 'c', 40, 0, {
          source: 'wind',
          carbonKgPerMwh: 0,
          providesReserve: false,
          availability: { kind: 'series', series: 'wind' },
        }),
      ],
    },
    warnings: [],
  });
});
afterAll(() => rm(folder, { recursive: true }));

/** What the command prints, on standard output and on standard error. */
async function run(...words: string[]): Promise<{ readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.out += String(text)), true));
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.err += String(text)), true));
  try {
    const program = new Command('loadstone').exitOverride();
    register(program);
    await program.parseAsync(['adequacy', 'mix', ...words], { from: 'user' });
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return written;
}

const few = ['--resample', '3', '--draws', '2', '--add', '100', '--most', '2000', '--target-days', '2'];

describe('loadstone adequacy mix', () => {
  it('prints one document with each source alone, the best mixes and the inputs of the verdict', async () => {
    const { out, err } = await run(network, ...few, '--json');
    const report = JSON.parse(out) as MixReport & { readonly network: string };
    expect([report.network, report.years, report.drawsPerYear, report.flatMw]).toEqual(['small', 3, 2, 100]);
    const alone = report.cases.flatMap(({ of }) => (of.kind === 'alone' ? [of.name] : []));
    expect(alone).toEqual(['nuclear', 'coal', 'gas-cc', 'gas-ct', 'wind', 'battery']);
    for (const { kind, riskBy, lossDays, cost, parts } of report.cases) {
      expect(lossDays.low).toBeLessThanOrEqual(lossDays.mean);
      expect(riskBy).toBe(parts.some(({ name }) => name === 'battery') ? 'sampled' : 'table');
      if (kind === 'out-of-reach') expect([lossDays.mean > 2, cost]).toEqual([true, null]);
      else expect(lossDays.mean).toBeLessThanOrEqual(2);
      if (cost !== null) expect(cost.usdPerMwh).toBeCloseTo(cost.fixedUsdPerMwh + cost.runningUsdPerMwh, 9);
    }
    const costs = report.cases.flatMap(({ cost }) => (cost === null ? [] : [cost.usdPerMwh]));
    const best = report.cases.find(({ of }) => of.kind === 'mix' && of.withNuclear && !of.carbonFree);
    expect(best?.cost?.usdPerMwh).toBe(Math.min(...costs));
    expect(report.verdictInputs.withoutNuclearToBestMixRatio).toBeGreaterThanOrEqual(1);
    expect(report.sources.every(({ basis }) => basis.length > 0)).toBe(true);
    expect(err).toContain('adequacy mix: dispatch of the year before');
  });

  it('counts what a single perfect source costs by hand', async () => {
    const costs = join(folder, 'costs.json');
    const source = { name: 'gas-cc', capitalUsdPerKw: 1_000, fixedUsdPerKwYear: 10, lifeYears: 20, isInMixes: true, basis: 'made up' };
    await writeFile(costs, JSON.stringify({ schema: 'loadstone.costs/1', sources: [source] }));
    const { out } = await run(network, ...few, '--sources', 'gas-cc', '--costs', costs, '--discount', '0', '--json');
    const report = JSON.parse(out) as MixReport;
    const [gas] = report.cases;
    expect(report.sources).toMatchObject([{ name: 'gas-cc', fixedUsdPerMwYear: 60_000, costUsdPerMwh: 10, basis: 'made up' }]);
    // 60,000 USD a year and MW over 100 MW in 365.25 days.
    const nameplateMw = gas?.nameplateMw ?? NaN;
    expect(nameplateMw % 50).toBe(0);
    expect(gas?.cost?.fixedUsdPerMwh).toBeCloseTo((60_000 * nameplateMw) / (100 * 8_766), 9);
    // New steam at 10 also takes the place of turbines at 40: it costs less to run than its own fuel.
    expect(gas?.cost?.runningUsdPerMwh).toBeLessThan(10);
    expect(gas?.cost?.carbonTonnesPerMwh).toBeCloseTo(0.4, 2);
  });

  it('is the same for the same seed, and says where a source alone is not enough', async () => {
    const words = [network, ...few, '--sources', 'wind,gas-ct', '--most', '200'];
    const [first, again] = [await run(...words), await run(...words)];
    expect(again.out).toBe(first.out);
    expect(first.out).toMatch(/^wind alone +200 is not enough +- +/m);
    expect(first.out).toContain('nuclear alone holds the target: not asked');
    expect(first.out).toContain('best mix without nuclear, by cost of the best mix: 1.00; carbon-free: out of reach');
  });

  it('connects load and supply at a bus whose lines then limit', async () => {
    const words = [network, ...few, '--sources', 'gas-ct', '--json'];
    const [plate, bus] = [JSON.parse((await run(...words)).out), JSON.parse((await run(...words, '--bus', 'c')).out)] as [
      MixReport,
      MixReport,
    ];
    expect([plate.bus, bus.bus]).toEqual([null, 'c']);
    expect(bus.cases[0]?.parts).toEqual(plate.cases[0]?.parts);
    expect(plate.before.unservedMwh).toBeLessThan(1);
    expect(bus.before.unservedMwh).toBeGreaterThan(100);
  });

  it.each([
    [['--add', '0'], '--add: found 0, allowed: a number above 0'],
    [['--resample', '1'], '--resample: found 1, allowed: a whole number from 2 to 10000'],
    [['--sources', 'coal,peat'], '--sources: found peat, allowed: nuclear, coal, gas-cc, gas-ct, hydro, wind, solar, battery'],
    [['--bus', 'z'], '--bus: found z, allowed: a bus of'],
    [['--discount', '-1'], '--discount: found -1, allowed: a number from 0'],
  ])('refuses %j in one line', async (words, message) => {
    await expect(run(network, ...words)).rejects.toThrow(message);
  });

  it('refuses costs that are not whole, by file and field', async () => {
    const costs = join(folder, 'half.json');
    await writeFile(costs, JSON.stringify({ schema: 'loadstone.costs/1', sources: [{ name: 'wind', capitalUsdPerKw: -1 }] }));
    await expect(run(network, '--costs', costs)).rejects.toThrow(`${costs}: sources[0].capitalUsdPerKw: found -1`);
  });
});

describe.skipIf(rtsGmlcDir === null)(`adequacy mix of RTS-GMLC (${rtsGmlcDir === null ? noRtsGmlc : 'data found'})`, () => {
  it('needs seven nuclear units for 2 GW, and costs more than twice gas with them', { timeout: 180_000 }, async () => {
    const { out } = await run(rtsGmlcDir ?? '', '--sources', 'nuclear,gas-cc', '--resample', '4', '--draws', '1', '--json');
    const report = JSON.parse(out) as MixReport;
    expect(report.toTargetMw).toBeCloseTo(699.4, 1);
    const [nuclear, gas] = report.cases;
    expect(nuclear?.parts).toEqual([{ name: 'nuclear', nameplateMw: 2_800, units: 7 }]);
    expect(gas?.parts).toEqual([{ name: 'gas-cc', nameplateMw: 2_485, units: 7 }]);
    expect(nuclear?.cost?.carbonTonnesPerMwh).toBeLessThan(0);
    expect(gas?.cost?.runningUsdPerMwh).toBeGreaterThan(20);
    expect(report.verdictInputs.nuclearAloneToBestMixRatio).toBeGreaterThan(2);
  });
});
