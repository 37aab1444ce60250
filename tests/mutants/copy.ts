import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { stopwatchMs } from '../../shared/runtime/clock.js';
import type { PlantedBug } from './planted.js';

/** What is copied of a repository. */
const copied = ['shared', 'services', 'workflows', 'infra', 'tests', 'docs', 'package.json', 'tsconfig.json'];
const leftOut = ['node_modules', 'dist', '.loadstone'];
/** A test that takes longer than this is ended. */
const limitMs = 120_000;

/** How the tests of one or more files ended. */
export interface Tested {
  /** Names of tests that failed; with a bug planted, the first one. */
  readonly failed: readonly string[];
  /** True when at least one test ran and none failed. */
  readonly isPassed: boolean;
  readonly seconds: number;
  /** Why there is no result; empty when there is one. */
  readonly trouble: string;
}

/** A copy of the repository in a folder of its own. */
export interface Copy {
  /** Runs test files of the project `quick`, up to the first test that fails. */
  test(files: readonly string[]): Promise<Tested>;
  /** Does something while a bug stands in the sources, and takes the bug out again. */
  withBug<Value>(bug: PlantedBug, deed: () => Promise<Value>): Promise<Value>;
  /** Ends what runs in the copy and removes it. */
  remove(): void;
}

/** Copies a repository; packages are linked one by one, so that caches beside them are those of the copy. */
export function createCopy(root: string): Copy {
  const folder = mkdtempSync(join(tmpdir(), 'loadstone-mutants-'));
  const top = join(folder, 'loadstone');
  try {
    fill(folder, top, root);
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
  const running = new Set<number>();
  return {
    test: (files) => runTests(top, join(folder, 'result.json'), files, running),
    withBug: (bug, deed) => withBug(top, bug, deed),
    remove: () => {
      for (const pid of running) end(pid);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Puts the copy in its place, with what lies beside the repository beside it. */
function fill(folder: string, top: string, root: string): void {
  mkdirSync(top);
  for (const name of copied)
    cpSync(join(root, name), join(top, name), { recursive: true, filter: (path) => !leftOut.includes(basename(path)) });
  linkAll(join(root, 'node_modules'), join(top, 'node_modules'));
  const data = join(root, '..', 'shared');
  if (existsSync(data)) symlinkSync(data, join(folder, 'shared'));
}

function linkAll(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) if (!name.startsWith('.')) symlinkSync(join(from, name), join(to, name));
}

async function withBug<Value>(top: string, { file, text, replacement }: PlantedBug, deed: () => Promise<Value>): Promise<Value> {
  const path = join(top, file);
  const whole = readFileSync(path, 'utf8');
  writeFileSync(path, whole.split(text).join(replacement));
  try {
    return await deed();
  } finally {
    writeFileSync(path, whole);
  }
}

async function runTests(top: string, resultPath: string, files: readonly string[], running: Set<number>): Promise<Tested> {
  rmSync(resultPath, { force: true });
  const from = stopwatchMs();
  const words = [
    'run',
    '--config',
    'infra/vitest.config.ts',
    '--project',
    'quick',
    '--bail=1',
    '--reporter=json',
    `--outputFile=${resultPath}`,
  ];
  const program = join(top, 'node_modules', 'vitest', 'vitest.mjs');
  const child = spawn(process.execPath, [program, ...words, ...files], { cwd: top, detached: true, stdio: 'ignore' });
  const { pid } = child;
  if (pid !== undefined) running.add(pid);
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    if (pid !== undefined) end(pid);
  }, limitMs);
  await new Promise<void>((resolve) => child.once('error', () => resolve()).once('exit', () => resolve()));
  clearTimeout(timer);
  if (pid !== undefined) running.delete(pid);
  const seconds = (stopwatchMs() - from) / 1_000;
  if (isLate) return { failed: [], isPassed: false, seconds, trouble: `no answer in ${limitMs / 1_000} s` };
  return { ...resultIn(resultPath), seconds };
}

/** Ends a process with all it started. */
function end(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** The parts of a result of vitest that matter here; its form is that of jest. */
interface Result {
  readonly numPassedTests: number;
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}

function resultIn(path: string): Pick<Tested, 'failed' | 'isPassed' | 'trouble'> {
  if (!existsSync(path)) return { failed: [], isPassed: false, trouble: 'the tests did not run' };
  const { numPassedTests, success, testResults } = JSON.parse(readFileSync(path, 'utf8')) as Result;
  const failed = testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName.trim()),
  );
  const isPassed = success && numPassedTests > 0;
  const broken = testResults.map(({ message }) => message.split('\n')[0] ?? '').find((message) => message !== '');
  return {
    failed,
    isPassed,
    trouble: isPassed || failed.length > 0 ? '' : (broken ?? (numPassedTests > 0 ? 'an error outside of the tests' : 'no test ran')),
  };
}
