import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/power.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { Fits } from '../../services/cli/power/fits.js';
import type { InferenceAnswer } from '../../services/cli/power/inferenceAnswer.js';
import { h100Node } from '../../shared/domain/inference/node.js';
import { readRequestTrace } from '../../shared/scenario/requestTrace.js';
import { runCommand } from '../support/commandLine.js';
import { codeTrace, noPower, noTrace, powerDir } from '../support/data.js';

const header = 'TIMESTAMP,ContextTokens,GeneratedTokens';

function fileOf(lines: readonly string[], end = '\r\n'): string {
  const path = join(mkdtempSync(join(tmpdir(), 'loadstone-inference-')), 'trace.csv');
  writeFileSync(path, lines.join(end));
  return path;
}

async function answerOf(...words: string[]): Promise<InferenceAnswer> {
  return JSON.parse((await runCommand(register, ['power', 'inference', ...words, '--json'])).out) as InferenceAnswer;
}

async function checkSchema(answer: InferenceAnswer): Promise<void> {
  const { out } = await runCommand(registerSchema, ['schema', 'power-inference']);
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
  expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
}

describe.skipIf(codeTrace === null)(`requests of a recorded service${codeTrace === null ? ` (${noTrace})` : ''}`, () => {
  let answer: InferenceAnswer;
  beforeAll(async () => (answer = await answerOf(codeTrace ?? '')));

  it('are all read, with their bursts', async () => {
    expect(answer.service).toMatchObject({ requests: 8_819, contextTokens: 18_059_974, generatedTokens: 245_896 });
    expect(answer.service.periodSeconds).toBeCloseTo(3_436.3, 1);
    expect(answer.service.burstiness[0]).toMatchObject({ windowSeconds: 1, windows: 3_436 });
    expect(answer.service.burstiness[0]?.peakToMean).toBeCloseTo(67 / (8_819 / 3_436), 1);
    await checkSchema(answer);
  });

  it('need as many nodes as keep 99 % within a second, far more than their work fills', () => {
    expect(answer.site).toMatchObject({ installedNodes: 12, isSized: true, pools: 1 });
    expect(answer.full.targetKept).toBe(true);
    expect(answer.full.workNodes).toBeCloseTo(18_059_974 / 8_300 / 3_436.3 + (245_896 - 8_819) / 8_840 / 3_436.3, 2);
    const watts = (answer.full.whPerRequest * 3_600 * 8_819) / answer.service.periodSeconds;
    expect(watts / 1e6).toBeCloseTo(answer.full.power.meanMw, 9);
  });

  it('are served by fewer nodes as demand falls, and the fewest of them stop keeping the quality one step below', () => {
    const nodes = answer.levels.map(({ neededNodes }) => neededNodes);
    expect(nodes).toEqual([...nodes].sort((a, b) => a - b));
    expect(new Set(answer.levels.map(({ targetKept }) => targetKept))).toEqual(new Set([true]));
    const fewer = answer.ways.rows.filter(({ way }) => way === 'fewer nodes');
    expect(fewer.map(({ targetKept }) => targetKept)).toEqual([true, true, true, false, false]);
    expect(fewer.map(({ netFreedMw }) => netFreedMw)).toEqual(fewer.map(({ netFreedMw }) => netFreedMw).sort((a, b) => a - b));
    expect(answer.evidence).toBe('assumed');
  });
});

