import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import { register } from '../../services/cli/commands/training.js';
import type { FleetAnswer, MoveAnswer, MoveTableAnswer } from '../../services/cli/training/moveAnswer.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { runCommand } from '../support/commandLine.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-move-'));
});
afterAll(() => rm(folder, { recursive: true }));

const given = ['--price', 'riverbend=54,mesa=20', '--carbon', 'riverbend=400,mesa=20'];

async function answerOf<Answer>(words: readonly string[], schema: string): Promise<Answer> {
  const answer = JSON.parse((await runCommand(register, ['training', ...words, '--json'])).out) as Answer;
  const { out } = await runCommand(registerSchema, ['schema', schema]);
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
  expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  return answer;
}

/** The built-in world with some of it changed, as a file. */
async function fileOf(name: string, change: Partial<World>): Promise<string> {
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify({ ...threeAreas, name, ...change }));
  return path;
}

describe('training move', () => {
  it('answers by its schema for each link and spare, with prices as given', async () => {
    const words = ['move', 'cinder', '--to', 'mesa', '--dry-run', '--scenario', 'three-areas', '--built', '--spare', '5,20', ...given];
    const { moves, ...answer } = await answerOf<MoveAnswer>([...words, '--gbps', '10,100'], 'training-move');
    expect(answer).toMatchObject({ run: 'cinder', evidence: 'assumed', isSizeAssumed: true, splits: [] });
    expect(moves.map(({ gbps, spareRatio, isPossible }) => [gbps, spareRatio, isPossible])).toEqual([
      [10, 0.05, false],
      [10, 0.2, true],
      [100, 0.05, false],
      [100, 0.2, true],
    ]);
    expect(moves[1]?.transferSeconds).toBeCloseTo(10 * (moves[3]?.transferSeconds ?? 0), 6);
    expect(moves[3]?.netSavedUsd).toBeGreaterThan(0);
  });

  it('takes room and size from the scenario', async () => {
    const file = await fileOf('sized', {
      campuses: threeAreas.campuses.map((campus) => (campus.id === 'riverbend' ? { ...campus, spareAccelerators: 30_000 } : campus)),
      runs: threeAreas.runs.map((run) => (run.id === 'dune' ? { ...run, checkpointBytes: 1e12 } : run)),
    });
    const words = ['move', 'dune', '--to', 'riverbend', '--dry-run', '--scenario', file, '--gbps', '8', '--split-every', '500', ...given];
    const answer = await answerOf<MoveAnswer>([...words, '--evidence', 'measured'], 'training-move');
    expect(answer).toMatchObject({ evidence: 'measured', isSizeAssumed: false, checkpointBytes: 1e12 });
    expect(answer.moves).toMatchObject([{ spareAccelerators: 30_000, spareMw: 79, obstacles: ['accelerators'], transferSeconds: 1_000 }]);
    // Half of it fits.
    expect(answer.splits).toMatchObject([{ everySteps: 500, obstacles: [], campuses: [{ campus: 'mesa' }, { campus: 'riverbend' }] }]);
  });

  it('dispatches the world for prices that are not given', async () => {
    const words = ['move', 'delta', '--to', 'mesa', '--dry-run', '--scenario', 'three-areas', '--days', '2', '--gbps', '100'];
    const { energies, from, to } = await answerOf<MoveAnswer>(words, 'training-move');
    expect(energies).toEqual({ source: 'dispatched', hours: 48 });
    expect(from.campus).toBe('riverbend');
    // The west is behind a line and has wind: no dearer there.
    expect(to.priceUsdPerMwh).toBeLessThanOrEqual(from.priceUsdPerMwh);
    expect(to.carbonKgPerMwh).toBeLessThan(from.carbonKgPerMwh);
    expect(from.priceUsdPerMwh).toBeGreaterThan(20);
  });

  it('judges the table, counts what fails on spare, and shows what would flip it', async () => {
    const table = await answerOf<MoveTableAnswer>(['move', '--table', '--built', ...given], 'training-move-table');
    expect(table.cells.length).toBe(5 * 4 * 3 * 4);
    expect(table).toMatchObject({ scenario: 'three-areas', verdict: 'mixed', evidence: 'assumed' });
    expect(table.shares.map(({ way, cells }) => [way, cells])).toEqual([
      ['all', 240],
      ['move', 60],
      ['split, every 1', 60],
      ['split, every 100', 60],
      ['split, every 500', 60],
    ]);
    const [all] = table.shares;
    expect(all?.failsOnSpareRatio).toBe(table.cells.filter(({ obstacles }) => obstacles.includes('accelerators')).length / 240);
    expect(all?.holdsRatio).toBe(table.cells.filter(({ holds }) => holds).length / 240);
    expect(table.flips.length).toBe(12);
    const other = ['--price', 'riverbend=20,mesa=20', '--carbon', 'riverbend=400,mesa=20'];
    const same = await answerOf<MoveTableAnswer>(['move', '--table', '--built', ...other], 'training-move-table');
    expect(same.verdict).toBe('contradicted');
  });

  it('prints tables for people', async () => {
    const words = [
      'training',
      'move',
      'dune',
      '--to',
      'riverbend',
      '--dry-run',
      '--scenario',
      'three-areas',
      '--split-every',
      '500',
      ...given,
    ];
    const { out } = await runCommand(register, words);
    expect(out).toContain('dune from mesa to riverbend');
    expect(out).toContain('split half and half');
    expect((await runCommand(register, ['training', 'move', '--table', ...given])).out).toMatch(/verdict: \w+, evidence: assumed/);
  });

  it.each<[string, string[], string]>([
    ['an unknown run', ['dunes', '--to', 'mesa', '--dry-run'], 'run: found dunes, allowed: atlas, boreas'],
    ['an unknown campus', ['dune', '--to', 'moon', '--dry-run'], '--to: found moon, allowed: riverbend, mesa, harbor'],
    ['no destination', ['dune', '--dry-run'], '--to: found nothing, allowed: a campus'],
    ['no run', ['--to', 'mesa', '--dry-run'], 'found no run, allowed: a run, or --table'],
    ['a run beside the table', ['dune', '--table'], 'found run dune with --table'],
    ['a link of 0', ['dune', '--to', 'riverbend', '--dry-run', '--gbps', '10,0'], '--gbps: found 0, allowed: numbers above 0'],
    [
      'spare above all',
      ['dune', '--to', 'riverbend', '--dry-run', '--spare', '101'],
      '--spare: found 101, allowed: percentages from 0 to 100',
    ],
    ['half a step', ['dune', '--to', 'riverbend', '--dry-run', '--split-every', '0.5'], '--split-every: found 0.5, allowed: whole numbers'],
    ['a price alone', ['dune', '--to', 'riverbend', '--dry-run', '--price', 'mesa=1,riverbend=2'], 'found one of them, allowed: both'],
    [
      'a price for one place',
      ['dune', '--to', 'riverbend', '--dry-run', '--price', 'mesa=1', '--carbon', 'mesa=1,riverbend=1'],
      '--price: found nothing for riverbend, allowed: CAMPUS=NUMBER for each of mesa, riverbend',
    ],
    ['measured without prices', ['dune', '--to', 'riverbend', '--dry-run', '--evidence', 'measured', '--days', '1'], 'without --price'],
  ])('refuses %s in one line', async (_, words, line) => {
    const run = runCommand(register, ['training', 'move', ...words, '--scenario', 'three-areas']);
    await expect(run).rejects.toMatchObject({ code: 'TWIN_WRONG_INPUT' });
    await expect(run).rejects.toThrow(line);
  });

  it.each([
    ['runs', 'priority', 12, 'runs[0].priority: found 12, allowed: a whole number from 0 to 9'],
    ['runs', 'checkpointBytes', 0, 'runs[0].checkpointBytes: found 0, allowed: a whole number in B from 1'],
    ['campuses', 'spareAccelerators', -1, 'campuses[0].spareAccelerators: found -1, allowed: a whole number from 0'],
  ] as const)('refuses a scenario whose %s have a wrong %s', async (list, field, value, line) => {
    const changed = [{ ...threeAreas[list][0], [field]: value }, ...threeAreas[list].slice(1)];
    const file = await fileOf(`wrong-${field.toLowerCase()}`, { [list]: changed });
    await expect(runCommand(register, ['training', 'move', '--table', '--scenario', file])).rejects.toThrow(line);
  });
});

