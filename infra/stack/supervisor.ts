import { applyTopology } from '../../shared/bus/admin.js';
import { connectBus, type Bus } from '../../shared/bus/connect.js';
import { liveRoot } from '../../shared/bus/topology.js';
import { wallNow } from '../../shared/runtime/clock.js';
import type { StartOrder } from '../../shared/runtime/config.js';
import { TwinError } from '../../shared/runtime/errors.js';
import { pickAddresses } from './addresses.js';
import { openConditions, type Conditions } from './conditions.js';
import { guardDisk } from './diskGuard.js';
import { findServers } from './find.js';
import { prepareHome } from './home.js';
import { keep, type Keeper, type KeeperEvents } from './keeper.js';
import { endLeftovers, forgetRun, takeLock } from './lock.js';
import type { StackPaths } from './paths.js';
import type { Plan } from './plan.js';
import { signal } from './process.js';
import { readRecord, writeRecord, type RecordSource, type StackRecord, type StackState } from './record.js';
import { ensureSecrets } from './secrets.js';
import { serverPlans } from './servers.js';
import { connectionWatch, findServices, servicePlan } from './servicePlans.js';
import { diskFloorBytes, type Settings } from './settings.js';
import { chooseWorld, dropData, holdsNothing, setAside, settleWorld, type ChosenWorld } from './standingWorld.js';

/** A running twin. */
export interface Stack {
  record(): StackRecord;
  /** Ends services, worker and servers in this order; no process is left. */
  stop(): Promise<void>;
}

/** What a start reports to a person while it works. */
export type Say = (line: string) => void;

/**
 * Brings the whole twin up in one home: servers, world, services, worker, and keeps them up.
 * @throws TwinError in one line; nothing half-started is left then, nor when `interrupt` aborts on the way.
 */
export async function startStack(paths: StackPaths, settings: Settings, say: Say, interrupt: AbortSignal): Promise<Stack> {
  prepareHome(paths);
  const release = takeLock(paths);
  const cleanups: (() => Promise<void> | void)[] = [release];
  try {
    for (const name of await endLeftovers(paths)) say(`${name}: ended what an earlier start left behind`);
    const world = await chooseWorld(paths, settings);
    const found = findServers();
    const addresses = await pickAddresses();
    if (settings.newWorld) {
      const place = setAside(paths);
      if (place !== null) say(`world: the old data are in ${place}`);
    }
    if (holdsNothing(paths)) cleanups.push(() => dropData(paths));
    const secrets = ensureSecrets(paths.runDir);
    const historyOff = 'missing' in found.influx ? found.influx.missing : null;
    if (historyOff !== null) say(`history is off: ${historyOff}`);
    const source: RecordSource = {
      paths,
      root: liveRoot,
      world,
      addresses,
      startedAtMs: wallNow(),
      historyOff,
      settings: originsOf(settings, world),
    };
    const crew = createCrew(source, say);
    cleanups.push(() => crew.stop());
    interrupt.throwIfAborted();
    const stopNow = (): void => void crew.stop();
    interrupt.addEventListener('abort', stopNow);
    await crew.startServers(serverPlans({ paths, found, addresses, secrets, roots: [liveRoot] }));
    interrupt.throwIfAborted();
    // The servers stay up until the world stands on them: connecting to a bus that has gone would never end.
    interrupt.removeEventListener('abort', stopNow);
    say('servers: up');
    const bus = await connectBus({
      url: `nats://127.0.0.1:${addresses.nats}`,
      user: 'supervisor',
      password: secrets.nats['supervisor'] ?? '',
      component: 'supervisor',
      root: liveRoot,
    });
    crew.adoptBus(bus);
    await applyTopology(bus);
    await settleWorld(bus, paths, world);
    const conditions = await openConditions(bus);
    crew.adoptConditions(conditions);
    if (historyOff !== null)
      conditions.tell({
        condition: 'history-off',
        component: 'influxd',
        active: true,
        severity: 'medium',
        detail: `history is off: ${historyOff}`,
      });
    interrupt.throwIfAborted();
    interrupt.addEventListener('abort', stopNow);
    await crew.startServices({ id: new Date(wallNow()).toISOString(), rate: settings.rate.value, holdAtTime: settings.holdAt.value });
    interrupt.throwIfAborted();
    const guard = guardDisk({
      folder: paths.natsDir,
      floorBytes: diskFloorBytes(),
      bus,
      conditions,
      isBusHealthy: crew.isBusHealthy,
      restartBus: crew.restartBus,
    });
    return {
      record: () => readRecord(paths) ?? fail('endpoints.json is gone'),
      stop: async () => {
        guard.stop();
        await crew.stop();
        forgetRun(paths);
        release();
      },
    };
  } catch (error) {
    for (const cleanup of cleanups.reverse()) await cleanup();
    forgetRun(paths);
    throw error;
  }
}

