import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/headroom.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { HeadroomAnswer } from '../../services/cli/headroom/answer.js';
import { headroomAt, spareMw } from '../../shared/domain/headroom/headroom.js';
import { hourlyLoad } from '../../shared/domain/headroom/load.js';
import { plainTraining, trainingCost } from '../../shared/domain/headroom/training.js';
import { readTable } from '../../shared/scenario/csv.js';
import { runCommand } from '../support/commandLine.js';
import { demandDir, noDemand, noRtsGmlc, rtsGmlcDir } from '../support/data.js';

async function answerOf(file: string, ...words: string[]): Promise<HeadroomAnswer> {
  return JSON.parse((await runCommand(register, ['headroom', file, '--json', ...words])).out) as HeadroomAnswer;
}

describe.skipIf(demandDir === null)(`headroom of recorded demand${demandDir === null ? ` (${noDemand})` : ''}`, () => {
  it.each([
    ['2015-2020-with-forecast/ERCO.csv.gz', [5_751.2, 7_793.07, 10_335.11, 20_429.35], 2016, 2019],
    ['2015-2020-with-forecast/PJM.csv.gz', [11_622.63, 16_119.86, 21_661.29, 39_768.37], 2016, 2019],
    ['2020-2024/PJM-DOM.csv.gz', [3_100.54, 4_034.39, 5_021.84, 8_133.84], 2020, 2024],
  ] as const)('is that of the notes within 0.01 MW: %s', async (file, wanted, from, to) => {
    const answer = await answerOf(join(demandDir ?? '', file));
    answer.limits.forEach(({ newLoadMw }, place) => expect(Math.abs(newLoadMw - (wanted[place] ?? 0))).toBeLessThanOrEqual(0.01));
    expect([answer.years[0], answer.years.at(-1)]).toEqual([from, to]);
    const { out } = await runCommand(registerSchema, ['schema', 'headroom']);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  });

  it('tells the worst year, years that are left out, and hours that were filled in', async () => {
    const answer = await answerOf(join(demandDir ?? '', '2020-2024/PJM-DOM.csv.gz'), '--limits', '0.5');
    expect(answer.limits[0]?.worstYear).toBe(2024);
    expect(answer.limits[0]?.yearRatio.map((ratio) => Number((100 * ratio).toFixed(2)))).toEqual([0.02, 0.07, 0.46, 0.41, 1.54]);
    expect((await answerOf(join(demandDir ?? '', '2015-2020-with-forecast/ERCO.csv.gz'))).droppedHours).toBe(8_784);
    expect(answer.imputedHours).toBeGreaterThan(0);
  });
});