describe('training curtail fleet', () => {
  it('splits a reduction over campuses, with what each would plan by itself', async () => {
    const words = ['curtail', 'fleet', '--mw', '200', '--dry-run', '--scenario', 'three-areas', '--beyond-contracts', '0.5'];
    const answer = await answerOf<FleetAnswer>(words, 'training-fleet');
    expect(answer).toMatchObject({ residualMw: 0, touchedPriority: 5 });
    expect(answer.campuses.reduce((sum, { reductionMw }) => sum + reductionMw, 0)).toBeCloseTo(200, 6);
    expect(answer.campuses.find(({ campus }) => campus === 'mesa')?.reductionMw).toBeGreaterThan(0);
    for (const { lostAcceleratorHours, alone } of answer.campuses)
      expect(lostAcceleratorHours).toBeLessThanOrEqual(alone.lostAcceleratorHours * (1 + 1e-6));
  });

  it('asks only campuses with contracts, within them, and says what is missing', async () => {
    const { out } = await runCommand(register, ['training', 'curtail', 'fleet', '--mw', '300', '--dry-run', '--scenario', 'three-areas']);
    expect(out).toMatch(/285\.8 of 300 MW for 60 minutes, start of three-areas; 14\.3 MW are not to be had/);
  });

  it('spares runs of high priority', async () => {
    const file = await fileOf('dear-atlas', { runs: threeAreas.runs.map((run) => (run.id === 'atlas' ? { ...run, priority: 9 } : run)) });
    const { measures, touchedPriority } = await answerOf<FleetAnswer>(
      ['curtail', 'fleet', '--mw', '150', '--dry-run', '--scenario', file],
      'training-fleet',
    );
    expect(measures.map(({ run }) => run)).not.toContain('atlas');
    expect(touchedPriority).toBe(5);
  });

  it('refuses a scenario for a single campus, which asks the running twin', async () => {
    const run = runCommand(register, ['training', 'curtail', 'riverbend', '--mw', '80', '--dry-run', '--scenario', 'three-areas']);
    await expect(run).rejects.toThrow('--scenario: found with campus riverbend, allowed: with `fleet`');
  });
});
