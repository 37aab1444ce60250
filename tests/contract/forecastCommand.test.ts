import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/forecast.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { BacktestAnswer } from '../../services/cli/forecast/answer.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { runCommand, runFromSource } from '../support/commandLine.js';
import { demandDir, noDemand, pjmLocalFile, noPjmLocal } from '../support/data.js';
import { drawnSeries } from '../support/drawnLoad.js';

async function answerOf(file: string, ...words: readonly string[]): Promise<BacktestAnswer> {
  return JSON.parse((await runCommand(register, ['forecast', 'backtest', file, '--json', ...words])).out) as BacktestAnswer;
}

/** The answer of the whole program, as a process of its own. */
async function answerOfProcess(file: string, ...words: readonly string[]): Promise<BacktestAnswer> {
  const { stdout, stderr, code } = await runFromSource(['forecast', 'backtest', file, '--json', ...words]);
  expect(code, stderr.slice(-300)).toBe(0);
  return JSON.parse(stdout) as BacktestAnswer;
}

describe.skipIf(demandDir === null)(`a year of recorded demand${demandDir === null ? ` (${noDemand})` : ''}`, () => {
  // Bounds: errors of a careful ridge regression without weather, tuned on 2018, and what its bands would score.
  it.each([
    ['ERCO', 3.35, 73],
    ['PJM', 2.62, 76],
  ] as const)(
    'is forecast a day ahead within its bounds, with honest bands: %s',
    async (area, mostMape, leastBelow) => {
      const answer = await answerOfProcess(join(demandDir ?? '', `2015-2020-with-forecast/${area}.csv.gz`), '--test', '2019');
      expect(answer.mapePercent).toBeLessThanOrEqual(mostMape);
      expect(answer.crpsBelowLag168Percent).toBeGreaterThanOrEqual(leastBelow);
      const inside = (percent: number | null, least: number, most: number): boolean =>
        percent !== null && percent >= least && percent <= most;
      expect(inside(answer.coverage10to90Percent, 78, 82)).toBe(true);
      for (const { coverage10to90Percent } of [...answer.bySeason, ...answer.byHour])
        expect(inside(coverage10to90Percent, 73, 87)).toBe(true);
      expect([answer.byHour.length, answer.bySeason.length, answer.issue.forecasts]).toEqual([24, 4, 365]);
      expect(answer.hours).toBeGreaterThan(8_700);
      expect(answer.references.published?.mapePercent ?? 0).toBeGreaterThan(2);
      expect(answer.references.lag168?.crpsMw).toBe(answer.references.lag168?.maeMw);
      expect(answer.stateBytes).toBeLessThan(1_048_576);
      expect(answer.surges.peaks?.own.falseAlarms ?? 99).toBeLessThanOrEqual(12);
      expect(answer.surges.peaks?.own.recallRatio ?? 0).toBeGreaterThan(answer.surges.peaks?.lag168?.recallRatio ?? 1);
    },
    120_000,
  );
});

describe.skipIf(pjmLocalFile === null)(`hours on a local clock${pjmLocalFile === null ? ` (${noPjmLocal})` : ''}`, () => {
  it('are read over their changes with the zone, and refused without', async () => {
    await expect(answerOf(pjmLocalFile ?? '', '--test', '2005-03')).rejects.toThrow(/ a second time with .*: --local --zone NAME$/);
    const answer = await answerOf(pjmLocalFile ?? '', '--test', '2005-03:2005-04', '--local', '--zone', 'America/New_York');
    expect(answer).toMatchObject({ test: { from: '2005-03-01T05:00:00.000Z', to: '2005-05-01T04:00:00.000Z', hours: 61 * 24 - 1 } });
    expect(answer.data).toMatchObject({ repeatedRows: 0, noSuchHourRows: 0 });
    expect(answer.mapePercent).toBeLessThan(5);
  }, 60_000);
});

