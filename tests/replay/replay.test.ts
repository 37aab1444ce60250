import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleOf, quietRuntime } from '../support/sequences.js';
import { recordedHistories } from './histories.js';

let code: string;
beforeAll(async () => {
  quietRuntime();
  code = await bundleOf('real');
}, 120_000);

/** Runs that cannot be replayed with some workflows, with the reason. */
async function failures(workflowCode: string): Promise<readonly string[]> {
  const failed: string[] = [];
  for await (const result of Worker.runReplayHistories({ workflowBundle: { code: workflowCode } }, recordedHistories())) {
    if (result.error !== undefined) failed.push(`${result.workflowId}: ${result.error.message}`);
  }
  return failed;
}

describe('recorded histories', () => {
  it('hold runs of every kind of sequence, also continued as new', () => {
    const names = recordedHistories().map((recorded) => recorded.name);
    for (const kind of ['training-', 'buildout-', 'permit-', 'study-'])
      expect(names.some((name) => name.split('.')[1]?.startsWith(kind))).toBe(true);
    expect(names.some((name) => name.endsWith('.2'))).toBe(true);
  });

  it('replay with the workflows as they are now', async () => {
    expect(await failures(code)).toEqual([]);
  }, 120_000);

  it('do not replay with workflows that would have done something else', async () => {
    const failed = await failures(await bundleOf('counting'));
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]).toContain('Nondeterminism');
  }, 120_000);
});
