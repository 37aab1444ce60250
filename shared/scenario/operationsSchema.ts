import { Type, type TSchema } from 'typebox';
import { record } from '../events/define.js';
import { flag, megawatts, minutes, oneOf, ratio } from '../events/fields.js';
import { reserveStates, sources } from '../events/grid.js';
import { mirrorSchema } from './mirrorSchema.js';
import { plainOperations } from './plain.js';

/** A field that may be left out, and what it then is. */
const orElse = <Schema extends TSchema>(value: unknown, schema: Schema): Schema => ({ ...schema, default: value });
const ticks = (description: string) => Type.Integer({ minimum: 1, unit: 'ticks', description });

const { security, frequency, outages, flowsFromRatio } = plainOperations;

const securitySchema = record({
  everyTicks: orElse(
    security.everyTicks,
    ticks('How often the loss of each line, unit and link is checked; after a trip, a return or a change of the grid at once.'),
  ),
  reserveMinutes: orElse(
    security.reserveMinutes,
    minutes('Time in which running units have to make up for the loss of a unit or of a campus.'),
  ),
  spreadSources: orElse(
    security.spreadSources,
    Type.Array(oneOf(sources, 'Source.'), {
      description: 'Units of these stand for many plants at many places: no single event takes one out whole.',
    }),
  ),
  upwardShortfallState: orElse(
    security.upwardShortfallState,
    oneOf(reserveStates, 'State word at least, when the worst loss of a unit is not covered; normal: a reason beside the word only.'),
  ),
  downwardShortfallState: orElse(
    security.downwardShortfallState,
    oneOf(reserveStates, 'State word at least, when the worst loss of campuses is not covered; normal: a reason beside the word only.'),
  ),
  unservedState: orElse(security.unservedState, oneOf(reserveStates, 'State word at least, when load is not served.')),
});

const frequencySchema = record({
  island: orElse(frequency.island, flag('Whether the system stands alone; false: it is tied to a large neighbour.')),
  externalInertiaMws: orElse(
    frequency.externalInertiaMws,
    Type.Number({ minimum: 0, unit: 'MW s', description: 'Kinetic energy of the neighbour.' }),
  ),
  externalResponseMwPerTenthHz: orElse(
    frequency.externalResponseMwPerTenthHz,
    Type.Number({ minimum: 0, unit: 'MW/0.1 Hz', description: 'What the neighbour adds when frequency falls by 0.1 Hz.' }),
  ),
  everyTicks: orElse(
    frequency.everyTicks,
    ticks('How often sudden losses are followed through; after a trip, a return or a change of the grid at once.'),
  ),
});

/** Forecasts of load, wind and sun and shortage; a scenario without it has none. */
const forecastSchema = record({
  holidays: oneOf(['us', 'none'], 'Whose holidays hold.'),
  method: Type.Optional(
    oneOf(
      ['calendar', 'week-before', 'perfect'],
      'How load, wind and sun are forecast: from the calendar and the past (default); or, to compare with, as a week before, or as they will be.',
    ),
  ),
  reserve: Type.Optional(
    record({
      level: oneOf(['p90', 'p95'], 'Reserve covers the error of the forecast of net demand up to this level.'),
      leastMw: megawatts('And at least this.'),
    }),
  ),
  ask: Type.Optional(
    record({
      fromRatio: ratio('Chance of a surge from which campuses under contract are asked for what may be missing, until it has passed.'),
      rampMinutes: minutes('Time they are given to come down.'),
    }),
  ),
});

/** Fields of a scenario that say how its grid is watched and disturbed; each may be left out. */
export const operationsFields = {
  outages: orElse(
    outages,
    oneOf(['none', 'drawn'], 'Forced outages of units and lines: none, or drawn from their times to failure and repair.'),
  ),
  flowsFromRatio: orElse(
    flowsFromRatio,
    ratio('Lines and interfaces below this share of their limit are left out of the published flows; 0: all are there.'),
  ),
  security: orElse(security, securitySchema),
  frequency: orElse(frequency, frequencySchema),
  forecast: Type.Optional(forecastSchema),
  mirror: Type.Optional(mirrorSchema),
  controls: Type.Optional(
    oneOf(['single', 'two-person'], 'Whether what goes away from safety needs a second person; absent: one person is enough.'),
  ),
};
