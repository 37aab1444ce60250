import { Type, type Static } from 'typebox';
import { auditActions, baselineMethods, targetKinds } from '../events/control.js';
import { record } from '../events/define.js';
import { facilitySchema } from './facilitySchema.js';
import { inferenceFlexSchema, inferenceProfileSchema } from './inferenceSchema.js';
import { networkSchema } from './networkSchema.js';
import { operationsFields } from './operationsSchema.js';
import { agencyProcessFields, durationSchema, stageSchema, termFields } from './processSchema.js';
import { profileSchema, seriesSchema } from './profileSchema.js';
import { count, days, hours, instant, megawatts, minutes, oneOf, ratio, seconds, slug, text, usd, usdPerMwh } from '../events/fields.js';

const positive = (unit: string, description: string) => Type.Number({ exclusiveMinimum: 0, unit, description });

export const clockSchema = record({
  startTime: instant('Instant at which tick 0 begins.'),
  tickMinutes: Type.Integer({ minimum: 1, maximum: 60, unit: 'min', description: 'Length of a tick.' }),
  marketMinutes: Type.Integer({ minimum: 1, unit: 'min', description: 'Length of a market interval.' }),
  utcOffsetMinutes: Type.Integer({
    minimum: -840,
    maximum: 840,
    unit: 'min',
    description: 'Local standard time minus UTC, fixed all year.',
  }),
  rate: Type.Union([positive('twin s per s', 'Twin seconds per wall second.'), Type.Literal('max')]),
  holdAtTime: Type.Union([instant('Where the clock pauses by itself.'), Type.Null()]),
});

export const campusSchema = record({
  id: slug('Campus.'),
  name: text('For people.'),
  bus: slug('Bus of its connection.'),
  limitMw: megawatts('Connection limit at the start.'),
  inferenceMinMw: megawatts('Inference load at its daily low.'),
  inferenceMaxMw: megawatts('Inference load at its daily top.'),
  inferencePeakHour: hours('Local hour of the top.'),
  rampUpRatio: ratio('Share of the limit it may gain per 5 minutes after a curtailment.'),
  spareAccelerators: Type.Optional(count('Accelerators that stand ready for runs from elsewhere; absent: as many as fit below the limit.')),
  /** With one, runs and inference are stated without cooling, which comes on top by outside temperature. */
  facility: Type.Optional(facilitySchema),
  inferenceFlex: Type.Optional(inferenceFlexSchema),
  inferenceProfile: Type.Optional(inferenceProfileSchema),
});
/** How far runs may be slowed down for the grid. */
export const slowdownClasses = ['none', 'slow-10', 'slow-25', 'slow-50', 'pause'] as const;

