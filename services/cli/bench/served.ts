import { findServers } from '../../../infra/stack/find.js';
import { natsPlan } from '../../../infra/stack/natsServer.js';
import { makeFolders, pathsOf } from '../../../infra/stack/paths.js';
import { startPlan } from '../../../infra/stack/plan.js';
import { pickPort } from '../../../infra/stack/ports.js';
import { endProcess, signal } from '../../../infra/stack/process.js';
import { ensureSecrets } from '../../../infra/stack/secrets.js';
import { applyTopology } from '../../../shared/bus/admin.js';
import { connectBus, type Bus } from '../../../shared/bus/connect.js';
import { stamp, type Fact } from '../../../shared/domain/fact.js';
import { gridSupply } from '../../../shared/events/grid.js';
import type { BenchOptions } from './figure.js';

/** Root of the streams of a benchmark. */
export const benchRoot = 'bench';

/** The message server of a benchmark with its users. */
export interface Served {
  readonly url: string;
  passwordOf(component: string): string;
  connect(component: string): Promise<Bus>;
  stop(): Promise<void>;
}

/** Starts a nats-server of its own with the streams of a twin in a folder. */
export async function serveBus(home: string, sync: BenchOptions['sync']): Promise<Served> {
  const paths = pathsOf(home);
  makeFolders(paths);
  const { nats: passwords } = ensureSecrets(paths.runDir);
  const port = await pickPort(null);
  const others = { monitorPort: await pickPort(null), mqttPort: await pickPort(null), websocketPort: await pickPort(null) };
  const plan = natsPlan({ port, ...others, paths, program: findServers().nats.path, passwords, roots: [benchRoot], syncInterval: sync });
  const child = await startPlan(plan);
  const endAtOnce = (): void => void signal(child, 'SIGKILL');
  process.once('exit', endAtOnce);
  const connect = (component: string): Promise<Bus> =>
    connectBus({ url: `nats://127.0.0.1:${port}`, user: component, password: passwords[component] ?? '', component, root: benchRoot });
  const admin = await connect('supervisor');
  await applyTopology(admin);
  await admin.close();
  return {
    url: `nats://127.0.0.1:${port}`,
    passwordOf: (component) => passwords[component] ?? '',
    connect,
    stop: async () => {
      process.removeListener('exit', endAtOnce);
      await endProcess(child, plan.stopGraceMs);
    },
  };
}

let sent = 0;

/** The next facts, of the size of `grid.supply`, each of an instant of its own. */
export function nextFacts(count: number): readonly Fact[] {
  return Array.from({ length: count }, () => {
    sent += 1;
    const at = { component: 'grid-supply', tick: sent, phase: 2, startMs: 1_800_000_000_000 + sent, counts: {} } as const;
    return stamp([{ type: 'grid.supply.v1', region: 'west', entity: 'west', data: gridSupply.example }], at).facts[0] as Fact;
  });
}

/** The value below which a share of sorted values lies. */
export function at(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