describe('a load file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadstone-forecast-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const series = drawnSeries(60, 5);
  const hour = (k: number): string => new Date(series.startMs + k * hourMs).toISOString().slice(0, 19).replace('T', ' ');
  const rows = (days = 60): string[] => Array.from(series.mw.subarray(0, 24 * days), (mw, k) => `${hour(k)},${mw.toFixed(1)}`);
  const put = async (name: string, content: string | Buffer): Promise<string> => {
    await writeFile(join(folder, name), content);
    return join(folder, name);
  };
  const fileOf = (lines: readonly string[], header = 'time,mw'): Promise<string> => put('load.csv', [header, ...lines].join('\n'));
  const february = ['--test', '2018-02-15:2018-02-24'] as const;
  /** The answer but for where and how fast. */
  const without = (answer: BacktestAnswer): BacktestAnswer => ({ ...answer, seconds: 0, file: '' });

  it('has an answer as its schema says, with a drawing and words for people', async () => {
    const file = await fileOf(rows());
    const answer = await answerOf(file, ...february, '--step', '50');
    const { out } = await runCommand(registerSchema, ['schema', 'forecast-backtest']);
    const validate = new Ajv2020({ strict: false, formats: { 'date-time': true } }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    expect(answer).toMatchObject({
      evidence: 'measured',
      loadColumn: 'mw',
      hours: 240,
      pastHours: 45 * 24,
      test: { from: '2018-02-15T00:00:00.000Z', to: '2018-02-25T00:00:00.000Z', hours: 240 },
      issue: { at: '00:00', zone: 'UTC', leadHours: { from: 1, to: 24 }, forecasts: 10 },
      references: { published: null },
    });
    const drawing = join(folder, 'week.svg');
    const { out: words, err } = await runCommand(register, ['forecast', 'backtest', file, ...february, '--plot', drawing]);
    expect(words).toMatch(/^forecast +MAPE %.*\nLoadstone +\d/);
    expect(words).toContain('same hour of the week before');
    expect(err).toContain('forecast: learns from 1032 hours\nforecast: 2018-02\n');
    expect(await readFile(drawing, 'utf8')).toMatch(/^<svg [\s\S]*<polygon [\s\S]*<\/svg>\n$/);
  });

  it('may have other line ends, a byte-order mark, other times, another order, rows twice, and be packed', async () => {
    const plain = without(await answerOf(await fileOf(rows()), ...february));
    const packed = await put('other.csv.gz', gzipSync(`\uFEFF${['time,mw', ...rows()].join('\r\n')}`));
    expect(without(await answerOf(packed, ...february))).toEqual(plain);
    const american = rows().map((row) => row.replace(/^(\d{4})-0?(\d+)-0?(\d+) 0?(\d+):/, '$2/$3/$1 $4:').replace(':00:00,', ':00,'));
    expect(without(await answerOf(await fileOf(american, 'Datetime,AEP_MW'), ...february))).toEqual({ ...plain, loadColumn: 'AEP_MW' });
    const offset = rows().map((row, k) =>
      row.replace(/^[^,]+/, new Date(series.startMs + (k - 5) * hourMs).toISOString().replace('.000Z', '-05:00')),
    );
    expect(without(await answerOf(await fileOf(offset), ...february))).toEqual(plain);
    const shuffled = await answerOf(await fileOf([...rows().slice(500), ...rows().slice(0, 501)]), ...february);
    expect(shuffled.data).toMatchObject({ repeatedRows: 1, unorderedRows: 500 });
    expect(shuffled.mapePercent).toBe(plain.mapePercent);
    const begins = rows().map((row, k) => row.replace(/^[^,]+/, hour(k - 1)));
    expect(without(await answerOf(await fileOf(begins), ...february, '--hours-begin'))).toEqual(plain);
  });

  it('may have gaps and impossible values: they are counted, not scored, not learned from', async () => {
    const words = ['MISSING', 'EMPTY', '', 'NA'];
    const spoiled = rows().map((row, k) => (k % 97 === 3 ? `${hour(k)},${words[k % 4]}` : row));
    const hourInTest = 24 * 47 + 5;
    [1.5e9, 0, -3, 12].forEach((mw, n) => (spoiled[hourInTest + 30 * n] = `${hour(hourInTest + 30 * n)},${mw}`));
    spoiled.splice(700, 10);
    const answer = await answerOf(await fileOf(spoiled), ...february);
    expect(answer.data.refused).toMatchObject({ tooHigh: 1, notAboveZero: 2, tooLow: 1 });
    expect(answer.data.missingHours).toBeGreaterThan(20);
    expect(answer.hours).toBe(240 - 4 - answer.data.refused.missing);
    expect(answer.mapePercent).toBeLessThan(8);
  });

  it('takes hours that the publisher made up as missing, and his forecast as one to compare with', async () => {
    const eia = rows().map((row, k) => {
      const [time, mw] = row.split(',') as [string, string];
      return `${time},${mw},${k % 50 === 0 ? 'MISSING' : 'OKAY'},${mw},${k < 10 ? 'MISSING' : (1.02 * Number(mw)).toFixed(1)}`;
    });
    const file = await fileOf(eia, 'date_time,raw demand (MW),category,cleaned demand (MW),forecast demand (MW)');
    const answer = await answerOf(file, ...february);
    expect(answer.data.imputedHours).toBe(29);
    expect(answer.references.published?.mapePercent).toBeCloseTo(2, 1);
    expect(answer.references.published?.own.hours).toBe(answer.hours);
    expect(answer.byHour[3]?.publishedMapePercent).toBeCloseTo(2, 1);
    expect((await answerOf(file, ...february, '--load-column', 'raw demand (MW)')).data.imputedHours).toBe(0);
  });

  it('is forecast with the lead time of authorities: the next day from ten in the morning', async () => {
    const answer = await answerOf(
      await fileOf(rows()),
      ...february,
      '--issue',
      '10:00',
      '--horizon',
      'next-day',
      '--zone',
      'America/Chicago',
    );
    expect(answer.issue).toEqual({ at: '10:00', zone: 'America/Chicago', leadHours: { from: 15, to: 38 }, forecasts: 10 });
    expect(answer).toMatchObject({ hours: 240, test: { from: '2018-02-15T06:00:00.000Z' } });
    const days = await answerOf(await fileOf(rows()), ...february, '--horizon', '60');
    expect(days.issue.leadHours).toEqual({ from: 1, to: 60 });
    expect(days.hours).toBe(240 * 2.5);
    const halfAnHourOff = await answerOf(await fileOf(rows()), ...february, '--local', '--zone', 'Asia/Kolkata');
    expect(halfAnHourOff).toMatchObject({ hours: 240, test: { from: '2018-02-14T18:30:00.000Z' }, issue: { forecasts: 10 } });
    expect(halfAnHourOff.byHour.map(({ hours }) => hours)).toEqual(Array.from({ length: 24 }, () => 10));
  });

  it('is forecast with new load that is known from the build-out', async () => {
    const from = 24 * 50;
    const grown = rows().map((row, k) => (k > from ? `${hour(k)},${(series.mw[k]! + 300).toFixed(1)}` : row));
    const buildout = await put('buildout.csv', `time,mw\n${new Date(series.startMs + from * hourMs).toISOString().slice(0, 16)}Z,300\n`);
    const plain = await answerOf(await fileOf(rows()), ...february);
    const file = await fileOf(grown);
    const [unaware, aware] = [await answerOf(file, ...february), await answerOf(file, ...february, '--buildout', buildout)];
    expect(aware.maeMw).toBeCloseTo(plain.maeMw, 6);
    expect(unaware.maeMw).toBeGreaterThan(1.2 * plain.maeMw);
    await expect(answerOf(file, ...february, '--buildout', await put('wrong.csv', 'time,mw\n2018-02-20,5\n'))).rejects.toThrow(
      'wrong.csv:2: time: found "2018-02-20", allowed: a whole hour, YYYY-MM-DDTHH:00Z',
    );
  });

  it('is forecast with temperatures beside it, and says so where those ahead are taken as known', async () => {
    const file = await fileOf(rows());
    const celsius = (k: number): number => 10 + (k % 24) / 3;
    const temperatures = Array.from(series.mw, (_, k) => `${hour(k)},${k % 40 === 0 ? 'NA' : celsius(k).toFixed(1)}`);
    const warm = await put('temperature.csv', ['time,temperature_c', ...temperatures].join('\n'));
    expect(await answerOf(file, ...february, '--temperature', warm)).toMatchObject({
      weather: 'observed',
      evidence: 'measured',
      hours: 240,
    });
    const words = [...february, '--temperature', warm, '--temperature-ahead'];
    expect(await answerOf(file, ...words)).toMatchObject({ weather: 'ahead', evidence: 'assumed', hours: 240 });
    const { out } = await runCommand(register, ['forecast', 'backtest', file, ...words]);
    expect(out).toContain('assumed on mw of');
    await expect(answerOf(file, ...february, '--temperature-ahead')).rejects.toThrow(
      '--temperature-ahead: found no --temperature, allowed:',
    );
    const wrong = await put('cold.csv', 'time,temperature_c\n2018-01-01 01:00,cold\n');
    await expect(answerOf(file, ...february, '--temperature', wrong)).rejects.toThrow(
      'cold.csv:2: temperature_c: found "cold", allowed: a number of C, or MISSING',
    );
  });

  it.each<[string, () => readonly string[], string]>([
    [
      'an hour is there twice with other values',
      () => rows().toSpliced(99, 0, `${hour(98)},500`),
      ':101: time: found 2018-01-05 03:00:00 a second time with "500" after',
    ],
    ['a load is a word', () => rows().with(4, `${hour(4)},much`), ':6: mw: found "much", allowed: a number of MW, or MISSING'],
    ['a time is none', () => rows().with(4, 'noon,500'), ':6: time: found "noon", allowed: a whole hour, YYYY-MM-DD HH:00'],
    ['a time is a quarter', () => rows().with(4, '2018-01-01 05:15,500'), ':6: time: found "2018-01-01 05:15", allowed: a whole hour'],
    ['a date is none', () => rows().with(4, '2018-02-30 05:00,500'), ':6: time: found "2018-02-30 05:00", allowed: a whole hour'],
    ['a date is a century off', () => rows().with(4, '2118-01-01 05:00,500'), ': found hours from 2018-01-01T01:00:00.000Z to 2118-'],
    ['a row is cut', () => rows().with(4, hour(4)), ':6: found 1 cells, allowed: 2, as in the header'],
    [
      'nothing is load in the test',
      () => rows().map((row, k) => (k > 900 ? `${hour(k)},MISSING` : row)),
      ': found no hour with a load in the test',
    ],
  ])('is refused in one line when %s', async (_what, lines, message) => {
    const error: unknown = await answerOf(await fileOf(lines()), ...february).catch((reason: unknown) => reason);
    expect(
      String(error)
        .replace(/^.*?load\.csv/, '')
        .slice(0, message.length),
    ).toBe(message);
    expect(String(error)).not.toContain('\n');
  });

  it('is refused with other columns', async () => {
    await expect(answerOf(await fileOf(rows(), 'when,mw'), ...february)).rejects.toThrow(
      'found columns when, mw, allowed: a time in date_time,',
    );
    await expect(answerOf(await fileOf(rows(), 'time,load'), ...february)).rejects.toThrow(
      'found columns time, load, allowed: one of cleaned demand',
    );
    await expect(answerOf(await fileOf(rows()), ...february, '--load-column', 'x')).rejects.toThrow(
      'found no column "x", allowed: time, mw',
    );
  });

  it.each([
    [['--test', 'spring'], '--test: found spring, allowed: FROM:TO as 2019-01-01:2019-12-31'],
    [['--test', '2018-02-30:2018-03-01'], '--test: found 2018-02-30:2018-03-01, allowed: FROM:TO'],
    [['--test', '2018-02-20:2018-02-10'], '--test: found 2018-02-20:2018-02-10, allowed: FROM:TO'],
    [['--test', '2019'], '--test: found 2019, allowed: days of'],
    [['--test', '2018-01-05'], 'allowed: at least 12 days to learn from (hours begin 2018-01-01T01:00:00.000Z)'],
    [['--test', '2018-02', '--issue', '10:30'], '--issue: found 10:30, allowed: a whole hour, 00:00 to 23:00'],
    [['--test', '2018-02', '--horizon', '0'], '--horizon: found 0, allowed: hours from 1 to 168, or next-day'],
    [['--test', '2018-02', '--zone', 'Mars'], '--zone: found "Mars", allowed: a name as America/Chicago, or UTC'],
    [['--test', '2018-02', '--holidays', 'fr'], '--holidays: found fr, allowed: us, none'],
    [['--test', '2018-02', '--step', '0'], '--step: found 0, allowed: a number above 0'],
  ] as const)('is refused with %s', async (words, message) => {
    await expect(answerOf(await fileOf(rows()), ...words)).rejects.toThrow(message);
  });
});
