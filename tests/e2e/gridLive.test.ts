import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Fact, FactType } from '../../shared/domain/fact.js';
import { hourMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { startTwin, worldLines, type TestTwin } from '../support/twin.js';

const startMs = Date.parse(threeAreas.clock.startTime);
const at = (hours: number): string => toWire(startMs + hours * hourMs);
const hours = 6;
const ticks = hours * 12;

/** The three areas where units and lines fail every few hours, units come and go, load grows, and only loaded lines are told. */
const world: World = {
  ...threeAreas,
  outages: 'drawn',
  flowsFromRatio: 0.5,
  frequency: { ...threeAreas.frequency, everyTicks: 3 },
  network: {
    ...threeAreas.network,
    units: threeAreas.network.units.map((unit) => ({
      ...unit,
      forcedOutage: unit.source === 'gas-ct' ? { meanHoursToFailure: 6, meanHoursToRepair: 1 } : null,
      maintenance: unit.id === 'central-coal-1' ? [{ fromTime: at(1), toTime: at(2) }] : [],
    })),
    lines: threeAreas.network.lines.map((line) => ({ ...line, outagesPerYear: 8_760 / 10, outageHours: 1 })),
    changes: [
      { kind: 'add-unit', atTime: at(2.5), unit: 'central-cc-5' },
      { kind: 'retire-unit', atTime: at(3.52), unit: 'central-oil-1' },
      { kind: 'scale-load', atTime: at(4), region: 'south', factorRatio: 1.03 },
      { kind: 'scale-cost', atTime: at(5), source: 'gas-cc', factorRatio: 1.4 },
    ],
  },
};

let twin: TestTwin;
const folder = mkdtempSync(join(tmpdir(), 'loadstone-grid-live-'));
beforeAll(async () => {
  const file = join(folder, 'failing.json');
  writeFileSync(file, JSON.stringify(world));
  twin = await startTwin('--scenario', file, '--rate', 'max', '--hold-at', at(hours / 2));
}, 90_000);
afterAll(async () => {
  await twin.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('the live grid with drawn failures and a developing grid says what the simulated one says, also when it is killed on the way', async () => {
  await twin.untilPaused(40_000);
  twin.kill('grid-supply');
  expect(await twin.cli('clock', 'run-until', at(hours))).toMatchObject({ code: 0 });
  await expect.poll(async () => (await twin.clock()).tick, { timeout: 40_000, interval: 200 }).toBeGreaterThanOrEqual(ticks);
  await twin.untilPaused(10_000);
  const facts = await twin.facts();

  const solver = await loadHighsSolver();
  const fast = createWholeWorld(world, solver);
  const simulated: Fact[] = [];
  for (let tick = 0; tick < ticks; tick++) simulated.push(...fast.tick());
  solver.close();
  const [live, told] = [worldLines(facts, ticks - 1), worldLines(simulated, ticks - 1)];
  expect(live.findIndex((line, place) => line !== told[place])).toBe(-1);
  expect(live.length).toBe(told.length);

  const count = (type: FactType): number => facts.filter((fact) => fact.type === type && fact.tick < ticks).length;
  expect(count('grid.reserve.v1')).toBe(ticks);
  expect(count('grid.security.v1')).toBe(ticks);
  expect(count('grid.frequency.v1')).toBeGreaterThanOrEqual(ticks / 3);
  expect(count('grid.change.v1')).toBe(4);
  const reasons = facts.flatMap((fact) => (fact.type === 'grid.contingency.v1' ? [`${fact.data.equipment}: ${fact.data.reason}`] : []));
  expect(reasons).toEqual(
    expect.arrayContaining([
      'unit: forced outage, drawn',
      'unit: repaired after a drawn outage',
      'unit: maintenance, planned',
      'line: forced outage, drawn',
    ]),
  );
}, 120_000);
