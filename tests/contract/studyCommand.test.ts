import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { repoDir } from '../../infra/stack/paths.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import { register } from '../../services/cli/commands/study.js';
import type { CompareAnswer, DryRunAnswer, RunAnswer } from '../../services/cli/study/answer.js';
import { wallDelay, wallNow } from '../../shared/runtime/clock.js';
import { runCommand } from '../support/commandLine.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-study-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void (process.exitCode = undefined));

/** Four cells of two days of the three areas. */
const tiny = {
  schema: 'loadstone.study/1',
  name: 'tiny',
  title: 'Four cells',
  base: { scenario: 'three-areas' },
  horizon: { untilTime: '2027-07-15T17:00:00.000Z' },
  tickMinutes: 60,
  seeds: [1, 2],
  axes: [{ id: 'strike', keys: ['contracts.*.strikeUsdPerMwh'], values: [400, 5_000] }],
};

let files = 0;
function fileOf(study: object): string {
  const path = join(folder, `study-${files++}.json`);
  writeFileSync(path, JSON.stringify(study, null, 2));
  return path;
}

async function run(file: string, out: string, ...words: string[]): Promise<RunAnswer> {
  const { out: printed } = await runCommand(register, ['study', 'run', file, '--local', '--out', join(folder, out), '--json', ...words]);
  return JSON.parse(printed) as RunAnswer;
}

