/**
 * Plants one bug after the other in a copy of the repository and looks whether its test fails: `npx tsx tests/mutants/run.ts [--only ID]`.
 * Ends with 1 when a bug is not caught, does not fit the sources any more, or when a test fails without it.
 */
import { parseArgs } from 'node:util';
import { repoDir } from '../../infra/stack/paths.js';
import { stopwatchMs } from '../../shared/runtime/clock.js';
import { createCopy, type Copy } from './copy.js';
import { misplaced, plantedBugs, type PlantedBug } from './planted.js';

const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Whether every test passes as long as nothing is planted. */
async function arePassing(copy: Copy, bugs: readonly PlantedBug[]): Promise<boolean> {
  const tests = [...new Set(bugs.map(({ test }) => test))];
  process.stderr.write(`without a bug: ${tests.length} test files\n`);
  const { isPassed, failed, trouble, seconds } = await copy.test(tests);
  if (!isPassed) say(`without a bug a test fails: ${failed.join('; ')}${trouble}`);
  else process.stderr.write(`without a bug: passed, ${seconds.toFixed(1)} s\n`);
  return isPassed;
}

/** Whether the test of a bug fails once the bug is planted; a test that cannot run at all has caught nothing. */
async function isCaught(copy: Copy, bug: PlantedBug): Promise<boolean> {
  const { failed, trouble, seconds } = await copy.withBug(bug, () => copy.test([bug.test]));
  const [first] = failed;
  const word = first === undefined ? 'NOT CAUGHT' : 'caught';
  say(`${word.padEnd(10)} ${bug.id.padEnd(32)} ${seconds.toFixed(1).padStart(5)} s  ${first ?? (trouble || `${bug.test} passes`)}`);
  return first !== undefined;
}

async function check(copy: Copy, bugs: readonly PlantedBug[]): Promise<boolean> {
  if (!(await arePassing(copy, bugs))) return false;
  const from = stopwatchMs();
  let caught = 0;
  for (const bug of bugs) caught += (await isCaught(copy, bug)) ? 1 : 0;
  process.stderr.write(`${((stopwatchMs() - from) / 1_000).toFixed(0)} s\n`);
  say(`${caught} of ${bugs.length} planted bugs caught`);
  return caught === bugs.length;
}

/** Whether all bugs, or the one that is named, are caught; ended from outside, nothing stays behind. */
async function main(): Promise<boolean> {
  const bugs = plantedBugs.filter(({ id }) => only === undefined || id === only);
  const misfits = misplaced(repoDir());
  for (const line of misfits) say(line);
  if (bugs.length === 0) say(`--only: found ${only}, allowed: ${plantedBugs.map(({ id }) => id).join(', ')}`);
  if (bugs.length === 0 || misfits.length > 0) return false;
  let copy: Copy | null = null;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => {
      copy?.remove();
      process.exit(1);
    });
  copy = createCopy(repoDir());
  try {
    return await check(copy, bugs);
  } finally {
    copy.remove();
  }
}

process.exitCode = (await main()) ? 0 : 1;
