import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WorkflowClient } from '@temporalio/client';
import { encodeFact } from '../../shared/bus/envelope.js';
import { readAll } from '../../shared/bus/read.js';
import { compareFacts, type Fact } from '../../shared/domain/fact.js';
import { sequenceStarts } from '../../shared/domain/sequences.js';
import { wallNow } from '../../shared/runtime/clock.js';
import { startSequenceBench, type SequenceBench } from '../support/sequences.js';
import { tenYearFacts, tenYearWorld } from '../support/tenYears.js';
import { isOfSequence, runInTemporal } from '../support/threeAreasRun.js';

let bench: SequenceBench;
beforeAll(async () => {
  bench = await startSequenceBench({ workflows: 'real' });
  await bench.startWorker();
}, 120_000);
afterAll(() => bench.stop(), 60_000);

const bytesOf = (facts: readonly Fact[]): readonly string[] =>
  [...facts].sort(compareFacts).map((fact) => new TextDecoder().decode(encodeFact(fact)));

/** Events Temporal keeps of a sequence, over all its runs. */
async function historyEvents(client: WorkflowClient, workflowId: string): Promise<number> {
  const first = (await client.getHandle(workflowId).describe()).raw.workflowExecutionInfo?.firstRunId ?? undefined;
  let events = 0;
  for (let runId = first; runId !== undefined; ) {
    const history = await client.getHandle(workflowId, runId).fetchHistory();
    events += history.events?.length ?? 0;
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
  return events;
}

describe('ten years of a campus in Temporal, the twin clock at full speed', () => {
  it('say byte for byte what the fast clock says, and keep under 5,000 events a twin year', async () => {
    const byTick = tenYearFacts();
    const expected = byTick.flat();
    const begin = wallNow();
    await runInTemporal(tenYearWorld, bench.sequences(sequenceStarts(tenYearWorld)), byTick);
    const seconds = (wallNow() - begin) / 1_000;
    const stored = await readAll(await bench.servers.connect('supervisor'), {});
    const own = expected.filter(isOfSequence);
    expect(bytesOf(stored.map(({ fact }) => fact))).toEqual(bytesOf(own));
    const ids = new Set(own.map((fact) => fact.component));
    let events = 0;
    for (const id of ids) events += await historyEvents(bench.client, id);
    expect(events / 10).toBeLessThan(5_000);
    process.stdout.write(`ten years: ${seconds.toFixed(1)} s, ${ids.size} sequences, ${events} events, ${own.length} facts\n`);
  }, 300_000);
});
