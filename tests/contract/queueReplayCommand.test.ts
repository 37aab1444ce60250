import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/queue.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { ReplayAnswer } from '../../services/cli/queue/answer.js';
import { readTable } from '../../shared/scenario/csv.js';
import { carriedOn } from '../../shared/scenario/queue/changes.js';
import { formOf } from '../../shared/scenario/queue/forms.js';
import { runCommand } from '../support/commandLine.js';
import { noQueues, queuesDir } from '../support/data.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-queue-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void (process.exitCode = undefined));

function fileOf(lines: readonly string[], name = 'queue.csv'): string {
  const path = join(folder, name);
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

async function answerOf(file: string, ...words: string[]): Promise<ReplayAnswer> {
  return JSON.parse((await runCommand(register, ['queue', 'replay', file, '--json', ...words])).out) as ReplayAnswer;
}

function endedOf({ ended }: ReplayAnswer): number {
  return ended.agreementSigned + ended.energized + ended.completed + ended.withdrawn + ended.active;
}

describe.skipIf(queuesDir === null)(`real queues${queuesDir === null ? ` (${noQueues})` : ''}`, () => {
  const file = (name: string): string => join(queuesDir ?? '', name);

  it('of ERCOT end where the notes say, each project in one state, and what they call completed is a signed agreement', async () => {
    const answer = await answerOf(file('ERCOT_Queue.csv.gz'));
    const { out } = await runCommand(registerSchema, ['schema', 'queue-replay']);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    expect(endedOf(answer) + answer.quarantined).toBe(answer.rows);
    expect(answer).toMatchObject({ rows: 1_866, quarantined: 0, agreements: 510, asOf: '2025-06-27', reversed: 0 });
    expect(answer.ended).toEqual({ agreementSigned: 385, energized: 131, completed: 0, withdrawn: 0, active: 1_350 });
    const completed = answer.statusWords.find(({ word }) => word === 'Completed');
    expect(completed).toMatchObject({ rows: 510, ended: { agreementSigned: 385, energized: 125, completed: 0, active: 0 } });
    expect(answer.order).toContainEqual({ step: 'agreement-signed', before: 'study-approved', projects: 204, of: 319 });
    expect(answer.leftOut.map(({ field, reason }) => [field, reason])).toEqual([
      ['Approved_for_Energization', 'before the request'],
      ['Air_Permit', 'in the future'],
      ['Air_Permit', 'in the future'],
      ['Approved_for_Energization', 'before the request'],
    ]);
    expect(answer.milestonesPerSecond).toBeGreaterThan(10_000);
  });

  it('of ERCOT take the time that the notes say, with open projects counted', async () => {
    const { stages, shareOfTime, lateness, cohort } = await answerOf(file('ERCOT_Queue.csv.gz'));
    const study = stages.find(({ stage }) => stage === 'full study');
    expect(study).toMatchObject({ entered: 1_851, finished: 427, open: 1_424, reversed: 7, medianFinishedDays: 606, medianDays: 1_906 });
    const percent = (of: { readonly value: number; readonly low: number; readonly high: number } | undefined) =>
      [of?.value, of?.low, of?.high].map((each) => Math.round(100 * (each ?? 0)));
    expect(shareOfTime).toMatchObject({ projects: 101, evidence: 'measured' });
    expect(percent(shareOfTime?.studyAndAgreement)).toEqual([70, 66, 74]);
    expect(percent(shareOfTime?.build)).toEqual([26, 22, 30]);
    expect([lateness, cohort]).toEqual([null, null]);
  });

  it('of CAISO keep their promises as little as the notes say', async () => {
    const answer = await answerOf(file('caiso_snapshot_2025-08-11.csv.gz'));
    expect(endedOf(answer) + answer.quarantined).toBe(2_279);
    expect(answer.quarantine.map(({ line, reason }) => [line, reason])).toEqual([
      [50, 'completion before request'],
      [1_827, 'completion before request'],
      [2_259, 'completion before request'],
    ]);
    expect(answer.ended).toEqual({ agreementSigned: 216, energized: 0, completed: 232, withdrawn: 1_683, active: 145 });
    const { lateness, cohort, outcomes } = answer;
    expect(lateness).toMatchObject({ projects: 229, lateProjects: 215, openProjects: 360, openPastProjects: 308, evidence: 'measured' });
    expect([lateness?.days10, lateness?.days50, lateness?.days90].map((days) => Math.round(days?.value ?? 0))).toEqual([121, 969, 2_440]);
    expect(lateness?.lateRatio.value).toBeCloseTo(0.94, 2);
    expect(lateness?.lateRatio.low).toBeCloseTo(0.899552, 6);
    expect(cohort).toMatchObject({ fromYear: 2_005, toYear: 2_017, projects: 1_468, builtProjects: 198 });
    expect(cohort?.builtRatio.value).toBeCloseTo(0.135, 3);
    expect(cohort?.builtMwRatio?.value).toBeCloseTo(0.094, 3);
    expect(cohort?.builtMwRatio?.low).toBeGreaterThan(0.07);
    expect(cohort?.builtMwRatio?.high).toBeLessThan(0.12);
    for (const { builtRatio, withdrawnRatio, openRatio } of outcomes) expect(builtRatio + withdrawnRatio + openRatio).toBeCloseTo(1, 9);
  });

  it('of CAISO go on by their weekly changes, forth and back, and end where the last snapshot has them', async () => {
    const changes = file('caiso_weekly_changes_2025-08-11_2026-03-02.csv');
    const answer = await answerOf(file('caiso_snapshot_2025-08-11.csv.gz'), '--changes', changes, '--resamples', '100');
    expect(answer.changes).toMatchObject({ count: 490, leftOut: 0 });
    expect(answer.changes?.moves).toEqual([
      { from: 'active', to: 'completed', projects: 9 },
      { from: 'active', to: 'withdrawn', projects: 38 },
      { from: 'completed', to: 'active', projects: 7 },
    ]);
    expect(answer).toMatchObject({ asOf: '2026-03-02', reversed: 8, rescheduled: { count: 47, medianLaterDays: 205 } });
    expect(answer.quarantinedBy).toEqual([
      { reason: 'completion before request', count: 3 },
      { reason: 'left the list', count: 1 },
    ]);
    expect(endedOf(answer) + answer.quarantined).toBe(answer.rows);
    // The states that the machine ends in are those of the cells after the last change.
    const table = await readTable(file('caiso_snapshot_2025-08-11.csv.gz'));
    const { table: next } = carriedOn(table, formOf(table, undefined), await readTable(changes));
    const count = (word: string): number => next.rows.filter((cells) => cells[table.header.indexOf('sheet')] === word).length;
    expect([count('completed'), count('withdrawn'), count('active')]).toEqual([236, 1_722, 320]);
    const { completed, withdrawn, active, agreementSigned } = answer.ended;
    expect([completed + 2, withdrawn + 1, active + agreementSigned]).toEqual([236, 1_722, 320]);
  });
});

const normalised =
  'Queue_ID,Queue_Date,Status,Capacity_(MW),FIS_Requested,FIS_Approved,IA_Signed,Approved_for_Synchronization,Actual_Completion_Date';

describe('queue replay of a file', () => {
  it('takes a copy of the day of synchronization for nothing new, and another day for operation', async () => {
    const { ended, milestones } = await answerOf(
      fileOf([
        normalised,
        'a,2015-01-01,Completed,100,2015-02-01,2016-01-01,2016-06-01,2018-01-01,2018-01-01',
        'b,2015-01-01,Completed,100,2015-02-01,2016-01-01,2016-06-01,2018-01-01,2018-05-01',
        'c,2015-01-01,Completed,100,2015-02-01,,,,',
      ]),
    );
    expect(ended).toEqual({ agreementSigned: 1, energized: 1, completed: 1, withdrawn: 0, active: 0 });
    expect(milestones).toBe(5 + 6 + 3);
  });

  it('leaves out rows and dates that cannot be, one line each, and goes on with the rest', async () => {
    const path = fileOf([
      normalised,
      'a,2015-01-01,Active,100,2015-02-01,,,,',
      'a,2016-01-01,Active,100,2016-02-01,,,,',
      ',2016-01-01,Active,100,2016-02-01,,,,',
      'd,2016-01-01,Sleeping,100,2016-02-01,,,,',
      'e,2016-01-01,Completed,100,,,2016-03-01,,2014-01-01',
      'f,2016-01-01,Active,100,soon,Not Required,,2015-01-01,',
      'g,2016-02-01,Active,-5,1/15/2016,2099-01-01,,,',
    ]);
    const answer = await answerOf(path);
    expect(answer.quarantine.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [3, 'Queue_ID', 'duplicate id'],
      [4, 'Queue_ID', 'no id'],
      [5, 'Status', 'unknown status'],
      [6, 'Actual_Completion_Date', 'completion before request'],
    ]);
    expect(answer.leftOut.map(({ line, field, reason }) => [line, field, reason])).toEqual([
      [7, 'FIS_Requested', 'unreadable date'],
      [7, 'Approved_for_Synchronization', 'before the request'],
      [8, 'FIS_Approved', 'in the future'],
    ]);
    expect([answer.rows, answer.quarantined, answer.asOf]).toEqual([7, 4, '2016-02-01']);
    expect(answer.ended).toMatchObject({ active: 3 });
    const { err, out } = await runCommand(register, ['queue', 'replay', path]);
    expect(err).toMatch(
      /left out: .*queue\.csv:6: Actual_Completion_Date: found 2014-01-01, allowed: on or after the request, 2016-01-01\n/,
    );
    expect(err).toMatch(/date left out: .*queue\.csv:8: FIS_Approved: found 2099-01-01 \(g\), allowed: a day up to that of the file\n/);
    expect(out).toMatch(/rows left out: 4 \(1 duplicate id, 1 no id, 1 unknown status, 1 completion before request\)/);
  });

  it('reads files of other columns by name, and adds to a known form', async () => {
    const path = fileOf(['name,asked,word,signed', 'x,2015-01-01,active,2016-01-01', 'y,2015-01-20,withdrawn,'], 'own.csv');
    const answer = await answerOf(
      path,
      '--columns',
      'id=name,requested=asked,status=word,agreement-signed=signed',
      '--as-of',
      '2020-01-01',
    );
    expect(answer.ended).toMatchObject({ agreementSigned: 1, withdrawn: 1 });
    expect(answer).toMatchObject({ form: 'columns as named', asOf: '2020-01-01', asOfFrom: '--as-of' });
    const known = fileOf(['Queue_ID,Queue_Date,Status,Signed', 'x,2015-01-01,Active,2015-01-20'], 'known.csv');
    expect((await answerOf(known)).ended).toMatchObject({ active: 1 });
    expect((await answerOf(known, '--columns', 'agreement-signed=Signed')).ended).toMatchObject({ agreementSigned: 1 });
  });

  it('does not tell shares of those that gave up where the file has none of them', async () => {
    const rows = ['Queue_ID,Queue_Date,Status,Actual_Completion_Date', 'a,2010-01-01,Completed,2012-01-01', 'b,2010-01-15,Active,'];
    const without = await answerOf(fileOf(rows));
    expect([without.cohort, without.outcomes]).toEqual([null, []]);
    expect(without.notes.join()).toMatch(/no withdrawn project in the file/);
    const withOne = await answerOf(fileOf([...rows, 'c,2010-01-20,Withdrawn,']));
    expect(withOne.cohort).toMatchObject({ projects: 3, builtProjects: 1, openProjects: 1 });
    expect(withOne.outcomes).toEqual([]);
    expect(withOne.notes.join()).toMatch(/too many ends without a day/);
  });
});