/** Everything in a result folder that is promised to be the same: all but the account of the run. */
function bytesOf(out: string): Record<string, string> {
  const names = readdirSync(join(folder, out), { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'run.json')
    .sort();
  const plain = names.filter((name) => statSync(join(folder, out, name)).isFile());
  return Object.fromEntries(plain.map((name) => [name, readFileSync(join(folder, out, name), 'utf8')]));
}

async function expectSchema(type: string, answer: unknown): Promise<void> {
  const { out } = await runCommand(registerSchema, ['schema', type]);
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
  expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
}

describe('a study', () => {
  const file = fileOf(tiny);
  let answer: RunAnswer;
  beforeAll(async () => {
    answer = await run(file, 'one', '--threads', '1');
  }, 120_000);

  it('gives every cell its row, and every metric unit, definition and evidence', async () => {
    await expectSchema('study-run', answer);
    await expectSchema('loadstone.study/1', tiny);
    expect(answer).toMatchObject({ state: 'finished', cells: 4, finished: 4, kept: 0, failed: [], evidence: 'assumed' });
    const rows = (bytesOf('one')['results.csv'] ?? '').trimEnd().split('\r\n');
    expect(rows).toHaveLength(5);
    const cells = rows.map((row) => row.split(','));
    const column = (name: string): string[] => cells.slice(1).map((row) => row[cells[0]?.indexOf(name) ?? -1] ?? '');
    expect(column('strike')).toEqual(['400', '400', '5000', '5000']);
    expect(column('seed')).toEqual(['1', '2', '1', '2']);
    expect(column('state')).toEqual(['finished', 'finished', 'finished', 'finished']);
    // Who sells at 400 is called; who sells at 5,000 is not.
    expect(column('curtailedHours').map(Number)).toEqual([expect.toSatisfy((h) => h > 0), expect.toSatisfy((h) => h > 0), 0, 0]);
    const metrics = JSON.parse(bytesOf('one')['metrics.json'] ?? '') as {
      readonly metrics: readonly object[];
      readonly groups: readonly { readonly columns: Record<string, { readonly count: number; readonly mean: number }> }[];
    };
    for (const metric of metrics.metrics)
      expect(metric).toMatchObject({ unit: expect.stringMatching(/./), definition: expect.stringMatching(/\.$/), evidence: 'assumed' });
    expect(metrics.groups).toHaveLength(2);
    const costs = column('costUsd').map(Number);
    expect(metrics.groups[0]?.columns['costUsd']).toMatchObject({ count: 2 });
    expect(metrics.groups[0]?.columns['costUsd']?.mean).toBeCloseTo(((costs[0] ?? 0) + (costs[1] ?? 0)) / 2, 3);
  });

  it('gives the same bytes with two threads as with one', async () => {
    await run(file, 'two', '--threads', '2');
    expect(bytesOf('two')).toEqual(bytesOf('one'));
    expect(Object.keys(bytesOf('one'))).toHaveLength(9);
  }, 120_000);

  it('is not run into a folder of another study, nor twice into its own without --resume, and repeats nothing with it', async () => {
    const other = fileOf({ ...tiny, seeds: [1, 3] });
    await expect(run(other, 'one', '--resume')).rejects.toThrow(
      /one: found results of another manifest, [0-9a-f]{8}: study\.seeds\[1\] is 2 there, allowed: --out/,
    );
    await expect(run(file, 'one')).rejects.toThrow(/found results of this study, allowed: --resume, or --out with another folder/);
    const before = bytesOf('one');
    rmSync(join(folder, 'one', 'cells', '00002.json'));
    const again = await run(file, 'one', '--resume', '--threads', '1');
    expect(again).toMatchObject({ state: 'finished', kept: 3, finished: 4 });
    expect(again.simulatedYears).toBeCloseTo(48 / 8_766, 6);
    expect(bytesOf('one')).toEqual(before);
    writeFileSync(join(folder, 'letter.txt'), 'mine');
    await expect(run(file, '.')).rejects.toThrow(/found a folder with something else in it, allowed: --out/);
  }, 120_000);

  it('is compared with another pair by pair, with the inputs that differ', async () => {
    await run(fileOf({ ...tiny, overrides: { 'network.units.central-nuclear-1.costUsdPerMwh': 19 } }), 'dear', '--threads', '2');
    const words = ['study', 'compare', join(folder, 'one'), join(folder, 'dear')];
    const compared = JSON.parse((await runCommand(register, [...words, '--json'])).out) as CompareAnswer;
    await expectSchema('study-compare', compared);
    expect(compared.inputs).toEqual([{ field: 'study.overrides.network.units.central-nuclear-1.costUsdPerMwh', first: null, second: 19 }]);
    expect(compared.unpaired).toEqual({ first: 0, second: 0 });
    const cost = compared.differences.find(({ column, group }) => column === 'costUsd' && group === 'base/strike=5000');
    // 800 MW for 48 hours at 10 $/MWh more, in both seeds, where it is still the cheapest that can be had.
    expect(cost).toMatchObject({ unit: 'USD', pairs: 2, meanDifference: expect.closeTo(384_000, -2) });
    expect(compared.differences.find(({ column }) => column === 'campusMwh')?.meanDifference).toBeCloseTo(0, 6);
    const { out } = await runCommand(register, words);
    expect(out).toContain('study.overrides.network.units.central-nuclear-1.costUsdPerMwh: absent | 19');
  }, 120_000);

  it('says what it would run without running it', async () => {
    const { out } = await runCommand(register, ['study', 'run', file, '--dry-run', '--json', '--threads', '2']);
    const dry = JSON.parse(out) as DryRunAnswer;
    await expectSchema('study-dry-run', dry);
    expect(dry).toMatchObject({ cells: 4, seeds: 2, draws: 0, ticksPerCell: 48, groups: ['base/strike=400', 'base/strike=5000'] });
    expect(dry.estimatedSeconds).toBeGreaterThan(0);
    expect(dry.estimatedMemoryMb).toBeGreaterThan(50);
  }, 60_000);

  it('finishes the others when one cell fails, names it, and ends with 1', async () => {
    const bad = fileOf({
      ...tiny,
      seeds: [1],
      axes: [
        { id: 'class', keys: ['runs.*.slowdownClass'], values: ['pause', 'slow-10'] },
        { id: 'offered', keys: ['contracts.*.maxReductionMw'], values: [10, 130] },
      ],
      variants: [{ id: 'one', overrides: { contracts: [contract] } }],
    });
    const failing = await run(bad, 'bad', '--threads', '2');
    expect(process.exitCode).toBe(1);
    expect(failing).toMatchObject({ state: 'failed', cells: 4, finished: 3 });
    expect(failing.failed).toEqual([
      {
        key: 'one/class=slow-10/offered=130/seed=1',
        message: expect.stringMatching(/^cell one\/class=slow-10.*maxReductionMw: found 130/),
      },
    ]);
    expect(bytesOf('bad')['results.csv']).toContain('one/class=slow-10/offered=130/seed=1,one,slow-10,130,,1,failed,,');
  }, 120_000);
});

const contract = {
  id: 'only',
  campus: 'riverbend',
  tranche: 'cap-and-pause',
  maxReductionMw: 10,
  maxSiteRatio: 0.25,
  strikeUsdPerMwh: 500,
  noticeMinutes: 15,
  rampMinutes: 15,
  maxEventHours: 4,
  eventsPerYear: 40,
  hoursPerYear: 120,
  penaltyUsdPerMwh: 2_000,
  capRatio: 0.7,
  resumeDelayMinutesMax: 10,
};

describe('a study that is ended early', () => {
  it('by a kill in a cell and by Ctrl-C in the next run goes on from what was kept, to the same bytes', async () => {
    const file = fileOf({ ...tiny, axes: [], horizon: { untilTime: '2027-07-21T17:00:00.000Z' } });
    const killed = await endedOnce(file, 'ended', 'SIGKILL');
    expect(killed.code).toBeNull();
    expect(cellsIn('ended').filter((name) => !name.endsWith('.part'))).toEqual(['00000.under-way.json']);
    const interrupted = await endedOnce(file, 'ended', 'SIGINT', '--resume');
    expect(interrupted.code).toBe(1);
    expect(interrupted.stdout).toContain('stopped with 1 cells to go; the same command with --resume goes on');
    expect(cellsIn('ended')).toEqual(['00000.json']);
    expect(existsSync(join(folder, 'ended', 'results.csv'))).toBe(false);
    // What a kill between two files of a cell leaves behind.
    writeFileSync(join(folder, 'ended', 'cells', '00000.under-way.json'), '{}');
    const finishedAtMs = statSync(join(folder, 'ended', 'cells', '00000.json')).mtimeMs;
    const resumed = await run(file, 'ended', '--resume', '--threads', '1');
    expect(resumed).toMatchObject({ kept: 1, finished: 2 });
    expect(statSync(join(folder, 'ended', 'cells', '00000.json')).mtimeMs).toBe(finishedAtMs);
    await run(file, 'calm', '--threads', '2');
    expect(cellsIn('ended')).toEqual(cellsIn('calm'));
    expect(bytesOf('ended')).toEqual(bytesOf('calm'));
  }, 240_000);

  it('by a file that cannot be written names it, and keeps what was finished', async () => {
    const file = fileOf({ ...tiny, axes: [], horizon: { untilTime: '2027-07-14T17:00:00.000Z' } });
    // A folder in the place of a file that is to be written stands for a disk that takes no more.
    const inTheWay = join(folder, 'full', 'cells', '00001.json.part');
    mkdirSync(inTheWay, { recursive: true });
    await run(file, 'donor', '--threads', '1');
    writeFileSync(join(folder, 'full', 'manifest.json'), readFileSync(join(folder, 'donor', 'manifest.json')));
    await expect(run(file, 'full', '--resume', '--threads', '1')).rejects.toMatchObject({
      code: 'TWIN_RESULT_UNWRITABLE',
      message: expect.stringMatching(/00001\.json: could not be written, EISDIR; what stood in the folder before is kept/),
    });
    expect(cellsIn('full')).toContain('00000.json');
    rmSync(inTheWay, { recursive: true });
    expect(await run(file, 'full', '--resume')).toMatchObject({ kept: 1, finished: 2 });
    expect(bytesOf('full')).toEqual(bytesOf('donor'));
  }, 120_000);
});

function cellsIn(out: string): readonly string[] {
  return readdirSync(join(folder, out, 'cells')).sort();
}

interface Ended {
  /** Null: killed. */
  readonly code: number | null;
  readonly stdout: string;
}

/** Runs a study as a process of its own and sends it a signal as soon as a cell under way is kept. */
async function endedOnce(file: string, out: string, signal: 'SIGKILL' | 'SIGINT', ...more: string[]): Promise<Ended> {
  const entry = join(repoDir(), 'services', 'cli', 'main.ts');
  const words = ['study', 'run', file, '--local', '--threads', '1', '--out', join(folder, out), '--keep-seconds', '0.01', ...more];
  const kept = join(folder, out, 'cells', '00000.under-way.json');
  const keptBeforeMs = existsSync(kept) ? statSync(kept).mtimeMs : 0;
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...words], { cwd: repoDir(), stdio: ['ignore', 'pipe', 'ignore'] });
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const untilMs = wallNow() + 60_000;
  while (!(existsSync(kept) && statSync(kept).mtimeMs > keptBeforeMs) && wallNow() < untilMs) await wallDelay(5);
  child.kill(signal);
  return { code: await ended, stdout };
}

