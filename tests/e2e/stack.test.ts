import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startMarkOf } from '../../infra/stack/process.js';
import { readRecord, type StackRecord } from '../../infra/stack/record.js';
import { standingWorld } from '../../infra/stack/remembered.js';
import { createHome, until, type TestHome } from '../support/loadstone.js';

interface Status {
  readonly state: string;
  readonly services: readonly { readonly name: string; readonly state: string; readonly pid: number; readonly restarts: number }[];
  readonly clock: { readonly twinTime: string; readonly tick: number } | null;
  readonly settings: Readonly<Record<string, { readonly value: unknown; readonly origin: string }>>;
}

let twin: TestHome;
const status = async (): Promise<Status> => (await twin.json(['status'])) as Status;
const record = (): StackRecord => {
  const found = readRecord(twin.paths);
  if (found === null) throw new Error('no twin runs');
  return found;
};
const pidsOf = ({ pid, services, serverProcesses }: StackRecord): number[] => [
  pid,
  ...[...Object.values(services), ...Object.values(serverProcesses)].map((process) => process.pid),
];
const isGone = (pid: number): boolean => startMarkOf(pid) === null;
const tickBeyond = (tick: number): Promise<number> =>
  until(`a tick after ${tick}`, async () => {
    const { clock } = await status();
    return clock !== null && clock.tick > tick ? clock.tick : null;
  });

beforeAll(async () => {
  twin = createHome();
  const started = await twin.loadstone(['up', '--detach', '--rate', '1800']);
  expect(started.stderr + started.stdout).toContain('Loadstone is');
  expect(started.code).toBe(0);
}, 180_000);

afterAll(async () => {
  expect(await twin.remove()).toEqual([]);
});

describe('a running twin', () => {
  test('has every server and service running, and twin time advances', async () => {
    const up = await until('the state up', async () => {
      const found = await status();
      return found.state === 'up' ? found : null;
    });
    expect(up.services.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['nats-server', 'temporal', 'clock', 'grid-supply', 'worker']),
    );
    expect(up.settings['scenario']).toEqual({ value: 'three-areas', origin: 'default' });
    expect(up.settings['rate']).toEqual({ value: 1800, origin: 'flag' });
    expect(await tickBeyond(0)).toBeGreaterThan(0);
  });

  test('keeps passwords from other users of the machine', () => {
    expect(statSync(join(twin.paths.runDir, 'secrets.json')).mode & 0o077).toBe(0);
    expect(statSync(join(twin.paths.confDir, 'nats.conf')).mode & 0o077).toBe(0);
  });

  test('refuses a second start from the same home', async () => {
    const second = await twin.loadstone(['up']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('already runs');
  });

  test.each(['nats-server', 'temporal', 'clock'])('starts %s again after a kill, and twin time goes on', async (name) => {
    const before = (await status()).services.find((service) => service.name === name);
    process.kill(before?.pid ?? 0, 'SIGKILL');
    const after = await until(`${name} running again`, async () => {
      const found = (await status()).services.find((service) => service.name === name);
      return found !== undefined && found.pid !== before?.pid && found.state === 'running' ? found : null;
    });
    expect(after.restarts).toBe((before?.restarts ?? 0) + 1);
    const { clock } = await until('the clock to answer', async () => {
      const found = await status();
      return found.clock === null ? null : found;
    });
    expect(await tickBeyond(clock?.tick ?? 0)).toBeGreaterThan(clock?.tick ?? 0);
  });
});

describe('stopping and starting', () => {
  test('down leaves no process and the next start resumes the world where it stood', async () => {
    const pids = pidsOf(record());
    const { clock } = await status();
    expect((await twin.loadstone(['down'])).code).toBe(0);
    expect(pids.filter((pid) => !isGone(pid))).toEqual([]);
    expect((await twin.loadstone(['status'])).code).toBe(1);
    const again = await twin.loadstone(['up', '--detach']);
    expect(again.code).toBe(0);
    const resumed = await until('the clock to answer', async () => (await status()).clock);
    expect(resumed.tick).toBeGreaterThanOrEqual(clock?.tick ?? 0);
    expect(record().settings['scenario']).toEqual({ value: 'three-areas', origin: 'standing world' });
  });

  test('a start after a crash of the supervisor ends what it left behind', async () => {
    const before = record();
    process.kill(before.pid, 'SIGKILL');
    await until('the supervisor to be gone', async () => (isGone(before.pid) ? true : null));
    expect((await twin.loadstone(['doctor'])).code).toBe(1);
    const again = await twin.loadstone(['up', '--detach']);
    expect(again.stderr).toContain('ended what an earlier start left behind');
    expect(again.code).toBe(0);
    expect(pidsOf(before).filter((pid) => !isGone(pid))).toEqual([]);
  });

  test('another world over the one that stands is refused in one line that offers --new-world', async () => {
    await twin.loadstone(['down']);
    const refused = await twin.loadstone(['up', '--seed', '77']);
    expect(refused.code).toBe(2);
    expect(refused.stderr.trim().split('\n')).toHaveLength(1);
    expect(refused.stderr).toContain('--new-world');
    expect(readRecord(twin.paths)).toBeNull();
  });

  test('--new-world moves the old data aside and starts anew', async () => {
    const old = standingWorld(twin.paths);
    const started = await twin.loadstone(['up', '--detach', '--seed', '77', '--new-world']);
    expect(started.code).toBe(0);
    expect(readdirSync(twin.paths.worldsDir)).toEqual([old?.hash]);
    expect(readdirSync(join(twin.paths.worldsDir, old?.hash ?? ''))).toEqual(expect.arrayContaining(['nats', 'temporal', 'world.json']));
    expect(standingWorld(twin.paths)?.hash).not.toBe(old?.hash);
  });
});

