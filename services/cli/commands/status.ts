import type { Command } from 'commander';
import { holderOf } from '../../../infra/stack/lock.js';
import { pathsOf } from '../../../infra/stack/paths.js';
import { readRecord, type ProcessRecord, type StackRecord } from '../../../infra/stack/record.js';
import { standingWorld } from '../../../infra/stack/remembered.js';
import { connectBus } from '../../../shared/bus/connect.js';
import { ask } from '../../../shared/bus/request.js';
import { homeDir, loadConfig } from '../../../shared/runtime/config.js';
import { TwinError } from '../../../shared/runtime/errors.js';
import { urlsOf } from './up.js';

interface ClockAnswer {
  readonly twinTime: string;
  readonly tick: number;
  readonly mode: string;
  readonly rate: number | null;
  readonly state: string;
  readonly ticksPerSecond: number;
  readonly waitingFor: readonly { readonly component: string; readonly since: string }[];
}

/** `loadstone status`: what runs, what it waits for, where twin time stands, and where each setting came from. */
export function register(program: Command): void {
  program
    .command('status')
    .description('what runs, what it waits for, and where twin time stands')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ npx loadstone status --json')
    .action(async (options: { readonly json?: boolean }) => {
      const paths = pathsOf(homeDir());
      const record = readRecord(paths);
      if (record === null || holderOf(paths) === null) {
        const world = standingWorld(paths);
        const stopped = { state: 'stopped', services: [], clock: null, urls: {}, world };
        process.stdout.write(
          options.json === true
            ? `${JSON.stringify(stopped)}\n`
            : `stopped; ${world === null ? 'no world yet' : `world ${world.name} stands`}; start with npx loadstone up\n`,
        );
        process.exitCode = 1;
        return;
      }
      const clock = await askClock();
      process.stdout.write(options.json === true ? `${JSON.stringify(statusOf(record, clock))}\n` : `${textOf(record, clock)}\n`);
    });
}

/** What the clock answers, or null when it does not. */
async function askClock(): Promise<ClockAnswer | null> {
  const config = loadConfig('cli');
  const bus = await Promise.race([
    connectBus({ url: config.natsUrl, user: config.natsUser, password: config.natsPassword, component: 'cli', root: config.root }),
    new Promise<null>((resolve) => setTimeout(() => resolve(null), 2_000).unref()),
  ]);
  if (bus === null) return null;
  try {
    return await ask<ClockAnswer>(bus, 'clock', 'status', {}, 2_000);
  } catch (error) {
    if (error instanceof TwinError) return null;
    throw error;
  } finally {
    await bus.close();
  }
}

interface ServiceStatus {
  readonly name: string;
  readonly kind: 'server' | 'service';
  readonly state: string;
  readonly since: string;
  /** Whom it waits for and since when; null: nobody. */
  readonly waitingFor: string | null;
  /** Why it is not running; empty when it is. */
  readonly detail: string;
  readonly restarts: number;
  readonly pid: number;
}

function servicesOf(record: StackRecord, clock: ClockAnswer | null): readonly ServiceStatus[] {
  const row = (kind: 'server' | 'service', name: string, { state, since, detail, restarts, pid }: ProcessRecord): ServiceStatus => ({
    name,
    kind,
    state,
    since,
    waitingFor: waitingOf(name, clock),
    detail,
    restarts,
    pid,
  });
  return [
    ...Object.entries(record.serverProcesses).map(([name, process]) => row('server', name, process)),
    ...Object.entries(record.services).map(([name, process]) => row('service', name, process)),
  ];
}

function waitingOf(name: string, clock: ClockAnswer | null): string | null {
  if (name !== 'clock' || clock === null || clock.waitingFor.length === 0) return null;
  return clock.waitingFor.map(({ component, since }) => `${component} since ${since}`).join(', ');
}

function statusOf(record: StackRecord, clock: ClockAnswer | null) {
  return {
    state: record.state,
    since: record.startedAt,
    pid: record.pid,
    services: servicesOf(record, clock),
    clock:
      clock === null
        ? null
        : {
            twinTime: clock.twinTime,
            rate: clock.mode === 'max' ? 'max' : clock.rate,
            tick: clock.tick,
            mode: clock.mode,
            state: clock.state,
            ticksPerSecond: clock.ticksPerSecond,
          },
    urls: urlsOf(record),
    world: record.scenario,
    historyOff: record.historyOff,
    settings: record.settings,
  };
}

function textOf(record: StackRecord, clock: ClockAnswer | null): string {
  const time =
    clock === null
      ? 'clock does not answer'
      : `${clock.twinTime}, tick ${clock.tick}, ${clock.mode === 'rate' ? `${clock.rate}x` : clock.mode}, ${clock.state}`;
  const rows = servicesOf(record, clock).map(({ name, state, since, restarts, waitingFor, detail }) => {
    const extras = [restarts === 0 ? '' : `${restarts} restarts`, waitingFor === null ? '' : `waiting for ${waitingFor}`, detail].filter(
      (text) => text !== '',
    );
    return `  ${name.padEnd(17)} ${state.padEnd(10)} since ${since}${extras.length === 0 ? '' : `  ${extras.join(', ')}`}`;
  });
  const urls = Object.entries(urlsOf(record)).map(([name, url]) => `  ${name.padEnd(17)} ${url ?? `off: ${record.historyOff ?? ''}`}`);
  return [`${record.state}: ${record.scenario.name} (${record.scenario.hash.slice(0, 12)})`, time, ...rows, ...urls].join('\n');
}