describe('a study file', () => {
  const wrong: readonly (readonly [string, object, RegExp])[] = [
    [
      'an unknown key',
      { overrides: { 'contracts.riverbend-a.strikeUsdPerMhw': 7 } },
      /:18: overrides\.contracts\.riverbend-a\.strikeUsdPerMhw: found no "strikeUsdPerMhw" in contracts\.riverbend-a, allowed: strikeUsdPerMwh, /,
    ],
    [
      'an unknown entry of a list',
      { overrides: { 'contracts.riverbend-c.capRatio': 0.5 } },
      /found no "riverbend-c" in contracts, allowed: riverbend-a, riverbend-b$/,
    ],
    [
      'a value that does not fit',
      { overrides: { 'contracts.riverbend-a.capRatio': 7 } },
      /contracts\.riverbend-a\.capRatio: found 7, allowed: a number from 0 to 1$/,
    ],
    [
      'a key that belongs elsewhere',
      { overrides: { seed: 7 } },
      /overrides\.seed: found a key that is not overridden, allowed: the field seeds/,
    ],
    [
      'an empty axis',
      { axes: [{ id: 'a', keys: ['lostLoadUsdPerMwh'], values: [] }] },
      /: axes\[0\]\.values: found 0 entries, allowed: at least 1$/,
    ],
    [
      'an impossible distribution',
      { draws: { count: 2, of: [{ kind: 'triangular', key: 'lostLoadUsdPerMwh', min: 5, mode: 9, max: 7 }] } },
      /draws\.of\[0\]\.mode: found 9, allowed: a number from min to max, 5 to 7$/,
    ],
    [
      'a distribution that leaves what is possible',
      { draws: { count: 2, of: [{ kind: 'uniform', key: 'contracts.riverbend-a.capRatio', min: 0.5, max: 9 }] } },
      /draws\.of\[0\]: contracts\.riverbend-a\.capRatio: found [\d.]+, allowed: a number from 0 to 1$/,
    ],
    ['seeds used again', { seeds: [1, 2, 1] }, /: seeds\[2\]: found 1 again, allowed: each seed once$/],
    [
      'a horizon before its start',
      { horizon: { fromTime: '2027-07-15T17:00:00.000Z', untilTime: '2027-07-14T17:00:00.000Z' } },
      /: horizon\.untilTime: found 2027-07-14T17:00:00\.000Z, allowed: an instant after 2027-07-15/,
    ],
    [
      'a horizon before the scenario',
      { horizon: { untilTime: '2027-07-13T16:00:00.000Z' } },
      /: horizon\.untilTime: found .*, allowed: an instant at least a tick of 60 min after the start, 2027-07-13T17:00:00\.000Z$/,
    ],
    ['an unknown metric', { metrics: ['costUsd', 'unservedMhw'] }, /: metrics\[1\]: found "unservedMhw", allowed: unservedMwh, /],
    [
      'a key set by two',
      {
        axes: [
          { id: 'a', keys: ['lostLoadUsdPerMwh'], values: [1] },
          { id: 'b', keys: ['lostLoadUsdPerMwh'], values: [2] },
        ],
      },
      /axes\[1\]\.keys\[0\]: found lostLoadUsdPerMwh, which axis a sets too/,
    ],
    ['an unknown field', { horizont: 1 }, /: horizont: found an unknown field, allowed: /],
    ['an unknown scenario', { base: { scenario: 'four-areas' } }, /scenario: found "four-areas", allowed: three-areas, /],
  ];
  it.each(wrong)('with %s is refused in one line', async (_, change, words) => {
    const file = fileOf({ ...tiny, axes: [], ...change });
    await expect(run(file, 'never')).rejects.toThrow(words);
    await expect(run(file, 'never')).rejects.toThrow(new RegExp(`^(?!.*\\n)(${file.replaceAll('.', '\\.')}:\\d+: |scenario: )`));
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });

  it('with a key twice, or of an unknown name, is refused too', async () => {
    const twice = join(folder, 'twice.json');
    writeFileSync(twice, JSON.stringify(tiny, null, 2).replace('"title"', '"seeds": [5],\n  "title"'));
    await expect(run(twice, 'never')).rejects.toThrow(/twice\.json:13: seeds: found the key twice, allowed: once$/);
    await expect(runCommand(register, ['study', 'run', 'flex-for-sped', '--local'])).rejects.toThrow(
      /study: found "flex-for-sped", allowed: campus-growth, expectation-gap, flex-for-speed, .*uptime-classes, or the path/,
    );
  });
});

describe('the studies that come with the program', () => {
  it('are listed, and each is right in itself', async () => {
    const { out } = await runCommand(register, ['study', 'list', '--json']);
    const studies = JSON.parse(out) as readonly { readonly name: string }[];
    expect(studies.map(({ name }) => name)).toEqual(
      'campus-growth expectation-gap flex-for-speed forecast-value learning-curve mix move-training permit-bottleneck siting stranded-energy uptime-classes'.split(
        ' ',
      ),
    );
    const { readStudy } = await import('../../shared/scenario/study/read.js');
    for (const { name } of studies) {
      const { study, ticks } = await readStudy(join(repoDir(), 'shared', 'scenario', 'studies', `${name}.yaml`), undefined);
      expect([study.name, ticks > 700]).toEqual([name, true]);
    }
  });
});
