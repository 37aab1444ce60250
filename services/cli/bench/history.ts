import { findServers } from '../../../infra/stack/find.js';
import { influxPlan } from '../../../infra/stack/influxServer.js';
import { makeFolders, pathsOf } from '../../../infra/stack/paths.js';
import { startPlan } from '../../../infra/stack/plan.js';
import { pickPort } from '../../../infra/stack/ports.js';
import { endProcess, signal } from '../../../infra/stack/process.js';
import { ensureSecrets } from '../../../infra/stack/secrets.js';
import { connectInflux, type InfluxTarget } from '../../../shared/history/influx.js';
import { lineOf } from '../../../shared/history/line.js';
import { createWriter } from '../../../shared/history/writer.js';
import { wallDelay } from '../../../shared/runtime/clock.js';
import { TwinError } from '../../../shared/runtime/errors.js';
import type { BenchOptions, Figure } from './figure.js';
import { benchHome } from './home.js';
import { at, benchRoot } from './served.js';

/** Points a second that the history has to carry. */
const perSecond = 50_000;
/** Points are handed over in groups this often, wall ms. */
const everyMs = 100;
/** Series the points belong to, as many as a large world has. */
const series = 2_000;
const fromMs = Date.parse('2027-07-13T17:00:00.000Z');

/**
 * Points of load at a steady rate through the history writer into an influxd of its own; then how many of them are there, and how long a
 * day of one series takes to read.
 */
export async function benchHistory({ seconds }: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  const { home, remove } = benchHome();
  const served = await serve(home);
  try {
    say(`${perSecond} points a second for ${seconds} s, in ${series} series`);
    const { waitsMs, sent, behindMs, refused } = await write(served.targetOf('history-writer'), seconds);
    const reader = connectInflux(served.targetOf('cli'));
    const counted = await reader.select(`SELECT count("mw") FROM "load" WHERE time >= ${fromMs}ms AND time < 9223286400000ms`);
    const there = Number(counted[0]?.values[0]?.[1] ?? 0);
    const readBeganMs = performance.now();
    await reader.select(
      `SELECT mean("mw") FROM "load" WHERE "entity" = 's-7' AND time >= ${fromMs}ms AND time < ${fromMs + 86_400_000}ms GROUP BY time(5m)`,
    );
    const readMs = performance.now() - readBeganMs;
    const figure = (what: string, value: number, unit: string): Figure => ({
      name: `history at ${perSecond}/s, ${what}`,
      value: Math.round(value * 10) / 10,
      unit,
    });
    return [
      figure('written', sent / (seconds + behindMs / 1_000), '1/s'),
      figure('median until stored', at(waitsMs, 0.5), 'ms'),
      figure('p99 until stored', at(waitsMs, 0.99), 'ms'),
      figure('behind at the end', behindMs / 1_000, 's'),
      figure('refused', refused, '1'),
      figure('lost', sent - there, '1'),
      figure('read of one series', readMs, 'ms'),
    ];
  } finally {
    await served.stop();
    remove();
  }
}

async function write(target: InfluxTarget, seconds: number) {
  let refused = 0;
  const writer = createWriter<null>({
    target,
    onRefused: async () => {
      refused += 1;
    },
  });
  const waitsMs: number[] = [];
  const underWay: Promise<void>[] = [];
  const beganMs = performance.now();
  let sent = 0;
  while (performance.now() - beganMs < seconds * 1_000) {
    const nowMs = performance.now();
    const due = Math.floor(((nowMs - beganMs) / 1_000) * perSecond) - sent;
    const entries = Array.from({ length: due }, (_, place) => ({ line: lineAt(sent + place), origin: null }));
    sent += due;
    underWay.push(writer.write(entries).then(() => void waitsMs.push(performance.now() - nowMs)));
    await wallDelay(everyMs);
  }
  const endedMs = performance.now();
  await Promise.all(underWay);
  const behindMs = performance.now() - endedMs;
  writer.close();
  return { waitsMs: waitsMs.sort((a, b) => a - b), sent, behindMs, refused };
}

function lineAt(number: number): string {
  const tags = { entity: `s-${number % series}`, region: `r-${number % 20}` };
  const fields = { mw: 100 + (number % 977) / 7 };
  return lineOf({ measurement: 'load', tags, fields, timeMs: fromMs + Math.floor(number / series) * 1_000 });
}

interface ServedHistory {
  targetOf(user: string): InfluxTarget;
  stop(): Promise<void>;
}

async function serve(home: string): Promise<ServedHistory> {
  const paths = pathsOf(home);
  makeFolders(paths);
  const { influx: passwords } = ensureSecrets(paths.runDir);
  const program = findServers().influx;
  if (!('path' in program)) throw new TwinError('TWIN_HISTORY_UNAVAILABLE', `bench: influxd: ${program.missing}`);
  const port = await pickPort(null);
  const plan = influxPlan({ paths, program: program.path, port, rpcPort: await pickPort(null), passwords, roots: [benchRoot] });
  const child = await startPlan(plan);
  const endAtOnce = (): void => void signal(child, 'SIGKILL');
  process.once('exit', endAtOnce);
  return {
    targetOf: (user) => ({ url: `http://127.0.0.1:${port}`, database: benchRoot, user, password: passwords[user] ?? '' }),
    stop: async () => {
      process.removeListener('exit', endAtOnce);
      await endProcess(child, plan.stopGraceMs);
    },
  };
}
