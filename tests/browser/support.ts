import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright-core';
import { pickPort } from '../../infra/stack/ports.js';
import { createPublisher } from '../../shared/bus/publish.js';
import type { Fact } from '../../shared/domain/fact.js';
import type { Config } from '../../shared/runtime/config.js';
import { createLog } from '../../shared/runtime/log.js';
import type { World } from '../../shared/scenario/schema.js';
import { startApi } from '../../services/api/api.js';
import type { TestServers } from '../support/stack.js';

/** An api of a test, on a port of its own. */
export interface TestApi {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts the api in this process against real servers; `port` takes a known one again, as after a restart. */
export async function startTestApi(servers: TestServers, world: World, port?: number): Promise<TestApi> {
  const apiPort = port ?? (await pickPort(null));
  const bus = await servers.connect('api');
  const config = { component: 'api', root: servers.root, apiPort, homeDir: servers.home } as Config;
  const running = await startApi({ bus, world, config, log: createLog('test', 'silent') });
  return {
    url: `http://127.0.0.1:${apiPort}`,
    port: apiPort,
    stop: async () => {
      await running.stop();
      await bus.close();
    },
  };
}

/** The compiled api as a process of its own, which a test may kill. */
export interface ApiProcess {
  /** Ends it the hard way and waits until it is gone. */
  kill(): Promise<void>;
}

/** The compiled service, and the built page beside it. */
export const builtApi = fileURLToPath(new URL('../../dist/services/api/main.js', import.meta.url));
export const builtPage = fileURLToPath(new URL('../../dist/dashboard/index.html', import.meta.url));

/** Starts the compiled api on the address that `endpoints.json` of the servers names, and waits until it answers. */
export async function spawnApi(servers: TestServers, url: string): Promise<ApiProcess> {
  const child = spawn(process.execPath, [builtApi], {
    env: { ...process.env, LOADSTONE_HOME: servers.home },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const isUp = (): Promise<boolean> =>
    fetch(`${url}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    );
  while (!(await isUp())) {
    if (child.exitCode !== null) throw new Error(`api ended with ${child.exitCode}: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium of this machine: LOADSTONE_CHROMIUM, else the usual places; undefined when there is none. */
export const chromiumPath = [process.env['LOADSTONE_CHROMIUM'], ...programs].find((path) => path !== undefined && existsSync(path));

/** Starts the system's Chromium without a window and without talking to anyone. */
export function launchChromium(): Promise<Browser> {
  const args = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  return chromium.launch({ ...(chromiumPath === undefined ? {} : { executablePath: chromiumPath }), args });
}

/** Stores facts of any producer, tick by tick. */
export async function publishScene(servers: TestServers, facts: readonly Fact[]): Promise<void> {
  const bus = await servers.connect('supervisor');
  const publisher = createPublisher(bus);
  let tick: Fact[] = [];
  for (const fact of facts) {
    tick.push(fact);
    if (fact.type !== 'clock.tick.v1') continue;
    await publisher.publish(tick);
    tick = [];
  }
  await publisher.publish(tick);
  publisher.close();
  await bus.close();
}
