import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectBus, type Bus } from '../../shared/bus/connect.js';
import { readStream } from '../../shared/bus/read.js';
import { ask } from '../../shared/bus/request.js';
import { compareFacts, type Fact } from '../../shared/domain/fact.js';
import { readEndpoints, type Endpoints, type Secrets } from '../../shared/runtime/config.js';
import type { ClockStatus } from '../../shared/bus/answers.js';
import { readFileSync } from 'node:fs';

const run = promisify(execFile);
const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const program = join(root, 'dist/services/cli/main.js');

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A whole twin of a test: real servers, real services, in a home of its own. */
export interface TestTwin {
  readonly home: string;
  cli(...args: readonly string[]): Promise<Ended>;
  endpoints(): Endpoints;
  /** A connection that may read everything and ask the clock. */
  connect(): Promise<Bus>;
  /** Kills one process the hard way: a service, `worker`, or a server. Its supervisor starts it again. */
  kill(name: string, signal?: NodeJS.Signals): void;
  clock(): Promise<ClockStatus>;
  /** Resolves when the clock stands paused. @throws after `limitMs` of wall time, with the status it saw last. */
  untilPaused(limitMs: number): Promise<void>;
  /** Every fact of the stream so far. */
  facts(): Promise<readonly Fact[]>;
  stop(): Promise<void>;
}

/** Starts a twin through the command line, as a user does, and waits until it is up. */
export async function startTwin(...upArgs: readonly string[]): Promise<TestTwin> {
  const home = mkdtempSync(join(tmpdir(), 'loadstone-twin-'));
  const buses: Bus[] = [];
  const env = { ...process.env, LOADSTONE_HOME: home, LOADSTONE_BUILD: 'off' };
  const cli = async (...args: readonly string[]): Promise<Ended> => {
    try {
      const { stdout, stderr } = await run(process.execPath, [program, ...args], { cwd: root, env, maxBuffer: 512 * 2 ** 20 });
      return { code: 0, stdout, stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
      return { code, stdout, stderr };
    }
  };
  const endpoints = (): Endpoints => readEndpoints(home);
  const connect = async (): Promise<Bus> => {
    const { nats } = JSON.parse(readFileSync(join(home, 'run/secrets.json'), 'utf8')) as Secrets;
    const options = { url: endpoints().servers.nats.url, user: 'cli', password: nats['cli'] ?? '', component: 'cli', root: 'twin' };
    const bus = await connectBus(options);
    buses.push(bus);
    return bus;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
    await cli('down');
    rmSync(home, { recursive: true, force: true });
  };
  const up = await cli('up', '--detach', ...upArgs);
  if (up.code !== 0) {
    await stop();
    throw new Error(`up ended with ${up.code}: ${up.stderr}`);
  }
  const bus = await connect();
  const clock = (): Promise<ClockStatus> => ask<ClockStatus>(bus, 'clock', 'status', {}, 3_000);
  return {
    home,
    cli,
    endpoints,
    connect,
    clock,
    stop,
    kill: (name, signal = 'SIGKILL') => process.kill(pidOf(endpoints(), name), signal),
    untilPaused: (limitMs) => untilPaused(clock, limitMs),
    facts: () => factsOf(bus),
  };
}

function pidOf(endpoints: Endpoints, name: string): number {
  const { nats, temporal, influx } = endpoints.servers;
  const servers: Readonly<Record<string, number | undefined>> = { 'nats-server': nats.pid, temporal: temporal.pid, influxd: influx?.pid };
  const pid = servers[name] ?? endpoints.services[name]?.pid;
  if (pid === undefined || pid <= 0) throw new Error(`${name}: has no process`);
  return pid;
}

async function untilPaused(clock: () => Promise<ClockStatus>, limitMs: number): Promise<void> {
  const deadline = Date.now() + limitMs;
  let seen: ClockStatus | null = null;
  while (Date.now() < deadline) {
    seen = await clock().catch(() => null);
    if (seen?.state === 'paused') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`the clock does not stand after ${limitMs} ms: ${JSON.stringify(seen)}`);
}

async function factsOf(bus: Bus): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  const reader = readStream(bus, { fromSequence: 1, untilCaughtUp: true });
  for await (const { fact, pending } of reader) {
    facts.push(fact);
    if (pending === 0) break;
  }
  return facts;
}

/** Facts of the world in the order of comparison, as text: without the clock, the platform, and alarms about the platform. */
export function worldLines(facts: readonly Fact[], untilTick: number): readonly string[] {
  return facts
    .filter(
      (fact) => fact.tick <= untilTick && fact.component !== 'clock' && fact.type !== 'condition.platform.v1' && !isPlatformAlarm(fact),
    )
    .toSorted(compareFacts)
    .map((fact) =>
      JSON.stringify([fact.id, fact.region, fact.component, fact.tick, fact.phase, fact.quality, fact.correlationId, fact.data]),
    );
}

function isPlatformAlarm(fact: Fact): boolean {
  return fact.type.startsWith('alarm.') && 'origin' in fact.data && fact.data.origin === 'platform';
}

/** Resolves with the first fact, old or new, that a test waits for. */
export async function firstFact(bus: Bus, isWanted: (fact: Fact) => boolean, limitMs: number): Promise<Fact> {
  const reader = readStream(bus, { fromSequence: 1 });
  const timer = setTimeout(() => reader.close(), limitMs);
  for await (const { fact } of reader) {
    if (!isWanted(fact)) continue;
    clearTimeout(timer);
    reader.close();
    return fact;
  }
  throw new Error(`no such fact within ${limitMs} ms`);
}
