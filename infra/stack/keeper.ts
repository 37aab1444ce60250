import { wallNow } from '../../shared/runtime/clock.js';
import type { Plan } from './plan.js';
import { startPlan } from './plan.js';
import { endProcess, signal, type Child } from './process.js';

/** How a kept process stands; idle: it ended by itself with 0, because there is nothing for it to do. */
export type KeptState = 'starting' | 'running' | 'idle' | 'restarting' | 'stopped';

/** What the keeper tells about its process. */
export interface KeptStatus {
  readonly name: string;
  readonly state: KeptState;
  /** Wall time of the last change of state. */
  readonly sinceMs: number;
  readonly child: Child | null;
  readonly restarts: number;
  /** Why it is not running; empty when it is. */
  readonly detail: string;
}

/** Keeps one process alive. */
export interface Keeper {
  readonly plan: Plan;
  status(): KeptStatus;
  /** Starts it; rejects when the first start fails, and then only a patient plan is tried again. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** What a keeper reports while it works. */
export interface KeeperEvents {
  onChange(status: KeptStatus): void;
  /** Trouble began (true) or ended (false), in one sentence. */
  onTrouble(name: string, active: boolean, detail: string): void;
}

/** Waits before the 1st, 2nd, ... restart in a row; the last one holds from then on. */
const backOffMs = [200, 500, 1_000, 2_000, 5_000];
/** After this long in good health a new failure counts as the first. */
const forgivenAfterMs = 30_000;
/** A server that answers nothing for this long is taken for hung. */
const hungAfterMs = 120_000;
const watchEveryMs = 5_000;

/** Starts a plan, and again with growing waits whenever it ends without being asked to. */
export function keep(plan: Plan, events: KeeperEvents): Keeper {
  let status: KeptStatus = { name: plan.name, state: 'starting', sinceMs: wallNow(), child: null, restarts: 0, detail: '' };
  let stopping = false;
  let wake: () => void = () => {};
  let running: Promise<void> = Promise.resolve();

  const change = (next: Partial<KeptStatus>): void => {
    status = { ...status, ...next, sinceMs: next.state === undefined || next.state === status.state ? status.sinceMs : wallNow() };
    events.onChange(status);
  };
  const launch = async (): Promise<Child> => {
    const child = await startPlan(plan, (spawned) => change({ child: spawned }));
    change({ state: child.hasEnded() ? 'starting' : 'running', child, detail: '' });
    return child;
  };
  const pause = (waitMs: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const watch = async (first: Child | null): Promise<void> => {
    let child = first;
    for (let failures = 0; !stopping; ) {
      const startedMs = wallNow();
      let reason = status.detail;
      if (child !== null) {
        const ending = await endingOf(plan, child, () => stopping);
        if (stopping) return;
        if (plan.patient === true && ending.isDone) return change({ state: 'idle', child: null, detail: 'ended by itself: nothing to do' });
        reason = ending.reason;
        if (wallNow() - startedMs > forgivenAfterMs) failures = 0;
      }
      const waitMs = backOffMs[Math.min(failures, backOffMs.length - 1)] ?? 5_000;
      failures += 1;
      const detail = `${reason}; restart ${status.restarts + 1} in ${waitMs / 1_000} s`;
      change({ state: 'restarting', child: null, restarts: status.restarts + 1, detail });
      events.onTrouble(plan.name, true, detail);
      await pause(waitMs);
      if (stopping) return;
      child = await launch().catch((error: unknown) => {
        change({ child: null, detail: error instanceof Error ? error.message : String(error) });
        return null;
      });
      if (child !== null) events.onTrouble(plan.name, false, `${plan.name} runs again after ${status.restarts} restarts`);
    }
  };

  return {
    plan,
    status: () => status,
    start: async () => {
      try {
        running = watch(await launch());
      } catch (error) {
        change({ child: null, detail: error instanceof Error ? error.message : String(error) });
        if (plan.patient === true && !stopping) running = watch(null);
        throw error;
      }
    },
    stop: async () => {
      stopping = true;
      wake();
      if (status.child !== null) await endProcess(status.child, plan.stopGraceMs);
      await running;
      // A restart that was under way when the stop came may have brought up another process.
      if (status.child !== null) await endProcess(status.child, plan.stopGraceMs);
      change({ state: 'stopped', child: null, detail: '' });
    },
  };
}

/** Waits for the end of a process, which comes by itself or because it hung; answers how it came. */
async function endingOf(
  plan: Plan,
  child: Child,
  isStopping: () => boolean,
): Promise<{ readonly isDone: boolean; readonly reason: string }> {
  let hung = false;
  let lastGoodMs = wallNow();
  const timer = setInterval(() => {
    if (plan.watched !== true || isStopping()) return;
    void plan.isHealthy().then((healthy) => {
      if (healthy) lastGoodMs = wallNow();
      else if (wallNow() - lastGoodMs > hungAfterMs && !isStopping()) {
        hung = true;
        signal(child, 'SIGKILL');
      }
    });
  }, watchEveryMs);
  const { code, signal: by } = await child.ended;
  clearInterval(timer);
  if (hung) return { isDone: false, reason: `${plan.name} did not answer for ${hungAfterMs / 1_000} s and was ended` };
  return { isDone: code === 0, reason: `${plan.name} ended with ${by === null ? `exit code ${code}` : `signal ${by}`}` };
}
