import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromWire, hourMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { wallNow } from '../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { tenYearTicks, tenYearWorld } from '../support/tenYears.js';
import { digest, liveDigests } from '../support/tickDigests.js';
import { startTwin, type TestTwin } from '../support/twin.js';

const isAsked = process.env['LOADSTONE_DRILL'] === 'all';
const name = isAsked
  ? 'ten years of a campus, every service and the twin clock at full speed'
  : 'ten years of a campus live are by hand: LOADSTONE_DRILL=all';
const limitMs = 3_600_000;

describe.skipIf(!isAsked)(name, () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadstone-years-'));
  let twin: TestTwin;
  let seconds = 0;

  beforeAll(async () => {
    const file = join(folder, 'years.json');
    writeFileSync(file, JSON.stringify(tenYearWorld));
    const begin = wallNow();
    const until = toWire(fromWire(tenYearWorld.clock.startTime) + tenYearTicks * hourMs);
    twin = await startTwin('--scenario', file, '--rate', 'max', '--hold-at', until);
    await twin.untilPaused(limitMs);
    seconds = (wallNow() - begin) / 1_000;
  }, limitMs);
  afterAll(async () => {
    await twin?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it(
    'say live what they say simulated, in every hour',
    async () => {
      const live = await liveDigests(twin, tenYearTicks);
      const solver = await loadHighsSolver();
      const fast = createWholeWorld(tenYearWorld, solver);
      const simulated = Array.from({ length: tenYearTicks }, (_, tick) => digest(fast.tick(), tick));
      solver.close();
      expect(live.findIndex((told, tick) => told !== simulated[tick])).toBe(-1);
      expect(live.length).toBe(simulated.length);
      process.stdout.write(`ten years live: ${seconds.toFixed(0)} s, ${tenYearTicks} ticks\n`);
    },
    limitMs,
  );
});
