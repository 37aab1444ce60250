import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/dispatch.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { DispatchAnswer } from '../../services/cli/dispatch/answer.js';
import type { NetworkFile } from '../../shared/scenario/networkFile.js';
import { ringCase } from '../support/caseFile.js';
import { runCommand, runFromSource } from '../support/commandLine.js';
import { networkOf } from '../support/commitmentCase.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-dispatch-'));
  await writeFile(join(folder, 'ring.m'), ringCase);
  await writeFile(join(folder, 'two.json'), JSON.stringify(twoUnits([60, 120, 120, 60])));
  await writeFile(join(folder, 'more.json'), JSON.stringify(twoUnits([75, 120, 120, 60])));
  await writeFile(join(folder, 'short.json'), JSON.stringify(twoUnits([60, 250, 60, 60])));
});
afterAll(() => rm(folder, { recursive: true }));

/** A unit that runs and one that may be started, and their load hour by hour. */
function twoUnits(loadMw: readonly number[]): NetworkFile {
  const network = networkOf([
    { id: 'base', capacityMw: 100, minMw: 50, usdPerMwh: 10, noLoadUsdPerHour: 100, startUsd: 500, isOnAtStart: true, scheduledMw: 60 },
    { id: 'peak', capacityMw: 100, minMw: 20, usdPerMwh: 30, noLoadUsdPerHour: 50, startUsd: 200 },
  ]);
  return {
    schema: 'loadstone.network/1',
    name: 'two',
    regions: [{ id: 'all-of-it', name: 'All', load: { kind: 'series', series: 'load' } }],
    network: { ...network, buses: network.buses.map((bus) => ({ ...bus, region: 'all-of-it', loadShareRatio: 1 })) },
    series: { load: { startTime: '2030-01-01T00:00:00.000Z', stepMinutes: 60, values: [...loadMw] } },
    warnings: [],
  };
}

async function answerOf(name: string, ...words: string[]): Promise<DispatchAnswer> {
  const { out } = await runCommand(register, ['dispatch', join(folder, name), '--json', ...words]);
  return JSON.parse(out) as DispatchAnswer;
}

