import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/permit.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { Agency } from '../../shared/scenario/schema.js';
import { runCommand } from '../support/commandLine.js';
import { noPermitEvents, permitEvents } from '../support/data.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-process-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Experiment {
  readonly arms: readonly { readonly agency: string | null; readonly differenceDays: number; readonly meanWaitDays: number | null }[];
  readonly stages: readonly { readonly permit: string; readonly reviewerDays: number }[];
}

async function refusal(words: readonly string[]): Promise<string> {
  const error: unknown = await runCommand(register, words).then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof Error ? error.message.replaceAll(`${folder}/`, '') : 'none';
}

async function fitsItsSchema(type: string, document: unknown): Promise<boolean> {
  const { out } = await runCommand(registerSchema, ['schema', type]);
  return new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(out) as object)(document);
}

describe('permit experiment', () => {
  it('answers by its schema: each agency the block waits for, the one asked for first, and where the time goes', async () => {
    const words = ['experiment', 'campus-build', '--agency', 'utility-study-desk', '--block', '2', '--seeds', '8', '--json'];
    const { out } = await runCommand(register, ['permit', ...words]);
    const answer = JSON.parse(out) as Experiment;
    expect(await fitsItsSchema('permit-experiment', answer)).toBe(true);
    expect(answer.arms.map((arm) => arm.agency)).toEqual([
      null,
      'utility-study-desk',
      'county-zoning',
      'state-air-board',
      'water-board',
      'federal-lead-agency',
    ]);
    expect(answer.arms[0]?.differenceDays).toBe(0);
    expect(answer.arms[1]?.meanWaitDays).toBeLessThan(20);
    expect(answer.stages.find((stage) => stage.permit === 'mesa-interconnection')?.reviewerDays).toBeGreaterThan(60);
  }, 60_000);

  it.each([
    [['--agency', 'nobody'], '--agency: found "nobody", allowed: county-zoning, state-air-board'],
    [['--seeds', '0'], '--seeds: found "0", allowed: a whole number from 1 to 100000'],
    [['--block', '1'], '--block: found "1", allowed: 2, 3, 4, 5'],
    [['--project', 'x'], '--project: found "x", allowed: mesa'],
  ])('refuses %s in one line', async (words, line) => {
    expect((await refusal(['permit', 'experiment', 'campus-build', ...words])).startsWith(line)).toBe(true);
  });
});

describe('permit calibrate', () => {
  it('answers by its schema', async () => {
    const words = ['permit', 'calibrate', 'campus-build', '--permit', 'mesa-zoning', '--median-days', '222', '--samples', '200', '--json'];
    const { out } = await runCommand(register, words);
    const answer = JSON.parse(out) as { readonly result: string; readonly errorRatio: number };
    expect(await fitsItsSchema('permit-calibration', answer)).toBe(true);
    expect(answer.result).toBe('fits');
    expect(Math.abs(answer.errorRatio)).toBeLessThan(0.05);
  }, 60_000);

  it('refuses a permit that is not there', async () => {
    const line = await refusal(['permit', 'calibrate', 'campus-build', '--permit', 'x', '--median-days', '3']);
    expect(line.startsWith('--permit: found "x", allowed: mesa-zoning')).toBe(true);
  });
});

const header = 'project_id,seq,date,event_type,source_url';
const url = 'https://example.org/';

/** Steps that a file of rows leads to, and what the command said about it. */
async function recordOf(rows: readonly string[], of = 'line'): Promise<{ readonly steps: readonly string[]; readonly err: string }> {
  const file = join(folder, 'events.csv');
  const out = join(folder, 'recorded.json');
  await writeFile(file, `${[header, ...rows].join('\n')}\n`);
  const words = ['record', file, '--of', of, '--permit', 'mesa-environmental-review', '--out', out, '--json'];
  const { err } = await runCommand(register, ['permit', ...words]);
  const world = JSON.parse(await readFile(out, 'utf8')) as { readonly agencies: readonly Agency[] };
  const steps = world.agencies.flatMap((agency) => agency.recorded ?? []).map((entry) => `${entry.atTime.slice(0, 10)} ${entry.step}`);
  return { steps, err: err.replaceAll(`${folder}/`, '') };
}

