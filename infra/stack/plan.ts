import { wallDelay, wallNow } from '../../shared/runtime/clock.js';
import { TwinError } from '../../shared/runtime/errors.js';
import { logReason, startProcess, type Child, type Command } from './process.js';

/** How a process of the stack is run: the supervisor and the tests start the same plans. */
export interface Plan extends Command {
  /** Whether it does its work now; asked again and again until it does. */
  readonly isHealthy: () => Promise<boolean>;
  /** What has to be set after every start, before others use it; running it again changes nothing. */
  readonly settle: () => Promise<void>;
  readonly startTimeoutMs: number;
  readonly stopGraceMs: number;
  /** Whether a process that lives but does not answer is taken for hung and started anew. */
  readonly watched?: boolean;
  /** Whether a process that is not healthy in time is left running; else it is ended. */
  readonly patient?: boolean;
  /** What a person can do when it does not start. */
  readonly fix: string;
}

/**
 * Starts a plan and waits until it is healthy and settled.
 * @throws TWIN_REFUSED naming the component, what its log says and the fix; nothing of it is left running then.
 */
export async function startPlan(plan: Plan, onSpawn: (child: Child) => void = () => {}): Promise<Child> {
  const child = await startProcess(plan).catch((cause: unknown) => {
    throw refusal(plan, `cannot run ${plan.program}: ${cause instanceof Error ? cause.message : String(cause)}`, cause);
  });
  onSpawn(child);
  const deadline = wallNow() + plan.startTimeoutMs;
  while (!(await plan.isHealthy())) {
    if (child.hasEnded()) {
      const { code, signal } = await child.ended;
      if (code === 0 && plan.patient === true) return child;
      throw refusal(plan, `ended at once (${signal ?? `exit ${code}`}): ${logReason(plan.logPath)}`);
    }
    if (wallNow() > deadline && plan.patient === true) break;
    if (wallNow() > deadline) {
      process.kill(child.pid, 'SIGKILL');
      await child.ended;
      throw refusal(plan, `was not ready after ${plan.startTimeoutMs / 1000} s: ${logReason(plan.logPath)}`);
    }
    await wallDelay(20);
  }
  await plan.settle().catch(async (error: unknown) => {
    process.kill(child.pid, 'SIGKILL');
    await child.ended;
    throw error;
  });
  return child;
}

/** Whether an address answers with a status below 400 within a second. */
export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status < 400;
  } catch {
    // Not listening yet is the normal state of a server that starts.
    return false;
  }
}

function refusal(plan: Plan, reason: string, cause?: unknown): TwinError {
  return new TwinError('TWIN_REFUSED', `${plan.name}: ${reason}; ${plan.fix}`, { cause });
}
