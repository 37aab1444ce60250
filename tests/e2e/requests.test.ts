import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ask } from '../../shared/bus/request.js';
import { wallDelay } from '../../shared/runtime/clock.js';
import { startTwin, type TestTwin } from '../support/twin.js';

/** A twin whose ticks run every third of a second, while people ask for something all the time. */
let twin: TestTwin;
const folder = mkdtempSync(join(tmpdir(), 'loadstone-requests-'));
beforeAll(async () => {
  twin = await startTwin('--scenario', 'three-areas', '--rate', '900');
}, 120_000);
afterAll(async () => {
  await twin?.stop();
  rmSync(folder, { recursive: true, force: true });
});

it('requests that come while ticks run count between two of them, so that the world run again says the same', async () => {
  const bus = await twin.connect();
  const asked: number[] = [];
  const runs = ['atlas', 'boreas', 'cinder', 'delta'];
  for (let number = 0; number < 40; number++) {
    const order =
      number % 3 === 0
        ? { action: 'curtail-campus', target: 'riverbend', amountMw: 20 + number, request: `r${number}`, isBestEffort: true }
        : { action: number % 2 === 0 ? 'pause-run' : 'resume-run', target: runs[number % 4] };
    const beganMs = performance.now();
    await ask(bus, 'api', 'inject', { ...order, actor: 'test', reason: 'test' }, 10_000);
    asked.push(performance.now() - beganMs);
    // At no fixed distance from the ticks.
    await wallDelay(37 + ((number * 53) % 211));
  }
  await ask(bus, 'clock', 'pause', { reason: 'test' });
  await wallDelay(1_000);
  const out = join(folder, 'branch');
  const { code, stdout, stderr } = await twin.cli('study', 'branch', '--no-run', '--json', '--out', out);
  expect(`${code} ${stderr}`).toBe('0 ');
  const told = JSON.parse(stdout) as { inputs: number; milestones: number; firstDifference: string | null };
  expect(told).toMatchObject({ inputs: 40, firstDifference: null });
  const slowest = Math.max(...asked);
  process.stdout.write(`40 requests while ticks run: at most ${slowest.toFixed(0)} ms to their answer\n`);
}, 120_000);
