/**
 * Records the histories that `replay.test.ts` replays: `npx tsx tests/replay/record.ts [STORY...]`. Run it when a release changes what sequences do,
 * keep the old files as long as their rules version is in use.
 */
import type { WorkflowClient } from '@temporalio/client';
import type { Fact } from '../../shared/domain/fact.js';
import { sequenceStarts } from '../../shared/domain/sequences.js';
import { fromWire, tickStartMs, toWire } from '../../shared/domain/ticks.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import type { HostLimits } from '../../workflows/messages.js';
import { startSequenceBench } from '../support/sequences.js';
import { tenYearFacts, tenYearTicks, tenYearWorld } from '../support/tenYears.js';
import { runInMemory, runInTemporal } from '../support/threeAreasRun.js';
import { keepHistory } from './histories.js';

interface Story {
  readonly name: string;
  readonly world: World;
  readonly ticks: number;
  /** Facts of each tick; absent: the whole world is run. */
  readonly said?: () => readonly (readonly Fact[])[];
  readonly limits?: HostLimits;
  /** Workflows whose runs are kept. */
  readonly keep: readonly string[];
}

const timeOf = (tick: number): string =>
  toWire(tickStartMs({ startMs: fromWire(threeAreas.clock.startTime), tickMinutes: threeAreas.clock.tickMinutes }, tick));

const stories: readonly Story[] = [
  {
    name: 'first-evening',
    world: threeAreas,
    ticks: 345,
    keep: ['training-atlas', 'training-boreas', 'buildout-mesa', 'permit-mesa-block-2-energization', 'permit-mesa-block-3-air'],
  },
  {
    name: 'denied-and-renewed',
    world: {
      ...threeAreas,
      script: [
        { atTime: timeOf(3), action: 'deny-permit', target: 'mesa-block-3-air', reason: 'drill' },
        { atTime: timeOf(6), action: 'grant-permit', target: 'mesa-block-2-energization', reason: 'drill' },
        { atTime: timeOf(9), action: 'deny-permit', target: 'mesa-block-3-air', reason: 'drill' },
      ],
    },
    ticks: 40,
    limits: { updatesMax: 2, graceMs: 10_000 },
    keep: ['buildout-mesa', 'permit-mesa-block-2-energization', 'permit-mesa-block-3-air'],
  },
  {
    name: 'moved',
    world: {
      ...threeAreas,
      script: [
        ...threeAreas.script,
        { atTime: timeOf(12), action: 'move-run', target: 'dune', destination: 'riverbend', reason: 'cheaper there' },
      ],
    },
    ticks: 100,
    keep: ['training-dune'],
  },
  {
    name: 'ten-years',
    world: tenYearWorld,
    ticks: tenYearTicks,
    said: tenYearFacts,
    limits: { updatesMax: 40, graceMs: 10_000 },
    keep: ['buildout-mesa', 'permit-mesa-air', 'permit-mesa-3-line-certificate'],
  },
  {
    name: 'next-site',
    world: tenYearWorld,
    ticks: tenYearTicks,
    said: tenYearFacts,
    limits: { updatesMax: 40, graceMs: 10_000 },
    keep: ['buildout-mesa', 'permit-harbor-air'],
  },
];

/** Stories to record; all of them when none is named. */
const wanted = process.argv.slice(2);

async function record(story: Story): Promise<void> {
  const said = story.said?.() ?? (await runInMemory(story.world, story.ticks));
  const bench = await startSequenceBench({ workflows: 'real', ...(story.limits === undefined ? {} : { limits: story.limits }) });
  try {
    await bench.startWorker();
    await runInTemporal(story.world, bench.sequences(sequenceStarts(story.world)), said);
    for (const workflowId of story.keep) await keepRuns(bench.client, story.name, workflowId);
  } finally {
    await bench.stop();
  }
}

/** Keeps every run of a workflow, oldest first. */
async function keepRuns(client: WorkflowClient, story: string, workflowId: string): Promise<void> {
  const first = (await client.getHandle(workflowId).describe()).raw.workflowExecutionInfo?.firstRunId ?? undefined;
  for (let runId = first, run = 1; runId !== undefined; run += 1) {
    const history = await client.getHandle(workflowId, runId).fetchHistory();
    keepHistory(story, workflowId, run, history);
    runId = history.events?.at(-1)?.workflowExecutionContinuedAsNewEventAttributes?.newExecutionRunId ?? undefined;
  }
}

for (const story of stories.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  await record(story);
  process.stderr.write(`${story.name}: recorded\n`);
}
