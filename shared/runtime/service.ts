import type { Logger } from 'pino';
import { connectBus, type Bus } from '../bus/connect.js';
import { loadWorld } from '../bus/world.js';
import type { World } from '../scenario/schema.js';
import { loadConfig, type Config } from './config.js';
import { createLog } from './log.js';
import { startParticipant, type Host } from './participant.js';

/** What every service starts from. */
export interface ServiceContext {
  readonly config: Config;
  readonly log: Logger;
  readonly bus: Bus;
  readonly world: World;
}

/** What a service leaves running: an end that means trouble, and a way to stop in order. */
export interface RunningService {
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Runs one service from start to signal: configuration, log, bus, world, orderly stop; any trouble ends the process with 1. */
export async function runService(component: string, start: (context: ServiceContext) => Promise<RunningService>): Promise<void> {
  const config = loadConfig(component);
  const log = createLog(component, config.logLevel);
  const bus = await connectBus({ url: config.natsUrl, user: config.natsUser, password: config.natsPassword, component, root: config.root });
  const running = await start({ config, log, bus, world: await loadWorld(bus) });
  const signal = new Promise<'signal'>((resolve) => {
    process.once('SIGTERM', () => resolve('signal'));
    process.once('SIGINT', () => resolve('signal'));
  });
  const end = await Promise.race([
    signal,
    running.ended.then(
      () => 'ended' as const,
      (error: unknown) => ({ error }),
    ),
  ]);
  if (end !== 'signal') {
    log.fatal({ error: typeof end === 'object' ? describe(end.error) : 'ended by itself' }, 'stopped');
    process.exit(1);
  }
  await running.stop();
  await bus.close();
  process.exit(0);
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Runs a service that is nothing but a model under the common loop. */
export function runModelService<State>(component: string, createHost: (world: World) => Host<State> | Promise<Host<State>>): Promise<void> {
  return runService(component, async ({ bus, log, world }) => startParticipant(bus, await createHost(world), log));
}
