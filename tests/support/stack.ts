import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findServers } from '../../infra/stack/find.js';
import { influxPlan } from '../../infra/stack/influxServer.js';
import { natsPlan } from '../../infra/stack/natsServer.js';
import { makeFolders, pathsOf } from '../../infra/stack/paths.js';
import { startPlan, type Plan } from '../../infra/stack/plan.js';
import { pickPort } from '../../infra/stack/ports.js';
import { endProcess, signal, type Child } from '../../infra/stack/process.js';
import { ensureSecrets } from '../../infra/stack/secrets.js';
import { temporalPlan } from '../../infra/stack/temporalServer.js';
import { temporalNamespace } from '../../infra/temporal/names.js';
import { writeJson } from '../../infra/stack/files.js';
import { applyTopology } from '../../shared/bus/admin.js';
import { connectBus, type Bus } from '../../shared/bus/connect.js';
import type { Endpoints, Secrets } from '../../shared/runtime/config.js';

/** Real servers of a test, in a home of their own on free ports. */
export interface TestServers {
  readonly home: string;
  /** Root whose streams and buckets exist: `test-<n>` unless another was asked for. */
  readonly root: string;
  readonly secrets: Secrets;
  readonly natsUrl: string;
  readonly natsMonitorUrl: string;
  readonly mqttUrl: string;
  readonly websocketUrl: string;
  /** Empty when not asked for. */
  readonly temporalAddress: string;
  readonly temporalNamespace: string;
  /** Null when not asked for. */
  readonly influx: { readonly url: string; readonly database: string } | null;
  /** A connection with the user and rights of a component; closed by `stop`. */
  connect(component: string, root?: string): Promise<Bus>;
  /** Kills a server the hard way and starts it again on the same ports and data. */
  killAndRestart(name: 'nats-server' | 'temporal' | 'influxd'): Promise<void>;
  /** Ends the servers by their process ids and removes the home. */
  stop(): Promise<void>;
}

export interface ServersWanted {
  readonly nats: true;
  readonly temporal?: boolean;
  readonly influx?: boolean;
  /** Roots the users may touch; the streams of the first are made. Default: `twin`, `test-a`, `test-b`. */
  readonly roots?: readonly string[];
}

/**
 * Starts real servers for a test, with the users and rights of the topology, and makes the streams of the first root.
 * Writes `endpoints.json` and `secrets.json`, so that `LOADSTONE_HOME=<home>` starts any service against them.
 * @throws when the programs are not installed: `node infra/stack/setup.mjs --for-tests` does it.
 */
export async function startServers(wanted: ServersWanted): Promise<TestServers> {
  const found = findServers();
  const roots = wanted.roots ?? ['twin', 'test-a', 'test-b'];
  const root = roots[0] ?? 'twin';
  const home = mkdtempSync(join(tmpdir(), 'loadstone-'));
  const paths = pathsOf(home);
  makeFolders(paths);
  const secrets = ensureSecrets(paths.runDir);
  const [natsPort, monitorPort, mqttPort, websocketPort, temporalPort, uiPort, influxPort, rpcPort, apiPort] = await manyPorts();
  const ports = { port: natsPort, monitorPort, mqttPort, websocketPort };
  const plans: Plan[] = [natsPlan({ ...ports, paths, program: found.nats.path, passwords: secrets.nats, roots })];
  if (wanted.temporal === true) plans.push(temporalPlan({ paths, program: found.temporal.path, port: temporalPort, uiPort }));
  if (wanted.influx === true) {
    if (!('path' in found.influx)) throw new Error(`influxd: ${found.influx.missing}`);
    plans.push(influxPlan({ paths, program: found.influx.path, port: influxPort, rpcPort, passwords: secrets.influx, roots }));
  }
  const running = new Map<string, { readonly plan: Plan; readonly child: Child }>();
  const buses: Bus[] = [];
  const endAll = (): void => {
    for (const { child } of running.values()) signal(child, 'SIGKILL');
  };
  process.once('exit', endAll);
  const stop = async (): Promise<void> => {
    await Promise.all(buses.splice(0).map((bus) => bus.close()));
    for (const { child, plan } of [...running.values()].reverse()) await endProcess(child, plan.stopGraceMs);
    running.clear();
    process.removeListener('exit', endAll);
    rmSync(home, { recursive: true, force: true });
  };
  const start = async (plan: Plan): Promise<void> => {
    await startPlan(plan, (child) => running.set(plan.name, { plan, child }));
  };
  const natsUrl = `nats://127.0.0.1:${natsPort}`;
  const connect = async (component: string, ofRoot = root): Promise<Bus> => {
    const bus = await connectBus({ url: natsUrl, user: component, password: secrets.nats[component] ?? '', component, root: ofRoot });
    buses.push(bus);
    return bus;
  };
  try {
    await Promise.all(plans.map(start));
    const admin = await connect('supervisor');
    await applyTopology(admin);
  } catch (error) {
    await stop();
    throw error;
  }
  const temporalAddress = wanted.temporal === true ? `127.0.0.1:${temporalPort}` : '';
  const influxUrl = `http://127.0.0.1:${influxPort}`;
  const mark = (name: string) => ({ pid: running.get(name)?.child.pid ?? 0, startedAt: running.get(name)?.child.startMark ?? '' });
  const endpoints: Endpoints = {
    root,
    pid: process.pid,
    startedAt: '',
    scenario: { name: 'test', hash: '' },
    servers: {
      nats: {
        url: natsUrl,
        monitorUrl: `http://127.0.0.1:${monitorPort}`,
        mqttUrl: `mqtt://127.0.0.1:${mqttPort}`,
        websocketUrl: `ws://127.0.0.1:${websocketPort}`,
        ...mark('nats-server'),
      },
      temporal: { address: temporalAddress, uiUrl: `http://127.0.0.1:${uiPort}`, namespace: temporalNamespace, ...mark('temporal') },
      influx: wanted.influx === true ? { url: influxUrl, ...mark('influxd') } : null,
    },
    api: { url: `http://127.0.0.1:${apiPort}` },
    services: {},
  };
  writeJson(join(paths.runDir, 'endpoints.json'), endpoints);
  return {
    home,
    root,
    secrets,
    natsUrl,
    natsMonitorUrl: endpoints.servers.nats.monitorUrl,
    mqttUrl: endpoints.servers.nats.mqttUrl,
    websocketUrl: endpoints.servers.nats.websocketUrl,
    temporalAddress,
    temporalNamespace,
    influx: wanted.influx === true ? { url: influxUrl, database: root } : null,
    connect,
    killAndRestart: async (name) => {
      const entry = running.get(name);
      if (entry === undefined) throw new Error(`${name}: was not started`);
      signal(entry.child, 'SIGKILL');
      await entry.child.ended;
      await start(entry.plan);
    },
    stop,
  };
}

type Ports = [number, number, number, number, number, number, number, number, number];

async function manyPorts(): Promise<Ports> {
  const pick = (): Promise<number> => pickPort(null);
  return [await pick(), await pick(), await pick(), await pick(), await pick(), await pick(), await pick(), await pick(), await pick()];
}