describe('queue replay of changes', () => {
  const snapshot = [
    'snapshot_date,Queue Position,sheet,Queue Date,Actual On-line Date,Withdrawn Date,Interconnection Agreement Status',
    '2025-01-06,1,active,2020-01-01,,,Executed',
    '2025-01-06,2,completed,2020-01-01,2024-01-01,,Executed',
    '2025-01-06,3,active,2020-01-01,,,',
  ];
  const changes = [
    'previous_snapshot,snapshot,queue_position,field,old,new',
    '2025-01-06,2025-01-13,2,sheet,completed,active',
    '2025-01-06,2025-01-13,2,Actual On-line Date,2024-01-01,',
    '2025-01-06,2025-01-13,1,Interconnection Agreement Status,Executed,In Progress',
    '2025-01-13,2025-01-20,1,sheet,active,withdrawn',
    '2025-01-13,2025-01-20,1,Withdrawn Date,,2025-01-17',
    '2025-01-13,2025-01-20,9,<row>,absent,present',
    '2025-01-13,2025-01-20,9,Queue Date,,2025-01-15',
    '2025-01-13,2025-01-20,9,sheet,,active',
  ];
  const next = [
    snapshot[0] ?? '',
    '2025-01-20,1,withdrawn,2020-01-01,,2025-01-17,In  Progress',
    '2025-01-20,2,active,2020-01-01,,,Executed',
    '2025-01-20,3,active,2020-01-01,,,',
    '2025-01-20,9,active,2025-01-15,,,',
  ];

  it('goes back, on, and takes up a project that comes', async () => {
    const words = ['--changes', fileOf(changes, 'changes.csv'), '--against', fileOf(next, 'next.csv')];
    const answer = await answerOf(fileOf(snapshot), ...words);
    expect(answer.ended).toEqual({ agreementSigned: 1, energized: 0, completed: 0, withdrawn: 1, active: 2 });
    expect(answer).toMatchObject({ rows: 4, reversed: 2, quarantined: 0, asOf: '2025-01-20' });
    expect(answer.next).toMatchObject({ isSame: true, projects: 4, cells: 24, differentCells: 0 });
    expect(process.exitCode).toBeUndefined();
  });

  it('takes a project back by its status word alone', async () => {
    const alone = [changes[0] ?? '', '2025-01-06,2025-01-13,2,sheet,completed,withdrawn', '2025-01-13,2025-01-20,2,sheet,withdrawn,active'];
    const answer = await answerOf(fileOf(snapshot), '--changes', fileOf(alone, 'changes.csv'));
    expect(answer.ended).toEqual({ agreementSigned: 2, energized: 0, completed: 0, withdrawn: 0, active: 1 });
    expect([answer.reversed, answer.milestonesLeftOut]).toEqual([2, 0]);
  });

  it('names what differs from the next snapshot, and says no', async () => {
    const other = [...next.slice(0, 4).map((line) => line.replace('2025-01-17', '2025-01-18')), '2025-01-20,8,active,2025-01-15,,,'];
    const words = ['--changes', fileOf(changes, 'changes.csv'), '--against', fileOf(other, 'next.csv')];
    const { next: found } = await answerOf(fileOf(snapshot), ...words);
    expect(found).toMatchObject({
      isSame: false,
      onlyHere: ['9'],
      onlyThere: ['8'],
      different: [{ id: '1', column: 'Withdrawn Date', found: '2025-01-17', wanted: '2025-01-18' }],
    });
    expect(process.exitCode).toBe(1);
  });

  it('leaves out a change that does not fit what stands there', async () => {
    const wrong = [
      ...changes.slice(0, 1),
      'x,2025-01-13,3,sheet,withdrawn,completed',
      'x,2025-01-13,7,sheet,active,completed',
      'x,2025-01-13,3,colour,red,blue',
      'x,soon,3,sheet,active,completed',
      'x,2025-01-13,3,<row>,absent,present',
      'x,2025-01-20,3,<row>,present,absent',
    ];
    const answer = await answerOf(fileOf(snapshot), '--changes', fileOf(wrong, 'changes.csv'));
    expect(answer.changes?.leftOutBy).toEqual(
      ['another value', 'unknown id', 'unknown column', 'unreadable date', 'duplicate id'].map((reason) => ({ reason, count: 1 })),
    );
    expect(answer.quarantine).toMatchObject([{ line: 4, found: '3 no more on 2025-01-20', reason: 'left the list' }]);
    expect(endedOf(answer)).toBe(2);
  });
});

