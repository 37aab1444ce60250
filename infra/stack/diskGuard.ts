import { statfs } from 'node:fs/promises';
import type { Bus } from '../../shared/bus/connect.js';
import { ask } from '../../shared/bus/request.js';
import { wallNow } from '../../shared/runtime/clock.js';
import type { Conditions } from './conditions.js';

/** What the guard watches and may do. */
export interface DiskGuardOptions {
  /** Folder of the message server's data. */
  readonly folder: string;
  /** Below so much free space nothing new is taken on. */
  readonly floorBytes: number;
  readonly bus: Bus;
  readonly conditions: Conditions;
  /** Whether the message server stores what it is given. */
  readonly isBusHealthy: () => Promise<boolean>;
  /** Ends the message server, which is then started anew. */
  readonly restartBus: () => void;
}

const lookMs = 1_000;
/** Room that has to be there again before it goes on, in floors, so that it does not come and go. */
const againFloors = 1.25;
/** A message server that was full does not store again by itself, also when there is room: so long it is waited for. */
const healMs = 5_000;

/**
 * Keeps a full disk from breaking what is kept: while less than the floor is free the clock is held, nobody's request is taken and an alarm
 * stands; with room again everything goes on. A message server that ran full all the same is started anew.
 */
export function guardDisk(options: DiskGuardOptions): { stop(): void } {
  const { folder, floorBytes, bus, conditions } = options;
  let isFull = false;
  let wasFull = false;
  let unwellSinceMs: number | null = null;
  const tell = (active: boolean, detail: string): void =>
    conditions.tell({ condition: 'disk-full', component: 'nats-server', active, severity: 'critical', detail });
  /** A clock that was started anew meanwhile knows of no hold; one that is not there hears of it the next time. */
  const askClock = (verb: 'hold' | 'release'): Promise<unknown> =>
    ask(bus, 'clock', verb, { by: 'disk', reason: 'the disk is full' }, lookMs).catch(() => null);

  const look = async (): Promise<void> => {
    const { bavail, bsize } = await statfs(folder);
    const freeBytes = bavail * bsize;
    const wasFullBefore = isFull;
    isFull = freeBytes < (isFull ? againFloors : 1) * floorBytes;
    if (isFull) {
      wasFull = true;
      if (!wasFullBefore)
        tell(true, `${mb(freeBytes)} free in ${folder}, below ${mb(floorBytes)}: the clock is held and no request is taken`);
      await askClock('hold');
      return;
    }
    if (wasFullBefore) {
      tell(false, `${mb(freeBytes)} free in ${folder}: the twin goes on`);
      await askClock('release');
    }
    if (wasFull) await heal();
  };
  const heal = async (): Promise<void> => {
    if (await options.isBusHealthy()) {
      unwellSinceMs = null;
      return;
    }
    unwellSinceMs ??= wallNow();
    if (wallNow() - unwellSinceMs < healMs) return;
    unwellSinceMs = null;
    options.restartBus();
  };

  let isLooking = false;
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    void look().finally(() => (isLooking = false));
  }, lookMs);
  return { stop: () => clearInterval(timer) };
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
