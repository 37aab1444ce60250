import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { wallDelay, wallNow } from '../../shared/runtime/clock.js';

/** A process that is known again after a crash: the number alone may have been given to another one since. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, as the system tells it; differs for every process that ever had this number. */
  readonly startMark: string;
}

/** A child of this process. */
export interface Child extends ProcessId {
  readonly name: string;
  /** Wall time of its start. */
  readonly startedAtMs: number;
  /** How it ended; resolves once, never rejects. */
  readonly ended: Promise<Ending>;
  readonly hasEnded: () => boolean;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: string | null;
}

/** What to run, and where its output goes. */
export interface Command {
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly logPath: string;
}

const logBytesMax = 20_000_000;

/** Mark of the start of a living process, or null when there is none (a zombie counts as gone). */
export function startMarkOf(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  const stat = `/proc/${pid}/stat`;
  if (existsSync('/proc/self/stat')) {
    if (!existsSync(stat)) return null;
    try {
      // The name in parentheses may hold spaces, so fields are counted from behind it: state is the 1st, start time the 20th.
      const fields = readFileSync(stat, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return fields[0] === 'Z' || fields[0] === 'X' ? null : `${bootId()}/${fields[19]}`;
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  }
  const listed = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
  return listed === '' ? null : listed;
}

/** Whether that very process still lives. */
export function isAlive(id: ProcessId): boolean {
  return startMarkOf(id.pid) === id.startMark;
}

/**
 * Starts a process in a session of its own, so that Ctrl-C reaches only who ends the others in order; its output goes to its log.
 * @throws when the program cannot be started at all.
 */
export async function startProcess(command: Command): Promise<Child> {
  rotate(command.logPath);
  const log = openSync(command.logPath, 'a', 0o600);
  const child = spawn(command.program, [...command.args], {
    env: { ...process.env, ...command.env },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let over = false;
  const ended = new Promise<Ending>((resolve) => {
    child.once('exit', (code, signal) => {
      over = true;
      resolve({ code, signal });
    });
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', () => resolve());
    child.once('error', reject);
  });
  const pid = child.pid ?? 0;
  return { name: command.name, startedAtMs: wallNow(), pid, startMark: startMarkOf(pid) ?? 'ended at once', ended, hasEnded: () => over };
}

/** Asks a process to end and, after `graceMs`, makes it; resolves when it is gone. Someone else's process is never touched. */
export async function endProcess(id: ProcessId, graceMs: number): Promise<void> {
  signal(id, 'SIGTERM');
  const deadline = wallNow() + graceMs;
  while (isAlive(id)) {
    if (wallNow() > deadline) signal(id, 'SIGKILL');
    await wallDelay(20);
  }
}

/** Sends a signal to that very process; does nothing when it is gone. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** The line of a log that tells best why its process ended: the last one that speaks of an error, else the last one. */
export function logReason(path: string): string {
  if (!existsSync(path)) return 'no log';
  const lines = readFileSync(path, 'utf8')
    .slice(-8_000)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const telling = lines.filter((line) => /error|fatal|panic|FTL/i.test(line) && !line.startsWith('at '));
  return (telling.at(-1) ?? lines.at(-1) ?? 'empty log').slice(0, 300);
}

function rotate(path: string): void {
  if (existsSync(path) && statSync(path).size > logBytesMax) renameSync(path, `${path}.old`);
}

function bootId(): string {
  const path = '/proc/sys/kernel/random/boot_id';
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : 'boot';
}

function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ESRCH' || code === 'ENOENT';
}
