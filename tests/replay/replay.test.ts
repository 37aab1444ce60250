import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleOf } from '../support/sequences.js';
import { recordedHistories } from './histories.js';

let code: string;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  code = await bundleOf('real');
}, 120_000);

/** Names of the runs that can not be replayed, with the reason. */
async function failures(histories: ReturnType<typeof recordedHistories>): Promise<readonly string[]> {
  const failed: string[] = [];
  const byOrder = [...histories];
  for await (const result of Worker.runReplayHistories({ workflowBundle: { code } }, byOrder)) {
    if (result.error !== undefined) failed.push(`${result.workflowId}: ${result.error.message}`);
  }
  return failed;
}

describe('recorded histories', () => {
  it('hold runs of every kind of sequence, also continued as new', () => {
    const names = recordedHistories().map((recorded) => recorded.name);
    for (const kind of ['training-', 'buildout-', 'permit-']) expect(names.some((name) => name.split('.')[1]?.startsWith(kind))).toBe(true);
    expect(names.some((name) => name.endsWith('.2'))).toBe(true);
  });

  it('replay with the workflows as they are now', async () => {
    expect(await failures(recordedHistories())).toEqual([]);
  }, 120_000);

  it('would be missed: a run whose facts were others does not replay', async () => {
    const [recorded] = recordedHistories().filter(({ name }) => name.includes('training-atlas'));
    if (recorded === undefined) throw new Error('no history of training-atlas');
    const events = structuredClone((recorded.history as { events: { eventType: string }[] }).events);
    const marker = events.findIndex((event) => event.eventType === 'EVENT_TYPE_MARKER_RECORDED');
    expect(marker).toBeGreaterThan(0);
    events.splice(marker, 1);
    expect(await failures([{ ...recorded, history: { events } }])).toHaveLength(1);
  }, 60_000);
});