describe.skipIf(rtsGmlcDir === null)(`headroom of RTS-GMLC${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  it('is 308.56, 442.61, 587.99 and 1,090.82 MW, in 58, 142, 298 and 1,778 hours and 24, 57, 106 and 236 events', async () => {
    const table = await readTable(join(rtsGmlcDir ?? '', 'timeseries_data_files', 'Load', 'DAY_AHEAD_regional_Load.csv.gz'));
    const load = hourlyLoad(
      2020,
      Float64Array.from(table.rows, (cells) => Number(cells[4]) + Number(cells[5]) + Number(cells[6])),
    );
    const found = [0.0025, 0.005, 0.01, 0.05].map((limit) => headroomAt(load, limit));
    [308.56, 442.61, 587.99, 1_090.82].forEach((mw, place) =>
      expect(Math.abs((found[place]?.newLoadMw ?? 0) - mw)).toBeLessThanOrEqual(0.01),
    );
    expect(found.map(({ hoursPerYear }) => hoursPerYear)).toEqual([58, 142, 298, 1_778]);
    expect(found.map(({ eventsPerYear }) => eventsPerYear)).toEqual([24, 57, 106, 236]);
    const costs = (policy: 'pause' | 'cap', restartHours: number) =>
      found.map(({ newLoadMw }) => {
        const ratio = spareMw(load).map((mw) => Math.max(0, newLoadMw - mw) / newLoadMw);
        return trainingCost(ratio, newLoadMw, { policy, training: { ...plainTraining, restartHours } });
      });
    // Percent of the work, within 0.05.
    [0.35, 0.72, 1.44, 6.66].forEach((percent, place) =>
      expect(100 * (costs('pause', 1 / 6)[place]?.lostRatio ?? 0)).toBeCloseTo(percent, 1),
    );
    [0.29, 0.56, 1.11, 5.46].forEach((percent, place) => expect(100 * (costs('cap', 0)[place]?.lostRatio ?? 0)).toBeCloseTo(percent, 1));
    const [, half] = costs('pause', 1 / 6);
    expect([half?.residualHours, Math.round(half?.residualMwh ?? 0), Math.round(10 * (half?.residualMw ?? 0)) / 10]).toEqual([
      9, 342, 88.5,
    ]);
  });
});

describe('a load file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'loadstone-headroom-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const hour = (k: number): string => new Date(Date.UTC(2021, 0, 1) + k * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
  const rows = (count = 8_760): string[] => Array.from({ length: count }, (_, k) => `${hour(k)},${500 + (k % 24)}`);
  const fileOf = async (lines: readonly string[], header = 'time,mw'): Promise<string> => {
    const path = join(folder, 'load.csv');
    await writeFile(path, [header, ...lines].join('\n'));
    return path;
  };

  it('may have other line ends, a byte-order mark, and be packed', async () => {
    const plain = await answerOf(await fileOf(rows()));
    const other = join(folder, 'other.csv.gz');
    await writeFile(other, gzipSync(`\uFEFF${['time,mw', ...rows()].join('\r\n')}`));
    expect({ ...(await answerOf(other)), file: '' }).toEqual({ ...plain, file: '' });
  });

  it('keeps load that was shed as it is', async () => {
    const shed = rows().map((row, k) => (k >= 1_000 && k < 1_060 ? `${hour(k)},20` : row));
    expect((await answerOf(await fileOf(shed))).years).toEqual([2021]);
  });

  it.each<[string, () => readonly string[], string]>([
    [
      'an hour is missing',
      () => rows().toSpliced(99, 1),
      ':101: time: found 2021-01-05 04:00:00, allowed: the hour after the row before, 2021-01-05T03:00',
    ],
    [
      'an hour is there twice, as in local time',
      () => rows().toSpliced(99, 0, `${hour(98)},500`),
      ':101: time: found 2021-01-05 02:00:00 a second time, allowed:',
    ],
    ['a load is below 0', () => rows().with(4, `${hour(4)},-3`), ':6: mw: found -3, allowed: a load above 0'],
    [
      'a load is 1.5e9 MW',
      () => rows().with(4, `${hour(4)},1.5e9`),
      ':6: mw: found 1500000000, allowed: a load above 0 and up to 10 times the median, 5120 MW',
    ],
    ['a load is not there', () => rows().with(4, `${hour(4)},`), ':6: mw: found "", allowed: a number'],
    ['a load is NA', () => rows().with(4, `${hour(4)},NA`), ':6: mw: found "NA", allowed: a number'],
    ['a time is none', () => rows().with(4, 'noon,500'), ':6: time: found "noon", allowed: a whole hour in UTC'],
    ['no year is whole', () => rows(8_000), ': found 8000 hours from 2021-01-01T00:00:00.000Z, allowed: at least one whole calendar year'],
  ])('is refused in one line when %s', async (_what, lines, message) => {
    const file = await fileOf(lines());
    const error = await answerOf(file).then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(
      String(error)
        .replace(/^.*?load\.csv/, '')
        .slice(0, message.length),
    ).toBe(message);
    expect(String(error)).not.toContain('\n');
  });

  it('is refused with other columns, limits and seasons', async () => {
    await expect(answerOf(await fileOf(rows(), 'time,load'))).rejects.toThrow(
      'found columns time, load, allowed: date_time and cleaned demand (MW)',
    );
    const file = await fileOf(rows());
    await expect(answerOf(file, '--limits', '0.5,x')).rejects.toThrow('--limits: found x, allowed: percentages above 0');
    await expect(answerOf(file, '--widen', 'autumn')).rejects.toThrow('--widen: found autumn, allowed: summer, winter');
  });

  it('has the seasons of its authority', async () => {
    const file = await fileOf(rows());
    expect((await answerOf(file, '--authority', 'CISO')).widened).toEqual(['summer', 'winter']);
    expect((await answerOf(file, '--authority', 'ERCO')).widened).toEqual([]);
  });
});