describe('permit record', () => {
  it('keeps the distances of a file whose days come in four forms and out of order', async () => {
    const { steps, err } = await recordOf([
      `line,1,2006-01-01,nepa_eis,${url}notice-of-intent`,
      `line,2,01/31/2006,nepa_eis,${url}the-draft`,
      `line,4,21 Mar 2006,nepa_eis,${url}record-of-decision`,
      `line,3,"March 1, 2006",nepa_eis,${url}the-final`,
      `other,1,2001-01-01,nepa_eis,${url}x`,
    ]);
    expect(steps).toEqual(['2027-07-14 received', '2027-08-13 comment-opened', '2027-09-11 comment-closed', '2027-10-01 granted']);
    expect(err).toBe('');
  });

  it('leaves out rows that cannot be, each named in one line, and goes on', async () => {
    const { steps, err } = await recordOf([
      `line,1,2006-01-01,nepa_eis,${url}notice-of-intent`,
      `line,2,,nepa_eis,${url}the-draft`,
      `line,3,2006-02-31,nepa_eis,${url}the-draft`,
      `line,4,2006-03-01,nepa_eis,${url}record-of-decision`,
      `line,4,2006-03-02,nepa_eis,${url}record-of-decision`,
      `line,5,2006-04-01,nepa_eis,${url}record-of-decision`,
    ]);
    expect(steps.map((step) => step.slice(11))).toEqual(['received', 'granted']);
    expect(err.trim().split('\n')).toEqual([
      'left out: events.csv:3: date: found "", allowed: a day like 2023-05-16, 05/16/2023 or 16 May 2023',
      'left out: events.csv:4: date: found "2006-02-31", allowed: a day like 2023-05-16, 05/16/2023 or 16 May 2023',
      'left out: events.csv:6: seq: found "4" twice for line, allowed: each once',
      'left out: events.csv:7: event_type: found a decision for a closed permit, allowed: one before it is closed',
    ]);
  });

  it('takes a decision back when a review begins anew after it', async () => {
    const { steps } = await recordOf([
      `line,1,2006-01-01,nepa_eis,${url}a`,
      `line,2,2007-01-01,nepa_eis,${url}x_and_rod.pdf`,
      `line,3,2008-01-01,nepa_eis,${url}notice-of-intent`,
      `line,4,2009-01-01,nepa_eis,${url}record-of-decision`,
      `line,5,2010-01-01,litigation,${url}a`,
    ]);
    expect(steps.map((step) => step.slice(11))).toEqual(['received', 'granted', 'revoked', 'granted', 'court-opened']);
  });

  it('refuses a project that is not in the file', async () => {
    const file = join(folder, 'events.csv');
    await writeFile(file, `${header}\nline,1,2006-01-01,nepa_eis,${url}a\n`);
    const words = ['permit', 'record', file, '--of', 'x', '--permit', 'mesa-air', '--out', join(folder, 'o.json')];
    expect(await refusal(words)).toBe('--of: found "x", allowed: line');
  });

  it.skipIf(permitEvents === null)(`reads a real file (${permitEvents === null ? noPermitEvents : 'permit-events'})`, async () => {
    const out = join(folder, 'real.json');
    const words = ['--of', 'sunzia-transmission', '--permit', 'mesa-environmental-review', '--out', out, '--json'];
    const printed = await runCommand(register, ['permit', 'record', permitEvents ?? '', ...words]);
    const answer = JSON.parse(printed.out) as { readonly rows: number; readonly steps: number; readonly reversed: number };
    expect(answer).toMatchObject({ rows: 13, steps: 10, reversed: 1, quarantined: 0, isDecided: true });
  });
});