/** The kept processes of one run. */
interface Crew {
  startServers(plans: readonly Plan[]): Promise<void>;
  startServices(start: StartOrder): Promise<void>;
  adoptBus(bus: Bus): void;
  adoptConditions(conditions: Conditions): void;
  isBusHealthy(): Promise<boolean>;
  /** Ends the message server the hard way; its keeper starts it anew. */
  restartBus(): void;
  stop(): Promise<void>;
}

function createCrew(source: RecordSource, say: Say): Crew {
  let state: StackState = 'starting';
  let servers: readonly Keeper[] = [];
  let services: readonly Keeper[] = [];
  let bus: Bus | null = null;
  let conditions: Conditions | null = null;
  let stopped: Promise<void> | null = null;

  const write = (): void => {
    if (stopped !== null && state !== 'stopping') return;
    writeRecord(
      source,
      state,
      servers.map((keeper) => keeper.status()),
      services.map((keeper) => keeper.status()),
    );
  };
  const events = (severity: 'medium' | 'high'): KeeperEvents => ({
    onChange: () => {
      if (state === 'up' || state === 'degraded') state = [...servers, ...services].every(isWell) ? 'up' : 'degraded';
      write();
    },
    onTrouble: (component, active, detail) => {
      say(detail);
      conditions?.tell({ condition: 'restarted', component, active, severity, detail });
    },
  });
  const stopAll = async (): Promise<void> => {
    state = 'stopping';
    write();
    const worker = services.filter((keeper) => keeper.plan.name === 'worker');
    await Promise.all(services.filter((keeper) => keeper.plan.name !== 'worker').map((keeper) => keeper.stop()));
    await Promise.all(worker.map((keeper) => keeper.stop()));
    await conditions?.close(1_000);
    await bus?.close();
    for (const keeper of [...servers.slice(1), ...servers.slice(0, 1)]) await keeper.stop();
  };
  return {
    startServers: async (plans) => {
      servers = plans.map((plan) => keep(plan, events('high')));
      await everyOne(servers.map((keeper) => keeper.start()));
    },
    startServices: async (start) => {
      const connected = connectionWatch(`http://127.0.0.1:${source.addresses.natsMonitor}`);
      services = findServices().map((entry) => keep(servicePlan(source.paths, entry, start, connected), events('medium')));
      await Promise.all(
        services.map((keeper) => keeper.start().catch((error: unknown) => say(error instanceof Error ? error.message : String(error)))),
      );
      state = services.every(isWell) ? 'up' : 'degraded';
      write();
    },
    adoptBus: (opened) => {
      bus = opened;
    },
    adoptConditions: (opened) => {
      conditions = opened;
    },
    isBusHealthy: () => servers[0]?.plan.isHealthy() ?? Promise.resolve(true),
    restartBus: () => {
      const child = servers[0]?.status().child;
      if (child !== null && child !== undefined && stopped === null) signal(child, 'SIGKILL');
    },
    stop: () => (stopped ??= stopAll()),
  };
}

function isWell(keeper: Keeper): boolean {
  const { state } = keeper.status();
  return state === 'running' || state === 'idle';
}

/** Waits for all, then fails with the first failure, so that none is still under way. */
async function everyOne(starts: readonly Promise<void>[]): Promise<void> {
  for (const outcome of await Promise.allSettled(starts)) if (outcome.status === 'rejected') throw outcome.reason;
}

function originsOf(settings: Settings, world: ChosenWorld): StackRecord['settings'] {
  const standing = { origin: 'standing world' as const };
  const { scenario, dataDir, rate, holdAt, seed } = settings;
  const resumed = world.bundle === null;
  return {
    scenario: scenario.value === null ? { value: world.scenario, ...(resumed ? standing : { origin: 'default' as const }) } : scenario,
    data: dataDir.value === null && world.dataDir !== null ? { value: world.dataDir, ...standing } : dataDir,
    seed: seed.value === null && world.seed !== null ? { value: world.seed, ...standing } : seed,
    rate,
    holdAt,
  };
}

function fail(message: string): never {
  throw new TwinError('TWIN_NOT_RUNNING', message);
}
