import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dayMs, fromWire, minuteMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import type { World } from '../../shared/scenario/schema.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { digest, liveDigests } from '../support/tickDigests.js';
import { startTwin, type TestTwin } from '../support/twin.js';

/** `LOADSTONE_DRILL=all`: in ticks of five minutes, as the scenario has them; else of an hour, which takes a twelfth of the time. */
const tickMinutes = process.env['LOADSTONE_DRILL'] === 'all' ? 5 : 60;
const days = 30;
const ticks = (days * dayMs) / (tickMinutes * minuteMs);
const limitMs = 60_000 + ticks * 60;

describe.skipIf(rtsGmlcDir === null)(rtsGmlcDir === null ? noRtsGmlc : 'thirty days of rts-gmlc, step by step over the bus', () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadstone-month-'));
  let world: World;
  let twin: TestTwin;

  beforeAll(async () => {
    const resolved = (await resolveWorld({ scenario: 'rts-gmlc', dataDir: rtsGmlcDir ?? '' })).world;
    world = { ...resolved, clock: { ...resolved.clock, tickMinutes } };
    const file = join(folder, 'month.json');
    writeFileSync(file, JSON.stringify(world));
    twin = await startTwin('--scenario', file, '--rate', 'max', '--hold-at', toWire(fromWire(world.clock.startTime) + days * dayMs));
    await twin.untilPaused(limitMs);
  }, limitMs + 60_000);
  afterAll(async () => {
    await twin?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    `say live what they say simulated, in all ${ticks} ticks`,
    async () => {
      const live = await liveDigests(twin, ticks);
      const solver = await loadHighsSolver();
      const fast = createWholeWorld(world, solver);
      const simulated = Array.from({ length: ticks }, (_, tick) => digest(fast.tick(), tick));
      solver.close();
      expect(live.findIndex((told, tick) => told !== simulated[tick])).toBe(-1);
      expect(live.length).toBe(simulated.length);
    },
    limitMs,
  );
});
