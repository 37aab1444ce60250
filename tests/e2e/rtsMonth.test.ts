import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStream } from '../../shared/bus/read.js';
import type { Fact } from '../../shared/domain/fact.js';
import { dayMs, fromWire, minuteMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import type { World } from '../../shared/scenario/schema.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { startTwin, worldLines, type TestTwin } from '../support/twin.js';

/** `LOADSTONE_DRILL=all`: in ticks of five minutes, as the scenario has them; else of an hour, which takes a twelfth of the time. */
const tickMinutes = process.env['LOADSTONE_DRILL'] === 'all' ? 5 : 60;
const days = 30;
const ticks = (days * dayMs) / (tickMinutes * minuteMs);
const limitMs = 60_000 + ticks * 60;

/** One digest a tick: a month of facts is too much to hold twice. */
function digest(facts: readonly Fact[], tick: number): string {
  const lines = worldLines(facts, tick);
  return `${lines.length} ${createHash('sha256').update(lines.join('\n')).digest('hex')}`;
}

async function liveDigests(twin: TestTwin): Promise<readonly string[]> {
  const ofTick: Fact[][] = Array.from({ length: ticks }, () => []);
  const told: string[] = [];
  const reader = readStream(await twin.connect(), { fromSequence: 1 });
  for await (const { fact, pending } of reader) {
    ofTick[fact.tick]?.push(fact);
    // What a sequence says of a tick may come in the next one, and nothing later than that.
    for (let done = told.length; done < fact.tick - 1 && done < ticks; done++) told.push(digest(ofTick[done]?.splice(0) ?? [], done));
    if (pending === 0) break;
  }
  for (let done = told.length; done < ticks; done++) told.push(digest(ofTick[done] ?? [], done));
  return told;
}

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
      const live = await liveDigests(twin);
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
