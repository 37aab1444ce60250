import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallDelay } from '../../shared/runtime/clock.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { checkAgainstKernel } from '../chaos/check.js';
import { startTwin, type TestTwin } from '../support/twin.js';

const noMount = 'a small file system cannot be mounted here';
const small = join(mkdtempSync(join(tmpdir(), 'loadstone-small-')), 'disk');

/** A file system of its own in memory; false: this machine does not allow it. */
function mounted(): boolean {
  mkdirSync(small, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600m', 'tmpfs', small], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const isMounted = mounted();

/** Takes space until so much is left, MiB. */
function leave(freeMb: number): void {
  const { bavail, bsize } = statfsSync(small);
  const takenMb = Math.floor((bavail * bsize) / 2 ** 20) - freeMb;
  execFileSync('fallocate', ['-l', `${takenMb}M`, join(small, 'others')]);
}

describe.skipIf(!isMounted)(`a disk that runs full${isMounted ? '' : ` (${noMount})`}`, () => {
  let twin: TestTwin;
  const before = process.env['TMPDIR'];
  beforeAll(async () => {
    process.env['TMPDIR'] = small;
    process.env['LOADSTONE_DISK_FLOOR_MB'] = '64';
    twin = await startTwin('--scenario', 'three-areas', '--rate', 'max');
  }, 120_000);
  afterAll(async () => {
    await twin?.stop();
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    delete process.env['LOADSTONE_DISK_FLOOR_MB'];
    if (isMounted) execFileSync('umount', [small]);
    rmSync(small, { recursive: true, force: true });
  }, 60_000);

  const until = <Value>(what: () => Promise<Value>) => expect.poll(what, { timeout: 60_000, interval: 250 });
  const stateOf = async (): Promise<string> => (await twin.clock().catch(() => null))?.state ?? 'away';
  const tickOf = async (): Promise<number> => (await twin.clock().catch(() => null))?.tick ?? 0;
  const curtail = () => twin.cli('training', 'curtail', 'riverbend', '--mw', '50', '--reason', 'test');

  it('holds the clock, takes no request and raises an alarm; with room again it goes on by itself', async () => {
    await until(tickOf).toBeGreaterThan(20);
    leave(40);
    await until(stateOf).toBe('held');
    const refused = await curtail();
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toMatch(/disk: \d+ MiB free in .*nats, below 64 MiB: the clock is held and no request is taken/);
    const alarms = await twin.cli('alarm', 'list', '--json');
    expect(alarms.stdout).toContain('platform-nats-server-disk-full');
    const heldAt = await tickOf();
    await wallDelay(1_500);
    expect(await tickOf()).toBe(heldAt);
    rmSync(join(small, 'others'));
    await until(tickOf).toBeGreaterThan(heldAt);
    const taken = await curtail();
    expect(taken.code, taken.stderr).toBe(0);
    await until(async () => (await twin.cli('alarm', 'list', '--json')).stdout.includes('platform-nats-server-disk-full')).toBe(true);
  }, 120_000);

  it('that is full before anybody could look loses nothing, doubles nothing and is come back from', async () => {
    leave(1);
    await wallDelay(6_000);
    rmSync(join(small, 'others'));
    const now = await tickOf();
    await until(tickOf).toBeGreaterThan(now + 50);
    expect((await twin.cli('clock', 'pause')).code).toBe(0);
    await twin.untilPaused(30_000);
    const facts = await twin.facts();
    const ticks = facts.reduce((most, fact) => (fact.type === 'clock.tick.v1' ? Math.max(most, fact.data.tick) : most), 0);
    expect(new Set(facts.map(({ id }) => id)).size).toBe(facts.length);
    expect(await checkAgainstKernel(threeAreas, facts, ticks)).toEqual({ 'the stream is what the kernel says': [] });
  }, 180_000);
});
