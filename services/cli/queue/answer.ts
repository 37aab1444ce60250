import { Type, type Static, type TSchema } from 'typebox';
import { steps } from '../../../shared/domain/queue/steps.js';
import { record } from '../../../shared/events/define.js';
import { count, days, flag, megawatts, oneOf, ratio, text } from '../../../shared/events/fields.js';
import { quarantineField, reasonsField } from '../permits/answer.js';

const orNull = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);
const interval = (description: string, minimum?: number) => {
  const number = () => Type.Number(minimum === undefined ? {} : { minimum });
  return Type.Object({ value: number(), low: number(), high: number() }, { additionalProperties: false, description });
};
const evidence = oneOf(['measured'], 'What the figure stands on.');
const endCounts = record({
  agreementSigned: count('An agreement is signed, and no approval to energize is recorded.'),
  energized: count('Approved to energize or to synchronize.'),
  completed: count('In operation.'),
  withdrawn: count('Withdrawn.'),
  active: count('None of these.'),
});
const daysOrNull = (description: string) => orNull(days(description));

/** What `queue replay --json` prints. */
export const replayAnswer = record({
  file: text('Queue file.'),
  form: text('Whose columns it has.'),
  asOf: text('Last day of which it tells, YYYY-MM-DD.'),
  asOfFrom: text('Where that day is from.'),
  rows: count('Projects: rows, and those that came with changes.'),
  milestones: count('Heard by the machine.'),
  quarantined: count('Rows left out; rows = quarantined and the sum of ended.'),
  quarantinedBy: reasonsField,
  quarantine: quarantineField,
  milestonesLeftOut: count('Milestones that cannot be, of projects that go on.'),
  leftOutBy: reasonsField,
  leftOut: quarantineField,
  reversed: count('Steps taken back.'),
  outOfOrder: count('Milestones that came after a step that builds on them.'),
  outOfOrderProjects: count('Projects with one.'),
  redated: count('Steps whose day was changed.'),
  order: Type.Array(
    record({
      step: oneOf(steps, 'Step that stands first.'),
      before: oneOf(steps, 'Step that it builds on.'),
      projects: count('In which it does.'),
      of: count('Projects in which both have a day.'),
    }),
  ),
  ended: endCounts,
  statusWords: Type.Array(record({ word: text("The file's own word."), rows: count('With it.'), ended: endCounts })),
  agreements: count('Projects with a signed agreement, wherever they stand now.'),
  stages: Type.Array(
    record({
      stage: text('Stretch of the way.'),
      from: oneOf(steps, 'It begins with.'),
      to: oneOf(steps, 'It ends with.'),
      entered: count('Projects that began it.'),
      finished: count('That ended it.'),
      open: count('That had not, withdrawn ones included.'),
      withdrawn: count('Of the open ones: seen until they withdrew.'),
      reversed: count('Whose end stands before the beginning: 0 days.'),
      undated: count('Left out: the day of the end is not known.'),
      medianFinishedDays: daysOrNull('Of those that ended it.'),
      medianDays: daysOrNull('Kaplan-Meier, open ones counted; null: fewer than half have ended it.'),
      medianLowDays: daysOrNull('Lower end of its interval of 95 %.'),
      medianHighDays: daysOrNull('Upper end; null: not reached.'),
      p25Days: daysOrNull('Kaplan-Meier.'),
      p75Days: daysOrNull('Kaplan-Meier.'),
      evidence,
    }),
  ),
  shareOfTime: orNull(
    record({
      projects: count('Energized, with the days of request, study request, agreement and approval to energize.'),
      days: Type.Number({ unit: 'd', description: 'Of all of them, request to energization.' }),
      preparation: interval('Request to study request.'),
      studyAndAgreement: interval('To the approved study and the signed agreement: the middle.'),
      build: interval('To the approval to energize.'),
      evidence,
    }),
  ),
  lateness: orNull(
    record({
      projects: count('With an on-line day and one filed with the request.'),
      lateProjects: count('On line after it.'),
      lateRatio: interval('Their share, exact interval.', 0),
      days10: interval('Days late at 10 %, distribution-free interval.'),
      days50: interval('At 50 %.'),
      days90: interval('At 90 %.'),
      openProjects: count('Open, with a filed day.'),
      openPastProjects: count('Of them with that day passed.'),
      evidence,
    }),
  ),
  cohort: orNull(
    record({
      fromYear: Type.Integer(),
      toYear: Type.Integer({ description: 'Last year of the requests.' }),
      projects: count('Requested then.'),
      builtProjects: count('Energized or in operation.'),
      openProjects: count('Neither built nor withdrawn.'),
      capacityMw: megawatts('Requested; not stated and below 0 count as none.'),
      builtMw: megawatts('Built.'),
      builtRatio: interval('Share of the projects, exact interval.', 0),
      builtMwRatio: orNull(interval('Share of the capacity, over resamples.', 0)),
      evidence,
    }),
  ),
  outcomes: Type.Array(
    record({
      years: Type.Number({ minimum: 0, unit: 'a', description: 'After the request.' }),
      builtRatio: ratio('Energized or in operation.'),
      withdrawnRatio: ratio('Withdrawn.'),
      openRatio: ratio('Neither.'),
      watched: count('Watched so long without an end before.'),
    }),
  ),
  rescheduled: record({
    count: count('Changes of the planned on-line date.'),
    laterCount: count('To a later one.'),
    medianLaterDays: orNull(Type.Number({ unit: 'd', description: 'By how much; below 0: earlier.' })),
  }),
  changes: orNull(
    record({
      file: text('Changes.'),
      count: count('Changes of cells and rows.'),
      leftOut: count('That do not fit.'),
      leftOutBy: reasonsField,
      moves: Type.Array(record({ from: text('Status.'), to: text('Status.'), projects: count('That moved so.') })),
    }),
  ),
  next: orNull(
    record({
      file: text('Snapshot that the changes should lead to.'),
      isSame: flag('Whether they do.'),
      projects: count('In both.'),
      cells: count('Compared.'),
      differentCells: count('That differ.'),
      onlyHere: Type.Array(text('Project that only the replay has.')),
      onlyThere: Type.Array(text('Project that only the snapshot has.')),
      different: Type.Array(record({ id: text('Project.'), column: text('Column.'), found: text('Here.'), wanted: text('There.') })),
    }),
  ),
  notes: Type.Array(text('What the file cannot tell.')),
  readSeconds: Type.Number({ minimum: 0, unit: 's', description: 'From opening the files to their rows.' }),
  replaySeconds: Type.Number({ minimum: 0, unit: 's', description: 'From the rows to the last state.' }),
  milestonesPerSecond: Type.Number({ minimum: 0, unit: '1/s', description: 'From the rows to the last state.' }),
});

export type ReplayAnswer = Static<typeof replayAnswer>;
