import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import type { ClaimRow, ClaimsAnswer } from './answer.js';
import { claims, judged, type Experiment } from './claim.js';
import { growthClaims } from './growthClaims.js';
import { gridClaims } from './gridClaims.js';
import { permitClaims } from './permitClaims.js';
import { trainingClaims } from './trainingClaims.js';

/** Every experiment, in the order of the claims. */
export const experiments: readonly Experiment[] = [...growthClaims, ...trainingClaims, ...gridClaims, ...permitClaims].sort(
  (a, b) => a.claim - b.claim,
);

const launch = promisify(execFile);
/** The launcher of this program: sources and build have it at the same place below their root. */
const launcher = fileURLToPath(new URL('../main.js', import.meta.url));
/** An experiment that takes longer has hung, wall ms. */
const limitMs = 600_000;
const answerBytesMax = 64 * 2 ** 20;

/** What is asked of the claims. */
export interface ClaimsAsked {
  readonly experiments: readonly Experiment[];
  readonly dataDir: string;
  /** How many run side by side. */
  readonly lanes: number;
  readonly say: (row: ClaimRow) => void;
}

/** Runs experiments, each as the command it is, and judges their answers; one that fails is a row of its own. */
export async function runClaims({ experiments: asked, dataDir, lanes, say }: ClaimsAsked): Promise<ClaimsAnswer> {
  const beganMs = stopwatchMs();
  const rows: ClaimRow[] = [];
  const waiting = asked.map((experiment, place) => ({ experiment, place }));
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const row = await rowOf(next.experiment, dataDir);
      rows[next.place] = row;
      say(row);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
  return { rows, seconds: (stopwatchMs() - beganMs) / 1_000 };
}

async function rowOf({ claim, name, words, read }: Experiment, dataDir: string): Promise<ClaimRow> {
  const beganMs = stopwatchMs();
  const own = words.map((word) => (word.startsWith('{data}/') ? resolve(dataDir, word.slice('{data}/'.length)) : word));
  const told = {
    claim,
    says: claims[claim] ?? '',
    experiment: name,
    command: `npx loadstone ${words.map((word) => quoted(word.replace('{data}', dataDir))).join(' ')}`,
  };
  const done = () => ({ seconds: (stopwatchMs() - beganMs) / 1_000 });
  const failed = (failure: string): ClaimRow => ({
    ...told,
    figure: 'none',
    verdict: 'open',
    evidence: 'assumed',
    flips: 'the experiment itself',
    failure,
    ...done(),
  });
  const missing = own.find((word, place) => word !== words[place] && !existsSync(word));
  if (missing !== undefined) return failed(`${missing}: not there; --data names the folder of data`);
  try {
    const { stdout } = await launch(process.execPath, [...process.execArgv, launcher, ...own, '--json'], {
      timeout: limitMs,
      maxBuffer: answerBytesMax,
    });
    return { ...told, ...judged(read(JSON.parse(stdout) as unknown)), failure: null, ...done() };
  } catch (error) {
    const { stderr, message } = error as { readonly stderr?: string; readonly message: string };
    return failed((stderr ?? message).trim().split('\n').at(-1) ?? message);
  }
}

function quoted(word: string): string {
  return /[\s()]/.test(word) ? `"${word}"` : word;
}