describe('in front', () => {
  let front: TestHome;
  beforeAll(() => {
    front = createHome();
  });
  afterAll(async () => {
    expect(await front.remove()).toEqual([]);
  });

  test('Ctrl-C ends everything in order, and without InfluxDB it says that history is off', async () => {
    const up = front.inFront(['up'], { LOADSTONE_INFLUX_BIN: 'off' });
    const running = await until('the state up', async () => {
      const found = readRecord(front.paths);
      return found?.state === 'up' ? found : null;
    });
    expect(running.servers.influx).toBeNull();
    expect(Object.keys(running.serverProcesses)).toEqual(['nats-server', 'temporal']);
    up.interrupt();
    const { code, stderr, stdout } = await up.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('history is off');
    expect(stdout).toContain('Loadstone is up');
    expect(pidsOf(running).filter((pid) => !isGone(pid))).toEqual([]);
    expect(readdirSync(front.paths.runDir)).toEqual(['secrets.json']);
  });

  test('Ctrl-C during the start leaves no process', async () => {
    const up = front.inFront(['up'], { LOADSTONE_INFLUX_BIN: 'off' });
    const starting = await until('the first process', async () => readRecord(front.paths));
    up.interrupt();
    expect((await up.ended).code).toBe(1);
    expect(pidsOf(starting).filter((pid) => !isGone(pid))).toEqual([]);
    expect(readdirSync(front.paths.runDir)).toEqual(['secrets.json']);
  });
});

describe('wrong input at start', () => {
  let other: TestHome;
  beforeAll(() => {
    other = createHome();
  });
  afterAll(async () => {
    expect(await other.remove()).toEqual([]);
  });

  test.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['an unknown scenario', ['--scenario', 'nowhere'], {}, 'nowhere'],
    ['a rate that is none', ['--rate', '-3'], {}, 'rate'],
    ['a port that is none', [], { LOADSTONE_NATS_PORT: '70000' }, 'LOADSTONE_NATS_PORT'],
    ['a missing server', [], { LOADSTONE_NATS_BIN: '/nowhere/nats-server' }, 'LOADSTONE_NATS_BIN'],
    ['an unknown option', ['--scenari', 'x'], {}, 'scenari'],
  ])('%s ends with exit code 2, one line, and nothing left behind', async (_name, args, env, named) => {
    const outcome = await other.loadstone(['up', ...args], env);
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(named);
    expect(readRecord(other.paths)).toBeNull();
    expect(standingWorld(other.paths)).toBeNull();
  });

  test('a demanded port that is taken names the variable', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen({ port: 0, host: '127.0.0.1' }, () => resolve()));
    const address = holder.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const outcome = await other.loadstone(['up'], { LOADSTONE_NATS_PORT: String(port) });
    await new Promise((resolve) => holder.close(resolve));
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(`LOADSTONE_NATS_PORT: port ${port} is taken`);
  });

  test('a home that is a file is refused', async () => {
    const file = join(other.home, 'file');
    writeFileSync(file, '');
    const outcome = await other.loadstone(['up'], { LOADSTONE_HOME: file });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain(file);
  });

  test('an unknown field of config.json is named', async () => {
    const home = join(other.home, 'configured');
    mkdirSync(home);
    writeFileSync(join(home, 'config.json'), '{ "speed": 3 }');
    const outcome = await other.loadstone(['up'], { LOADSTONE_HOME: home });
    expect(outcome.code).toBe(2);
    expect(outcome.stderr).toContain('config.json: speed');
  });
});
