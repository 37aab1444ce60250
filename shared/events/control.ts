import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import {
  count,
  days,
  flag,
  hours,
  instant,
  megawattHours,
  megawatts,
  minutes,
  oneOf,
  optionalInstant,
  ratio,
  seconds,
  slug,
  text,
  usdPerMwh,
} from './fields.js';

export const controlOffer = defineEvent({
  type: 'control.offer.v1',
  kind: 'state',
  summary: 'Flexible load each contract of a region offers to the grid in this tick, as bids.',
  data: record({
    offers: Type.Array(
      record({
        campus: slug('Campus.'),
        contract: slug('Contract.'),
        offerMw: megawatts('Largest reduction on offer; 0 when budget or event length is used up.'),
        inForceMw: megawatts('Part of it already called and standing.'),
        strikeUsdPerMwh: usdPerMwh('Price above which the reduction is for sale.'),
        noticeMinutes: minutes('From clearing to the start of the reduction.'),
        rampMinutes: minutes('From the start of the reduction to all of it.'),
        hoursLeft: hours('Budget left this year.'),
        eventsLeft: count('Events left this year.'),
      }),
    ),
  }),
  example: {
    offers: [
      {
        campus: 'riverbend',
        contract: 'riverbend-a',
        offerMw: 126,
        inForceMw: 0,
        strikeUsdPerMwh: 500,
        noticeMinutes: 15,
        rampMinutes: 15,
        hoursLeft: 120,
        eventsLeft: 40,
      },
    ],
  },
});

export const controlLoadtarget = defineEvent({
  type: 'control.loadtarget.v1',
  kind: 'state',
  summary: 'The reduction asked of each campus of a region, whole and repeated every tick; a new epoch is a new order.',
  data: record({
    targets: Type.Array(
      record({
        campus: slug('Campus.'),
        epoch: count('Rises with every change of what is asked; an older epoch is void.'),
        reductionMw: megawatts('Reduction below what the campus would draw; 0 releases it.'),
        fromTime: instant('From when it is wanted.'),
        mandatoryMw: Type.Optional(megawatts('Part of it that is more than a wish for the best effort; absent: all.')),
        untilTime: optionalInstant('Latest end the contract allows; null when released.'),
        rampMinutes: minutes('Time allowed to reach it.'),
        contracts: Type.Array(slug('Contract it draws on.')),
        reason: text('Price, reserve or person behind it.'),
      }),
    ),
  }),
  example: {
    targets: [
      {
        campus: 'riverbend',
        epoch: 4,
        reductionMw: 126,
        fromTime: '2027-07-13T23:45:00.000Z',
        untilTime: '2027-07-14T03:45:00.000Z',
        rampMinutes: 15,
        contracts: ['riverbend-a'],
        reason: 'price 640 USD/MWh above strike 500',
      },
    ],
  },
});

export const controlCommand = defineEvent({
  type: 'control.command.v1',
  kind: 'milestone',
  summary: 'A training sequence tells a cluster to go upwards again: resume a run, or raise its cap.',
  data: record({
    commandId: text('`<workflow id>/<n>`; a repeat has the same id and takes effect once.'),
    epoch: count('Epoch of the load target it answers; a newer load target voids it.'),
    campus: slug('Where the run is.'),
    action: oneOf(['resume', 'raise-cap'], 'What is to be done.'),
    capRatio: ratio('Power cap to go to.'),
    stage: count('Step of a staged resume, from 1.'),
  }),
  example: { commandId: 'training-atlas/7', epoch: 4, campus: 'riverbend', action: 'raise-cap', capRatio: 1, stage: 2 },
});