export const runSchema = record({
  id: slug('Training run.'),
  campus: slug('Where it runs.'),
  accelerators: count('Accelerators.'),
  facilityMw: megawatts('Facility power at full speed.'),
  idleRatio: ratio('Share of facility power while paused.'),
  stepSeconds: positive('s', 'One step at full speed.'),
  totalSteps: count('Steps of the whole run.'),
  initialSteps: count('Steps done at the start.'),
  checkpointMinutes: positive('min', 'Between checkpoints.'),
  saveSeconds: seconds('Stall of a checkpoint.'),
  saveFailureRatio: Type.Optional(ratio('Chance that a checkpoint ahead of a pause cannot be saved at once; absent: 0.')),
  restartSeconds: seconds('From resume to the first step.'),
  failures: Type.Optional(
    Type.Object(
      { hoursPerFailure: Type.Optional(positive('h', 'Accelerator-hours per failure; absent: 50,677, docs/power.md.')) },
      { additionalProperties: false, description: 'How it fails by chance, and falls back to its last checkpoint; absent: never.' },
    ),
  ),
  staticRatio: ratio('Share of power that does not bend: s in throughput = ((p - s)/(1 - s))^(1/a).'),
  capExponent: positive('1', 'a in the same formula.'),
  slowdownClass: Type.Optional(
    oneOf(slowdownClasses, 'How far it may be slowed down for the grid: not at all, by 10, 25 or 50 %, or paused; absent: paused.'),
  ),
  startWithBlock: Type.Union([record({ project: slug('Project.'), block: count('Block.') }), Type.Null()], {
    description: 'Starts when this block is energized; null: from the start.',
  }),
  rampUpHours: hours('From its start to full power.'),
  priority: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 9, description: 'Touched only when runs of lower priority do not suffice; absent: 5.' }),
  ),
  checkpointBytes: Type.Optional(
    Type.Integer({ minimum: 1, unit: 'B', description: 'Size of a checkpoint; absent: from the work of the run, docs/moving.md.' }),
  ),
});
export const contractSchema = record({
  id: slug('Contract.'),
  campus: slug('Campus.'),
  tranche: oneOf(['cap-and-pause', 'pause'], 'Which measures it may use.'),
  maxReductionMw: megawatts('Largest reduction.'),
  maxSiteRatio: ratio('And at most this share of what the campus draws.'),
  strikeUsdPerMwh: usdPerMwh('Sells above.'),
  noticeMinutes: minutes('Notice.'),
  rampMinutes: minutes('Ramp.'),
  maxEventHours: positive('h', 'Longest event.'),
  eventsPerYear: count('Events a year.'),
  hoursPerYear: hours('Hours a year.'),
  penaltyUsdPerMwh: usdPerMwh('For what was promised and not delivered.'),
  capRatio: ratio('Cap it goes to before it pauses.'),
  resumeDelayMinutesMax: minutes('Random wait before resuming, from 0 to this.'),
  baselineMethod: Type.Optional(
    oneOf(
      baselineMethods,
      'How is told what the campus would have drawn, docs/flexibility.md; absent: by workload. The same in all contracts of a campus.',
    ),
  ),
  connection: Type.Optional(
    record({
      project: slug('Project whose flexible connection obliges to this contract, up to the part of its block that is not firm.'),
      block: Type.Integer({ minimum: 1, description: 'Its block; nothing is obliged before that has power at the campus.' }),
    }),
  ),
});

export const agencySchema = record({
  id: slug('Agency.'),
  name: text('For people.'),
  region: slug('Region.'),
  reviewers: Type.Integer({ minimum: 1, description: 'Reviewers; each works on one application at a time.' }),
  otherApplicationsPerYear: Type.Number({ minimum: 0, unit: '1/a', description: 'Applications of others that compete for the reviewers.' }),
  effort: durationSchema,
  noticeDays: days('Public notice after the review.'),
  denialRatio: ratio('Chance of a denial.'),
  informationRequestRatio: ratio('Chance of a request for information during a review.'),
  ...agencyProcessFields,
});
export const permitSchema = record({
  id: slug('Permit.'),
  agency: slug('Agency.'),
  after: Type.Array(slug('Permit of the same block that must be granted first.')),
  initialPhase: oneOf(['drafting', 'queued', 'under-review', 'granted'], 'Where it stands at the start.'),
  initialPosition: Type.Union([count('Place in the queue at the start; 0: under review.'), Type.Null()]),
  draftingDays: days('Work of the applicant before filing.'),
  answerDays: days('Time the applicant takes for a request for information.'),
  onDenial: oneOf(['appeal', 'redesign', 'move-site', 'abandon'], 'What the project does about a denial.'),
  ...termFields,
});
export const blockSchema = record({
  block: Type.Integer({ minimum: 1, description: 'Number of the block.' }),
  capacityMw: positive('MW', 'Capacity it adds.'),
  initialStage: oneOf(
    ['planned', 'permitting', 'procurement', 'construction', 'energization', 'energized'],
    'Where it stands at the start.',
  ),
  permits: Type.Array(permitSchema),
  equipment: Type.Array(
    record({
      id: slug('Equipment.'),
      leadDays: days('From order to delivery.'),
      orderedDaysAgo: Type.Union([days('Ordered before the start.'), Type.Null()]),
      costUsd: usd('Price.'),
    }),
  ),
  constructionDays: days('Work left once everything is there.'),
});
export const projectSchema = record({
  id: slug('Project.'),
  name: text('For people.'),
  campus: slug('Campus it builds.'),
  blocks: Type.Array(blockSchema, { minItems: 1 }),
  nextSites: Type.Array(
    record({
      site: slug('Site.'),
      campus: slug('Campus it would feed.'),
      permitDays: Type.Optional(days('Permits at that site, in one; for a site without stages.')),
      constructionDays: Type.Optional(days('Construction at that site; for a site without stages.')),
      hostingMw: Type.Optional(
        megawatts('Room of its connection: blocks go there in their order while it has any for them; absent: as much as is wanted.'),
      ),
      stages: Type.Optional(
        Type.Array(stageSchema, {
          minItems: 1,
          description: 'Its own process; construction there waits for the equipment a block brings along as well.',
        }),
      ),
    }),
  ),
  stages: Type.Optional(
    Type.Array(stageSchema, {
      minItems: 1,
      description: 'The process as a graph; its blocks then name no permits, equipment and construction days of their own.',
    }),
  ),
});
/** What `curtail-campus` and `curtail-fleet` ask for; absent: all that the contracts allow, from then on. */
const scriptedTargetFields = {
  amountMw: Type.Optional(megawatts('Reduction, or limit.')),
  targetKind: Type.Optional(oneOf(targetKinds, 'What the amount is; absent: a reduction.')),
  untilTime: Type.Optional(instant('Until when; absent: the longest event of its contracts.')),
  rampMinutes: Type.Optional(minutes('Time allowed to reach it; absent: that of its contracts.')),
  isBestEffort: Type.Optional(Type.Boolean({ description: 'What can be given is enough.' })),
  request: Type.Optional(slug('Id of the load target, for a later release.')),
};
export const scriptEntrySchema = record({
  atTime: instant('When it happens.'),
  action: oneOf(auditActions, 'What happens.'),
  target: slug('To what.'),
  days: Type.Optional(days('slip-equipment: by how much.')),
  reason: text('Why.'),
  ...scriptedTargetFields,
  destination: Type.Optional(slug('Campus a run goes to; for move-run alone.')),
});

