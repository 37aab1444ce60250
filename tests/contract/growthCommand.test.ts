import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/growth.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { GrowthAnswer } from '../../services/cli/growth/answer.js';
import { runCommand } from '../support/commandLine.js';
import { epochDir, noEpoch } from '../support/data.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-growth-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function answerOf(file: string, ...words: string[]): Promise<GrowthAnswer> {
  return JSON.parse((await runCommand(register, ['growth', file, '--json', ...words])).out) as GrowthAnswer;
}

describe('growth of a table', () => {
  it('of twelve years that double every year is told by hand', async () => {
    const rows = Array.from({ length: 13 }, (_, year) => `${2012 + year}-01-01,site ${year},${2 ** year},2`);
    const answer = await answerOf(
      fileOf('double.csv', ['Date,Name,mw,per', ...rows, '2030-01-01,later,1,1', '2020-01-01,none,,1']),
      '--value',
      'mw',
      '--per',
      'per',
      '--until',
      '2024-06-30',
    );
    expect(answer).toMatchObject({ leftOut: 1, ratio: 4_096, tenYearRatio: 1_024 });
    expect(answer.records.map(({ value }) => value)).toEqual(Array.from({ length: 13 }, (_, year) => 2 ** year / 2));
    expect(Math.abs((answer.study?.doublingYears ?? 0) - 1)).toBeLessThan(0.02);
    expect(answer.study?.cuts.map(({ day }) => day.slice(0, 4))).toEqual(['2019', '2020', '2021', '2022']);
  });

  const good = fileOf('good.csv', ['Date,Name,v', '2020-01-01,a,1']);
  it.each([
    [
      'a value that is no number',
      fileOf('word.csv', ['Date,Name,v', '2020-01-01,a,many']),
      ['--value', 'v'],
      /word\.csv:2: v: found "many", allowed: a number/,
    ],
    [
      'a day that is none',
      fileOf('day.csv', ['Date,Name,v', 'soon,a,1']),
      ['--value', 'v'],
      /day\.csv:2: Date: found "soon", allowed: a date/,
    ],
    ['a column that is none', good, ['--value', 'w'], /good\.csv: found no column "w", allowed: Date, Name, v/],
    [
      'nothing above 0',
      fileOf('zero.csv', ['Date,Name,v', '2020-01-01,a,0']),
      ['--value', 'v', '--until', '2021-01-01'],
      /zero\.csv: found no v above 0 up to 2021-01-01/,
    ],
    ['a last day that is none', good, ['--value', 'v', '--until', '2020-02-30'], /--until: found 2020-02-30, allowed: a date/],
  ])('%s', async (_, file, words, message) => {
    await expect(runCommand(register, ['growth', file, ...words])).rejects.toThrow(message);
  });
});

describe.skipIf(epochDir === null)(`the largest sites${epochDir === null ? ` (${noEpoch})` : ''}`, () => {
  it('grow from record to record, as the schema has it', async () => {
    const file = join(epochDir ?? '', 'data_center_timelines.csv');
    const answer = await answerOf(file, '--value', 'Power (MW)', '--who', 'Data center', '--until', '2025-12-14');
    const { out } = await runCommand(registerSchema, ['schema', 'growth']);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    const values = answer.records.map(({ value }) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    expect(answer.records.every(({ day }) => day <= '2025-12-14')).toBe(true);
    expect(answer.study?.cuts.length).toBe(4);
  });
});
