import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, instant, megawatts, oneOf, optionalInstant, slug, text } from './fields.js';

export const clusterMove = defineEvent({
  type: 'cluster.move.v1',
  kind: 'milestone',
  summary: 'A training run goes to another campus: it begins to, it has arrived with its checkpoint, or the move is called off.',
  data: record({
    step: oneOf(['begun', 'arrived', 'cancelled'], 'Arrived: the run belongs to the destination from now on.'),
    campus: slug('Where it is now.'),
    fromCampus: slug('Where it comes from.'),
    toCampus: slug('Destination.'),
    epoch: count('Epoch of the newest load target of the campus where it is.'),
    orderMw: megawatts('Reduction that load target asks of the campus; 0: none stands.'),
    orderUntilTime: optionalInstant('Until when it stands; null: none does.'),
    checkpointBytes: count('Size of what is sent.'),
    linkGbps: Type.Number({ exclusiveMinimum: 0, unit: 'Gbit/s', description: 'Link it is sent over.' }),
    arrivalTime: instant('When all of it is there.'),
    reason: text('Who asked for it, or what called it off.'),
  }),
  example: {
    step: 'begun',
    campus: 'mesa',
    fromCampus: 'mesa',
    toCampus: 'riverbend',
    epoch: 0,
    orderMw: 0,
    orderUntilTime: null,
    checkpointBytes: 8_630_000_000_000,
    linkGbps: 100,
    arrivalTime: '2027-07-14T03:16:35.400Z',
    reason: 'cheaper there',
  },
});