export const controlOutcome = defineEvent({
  type: 'control.outcome.v1',
  kind: 'milestone',
  summary: 'How a campus answered a load target or a command: accepted with its set point, or refused with the reason.',
  data: record({
    order: text('Command id, or `loadtarget/<epoch>`.'),
    result: oneOf(['accepted', 'partial', 'refused'], 'Partial: less than was asked can be delivered.'),
    reason: text('Why not, or empty.'),
    setPointMw: megawatts('Power the campus is going to.'),
    reductionMw: megawatts('Reduction it promises.'),
    backupMw: Type.Optional(megawatts('Part of it that battery and generators carry.')),
    residualMw: Type.Optional(megawatts('Asked for and not promised; absent: none.')),
    residualHours: Type.Optional(hours('How long that is asked for.')),
  }),
  example: { order: 'loadtarget/4', result: 'accepted', reason: '', setPointMw: 355, reductionMw: 126 },
});

/** What the power of a campus is asked to do: fall by an amount, or stay below one. */
export const targetKinds = ['reduction', 'limit'] as const;
export type TargetKind = (typeof targetKinds)[number];

export const controlRequest = defineEvent({
  type: 'control.request.v1',
  kind: 'milestone',
  summary: 'Where a load target that a person or an outside system asked for stands.',
  data: record({
    request: slug('Id given by who asked.'),
    state: oneOf(['scheduled', 'active', 'extended', 'released', 'ended', 'refused'], 'From now on.'),
    kind: oneOf(targetKinds, 'Reduction below what the campus would draw, or a limit its power stays below.'),
    amountMw: megawatts('Reduction, or limit.'),
    fromTime: instant('From when.'),
    untilTime: instant('Until when.'),
    rampMinutes: minutes('Time allowed to reach it.'),
    isBestEffort: flag('True: what can be given is enough.'),
    actor: text('Who asked.'),
    reason: text('Why, or why not.'),
  }),
  example: {
    request: 'evening-peak',
    state: 'active',
    kind: 'reduction',
    amountMw: 80,
    fromTime: '2027-07-13T23:45:00.000Z',
    untilTime: '2027-07-14T02:45:00.000Z',
    rampMinutes: 15,
    isBestEffort: false,
    actor: 'operator',
    reason: 'heat wave',
  },
});

export const controlBreach = defineEvent({
  type: 'control.breach.v1',
  kind: 'milestone',
  summary:
    'A campus does not keep its load target: active, escalated when it lasts, resolved when it keeps it again or nothing is asked any more.',
  data: record({
    state: oneOf(['active', 'escalated', 'resolved'], 'From now on.'),
    epoch: count('Epoch of the load target.'),
    cause: oneOf(['short', 'no-answer'], 'Less than asked, or the campus did not answer its load target.'),
    sinceTime: instant('When it began.'),
    askedMw: megawatts('Reduction asked for in the tick.'),
    shortMw: megawatts('Part of it not delivered.'),
    reason: text('What the campus answered, or what ended it.'),
  }),
  example: {
    state: 'active',
    epoch: 4,
    cause: 'short',
    sinceTime: '2027-07-13T23:50:00.000Z',
    askedMw: 126,
    shortMw: 40,
    reason: '86 of 126 MW can be given',
  },
});

/** Ways to tell what a campus would have drawn without an event. */
export const baselineMethods = ['meter-before', 'like-days', 'by-workload'] as const;

