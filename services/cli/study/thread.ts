import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../../shared/domain/assert.js';
import { startCell, type CellResult, type SavedCell } from '../../../shared/domain/study/cell.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import { cellWorld } from '../../../shared/scenario/study/cellWorld.js';
import type { Order, ThreadStart, Word } from './messages.js';

/** Ticks between two looks at the watch. */
const ticksAtOnce = 24;
/** How often it tells how far it is, wall ms. */
const tellEveryMs = 250;

assert(parentPort !== null, 'a thread of a study has somebody to talk to');
const port = parentPort;
const start = workerData as ThreadStart;
let solver = await loadHighsSolver();

function say(word: Word): void {
  port.postMessage(word);
}

function run({ cell, kept }: Order): CellResult {
  const world = cellWorld(start.base, cell, `cell ${cell.key}`);
  const saved = kept === null ? undefined : (JSON.parse(kept) as SavedCell);
  const running = startCell({ ...start, world, acts: cell.acts }, solver, saved);
  let [toldMs, keptMs] = [stopwatchMs(), stopwatchMs()];
  say({ kind: 'ticks', ticks: running.ticks });
  for (;;) {
    const result = running.advance(ticksAtOnce);
    if (result !== null) return result;
    const nowMs = stopwatchMs();
    if (nowMs - toldMs >= tellEveryMs) {
      toldMs = nowMs;
      say({ kind: 'ticks', ticks: running.ticks });
    }
    if (nowMs - keptMs >= start.keepEveryMs) {
      keptMs = nowMs;
      say({ kind: 'keep', text: JSON.stringify(running.save()) });
    }
  }
}

port.on('message', (order: Order) => {
  try {
    say({ kind: 'done', result: run(order) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Whatever state the solver was left in, the next cell does not inherit it.
    void loadHighsSolver().then((fresh) => {
      solver = fresh;
      say({ kind: 'failed', message: message.split('\n')[0] ?? '' });
    });
  }
});