describe('a campus for inference', () => {
  it('fills its megawatts with equal pools and frees more by fewer nodes than by a mild cap when requests are written for long', async () => {
    const words = '--rate 20 --context 200 --generated 400 --campus-mw 5 --copies 4 --day-least 0.3'.split(' ');
    const answer = await answerOf(...words);
    await checkSchema(answer);
    const fullMw = answer.site.fullMw / answer.site.installedNodes;
    expect(answer.site.fullMw + answer.site.spareNodes * fullMw).toBeLessThanOrEqual(5);
    expect(answer.site.fullMw + (answer.site.spareNodes + 1) * fullMw).toBeGreaterThan(5);
    const freed = (way: string): number =>
      Math.max(...answer.ways.rows.filter((row) => row.way === way && row.targetKept).map(({ netFreedMw }) => netFreedMw));
    expect(freed('fewer nodes')).toBeGreaterThan(3 * freed('cap 0.8'));
    expect(answer.day?.hours).toHaveLength(24);
    expect(answer.day?.othersOffMwh).toBeLessThan(answer.day?.mustServeMwh ?? 0);
    expect(answer.day?.mustServeMwh).toBeLessThan(answer.day?.allOnMwh ?? 0);
  });

  it('says so when the nodes it is given do not keep the quality', async () => {
    const { out } = await runCommand(register, ['power', 'inference', '--rate', '20', '--nodes', '1', '--context', '3000']);
    expect(out).toMatch(/1 nodes for 99 % within 1 s: NOT KEPT/);
  });

  it('is the same for the same seed and another for another', async () => {
    const words = ['--rate', '3', '--levels', '1'];
    const first = await answerOf(...words);
    expect(await answerOf(...words)).toEqual(first);
    expect((await answerOf(...words, '--seed', '2')).full.power.meanMw).not.toBe(first.full.power.meanMw);
  });
});

describe('a trace', () => {
  it('may end without a new line, carry a zone, and stand out of order', async () => {
    const path = fileOf([
      header,
      '2023-11-16 18:17:04.0319600,3180,8',
      '2023-11-16T19:17:03.9799600+01:00,4808,10',
      '2023-11-16 18:17:05,7,0',
    ]);
    const { requests, rowsOutOfOrder, firstTime } = await readRequestTrace(path, h100Node.memoryTokens);
    expect([...requests.contextTokens]).toEqual([4_808, 3_180, 7]);
    expect(requests.atSeconds[1]).toBeCloseTo(0.052, 6);
    expect([rowsOutOfOrder, firstTime]).toEqual([1, '2023-11-16T19:17:03.9799600+01:00']);
  });

  const good = '2023-11-16 18:17:03.9799600,10,10';
  it.each([
    ['a time that is none', '16.11.2023 18:17,10,10', /:3: TIMESTAMP: found "16.11.2023 18:17", allowed: a date and time/],
    ['a day that is none', '2023-02-30 18:17:03,10,10', /:3: TIMESTAMP: found "2023-02-30 18:17:03"/],
    ['an hour that is none', '2023-11-16 24:17:03,10,10', /:3: TIMESTAMP/],
    ['half a token', '2023-11-16 18:17:04,10.5,10', /:3: ContextTokens: found 10.5, allowed: a whole number from 1/],
    ['no context', '2023-11-16 18:17:04,0,10', /:3: ContextTokens: found 0/],
    ['fewer than no tokens', '2023-11-16 18:17:04,10,-1', /:3: GeneratedTokens: found -1, allowed: a whole number from 0/],
    ['words', '2023-11-16 18:17:04,many,10', /:3: ContextTokens: found "many", allowed: a number/],
    [
      'more than a node holds',
      '2023-11-16 18:17:04,400000,40000',
      /:3: ContextTokens: found 400000 and 40000 generated, allowed: together at most 430000/,
    ],
    ['a cell too few', '2023-11-16 18:17:04,10', /:3: found 2 cells, allowed: 3/],
  ])('is refused by line: %s', async (_, row, message) => {
    await expect(runCommand(register, ['power', 'inference', fileOf([header, good, row])])).rejects.toThrow(message);
  });

  it('is refused with one instant alone, or without its columns', async () => {
    await expect(runCommand(register, ['power', 'inference', fileOf([header, good, good])])).rejects.toThrow(
      /found 2 requests at one instant/,
    );
    await expect(runCommand(register, ['power', 'inference', fileOf(['a,b', '1,2'], '\n')])).rejects.toThrow(/found no column "TIMESTAMP"/);
  });
});

