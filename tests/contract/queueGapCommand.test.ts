import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/queue.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { GapAnswer } from '../../services/cli/queue/gapAnswer.js';
import { runCommand } from '../support/commandLine.js';
import { noQueues, queuesDir } from '../support/data.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-gap-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function answerOf(file: string, ...words: string[]): Promise<GapAnswer> {
  return JSON.parse((await runCommand(register, ['queue', 'gap', file, '--json', '--resamples', '100', ...words])).out) as GapAnswer;
}

describe.skipIf(queuesDir === null)(`the real queue of CAISO${queuesDir === null ? ` (${noQueues})` : ''}`, () => {
  it('announced more than came in every vintage but the first, and the two tables come to the same', async () => {
    const answer = await answerOf(join(queuesDir ?? '', 'caiso_snapshot_2025-08-11.csv.gz'), '--set', 'generators');
    const { out } = await runCommand(registerSchema, ['schema', 'queue-gap']);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    const now = answer.days.at(-1);
    const sum = (of: (vintage: GapAnswer['vintages'][number]) => number): number =>
      answer.vintages.reduce((all, each) => all + of(each), 0);
    expect(sum(({ claimedMw }) => claimedMw)).toBeCloseTo(now?.claimedMw ?? 0, 3);
    expect(sum(({ deliveredMw }) => deliveredMw)).toBeCloseTo(now?.deliveredMw ?? 0, 3);
    expect(sum(({ claims }) => claims)).toBe(answer.claims);
    expect(answer.verdict).toBe('supported');
    expect(now?.gapMw.p5).toBeGreaterThan(0);
    for (const { gapMw } of answer.days) expect(gapMw.p5).toBeLessThanOrEqual(gapMw.value);
    // The share built of the capacity of 2005 to 2017 is that of `queue replay`: 9.4 %.
    expect(answer.ahead).toMatchObject({ set: 'generators', evidence: 'calibrated' });
    expect(answer.ahead?.builtRatio).toBeCloseTo(0.094, 3);
  });
});

describe('announcements of large loads', () => {
  const path = join(folder, 'announced.csv');
  const header = 'site,announced,promised,mw,word,running';
  const rows = [
    'a,2023-01-01,2024-01-01,100,active,2024-06-30',
    'b,2023-06-01,2024-12-31,300,active,',
    'c,2024-03-01,2027-06-30,500,active,',
  ];
  writeFileSync(path, `${[header, ...rows].join('\n')}\n`);
  const columns = [
    '--columns',
    'id=site,requested=announced,filed=promised,mw=mw,status=word,in-operation=running',
    '--as-of',
    '2025-06-30',
  ];

  it('from a file of their own are told by hand, and are played ahead with their own set', async () => {
    const answer = await answerOf(path, ...columns, '--set', 'large-loads', '--cohort', '2024:2024', '--ahead-years', '20');
    expect(answer.days.map(({ day, claimedMw, deliveredMw }) => [day, claimedMw, deliveredMw])).toEqual([
      ['2024-12-31', 400, 100],
      ['2025-06-30', 400, 100],
    ]);
    // 100 MW are there; the last day for which no more was claimed is the one before the second promise.
    expect(answer.days.at(-1)?.behindMonths).toBeCloseTo((31 + 28 + 31 + 30 + 31 + 30 + 1) / (365.25 / 12), 6);
    expect(answer.ahead).toMatchObject({ set: 'large-loads', evidence: 'assumed', builtRatio: 0.55 });
    const last = answer.ahead?.days.at(-1);
    expect(last?.claimedMw).toBe(900);
    expect(last?.deliveredMwP5).toBeGreaterThanOrEqual(100);
    expect(last?.deliveredMwP95).toBeLessThanOrEqual(900);
  });

  it.each([
    ['a set that is none', ['--set', 'both'], /--set: found both, allowed: generators or large-loads/],
    ['years ahead that are none', ['--ahead-years', '0'], /--ahead-years: found 0, allowed: a whole number from 1 to 30/],
    ['a set that the file cannot fit', ['--set', 'generators', '--cohort', '1990:1991'], /found no project of the cohort, allowed: some/],
  ])('%s', async (_, words, message) => {
    await expect(runCommand(register, ['queue', 'gap', path, ...columns, ...words])).rejects.toThrow(message);
  });

  it('without a day as filed in the file are refused', async () => {
    const bare = join(folder, 'bare.csv');
    writeFileSync(bare, 'Queue_ID,Queue_Date,Status\na,2015-01-01,Active\n');
    await expect(runCommand(register, ['queue', 'gap', bare])).rejects.toThrow(
      /bare\.csv: found no project with a day of request, an on-line day/,
    );
  });
});
