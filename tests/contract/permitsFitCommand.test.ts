import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/permits.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { FitAnswer } from '../../services/cli/permits/answer.js';
import { runCommand } from '../support/commandLine.js';
import { noStatements, statementsFile } from '../support/data.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-permits-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(text: string, name = 'records.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function answerOf(file: string, ...words: string[]): Promise<FitAnswer & { readonly told: string }> {
  const { out, err } = await runCommand(register, ['permits', 'fit', file, '--json', ...words]);
  return { ...(JSON.parse(out) as FitAnswer), told: err };
}

const header = 'title,agency,noi_date,final_eis_date,rod_date';

describe.skipIf(statementsFile === null)(`impact statements of 2010 to 2020${statementsFile === null ? ` (${noStatements})` : ''}`, () => {
  it('come to the medians, the lognormals and the distances of the notes, and the lognormal is not sampled where it is far', async () => {
    const answer = await answerOf(statementsFile ?? '', '--by', 'agency');
    const { out } = await runCommand(registerSchema, ['schema', 'permits-fit']);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    const { told, ...json } = answer;
    expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    expect(answer).toMatchObject({ given: 'a final EIS', by: 'agency', evidence: 'measured', rows: 1_610, used: 1_609, quarantined: 1 });
    expect(told).toMatch(/:1168: rod_date: found 1995-12-19, allowed: on or after noi_date 2006-10-20\n$/);
    const notes = [
      ['BLM', 1_385, 1_345, 0.65, 0.073, 'lognormal'],
      ['FERC', 935, 1_006, 0.51, 0.124, 'quantiles'],
      ['NRC', 973, 1_205, 0.66, 0.169, 'quantiles'],
      ['USACE', 1_882, 1_891, 0.64, 0.092, 'lognormal'],
    ] as const;
    for (const [agency, medianDays, lognormalDays, sigma, ksDistance, sample] of notes) {
      const group = answer.groups.find((each) => each.agency === agency);
      expect(Math.abs((group?.medianDays ?? 0) / medianDays - 1), agency).toBeLessThan(0.01);
      expect(Math.round(group?.lognormalMedianDays ?? 0), agency).toBe(lognormalDays);
      expect(Number(group?.sigma?.toFixed(2)), agency).toBe(sigma);
      expect(Number(group?.ksDistance?.toFixed(3)), agency).toBe(ksDistance);
      expect(group?.sample, agency).toBe(sample);
      expect(group?.duration?.kind, agency).toBe(sample);
    }
    expect(answer.groups[0]).toMatchObject({ agency: 'all', count: 1_609, censored: 66 });
    for (const agency of ['all', 'BLM', 'USACE']) {
      const { holdOut } = answer.groups.find((each) => each.agency === agency) ?? {};
      expect(holdOut?.ksDistance, agency).toBeLessThanOrEqual(holdOut?.acceptedDistance ?? 0);
      expect(holdOut?.acceptedRatio, agency).toBeGreaterThan(0.9);
    }
  });

  it('are told with their open share, its interval, and in a table that names what it stands on', async () => {
    const answer = await answerOf(statementsFile ?? '', '--divisions', '1');
    const blm = answer.groups.find((each) => each.agency === 'BLM');
    expect(blm?.open.map(({ years }) => years)).toEqual([1, 2, 3, 5, 10]);
    for (const { openRatio, low, high } of blm?.open ?? []) {
      expect(low).toBeLessThan(openRatio ?? 0);
      expect(high).toBeGreaterThan(openRatio ?? 1);
    }
    const { out } = await runCommand(register, ['permits', 'fit', statementsFile ?? '', '--divisions', '1', '--least', '150']);
    expect(out).toMatch(/noi_date to rod_date, given a final EIS; 1609 of 1610 rows; evidence: measured/);
    expect(out).toMatch(/^BLM .* 1385 /m);
    expect(out).not.toMatch(/^FERC /m);
  });
});