/** A whole world: everything a service knows about who and what is in it. */
export const worldSchema = record({
  schema: Type.Literal('loadstone.scenario/1'),
  name: slug('Scenario.'),
  title: text('For people.'),
  seed: Type.Integer({ minimum: 0, maximum: 4_294_967_295, description: 'Of every draw.' }),
  clock: clockSchema,
  regions: Type.Array(record({ id: slug('Region.'), name: text('For people.'), load: profileSchema }), { minItems: 1 }),
  series: Type.Record(Type.String(), seriesSchema),
  network: networkSchema,
  reserve: record({
    requirementMw: megawatts('Requirement of the system.'),
    shortageSteps: Type.Array(record({ widthMw: positive('MW', 'Width.'), priceUsdPerMwh: usdPerMwh('Price of missing it.') })),
    watchBelowMw: megawatts('State word.'),
    warningBelowMw: megawatts('State word.'),
    emergencyBelowMw: megawatts('State word.'),
  }),
  ...operationsFields,
  lostLoadUsdPerMwh: usdPerMwh('Value of lost load.'),
  valueOfComputeUsdPerMwh: usdPerMwh('What a MWh of training is worth to its owner.'),
  linkGbps: Type.Optional(positive('Gbit/s', 'Link between campuses that a run moves over; absent: 100.')),
  campuses: Type.Array(campusSchema),
  runs: Type.Array(runSchema),
  contracts: Type.Array(contractSchema),
  agencies: Type.Array(agencySchema),
  projects: Type.Array(projectSchema),
  script: Type.Array(scriptEntrySchema),
});

export type World = Static<typeof worldSchema>;
export type { Profile, Series } from './profileSchema.js';
export type { Line, Network, Unit } from './networkSchema.js';
export type Campus = Static<typeof campusSchema>;
export type Run = Static<typeof runSchema>;
export type Contract = Static<typeof contractSchema>;
export type Agency = Static<typeof agencySchema>;
export type Permit = Static<typeof permitSchema>;
export type Block = Static<typeof blockSchema>;
export type Project = Static<typeof projectSchema>;
export type Stage = Static<typeof stageSchema>;
export type Duration = Static<typeof durationSchema>;
export type ScriptEntry = Static<typeof scriptEntrySchema>;
