import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, instant, oneOf, seconds, text } from '../../../shared/events/fields.js';

const number = (description: string) => Type.Number({ description });
const orNull = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });
const failedField = Type.Array(record({ key: text('Cell.'), message: text('Why.') }));
const years = Type.Number({ minimum: 0, unit: 'a', description: 'Twin time of all cells.' });
const evidenceField = oneOf(['calibrated', 'assumed'], 'What the figures rest on.');

/** What `study run --json` prints. */
export const runAnswer = record({
  name: text('Study.'),
  folder: text('Where the results are.'),
  hash: text('Of the manifest.'),
  state: oneOf(['finished', 'failed', 'stopped'], 'All cells finished; some failed; stopped before the end.'),
  cells: count('In all.'),
  finished: count('With a result.'),
  kept: count('Of them from an earlier run, not repeated.'),
  failed: failedField,
  simulatedYears: years,
  seconds: seconds('Wall time.'),
  processorSeconds: seconds('Of all threads, and of reading the study.'),
  yearsPerSecond: number('Simulated years a wall second, all threads together.'),
  peakMemoryMb: Type.Number({ minimum: 0, unit: 'MB', description: 'Most memory of the process.' }),
  evidence: evidenceField,
});

/** What `study run --dry-run --json` prints. */
export const dryRunAnswer = record({
  name: text('Study.'),
  cells: count('In all.'),
  groups: Type.Array(text('Variant and axes.')),
  draws: count('Of each group; 0 when nothing is drawn.'),
  seeds: count('Of each draw.'),
  startTime: instant('Start of every cell.'),
  untilTime: instant('End of every cell that no rule stops.'),
  ticksPerCell: count('Ticks.'),
  simulatedYears: years,
  threads: count('Threads the time is for.'),
  probeTicks: count('Ticks of the first cell that were timed.'),
  msPerTick: Type.Number({ minimum: 0, unit: 'ms', description: 'Wall time of one of them.' }),
  estimatedSeconds: seconds('If every cell is as fast as that, and each thread has a processor.'),
  estimatedMemoryMb: Type.Number({ minimum: 0, unit: 'MB', description: 'Of the process with its threads.' }),
  metrics: Type.Array(text('Metric.')),
  impossible: Type.Array(record({ group: text('Variant and axes.'), message: text('Why its cells will fail.') })),
});

/** What `study compare --json` prints. */
export const compareAnswer = record({
  first: text('Folder.'),
  second: text('Folder.'),
  evidence: evidenceField,
  inputs: Type.Array(record({ field: text('Input that differs.'), first: Type.Unknown(), second: Type.Unknown() })),
  unpaired: record({ first: count('Cells without a partner in the second.'), second: count('In the first.') }),
  differences: Type.Array(
    record({
      group: text('Variant and axes.'),
      column: text('Column of the results.'),
      unit: text('Of the column.'),
      pairs: count('Cells of the same seed and draw in both.'),
      meanFirst: number('Mean over them.'),
      meanSecond: number('Mean over them.'),
      meanDifference: number('Second less first.'),
      low: orNull('End of the 95 % interval of the mean difference (Student); null with one pair.'),
      high: orNull('The other end.'),
    }),
  ),
});

/** What `study status --json` prints, one entry a study; `study watch --json` prints such lines. */
export const studyStanding = record({
  id: text('Of the study on the servers.'),
  name: text('Of its file.'),
  state: oneOf(
    ['running', 'paused', 'finished', 'failed', 'stopped', 'unknown'],
    'Failed: some cells came to nothing. Stopped: cancelled, or never begun. Unknown: no worker answers.',
  ),
  cells: count('In all.'),
  finished: count('With a result.'),
  failed: Type.Union([count('Cells.'), Type.Null()], { description: 'Null: not known, or over.' }),
  underWay: Type.Union([count('Cells.'), Type.Null()], { description: 'Asked for and not ended; null: not known, or over.' }),
});

export type StudyStanding = Static<typeof studyStanding>;
export type RunAnswer = Static<typeof runAnswer>;
export type DryRunAnswer = Static<typeof dryRunAnswer>;
export type CompareAnswer = Static<typeof compareAnswer>;
