import { Type, type Static, type TSchema } from 'typebox';
import { record } from '../events/define.js';
import { hours, megawattHours, megawatts, minutes, ratio, seconds, slug } from '../events/fields.js';
import { plainFacility } from './plain.js';

/** A field that may be left out, and what it then is. */
const orElse = <Schema extends TSchema>(value: unknown, schema: Schema): Schema => ({ ...schema, default: value });
const celsius = (description: string) => Type.Number({ minimum: -70, maximum: 70, unit: 'C', description });
const kelvin = (description: string) => Type.Number({ minimum: 0, maximum: 100, unit: 'K', description });
const positiveRatio = (description: string) => Type.Number({ exclusiveMinimum: 0, maximum: 1, unit: '1', description });
const orNull = <Schema extends TSchema>(schema: Schema, description: string) => Type.Union([schema, Type.Null()], { description });

const { outside, cooling, ups, battery, generators, rideThrough } = plainFacility;

const outsideSchema = Type.Union([
  record({ kind: Type.Literal('constant'), meanC: celsius('The same at all times.') }),
  record({
    kind: Type.Literal('swing'),
    meanC: celsius('Mean of the year.'),
    dailyC: kelvin('From the coldest to the hottest hour of a day.'),
    yearlyC: kelvin('From the coldest to the hottest time of the year.'),
    hottestHour: Type.Number({ minimum: 0, maximum: 24, unit: 'h', description: 'Local hour of the daily top.' }),
    hottestDay: Type.Integer({ minimum: 1, maximum: 366, unit: 'd', description: 'Day of the year of the yearly top.' }),
  }),
  record({ kind: Type.Literal('series'), series: slug('Name in `series`; values in C.') }),
]);

const coolingSchema = record({
  supplyC: orElse(cooling.supplyC, celsius('Coolant on its way to the servers.')),
  returnC: orElse(cooling.returnC, celsius('Coolant on its way back.')),
  economiserApproachK: orElse(cooling.economiserApproachK, kelvin('Outside air must be this much colder than the coolant it cools.')),
  condenserApproachK: orElse(cooling.condenserApproachK, kelvin('Chillers condense this much above outside air.')),
  evaporatorApproachK: orElse(cooling.evaporatorApproachK, kelvin('And evaporate this much below the coolant.')),
  carnotRatio: orElse(cooling.carnotRatio, positiveRatio("Share of Carnot's coefficient of performance that chillers reach.")),
  movingRatio: orElse(
    cooling.movingRatio,
    Type.Number({ minimum: 0, maximum: 0.5, unit: '1', description: 'Fans and pumps at full heat, as a share of `ratedMw`.' }),
  ),
  leastFlowRatio: orElse(cooling.leastFlowRatio, ratio('Least flow of fans and pumps.')),
  ratedMw: orElse(cooling.ratedMw, orNull(megawatts('Power.'), 'Heat the plant is built for; null: the connection limit.')),
});

/** What stands around the computers of a campus: cooling, UPS, battery, generators; every part may be left out. */
export const facilitySchema = record({
  outside: orElse(outside, outsideSchema),
  cooling: orElse(cooling, coolingSchema),
  ups: orElse(ups, record({ minutes: orElse(ups.minutes, minutes('How long the UPS carries all computing.')) })),
  battery: orElse(
    battery,
    record({
      powerMw: orElse(battery.powerMw, megawatts('Power.')),
      energyMwh: orElse(battery.energyMwh, megawattHours('What it delivers from full to empty.')),
      efficiencyRatio: orElse(battery.efficiencyRatio, positiveRatio('Delivered over drawn.')),
      initialRatio: orElse(battery.initialRatio, ratio('Share that is full at the start.')),
    }),
  ),
  generators: orElse(
    generators,
    record({
      powerMw: orElse(generators.powerMw, megawatts('Power of all together.')),
      startSeconds: orElse(generators.startSeconds, seconds('From the loss of the grid to full power.')),
      fuelHours: orElse(generators.fuelHours, hours('Fuel on the site, at full power.')),
      usdPerMwh: orElse(generators.usdPerMwh, Type.Number({ minimum: 0, unit: 'USD/MWh', description: 'Cost of running.' })),
    }),
  ),
  backupForTargets: Type.Optional(
    Type.Boolean({ description: 'Battery and generators carry what a mandatory load target leaves over; absent: they do not.' }),
  ),
  rideThrough: orElse(
    rideThrough,
    record({
      dips: orElse(
        rideThrough.dips,
        Type.Integer({ minimum: 1, maximum: 100, description: 'Voltage dips that transfer the campus to its UPS.' }),
      ),
      windowSeconds: orElse(
        rideThrough.windowSeconds,
        Type.Number({ exclusiveMinimum: 0, maximum: 86_400, unit: 's', description: 'When they come within this time.' }),
      ),
    }),
  ),
});

export type FacilityPlan = Static<typeof facilitySchema>;
