import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repoDir } from '../../infra/stack/paths.js';
import { bucketsOf } from '../../shared/bus/topology.js';
import { wallDelay, wallNow } from '../../shared/runtime/clock.js';
import { startServers, type TestServers } from '../support/stack.js';

const limitMs = 240_000;
const program = join(repoDir(), 'dist', 'services', 'cli', 'main.js');
/** Two days of the three areas by the hour. */
const study = {
  schema: 'loadstone.study/1',
  name: 'drill',
  title: 'Many small cells',
  base: { scenario: 'three-areas' },
  horizon: { untilTime: '2027-07-15T17:00:00.000Z' },
  tickMinutes: 60,
  axes: [{ id: 'strike', keys: ['contracts.*.strikeUsdPerMwh'], values: [400, 700] }],
  metrics: ['costUsd', 'unservedMwh', 'stepsMade', 'curtailedHours'],
};
const seedsOf = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number; readonly out: string; readonly told: string }>;
}

let servers: TestServers;
const children: ChildProcess[] = [];
const place = (...names: string[]): string => join(servers.home, 'studies', ...names);

function start(...words: string[]): Running {
  const child = spawn(process.execPath, [program, ...words], {
    cwd: servers.home,
    env: { ...process.env, LOADSTONE_HOME: servers.home, LOADSTONE_BUILD: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [out, told] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
  const ended = new Promise<{ code: number; out: string; told: string }>((resolve) =>
    child.once('exit', (code) => resolve({ code: code ?? -1, out, told })),
  );
  return { child, ended };
}

function put(name: string, seeds: readonly number[], change: object = {}): string {
  mkdirSync(place(), { recursive: true });
  writeFileSync(place(name), JSON.stringify({ ...study, seeds, ...change }));
  return place(name);
}

/** Everything in a result folder that is promised to be the same: all but the account of the run. */
function bytesOf(out: string): Readonly<Record<string, string>> {
  const names = readdirSync(place(out), { recursive: true, encoding: 'utf8' })
    .filter((name) => name !== 'run.json' && statSync(place(out, name)).isFile())
    .sort();
  return Object.fromEntries(names.map((name) => [name, readFileSync(place(out, name), 'utf8')]));
}

/** Versions of the results in the object store, by name: a result that is written again has another one. */
async function versions(): Promise<ReadonlyMap<string, string>> {
  const bus = await servers.connect('study');
  const store = await bus.connection.jetstream().views.os(bucketsOf(bus.root).studies);
  const found = (await store.list()).filter(({ name, deleted }) => !deleted && /cells\/\d+\.json$/.test(name));
  await bus.close();
  return new Map(found.map(({ name, nuid }) => [name, nuid]));
}

async function untilFinished(count: number): Promise<void> {
  const deadline = wallNow() + 120_000;
  while ((await versions()).size < count) {
    if (wallNow() > deadline) throw new Error(`not ${count} cells within two minutes`);
    await wallDelay(250);
  }
}

beforeAll(async () => {
  servers = await startServers({ nats: true, temporal: true });
}, 120_000);
afterAll(async () => {
  for (const child of children) if (child.exitCode === null) child.kill('SIGKILL');
  rmSync(place(), { recursive: true, force: true });
  await servers.stop();
}, 60_000);

describe('a study on the servers', () => {
  it(
    'loses nothing and repeats nothing while workers, Temporal and the message server are killed, and gives the bytes of an undisturbed one',
    async () => {
      const file = put('drill.json', seedsOf(100));
      expect((await start('study', 'run', file, '--local', '--out', place('quiet')).ended).code).toBe(0);
      let main = start('study', 'run', file, '--threads', '1', '--out', place('drill'));
      let helper = start('worker', '--study', '--threads', '1');
      const seen = new Map<string, string>();
      const look = async (): Promise<void> => {
        for (const [name, version] of await versions()) seen.set(name, seen.get(name) ?? version);
      };
      const kills: readonly (readonly [number, () => Promise<void>])[] = [
        [20, async () => void helper.child.kill('SIGKILL')],
        [50, () => servers.killAndRestart('nats-server')],
        [80, () => servers.killAndRestart('temporal')],
        [110, async () => void main.child.kill('SIGKILL')],
        [150, () => servers.killAndRestart('nats-server')],
      ];
      for (const [count, kill] of kills) {
        await untilFinished(count);
        await look();
        await kill();
        if (helper.child.signalCode !== null) helper = start('worker', '--study', '--threads', '1');
        if (main.child.signalCode !== null) {
          await main.ended;
          main = start('study', 'run', file, '--threads', '1', '--out', place('drill'), '--resume');
        }
        await wallDelay(500);
      }
      const ended = await main.ended;
      expect(ended.code, ended.told).toBe(0);
      helper.child.kill('SIGTERM');
      await helper.ended;
      expect(bytesOf('drill')).toEqual(bytesOf('quiet'));
      const last = await versions();
      expect(last.size).toBe(200);
      expect([...seen].filter(([name, version]) => last.get(name) !== version)).toEqual([]);
      expect(seen.size).toBeGreaterThan(140);
    },
    limitMs,
  );

  it(
    'names a cell that fails, finishes the others and ends with 1, and runs that cell anew when asked again',
    async () => {
      const axes = [
        { id: 'ramp', keys: ['contracts.*.rampMinutes'], values: [15, 60] },
        { id: 'event', keys: ['contracts.*.maxEventHours'], values: [0.5, 4] },
      ];
      const file = put('fails.json', [1], { name: 'fails', axes });
      const ended = await start('study', 'run', file, '--threads', '1', '--out', place('fails'), '--json').ended;
      expect(ended.code, ended.told).toBe(1);
      expect(JSON.parse(ended.out)).toMatchObject({
        state: 'failed',
        cells: 4,
        finished: 3,
        failed: [{ key: expect.stringContaining('ramp=60') }],
      });
      const again = await start('study', 'run', file, '--threads', '1', '--out', place('fails'), '--resume', '--json').ended;
      expect(JSON.parse(again.out)).toMatchObject({ state: 'failed', kept: 3, finished: 3 });
    },
    limitMs,
  );

  it(
    'is seen, paused, resumed and cancelled by its id; a worker with an invite takes part',
    async () => {
      const file = put('managed.json', seedsOf(40), { name: 'managed', horizon: { untilTime: '2027-08-13T17:00:00.000Z' } });
      const invite = (await start('study', 'invite').ended).out.trim();
      const worker = start('worker', '--study', '--threads', '1', '--connect', invite);
      const main = start('study', 'run', file, '--threads', '0', '--out', place('managed'), '--json');
      const status = async (): Promise<{ readonly id: string; readonly state: string; readonly finished: number }> => {
        const { out } = await start('study', 'status', '--json').ended;
        const all = JSON.parse(out) as readonly { id: string; name: string; state: string; finished: number }[];
        return all.find(({ name }) => name === 'managed') ?? { id: '', state: 'none', finished: 0 };
      };
      const until = async (is: (now: Awaited<ReturnType<typeof status>>) => boolean) => {
        for (const deadline = wallNow() + 60_000; wallNow() < deadline; ) {
          const now = await status();
          if (is(now)) return now;
        }
        throw new Error(`not within a minute: ${JSON.stringify(await status())}`);
      };
      const { id } = await until(({ finished }) => finished >= 3);
      expect(await start('study', 'pause', id).ended).toMatchObject({ code: 0, out: `${id}: paused: cells under way finish\n` });
      await until(({ state }) => state === 'paused');
      expect((await start('study', 'resume', id).ended).code).toBe(0);
      await until(({ state }) => state === 'running');
      expect((await start('study', 'cancel', id).ended).code).toBe(0);
      const { finished } = await until(({ state }) => state === 'stopped');
      const ended = await main.ended;
      expect(ended.code).toBe(1);
      // A cell that ends in the moment of the cancel is kept by its worker, and may come too late for who watches.
      const told = JSON.parse(ended.out) as { readonly state: string; readonly finished: number };
      expect(told.state).toBe('stopped');
      expect([finished - 1, finished, finished + 1]).toContain(told.finished);
      const twice = await start('study', 'pause', id).ended;
      expect([twice.code, twice.told]).toEqual([
        2,
        expect.stringMatching(/^loadstone: study pause: found managed-\w+, which is not running, allowed: /),
      ]);
      worker.child.kill('SIGTERM');
      expect((await worker.ended).told).toContain(`runs cells of ${id}`);
    },
    limitMs,
  );
});

describe('wrong words for studies on the servers', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['an unknown study', ['study', 'watch', 'nothing'], /^loadstone: study: found "nothing", allowed: [^\n]+\n$/],
    [
      'an invite that is none',
      ['worker', '--study', '--connect', 'abc'],
      /^loadstone: --connect: found abc, allowed: a line of `npx loadstone study invite`\n$/,
    ],
    ['a worker of nothing', ['worker'], /^loadstone: worker: found nothing, allowed: --study; [^\n]+\n$/],
    ['no thread', ['worker', '--study', '--threads', '0'], /^loadstone: --threads: found 0, allowed: 1 to 256\n$/],
  ])('%s is refused in one line', async (_what, words, line) => {
    const ended = await start(...words).ended;
    expect(ended.code).toBe(2);
    expect(ended.told).toMatch(line);
  });
});
