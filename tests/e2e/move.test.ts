import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { hourMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startTwin, worldLines, type TestTwin } from '../support/twin.js';

const at = (hours: number): string => toWire(Date.parse(threeAreas.clock.startTime) + hours * hourMs);
const ticks = 3 * 12;

let twin: TestTwin;
beforeAll(async () => {
  twin = await startTwin('--scenario', 'three-areas', '--rate', 'max', '--hold-at', at(1));
}, 90_000);
afterAll(() => twin.stop());

it('a run sent to another campus by a person goes on there, and the live twin says what the simulated one says', async () => {
  await twin.untilPaused(40_000);
  const words = ['training', 'move'];
  const dry = await twin.cli(...words, 'dune', '--to', 'riverbend', '--dry-run', '--gbps', '100', '--days', '2', '--json');
  expect(JSON.parse(dry.stdout)).toMatchObject({ at: 'now', moves: [{ isPossible: true }] });
  const refused = await twin.cli(...words, 'atlas', '--to', 'mesa');
  expect(refused.code).not.toBe(0);
  expect(refused.stderr.trim().split('\n')).toEqual([expect.stringContaining('mesa: has 7003 accelerators free, atlas needs 65536')]);
  const fleet = await twin.cli('training', 'curtail', 'fleet', '--mw', '100', '--dry-run', '--json');
  expect(JSON.parse(fleet.stdout)).toMatchObject({ at: 'now', residualMw: 0 });
  expect(await twin.cli(...words, 'dune', '--to', 'riverbend', '--reason', 'cheaper')).toMatchObject({ code: 0 });
  expect(await twin.cli('clock', 'run-until', at(3))).toMatchObject({ code: 0 });
  await expect.poll(async () => (await twin.clock()).tick, { timeout: 40_000, interval: 200 }).toBeGreaterThanOrEqual(ticks);
  await twin.untilPaused(10_000);
  const facts = await twin.facts();
  const listed = JSON.parse((await twin.cli('training', 'list', '--json')).stdout) as { run: string; campus: string; state: string }[];
  expect(listed.find(({ run }) => run === 'dune')).toMatchObject({ campus: 'riverbend', state: 'running' });

  const asked = facts.filter(({ type }) => type === 'control.audit.v1');
  const solver = await loadHighsSolver();
  const fast = createWholeWorld(threeAreas, solver);
  const simulated: Fact[] = [];
  for (let tick = 0; tick < ticks; tick++) {
    for (const fact of asked) if (fact.tick === tick - 1) fast.inject(fact);
    simulated.push(...fast.tick());
  }
  solver.close();
  const [live, told] = [worldLines(facts, ticks - 1), worldLines(simulated, ticks - 1)];
  expect(live.findIndex((line, place) => line !== told[place])).toBe(-1);
  expect(live.length).toBe(told.length);
}, 150_000);
