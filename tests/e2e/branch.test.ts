import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadWorld } from '../../shared/bus/world.js';
import { fromWire, hourMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import type { BranchState } from '../../shared/scenario/study/branch.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startTwin, worldLines, type TestTwin } from '../support/twin.js';

const startMs = fromWire(threeAreas.clock.startTime);
const at = (hours: number): string => toWire(startMs + hours * hourMs);
const [askedHours, branchHours, dayHours] = [6, 10, 24];
const folder = mkdtempSync(join(tmpdir(), 'loadstone-branch-'));

/** The first day of the built-in world, in which people pull at it, and the day after its branch. */
let twin: TestTwin;
let told: { milestones: number; firstDifference: string | null; inputs: number; atTime: string };
beforeAll(async () => {
  twin = await startTwin('--scenario', 'three-areas', '--rate', 'max', '--hold-at', at(askedHours));
  await twin.untilPaused(120_000);
  const asks = [
    ['inject', 'trip-unit', 'central-cc-2', '--reason', 'drill'],
    ['inject', 'pause-run', 'cinder', '--reason', 'drill'],
    ['training', 'curtail', 'riverbend', '--mw', '60', '--minutes', '120', '--id', 'peak'],
    ['inject', 'grant-permit', 'nowhere', '--reason', 'refused'],
  ];
  for (const ask of asks) await twin.cli(...ask);
  await runUntil(at(branchHours));
  const made = await twin.cli('study', 'branch', '--until', at(branchHours + dayHours), '--no-run', '--json', '--out', join(folder, 'now'));
  expect(`${made.code} ${made.stderr}`).toBe('0 ');
  told = JSON.parse(made.stdout);
  await runUntil(at(branchHours + dayHours));
}, 240_000);
afterAll(async () => {
  await twin?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function runUntil(time: string): Promise<void> {
  const { code, stderr } = await twin.cli('clock', 'run-until', time);
  expect(`${code} ${stderr}`).toBe('0 ');
  await twin.untilPaused(120_000);
}

const stateOf = (name: string): BranchState => JSON.parse(readFileSync(join(folder, name, 'state.json'), 'utf8')) as BranchState;

describe('a branch of the live twin', () => {
  it('says every milestone of the twin until its instant, what people asked for included', () => {
    expect(told).toMatchObject({ atTime: at(branchHours), firstDifference: null, inputs: 3 });
    expect(told.milestones).toBeGreaterThan(20);
  });

  it('that changes nothing says what the live twin says in the day after, fact by fact', async () => {
    const state = stateOf('now');
    const world: World = await loadWorld(await twin.connect());
    const solver = await loadHighsSolver();
    const fast = createWholeWorld(world, solver, { saved: state.world });
    const first = fast.nextTick;
    const ticks = (dayHours * hourMs) / (world.clock.tickMinutes * 60_000);
    const simulated = Array.from({ length: ticks }, () => fast.tick()).flat();
    solver.close();
    const live = (await twin.facts()).filter(({ tick }) => tick >= first);
    const own = worldLines(live, first + ticks - 1);
    expect(own.length).toBeGreaterThan(5_000);
    expect(worldLines(simulated, first + ticks - 1)).toEqual(own);
  });

  it('at an instant that has passed is the same wherever the twin stands by now', async () => {
    const out = join(folder, 'later');
    const { code, stdout } = await twin.cli('study', 'branch', '--at', at(branchHours), '--no-run', '--json', '--out', out);
    expect([code, JSON.parse(stdout).firstDifference]).toEqual([0, null]);
    expect(stateOf('later')).toEqual(stateOf('now'));
  });

  it('with something changed is a study whose variants differ by that alone', async () => {
    const out = join(folder, 'changed');
    const acts = ['--act', `trip-unit south-cc-1 atTime=${at(branchHours + 2)}`, '--set', 'contracts.riverbend-a.strikeUsdPerMwh=20'];
    const { code, stdout, stderr } = await twin.cli('study', 'branch', '--at', at(branchHours), ...acts, '--out', out, '--json');
    expect(`${code}`, stderr).toBe('0');
    expect(JSON.parse(stdout)).toMatchObject({ state: 'finished', cells: 2 });
    const [head = '', ...rows] = readFileSync(join(out, 'results/results.csv'), 'utf8').trim().split('\n');
    const column = (name: string) => rows.map((row) => Number(row.split(',')[head.split(',').indexOf(name)]));
    const [asItIs = NaN, changed = NaN] = column('reductionMwh');
    expect(changed).toBeGreaterThan(asItIs);
    expect(readFileSync(join(out, 'results/report.html'), 'utf8')).toContain('changed');
  });

  it('is refused in one line where it cannot be', async () => {
    const refused = async (...args: readonly string[]): Promise<string> => {
      const { code, stderr } = await twin.cli('study', 'branch', '--out', join(folder, 'refused'), ...args);
      expect([code, stderr.trimEnd().split('\n')]).toEqual([2, [expect.any(String)]]);
      return stderr;
    };
    expect(await refused('--at', at(900))).toContain(`--at: found ${at(900)}, allowed: an instant after ${at(0)}, up to`);
    expect(await refused('--at', 'yesterday')).toContain('--at: found yesterday');
    expect(await refused('--until', at(1))).toContain(`--until: found ${at(1)}, allowed: an instant after the branch`);
    expect(await refused('--act', 'trip-unit')).toContain('target');
    expect(await refused('--act', 'trip-unit nothing')).toContain('nothing');
    expect(await refused('--set', 'contracts.riverbend-a.strikeUsd=1')).toContain('strikeUsdPerMwh');
    const study = join(folder, 'now/study.yaml');
    const text = readFileSync(study, 'utf8');
    const other = async (from: string, to: string): Promise<string> => {
      writeFileSync(join(folder, 'now/other.yaml'), text.replace(from, to));
      const { code, stderr } = await twin.cli('study', 'run', join(folder, 'now/other.yaml'), '--local', '--out', join(folder, 'never'));
      expect(code).toBe(2);
      return stderr;
    };
    expect(await other(`- ${threeAreas.seed}`, '- 99')).toContain(`seeds: found [99], allowed: [${threeAreas.seed}]`);
    expect(await other('./world.json', 'phoenix')).toContain('scenarioHash');
  });
});
