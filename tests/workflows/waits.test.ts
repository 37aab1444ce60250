import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallNow } from '../../shared/runtime/clock.js';
import { countingStart } from '../support/countingRules.js';
import { startSequenceBench, type SequenceBench } from '../support/sequences.js';

let bench: SequenceBench;
beforeAll(async () => {
  bench = await startSequenceBench();
  await bench.startWorker();
}, 120_000);
afterAll(() => bench.stop(), 60_000);

/** Wake-ups a second over `ticks` ticks in which every sequence wakes. */
async function wakesPerSecond(count: number, ticks: number, isSilent: boolean): Promise<number> {
  const name = `${count}-${isSilent ? 'silent' : 'saying'}`;
  const starts = Array.from({ length: count }, (_, n) =>
    countingStart(`training-${name}-${n}`, { periodMs: 1_000, wakes: 10_000, isSilent }),
  );
  const host = bench.bridge(starts);
  let state = (await host.speak(host.initial(), { tick: 0, phase: 1, startMs: 0, tickMs: 1_000 })).state;
  const begin = wallNow();
  for (let tick = 1; tick <= ticks; tick++) {
    state = (await host.speak(state, { tick, phase: 1, startMs: tick * 1_000, tickMs: 1_000 })).state;
    expect(state.desk.sequences.every((entry) => entry.throughTick === tick && entry.nextWakeMs === (tick + 1) * 1_000)).toBe(true);
  }
  return (count * ticks * 1_000) / (wallNow() - begin);
}

describe('waiting in twin time', () => {
  it('wakes at each exact instant, two hundred times, fast enough for one sequence and for twenty', async () => {
    const figures = {
      oneSilent: await wakesPerSecond(1, 200, true),
      oneSaying: await wakesPerSecond(1, 200, false),
      twentySilent: await wakesPerSecond(20, 50, true),
      twentySaying: await wakesPerSecond(20, 50, false),
    };
    process.stderr.write(`wake-ups per second: ${JSON.stringify(figures)}\n`);
    expect(figures.oneSilent).toBeGreaterThan(5);
    expect(figures.twentySilent).toBeGreaterThan(5);
  }, 120_000);
});