export const controlCompliance = defineEvent({
  type: 'control.compliance.v1',
  kind: 'milestone',
  summary: 'What a campus gave over a whole event, measured against its baseline, and whether its load jumped back afterwards.',
  data: record({
    fromTime: instant('Start of the event.'),
    toTime: instant('End of what was asked.'),
    contracts: Type.Array(slug('Contract it drew on.')),
    requests: Type.Array(slug('Load target asked for by somebody.')),
    baselineMethod: Type.Optional(
      oneOf(baselineMethods, 'How the baselines are told; absent: by workload, training by the hour before and inference by like days.'),
    ),
    trainingBaselineMw: megawatts(
      'Training without the event: mean of the 60 minutes before notice, or of the same hours of up to five like days where the method says so.',
    ),
    inferenceBaselineMw: megawatts(
      'Inference without the event: mean of the same hours of up to five like days, or of the hour before notice where the method says so or there are none.',
    ),
    likeDays: count('Days that a baseline rests on.'),
    meanMw: megawatts('Mean power over the event.'),
    askedMwh: megawattHours('Reduction asked for.'),
    promisedMwh: megawattHours('Part of it the campus promised.'),
    deliveredMwh: megawattHours('Baseline less power, over the event; what the campus served for others is left out.'),
    inferenceMwh: Type.Optional(megawattHours('Part of it that inference gave, by fewer nodes and by another campus; absent: none.')),
    complianceRatio: Type.Number({ minimum: 0, description: 'Delivered by asked; above 1: more than asked.' }),
    shortMinutes: minutes('Time in which it was short.'),
    peakAfterMw: megawatts('Highest power in the window after the event.'),
    reboundMw: megawatts('What that is above the baseline; 0: none.'),
  }),
  example: {
    fromTime: '2027-07-13T23:45:00.000Z',
    toTime: '2027-07-14T03:45:00.000Z',
    contracts: ['riverbend-a'],
    requests: [],
    trainingBaselineMw: 361,
    inferenceBaselineMw: 140,
    likeDays: 5,
    meanMw: 380,
    askedMwh: 488,
    promisedMwh: 488,
    deliveredMwh: 484,
    complianceRatio: 0.99,
    shortMinutes: 0,
    peakAfterMw: 505,
    reboundMw: 4,
  },
});

export const auditActions = [
  'trip-unit',
  'return-unit',
  'trip-line',
  'return-line',
  'trip-campus',
  'return-campus',
  'dip-campus',
  'grant-permit',
  'deny-permit',
  'revoke-permit',
  'slip-equipment',
  'go-gate',
  'no-go-gate',
  'pause-run',
  'resume-run',
  'move-run',
  'curtail-campus',
  'extend-campus',
  'release-campus',
  'curtail-fleet',
  'release-fleet',
  'silence-campus',
  'restore-campus',
  'fail-checkpoint',
  'acknowledge-alarm',
  'shelve-alarm',
  'unshelve-alarm',
  'out-of-service-alarm',
  'in-service-alarm',
] as const;
export type AuditAction = (typeof auditActions)[number];

export const controlAudit = defineEvent({
  type: 'control.audit.v1',
  kind: 'milestone',
  summary:
    'Something a person or an outside system asked for, recorded before it takes effect at the next tick: the external input of a replay.',
  data: record({
    action: oneOf(auditActions, 'What was asked for.'),
    target: slug('Unit, line, campus, permit, equipment, gate, run or alarm; `fleet`: all campuses together.'),
    actor: text('Who asked.'),
    amountMw: Type.Union([megawatts('Reduction, or limit, asked for.'), Type.Null()]),
    request: Type.Optional(slug('Id of the load target, given by who asks; for a release, absent: all of the campus.')),
    targetKind: Type.Optional(oneOf(targetKinds, 'What `amountMw` is; absent: a reduction.')),
    fromTime: Type.Optional(instant('From when; absent: at once.')),
    untilTime: Type.Optional(instant('Until when; absent: the longest event of its contracts.')),
    rampMinutes: Type.Optional(minutes('Time allowed to reach it; absent: that of its contracts.')),
    isBestEffort: Type.Optional(flag('True: what can be given is enough, and less is no breach.')),
    atSeconds: Type.Optional(
      Type.Array(seconds('After the start of the tick it takes effect in.'), {
        description: 'Instants of voltage dips; left out: one, at the start.',
      }),
    ),
    days: Type.Optional(days('By how much the delivery of equipment slips.')),
    reason: text('Why, in the words of who asked.'),
    accepted: flag('False when it was refused; refusals are recorded too.'),
    destination: Type.Optional(slug('Campus a run is to go to, for move-run alone.')),
    confirmedBy: Type.Optional(text('The second person, where the world asks for two.')),
    previousHash: Type.Optional(text('`hash` of the audit before it in this chain; 64 zeros: it begins the chain.')),
    hash: Type.Optional(
      text('SHA-256 over `previousHash`, id and all other data of this audit: none can be changed or taken away unseen.'),
    ),
  }),
  example: { action: 'trip-unit', target: 'central-cc-3', actor: 'operator', amountMw: null, reason: 'drill', accepted: true },
});
