import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyToJSON, type History } from '@temporalio/common/lib/proto-utils.js';

const folder = fileURLToPath(new URL('./histories', import.meta.url));

/** A recorded run of a sequence: file name without its ending, and what Temporal wrote down. */
export interface RecordedHistory {
  readonly name: string;
  readonly workflowId: string;
  readonly history: unknown;
}

/** Every recorded run, by name; the id of its workflow is the part behind the last dot but one. */
export function recordedHistories(): readonly RecordedHistory[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((file) => {
      const name = file.slice(0, -'.json'.length);
      const history: unknown = JSON.parse(readFileSync(join(folder, file), 'utf8'));
      return { name, workflowId: name.split('.')[1] ?? name, history };
    });
}

/** Keeps a run as `<story>.<workflow id>.<run number>.json`, without the names of processes and machines. */
export function keepHistory(story: string, workflowId: string, run: number, history: History): void {
  const plain: unknown = JSON.parse(historyToJSON(history), (key, value: unknown) => (key === 'identity' ? 'recorded' : value));
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${story}.${workflowId}.${run}.json`), `${JSON.stringify(plain)}\n`);
}