describe('queue replay refuses in one line', () => {
  const good = fileOf(['Queue_ID,Queue_Date,Status', 'a,2015-01-01,Active'], 'good.csv');
  it.each([
    ['another table', [fileOf(['a,b', '1,2'], 'ab.csv')], /ab\.csv: found columns a, b, allowed: Queue_ID and Queue_Date; Queue Position/],
    ['no project of use', [fileOf(['Queue_ID,Queue_Date,Status', ',2015-01-01,Active'], 'none.csv')], /none\.csv: found no project of use/],
    ['a role that is none', [good, '--columns', 'colour=Status'], /--columns: found colour=Status, allowed: ROLE=COLUMN/],
    ['a column that is none', [good, '--columns', 'withdrawn=Gone'], /--columns: found withdrawn=Gone, allowed: a column of Queue_ID/],
    ['a cohort that is none', [good, '--cohort', '2017:2005'], /--cohort: found 2017:2005, allowed: FROM:TO, two years/],
    ['few resamples', [good, '--resamples', '5'], /--resamples: found 5, allowed: a whole number from 100/],
    ['a day that is none', [good, '--as-of', '2020-02-30'], /--as-of: found 2020-02-30, allowed: a date/],
    ['changes of other columns', [good, '--changes', good], /good\.csv: found no column "queue_position"/],
  ])('%s', async (_, words, message) => {
    await expect(runCommand(register, ['queue', 'replay', ...words])).rejects.toThrow(message);
  });
});