describe('loadstone dispatch', () => {
  it('answers both problems in the form that `schema dispatch` publishes', async () => {
    const { out } = await runCommand(registerSchema, ['schema', 'dispatch']);
    const fits = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    for (const words of [['--detail'], ['--problem', 'full', '--detail'], ['--problem', 'full', '--reserve', '10']]) {
      expect(fits(await answerOf('two.json', ...words)), JSON.stringify(fits.errors)).toBe(true);
    }
    expect(fits({ ...(await answerOf('two.json')), costUsd: 'none' })).toBe(false);
  });

  it('takes the cheaper unit first when each hour stands alone', async () => {
    const answer = await answerOf('two.json', '--detail');
    expect(answer).toMatchObject({ network: 'two', problem: 'hourly', hours: 4, fallbackHours: 0, unservedMwh: 0, curtailedMwh: 0 });
    expect(answer.costUsd).toBeCloseTo(320 * 10 + 40 * 30, 6);
    expect(answer.detail?.map(({ busPriceUsdPerMwh }) => busPriceUsdPerMwh['a'])).toEqual([10, 30, 30, 10]);
    expect(answer.commitment).toBeUndefined();
  });

  it('counts starts, being on and stops with --problem full', async () => {
    const answer = await answerOf('two.json', '--problem', 'full', '--detail');
    expect(answer).toMatchObject({ problem: 'full', hours: 4, fallbackHours: 0, unservedMwh: 0 });
    expect(answer.costUsd).toBeCloseTo(320 * 10 + 4 * 100 + 40 * 30 + 2 * 50 + 200, 4);
    expect(answer.commitment).toMatchObject({ starts: 1, startUsd: 200, noLoadUsd: 500, runInHours: 0, onHoursBySource: { 'gas-cc': 6 } });
    expect(answer.commitment?.stopUsd).toBeCloseTo(0, 6);
    expect(answer.commitment?.windows).toHaveLength(1);
    expect(answer.commitment?.largestGapRatio).toBeLessThan(1e-6);
    expect(answer.detail?.map(({ unitsOn }) => unitsOn)).toEqual([['base'], ['base', 'peak'], ['base', 'peak'], ['base']]);
    const dearer = await answerOf('two.json', '--problem', 'full', '--stop-cost-ratio', '0.5');
    expect(dearer.costUsd - answer.costUsd).toBeCloseTo(100, 4);
    expect(dearer.commitment?.stopUsd).toBeCloseTo(100, 4);
  });

  it('holds reserve where it is cheaper than going without', async () => {
    const reserve = ['--problem', 'full', '--reserve', '50', '--reserve-price'];
    const [plain, cheap, dear] = [
      await answerOf('more.json', '--problem', 'full'),
      await answerOf('more.json', ...reserve, '1'),
      await answerOf('more.json', ...reserve, '1000'),
    ];
    // 25 and 10 MW of the 50 are missing in the first and last hour.
    expect(cheap.costUsd - plain.costUsd).toBeCloseTo(35, 4);
    // At 75 MW both can run, at 60 MW their least outputs are too much.
    expect(dear.commitment?.onHoursBySource).toEqual({ 'gas-cc': 7 });
    expect(dear.costUsd - plain.costUsd).toBeCloseTo(50 + 20 * (30 - 10) + 10 * 1_000, 4);
  });

  it('operates the hours of a run-in and leaves them out', async () => {
    const answer = await answerOf('two.json', '--problem', 'full', '--hours', '2:4', '--run-in', '2');
    expect(answer).toMatchObject({ hours: 2, commitment: { runInHours: 2, starts: 0 } });
    expect(answer.costUsd).toBeCloseTo(160 * 10 + 2 * 100 + 20 * 30 + 50, 4);
  });

  it.each(['hourly', 'full'])('answers an hour that cannot be served with what is not served, by bus (%s)', async (problem) => {
    const answer = await answerOf('short.json', '--problem', problem);
    expect(answer.unservedMwh).toBeCloseTo(50, 6);
    expect(answer.unservedMwhByBus['a']).toBeCloseTo(50, 6);
  });

  it('takes a case, which runs as it stands', async () => {
    const [hourly, full] = [await answerOf('ring.m'), await answerOf('ring.m', '--problem', 'full')];
    expect(full.hours).toBe(1);
    // The quadratic cost of its first unit is straight pieces here, above the curve by at most 1/256 of its bend.
    expect(full.costUsd / hourly.costUsd).toBeGreaterThan(1 - 1e-6);
    expect(full.costUsd / hourly.costUsd).toBeLessThan(1.01);
  });

  it.each<[string, readonly string[], string]>([
    ['a problem it does not know', ['--problem', 'weekly'], '--problem: found weekly, allowed: hourly, chrono, full'],
    ['a word every object has', ['--problem', 'constructor'], '--problem: found constructor, allowed: hourly, chrono, full'],
    ['reserve in hours on their own', ['--reserve', '5'], '--reserve: found --problem hourly, allowed: with --problem chrono, full'],
    ['N-1 with commitment', ['--problem', 'full', '--security', 'n-1'], '--security: found --problem full, allowed: with --problem hourly'],
    ['hours beyond the series', ['--hours', '0:5'], '--hours: found 0:5, allowed: FROM:TO within 0:4'],
    ['hours that run backwards', ['--hours', '3:1'], '--hours: found 3:1, allowed: FROM:TO within 0:4'],
    [
      'a run-in before the series',
      ['--problem', 'full', '--run-in', '1'],
      '--run-in: found 1, allowed: up to 0, the hours before the first',
    ],
    ['half a seed', ['--outages', '0.5'], '--outages: found 0.5, allowed: a whole number from 0'],
    ['a reserve below 0', ['--problem', 'full', '--reserve', '-1'], '--reserve: found -1, allowed: a number from 0'],
    ['an unknown convention', ['--dc', 'ac'], '--dc: found ac, allowed: matpower, series'],
  ])('refuses %s', async (_what, words, line) => {
    await expect(answerOf('two.json', ...words)).rejects.toThrow(line);
  });

  it('runs from its sources, with exit code 2 and one line for wrong input', async () => {
    const [right, wrong] = await Promise.all([
      runFromSource(['dispatch', join(folder, 'ring.m'), '--json']),
      runFromSource(['dispatch', join(folder, 'two.json'), '--problem', 'weekly']),
    ]);
    expect(right.code).toBe(0);
    expect((JSON.parse(right.stdout) as DispatchAnswer).hours).toBe(1);
    expect(wrong).toEqual({ code: 2, stdout: '', stderr: 'loadstone: --problem: found weekly, allowed: hourly, chrono, full\n' });
  });
});
