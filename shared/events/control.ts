import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, flag, hours, instant, megawatts, minutes, oneOf, optionalInstant, ratio, slug, text, usdPerMwh } from './fields.js';

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
  }),
  example: { order: 'loadtarget/4', result: 'accepted', reason: '', setPointMw: 355, reductionMw: 126 },
});

export const auditActions = [
  'trip-unit',
  'return-unit',
  'trip-line',
  'return-line',
  'trip-campus',
  'return-campus',
  'grant-permit',
  'deny-permit',
  'pause-run',
  'resume-run',
  'move-run',
  'curtail-campus',
  'release-campus',
  'acknowledge-alarm',
] as const;
export type AuditAction = (typeof auditActions)[number];

export const controlAudit = defineEvent({
  type: 'control.audit.v1',
  kind: 'milestone',
  summary:
    'Something a person or an outside system asked for, recorded before it takes effect at the next tick: the external input of a replay.',
  data: record({
    action: oneOf(auditActions, 'What was asked for.'),
    target: slug('Unit, line, campus, permit, run or alarm.'),
    actor: text('Who asked.'),
    amountMw: Type.Union([megawatts('Reduction asked for.'), Type.Null()]),
    reason: text('Why, in the words of who asked.'),
    accepted: flag('False when it was refused; refusals are recorded too.'),
    destination: Type.Optional(slug('Campus a run is to go to, for move-run alone.')),
  }),
  example: { action: 'trip-unit', target: 'central-cc-3', actor: 'operator', amountMw: null, reason: 'drill', accepted: true },
});
