import { consumeDurable } from '../../../shared/bus/durable.js';
import { createPublisher } from '../../../shared/bus/publish.js';
import { wallDelay } from '../../../shared/runtime/clock.js';
import type { BenchOptions, Figure } from './figure.js';
import { benchHome } from './home.js';
import { at, nextFacts, serveBus, type Served } from './served.js';

/** The bus bends where the slowest of a hundred facts takes longer than this, ms. */
const bendMs = 100;
/** Facts are sent in groups this often, ms. */
const everyMs = 5;
const drainMs = 60_000;
/** Facts that are sent and not handled at the most. */
const mostUnderWay = 20_000;

/** What a rate brought: wall ms from publishing to the durable handler, and what came more or less than once. */
interface Run {
  readonly achieved: number;
  readonly waitsMs: readonly number[];
  readonly lost: number;
  readonly doubled: number;
  /** From the last fact that was sent to the last that was handled. */
  readonly drainMs: number;
}

/**
 * Facts of the size of `grid.supply` from the publisher of the services through a nats-server of its own, with the streams of a twin, to a
 * durable handler, at steady rates; sender and handler share this process.
 */
export async function benchBus({ seconds, sync, isFull }: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  const { home, remove } = benchHome();
  const served = await serveBus(home, sync);
  try {
    const plan = isFull
      ? [
          [1_000, 120],
          [10_000, 60],
        ]
      : [
          [1_000, seconds],
          [10_000, Math.min(seconds, 10)],
        ];
    const figures: Figure[] = [];
    for (const [perSecond = 0, forSeconds = 0] of plan) {
      say(`${perSecond} facts a second for ${forSeconds} s, written to disk ${sync === 'always' ? 'before each answer' : 'every 100 ms'}`);
      figures.push(...figuresOf(`bus at ${perSecond}/s, sync ${sync}`, await run(served, perSecond, forSeconds)));
    }
    if (isFull) figures.push(await findBend(served, say, sync));
    return figures;
  } finally {
    await served.stop();
    remove();
  }
}

async function run(served: Served, perSecond: number, forSeconds: number): Promise<Run> {
  const [sender, receiver] = [await served.connect('grid-supply'), await served.connect('history-writer')];
  const publisher = createPublisher(sender);
  const sentAtMs = new Map<string, number>();
  const waitsMs: number[] = [];
  let [doubled, lastHandledMs] = [0, 0];
  const consumer = consumeDurable(receiver, {
    durable: 'history-writer',
    maxBatch: 500,
    maxWaitMs: 2,
    handle: (batch) => {
      lastHandledMs = performance.now();
      for (const { fact } of batch) {
        const atMs = sentAtMs.get(fact.id);
        if (atMs === undefined) doubled += 1;
        else waitsMs.push(lastHandledMs - atMs);
        sentAtMs.delete(fact.id);
      }
      return Promise.resolve();
    },
    onMalformed: () => Promise.resolve(),
  });
  const beganMs = performance.now();
  const endMs = beganMs + forSeconds * 1_000;
  let count = 0;
  for (let nowMs = beganMs; nowMs < endMs; nowMs = performance.now()) {
    const due = Math.floor(((nowMs - beganMs) / 1_000) * perSecond) - count;
    // A server that is slower than the rate is not given more than it can hold: what was sent says how fast it was.
    if (due > 0 && sentAtMs.size < mostUnderWay) {
      const facts = nextFacts(Math.min(due, mostUnderWay));
      for (const { id } of facts) sentAtMs.set(id, nowMs);
      publisher.meanwhile(publisher.publish(facts));
      count += facts.length;
    }
    await wallDelay(everyMs);
  }
  const lastSentMs = performance.now();
  while (sentAtMs.size > 0 && performance.now() - lastSentMs < drainMs) await wallDelay(20);
  await consumer.close();
  publisher.close();
  await Promise.all([sender.close(), receiver.close()]);
  return {
    achieved: count / forSeconds,
    waitsMs: waitsMs.sort((a, b) => a - b),
    lost: sentAtMs.size,
    doubled,
    drainMs: Math.max(0, lastHandledMs - lastSentMs),
  };
}

/** Doubles the rate until the slowest of a hundred facts takes too long. */
async function findBend(served: Served, say: (line: string) => void, sync: string): Promise<Figure> {
  let perSecond = 2_500;
  for (;;) {
    const next = perSecond * 1.5;
    say(`looking for where it bends: ${Math.round(next)} facts a second`);
    const { waitsMs, achieved } = await run(served, next, 5);
    if (at(waitsMs, 0.99) > bendMs || achieved < 0.9 * next || next > 200_000) break;
    perSecond = next;
  }
  return { name: `bus bends above, sync ${sync}`, value: Math.round(perSecond), unit: '1/s' };
}

function figuresOf(name: string, { achieved, waitsMs, lost, doubled, drainMs: drainedMs }: Run): readonly Figure[] {
  const figure = (what: string, value: number, unit: string): Figure => ({
    name: `${name}, ${what}`,
    value: Math.round(value * 10) / 10,
    unit,
  });
  return [
    figure('sent', achieved, '1/s'),
    figure('median to the handler', at(waitsMs, 0.5), 'ms'),
    figure('p99 to the handler', at(waitsMs, 0.99), 'ms'),
    figure('longest', at(waitsMs, 1), 'ms'),
    figure('lost', lost, '1'),
    figure('doubled', doubled, '1'),
    figure('drained after', drainedMs / 1_000, 's'),
  ];
}
