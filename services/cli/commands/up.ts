import type { Command } from 'commander';
import type { StackRecord } from '../../../infra/stack/record.js';
import type { UpFlags } from '../../../infra/stack/settings.js';
import { homeDir } from '../../../shared/runtime/config.js';
import { TwinError } from '../../../shared/runtime/errors.js';

type Options = UpFlags & { readonly detach?: boolean; readonly json?: boolean };

/** `loadstone up`: starts the servers, the world and the services, and stays in front unless told otherwise. */
export function register(program: Command): void {
  program
    .command('up')
    .description('start the twin; again in the same folder resumes the same world')
    .option('--scenario <name or file>', 'built-in scenario or file; default: the world that stands, else three-areas')
    .option('--data <folder>', 'data a scenario reads')
    .option('--rate <n or max>', 'twin seconds per second, or as fast as everyone can follow')
    .option('--hold-at <instant>', 'twin instant at which the clock pauses by itself')
    .option('--seed <n>', 'seed of every draw, 0 to 4294967295')
    .option('--new-world', 'move the data of the world that stands aside and start anew')
    .option('--detach', 'return when the twin is up and leave it running')
    .option('--json', 'print one JSON document when the twin is up')
    .addHelpText('after', '\nExample:\n  $ npx loadstone up --scenario three-areas')
    .action(async (options: Options) => {
      const { pathsOf } = await import('../../../infra/stack/paths.js');
      const { startDetached } = await import('../../../infra/stack/detach.js');
      const paths = pathsOf(homeDir());
      if (options.detach === true) {
        const say = (line: string): void => void process.stderr.write(`loadstone: ${line}\n`);
        announce(await startDetached(paths, say), options);
        return;
      }
      await runInFront(options);
    });
}

async function runInFront(options: Options): Promise<void> {
  const { pathsOf } = await import('../../../infra/stack/paths.js');
  const { report } = await import('../../../infra/stack/detach.js');
  const { readSettings } = await import('../../../infra/stack/settings.js');
  const { startStack } = await import('../../../infra/stack/supervisor.js');
  const home = homeDir();
  const say = (line: string): void => {
    process.stderr.write(`loadstone: ${line}\n`);
    report({ kind: 'progress', line });
  };
  const interrupt = new AbortController();
  const stopAsked = new Promise<void>((resolve) => interrupt.signal.addEventListener('abort', () => resolve()));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (!interrupt.signal.aborted) say('stopping: services, worker, servers');
      interrupt.abort();
    });
  }
  // A mistake in the supervisor itself must not leave servers without anyone to end them.
  process.on('uncaughtException', (error) => {
    say(`up: unexpected: ${error.stack ?? error.message}`);
    process.exitCode = 1;
    interrupt.abort();
  });
  try {
    const stack = await startStack(pathsOf(home), readSettings(home, options), say, interrupt.signal);
    announce(stack.record(), options);
    report({ kind: 'up', record: stack.record() });
    await stopAsked;
    await stack.stop();
    say('stopped; start again to resume');
  } catch (error) {
    if (interrupt.signal.aborted) throw new TwinError('TWIN_REFUSED', 'up: interrupted before the twin was up; nothing is left running');
    const isWrongInput = error instanceof TwinError && error.code === 'TWIN_WRONG_INPUT';
    report({ kind: 'failed', message: error instanceof Error ? error.message : String(error), isWrongInput });
    throw error;
  }
}

function announce(record: StackRecord, { json }: Options): void {
  const { api, servers, scenario, services, historyOff } = record;
  if (json === true) {
    process.stdout.write(`${JSON.stringify({ state: record.state, scenario, urls: urlsOf(record), historyOff })}\n`);
    return;
  }
  const ready = Object.values(services).filter(({ state }) => state === 'running').length;
  const lines = [
    `Loadstone is ${record.state}: ${scenario.name} (${scenario.hash.slice(0, 12)}), ${ready} of ${Object.keys(services).length} services`,
    `  dashboard  ${api.url}`,
    `  workflows  ${servers.temporal.uiUrl}`,
    `  bus        ${servers.nats.url}`,
    historyOff === null ? `  history    ${servers.influx?.url ?? ''}` : `  history    off: ${historyOff}`,
    '  next       npx loadstone watch | npx loadstone status | Ctrl-C or npx loadstone down',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** Addresses people open. */
export function urlsOf({ api, servers }: StackRecord): Readonly<Record<string, string | null>> {
  return {
    dashboard: api.url,
    workflows: servers.temporal.uiUrl,
    bus: servers.nats.url,
    busMonitor: servers.nats.monitorUrl,
    busMqtt: servers.nats.mqttUrl,
    busWebsocket: servers.nats.websocketUrl,
    history: servers.influx?.url ?? null,
  };
}
