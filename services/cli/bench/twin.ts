import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readStream } from '../../../shared/bus/read.js';
import type { Fact } from '../../../shared/domain/fact.js';
import { wallNow } from '../../../shared/runtime/clock.js';
import { resolveWorld } from '../../../shared/scenario/load.js';
import type { Project, World } from '../../../shared/scenario/schema.js';
import type { BenchOptions, Figure } from './figure.js';
import { benchHome, startBenchTwin, type BenchTwin } from './home.js';

/** A tick as the stream told it: how long it took, and how many sequences spoke in it. */
interface Timed {
  readonly seconds: number;
  readonly sequences: number;
}

/** Sequences that are due in every tick of the second world. */
const dueSequences = 20;

/** Ticks per second in lock-step without and with sequences due, wake-ups per second, and start-up times, each on its own fresh twin. */
export async function benchTwin({ seconds }: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  const { home, remove } = benchHome();
  try {
    say('three-areas at full speed: first start');
    const cold = await startBenchTwin(home, ['--scenario', 'three-areas', '--rate', 'max']);
    const quiet = (await timeTicks(cold, seconds)).filter(({ sequences }) => sequences === 0);
    await cold.stop();
    say('three-areas: resumed');
    const warm = await startBenchTwin(home, []);
    const firstPoint = await secondsToFirstPoint(warm);
    const stopSeconds = await warm.stop();
    return [
      figure('twin first start', cold.startSeconds, 's'),
      figure('twin warm start', warm.startSeconds, 's'),
      figure('twin first live point after it is up', firstPoint, 's'),
      figure('twin stop', stopSeconds, 's'),
      figure('twin ticks without sequences due', rateOf(quiet), '1/s'),
      figure('twin tick without sequences due, median', median(quiet.map((tick) => tick.seconds)) * 1_000, 'ms'),
      ...(await benchSequences(seconds, say)),
    ];
  } finally {
    remove();
  }
}

async function benchSequences(seconds: number, say: (line: string) => void): Promise<readonly Figure[]> {
  const { home, remove } = benchHome();
  try {
    say(`${dueSequences} sequences due in every tick`);
    const { world } = await resolveWorld({ scenario: 'three-areas' });
    const file = join(home, 'bench-world.json');
    writeFileSync(file, JSON.stringify(worldOfWakes(world, 20 * seconds)));
    const twin = await startBenchTwin(home, ['--scenario', file, '--rate', 'max']);
    const busy = (await timeTicks(twin, seconds)).filter(({ sequences }) => sequences >= dueSequences);
    await twin.stop();
    const wakes = busy.reduce((sum, { sequences }) => sum + sequences, 0);
    return [
      figure(`twin ticks with ${dueSequences} sequences due`, rateOf(busy), '1/s'),
      figure(`twin wake-ups with ${dueSequences} sequences due`, wakes / busy.reduce((sum, tick) => sum + tick.seconds, 0), '1/s'),
    ];
  } finally {
    remove();
  }
}

/** A world whose projects energize one tiny block in every tick, so that each of their sequences wakes and speaks in every tick. */
function worldOfWakes(world: World, ticks: number): World {
  const campus = world.campuses[0]?.id ?? '';
  const projects = Array.from(
    { length: dueSequences },
    (_, index): Project => ({
      id: `bench-${index + 1}`,
      name: `Benchmark ${index + 1}`,
      campus,
      nextSites: [],
      blocks: Array.from({ length: ticks }, (_, place) => ({
        block: place + 1,
        capacityMw: 0.001,
        initialStage: 'construction' as const,
        permits: [],
        equipment: [],
        constructionDays: ((place + 1) * world.clock.tickMinutes) / 1_440,
      })),
    }),
  );
  return { ...world, name: 'bench-wakes', projects: [...world.projects, ...projects] };
}

/** Times ticks for some wall seconds, from the first tick that closes after the beginning. */
async function timeTicks(twin: BenchTwin, seconds: number): Promise<readonly Timed[]> {
  const timed: Timed[] = [];
  const spoke = new Map<number, Set<string>>();
  const reader = readStream(twin.bus, { startNew: true });
  let closedAtMs: number | null = null;
  const untilMs = wallNow() + seconds * 1_000;
  for await (const { fact } of reader) {
    if (isOfSequence(fact)) spoke.set(fact.tick, (spoke.get(fact.tick) ?? new Set()).add(fact.component));
    if (fact.type !== 'clock.tick.v1') continue;
    const nowMs = performance.now();
    if (closedAtMs !== null) timed.push({ seconds: (nowMs - closedAtMs) / 1_000, sequences: spoke.get(fact.data.tick)?.size ?? 0 });
    closedAtMs = nowMs;
    spoke.delete(fact.data.tick);
    if (wallNow() >= untilMs) break;
  }
  reader.close();
  return timed;
}

function isOfSequence(fact: Fact): boolean {
  return /^(training|buildout|permit)-/.test(fact.component) && fact.component !== 'permit-office';
}

async function secondsToFirstPoint(twin: BenchTwin): Promise<number> {
  const began = wallNow();
  const reader = readStream(twin.bus, { types: ['cluster.power.v1'], startNew: true });
  for await (const _heard of reader) break;
  reader.close();
  return (wallNow() - began) / 1_000;
}

function rateOf(ticks: readonly Timed[]): number {
  return ticks.length / ticks.reduce((sum, tick) => sum + tick.seconds, 0);
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function figure(name: string, value: number, unit: string): Figure {
  return { name, value: Math.round(value * 100) / 100, unit };
}