describe('permits fit on a file', () => {
  it('reads four forms of date, a byte-order mark, CRLF and quotes as one day each', async () => {
    const rows = [
      '2010-01-05,,2010-01-15',
      '2010-01-05T23:00:00-08:00,,2010-01-15 00:00:00.000',
      '"1/5/2010",,"1/15/2010"',
      '2010-01-05T05:00:00+00:00,,1/15/2010',
    ];
    const file = fileOf(`\uFEFF${header}\r\n${rows.map((row, n) => `"a, ${n}",X,${row}`).join('\r\n')}\r\n`);
    const { groups, quarantined } = await answerOf(file);
    expect([quarantined, groups[0]?.count, groups[0]?.medianDays, groups[0]?.quantilesDays.p90]).toEqual([0, 4, 10, 10]);
  });

  it('leaves out rows that cannot be, one line each, and goes on with the rest', async () => {
    const rows = [
      'good,A,2010-01-01,2011-01-01,2012-01-01',
      'before,A,2006-05-01,2010-01-01,1995-12-19',
      'word,A,2006-05-01,2010-01-01,soon',
      'thirteen,A,13/2/2006,2010-01-01,2011-01-01',
      'no start,A,,2010-01-01,2011-01-01',
      'no end,A,2006-05-01,,',
      'future,A,2006-05-01,2010-01-01,2106-05-01',
      'same day,A,2006-05-01,2010-01-01,2006-05-01',
      'final before,A,2006-05-01,2005-01-01,',
      'early,A,2006-05-01,2010-01-01,2008-05-01',
      'open,A,2006-05-01,2010-01-01,',
    ];
    const answer = await answerOf(fileOf([header, ...rows].join('\n')));
    expect(answer.quarantine.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [3, 'rod_date', 'end before start'],
      [4, 'rod_date', 'unreadable date'],
      [5, 'noi_date', 'unreadable date'],
      [6, 'noi_date', 'no date'],
      [7, 'final_eis_date', 'no date'],
      [8, 'rod_date', 'in the future'],
      [9, 'rod_date', 'decision with the notice'],
      [10, 'final_eis_date', 'end before start'],
    ]);
    expect(answer).toMatchObject({ rows: 11, used: 3, quarantined: 8, outOfOrder: 1, given: 'being in the file' });
    expect(answer.groups[0]).toMatchObject({ count: 3, censored: 1 });
    expect(answer.told.trim().split('\n')).toHaveLength(8);
    expect(answer.told).toMatch(/records\.csv:4: rod_date: found "soon", allowed: a date as YYYY-MM-DD/);
    expect(answer.told).toMatch(/records\.csv:8: rod_date: found 2106-05-01, allowed: up to \d{4}-/);
  });

  it('takes other columns: group, start, end, last sight, status, id and the day of the file', async () => {
    const rows = [
      'kind,id,filed,closed,word',
      'air,1,2020-01-01,2020-04-10,Granted',
      'air,2,2020-01-01,2020-03-01,withdrawn',
      'air,2,2020-01-01,2020-03-01,granted',
      'water,3,2020-01-01,,open',
    ];
    const words = ['--start', 'filed', '--end', 'closed', '--by', 'kind', '--status', 'word', '--id', 'id', '--as-of', '2020-12-31'];
    const answer = await answerOf(fileOf(rows.join('\n')), ...words);
    expect(answer.groups.map(({ agency, count, censored, medianDays }) => [agency, count, censored, medianDays])).toEqual([
      ['all', 3, 2, 100],
      ['air', 2, 1, 100],
      ['water', 1, 1, null],
    ]);
    expect(answer.quarantine).toMatchObject([{ line: 4, field: 'id', found: '2 a second time', reason: 'duplicate id' }]);
    const other = await answerOf(fileOf(rows.join('\n')), ...words, '--ended', 'withdrawn');
    expect(other.groups[1]?.medianDays).toBe(60);
  });

  it.each([
    ['no file', 'missing.csv', [], /missing\.csv: found no such file, allowed: a readable file/],
    ['a column that is not there', fileOf('a,b\n1,2', 'a.csv'), [], /a\.csv: found no noi_date, allowed: --start with one of a, b/],
    ['a wrong --by', fileOf(`${header}\nx,A,2010-01-01,2011-01-01,2012-01-01`, 'b.csv'), ['--by', 'state'], /found no column "state"/],
    ['no row of use', fileOf(`${header}\nx,A,,2011-01-01,2012-01-01`, 'c.csv'), [], /c\.csv: found 1 cases, none of use: noi_date no date/],
    [
      'no day of the file',
      fileOf(header + '\nx,A,2010-01-01,2011-01-01,', 'd.csv'),
      ['--as-of', 'today'],
      /--as-of: found today, allowed: a date/,
    ],
    [
      'words without a column',
      fileOf(header + '\nx,A,2010-01-01,2011-01-01,', 'e.csv'),
      ['--ended', 'x'],
      /--ended: found x, allowed: with --status/,
    ],
    ['a half division', fileOf(header + '\nx,A,2010-01-01,2011-01-01,', 'f.csv'), ['--divisions', '0.5'], /--divisions: found 0\.5/],
    ['a ragged row', fileOf(`${header}\nx,A,2010-01-01`, 'g.csv'), [], /g\.csv:2: found 3 cells, allowed: 5, as in the header/],
  ])('refuses %s in one line', async (_, file, words, message) => {
    await expect(runCommand(register, ['permits', 'fit', file, ...words])).rejects.toThrow(message);
  });
});
