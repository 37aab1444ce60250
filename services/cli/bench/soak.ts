import { readFileSync } from 'node:fs';
import { wallDelay } from '../../../shared/runtime/clock.js';
import { readEndpoints } from '../../../shared/runtime/config.js';
import { ask } from '../../../shared/bus/request.js';
import type { ClockStatus } from '../../../shared/bus/answers.js';
import type { BenchOptions, Figure } from './figure.js';
import { benchHome, startBenchTwin } from './home.js';

const everyMs = 1_000;
const pageBytes = 4_096;
/** The first share of a run is warming up and counts for nothing. */
const warmRatio = 0.4;

/** Resident memory of a process over wall seconds. */
interface Curve {
  readonly seconds: number[];
  readonly mb: number[];
}

/**
 * A whole twin (three-areas) at full speed: how much memory each process holds, and by how much that grows, by a straight line through the
 * samples after it has warmed up. Linux alone: memory is read from /proc.
 */
export async function benchSoak({ seconds }: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  const { home, remove } = benchHome();
  try {
    const twin = await startBenchTwin(home, ['--scenario', 'three-areas', '--rate', 'max']);
    const curves = new Map<string, Curve>();
    const beganMs = performance.now();
    try {
      say(`a twin at full speed for ${seconds} s`);
      while (performance.now() - beganMs < seconds * 1_000) {
        for (const [name, pid] of processesOf(home)) sample(curves, name, pid, (performance.now() - beganMs) / 1_000);
        await wallDelay(everyMs);
      }
      const { tick } = await ask<ClockStatus>(twin.bus, 'clock', 'status', {});
      const ticksPerSecond = tick / seconds;
      return [
        { name: 'soak, ticks a second', value: rounded(ticksPerSecond), unit: '1/s' },
        ...[...curves].flatMap(([name, curve]) => figuresOf(name, curve, ticksPerSecond)),
      ];
    } finally {
      await twin.stop();
    }
  } finally {
    remove();
  }
}

function processesOf(home: string): readonly (readonly [string, number])[] {
  const { servers, services } = readEndpoints(home);
  return [
    ['nats-server', servers.nats.pid],
    ['temporal', servers.temporal.pid],
    ...(servers.influx === null ? [] : [['influxd', servers.influx.pid] as const]),
    ...Object.entries(services).map(([name, { pid }]) => [name, pid] as const),
  ];
}

function sample(curves: Map<string, Curve>, name: string, pid: number, atSeconds: number): void {
  const curve = curves.get(name) ?? { seconds: [], mb: [] };
  curves.set(name, curve);
  try {
    const pages = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    curve.seconds.push(atSeconds);
    curve.mb.push((pages * pageBytes) / 2 ** 20);
  } catch {
    // A process that is not there at the moment has no memory to count.
  }
}

/** What a process holds at the end, and by how much that grows over ten thousand ticks: about five weeks of twin time. */
function figuresOf(name: string, curve: Curve, ticksPerSecond: number): readonly Figure[] {
  const from = Math.floor(curve.mb.length * warmRatio);
  const [seconds, mb] = [curve.seconds.slice(from), curve.mb.slice(from)];
  const growth = (slopeOf(seconds, mb) / ticksPerSecond) * 10_000;
  return [
    { name: `soak, ${name} holds`, value: rounded(mb.at(-1) ?? 0), unit: 'MiB' },
    { name: `soak, ${name} grows`, value: rounded(growth), unit: 'MiB per 10,000 ticks' },
  ];
}

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [middle, level] = [mean(x), mean(y)];
  const spread = x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return spread === 0 ? 0 : x.reduce((sum, value, place) => sum + (value - middle) * ((y[place] ?? level) - level), 0) / spread;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