describe('power inference with other options', () => {
  it.each([
    [[], /found neither a trace and --rate, allowed: one of them/],
    [['--rate', '0'], /--rate: found 0, allowed: a number above 0/],
    [['--rate', '5', '--share', '100'], /--share: found 100, allowed: a percentage/],
    [['--rate', '5', '--levels', '0.5,2'], /--levels: found 2, allowed: shares/],
    [['--rate', '5', '--nodes', '0'], /--nodes: found 0, allowed: a whole number from 1 to 4096/],
    [['--rate', '5', '--campus-mw', '0.001'], /--campus-mw: found 0.001, allowed: from .* MW, one pool of/],
    [['--rate', '5', '--day-least', '0'], /--day-least: found 0/],
    [['--rate', '5', '--prompt-speed', '1'], /--within: found 1 s, which 4096 nodes do not keep/],
    [['--rate', '5', '--pue', '0.5'], /--pue: found 0.5, allowed: a number from 1 to 3/],
  ])('refuses %j', async (words, message) => {
    await expect(runCommand(register, ['power', 'inference', ...words])).rejects.toThrow(message);
  });
});

describe.skipIf(powerDir === null)(`the node of four H100${powerDir === null ? ` (${noPower})` : ''}`, () => {
  it('has the steps and the power that are fitted to the measured runs', async () => {
    const { out } = await runCommand(register, ['power', 'fit', join(powerDir ?? '', 'nlr-h100'), '--json']);
    const fits = JSON.parse(out) as Fits;
    const writing = fits.writing.find(({ tokens }) => tokens === 1_024);
    expect(writing?.stepSeconds).toBeCloseTo(h100Node.stepSeconds, 5);
    expect(writing?.stepSecondsPerRequest).toBeCloseTo(h100Node.stepSecondsPerRequest, 7);
    expect(writing?.rmseSeconds).toBeLessThan(0.0006);
    const power = fits.inference.find(({ load }) => load === 'batch, 1024 tokens');
    expect([power?.floorW, power?.riseW].map((watts) => Math.round(watts ?? 0))).toEqual([h100Node.floorW, h100Node.riseW]);
    expect(power?.scale).toBeCloseTo(h100Node.kneeRequests, 1);
  });
});

describe('a day of inference as a series of a scenario', () => {
  const words = ['power', 'inference', '--rate', '0.5', '--levels', '0.5', '--day-least', '0.5'];

  it('has the MW of the answer hour by hour, turned to begin where it is asked to', async () => {
    const answer = JSON.parse((await runCommand(register, [...words, '--json'])).out) as InferenceAnswer;
    const series = async (from: string) =>
      JSON.parse((await runCommand(register, [...words, '--series-from', from])).out) as { startTime: string; values: number[] };
    const midnight = await series('2027-07-13T00:00:00Z');
    expect(midnight).toMatchObject({ startTime: '2027-07-13T00:00:00.000Z', stepMinutes: 60 });
    midnight.values.forEach((mw, hour) => expect(mw).toBeCloseTo(answer.day?.hours[hour]?.allOnMw ?? NaN, 5));
    expect(Math.max(...midnight.values)).toBeGreaterThan(1.02 * Math.min(...midnight.values));
    const later = await series('2027-07-13T05:00:00Z');
    expect(later.values).toEqual([...midnight.values.slice(5), ...midnight.values.slice(0, 5)]);
  });

  it('needs a day and an instant', async () => {
    await expect(runCommand(register, [...words, '--series-from', 'noon'])).rejects.toThrow(
      '--series-from: found "noon", allowed: an RFC 3339',
    );
    const without = words.slice(0, -2);
    await expect(runCommand(register, [...without, '--series-from', '2027-07-13T00:00:00Z'])).rejects.toThrow('found no --day-least');
  });
});
