import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import { record } from '../events/define.js';
import { sources } from '../events/grid.js';
import {
  flag,
  hours,
  instant,
  megawattHours,
  megawatts,
  netMegawatts,
  oneOf,
  ratio,
  slug,
  text,
  usd,
  usdPerMwh,
} from '../events/fields.js';
import { plainBus, plainInterface, plainLine, plainLink, plainUnit } from './plain.js';
import { profileSchema } from './profileSchema.js';

const positive = (unit: string, description: string) => Type.Number({ exclusiveMinimum: 0, unit, description });
/** The fields with what they are when a file leaves them out. */
const withDefaults = <Fields extends TProperties>(defaults: Readonly<Record<string, unknown>>, fields: Fields): Fields => {
  const entries = Object.entries(fields).map(([key, field]) => [key, key in defaults ? { ...field, default: defaults[key] } : field]);
  return Object.fromEntries(entries) as Fields;
};
const orNull = <Schema extends TSchema>(schema: Schema, description: string) => Type.Union([schema, Type.Null()], { description });

const busSchema = record(
  withDefaults(plainBus, {
    id: slug('Bus.'),
    name: text('As in the source.'),
    region: slug('Region.'),
    loadShareRatio: ratio('Share of the load of its region; 1 in sum, or 0 throughout where the load of all buses is fixed.'),
    fixedLoadMw: netMegawatts('Load at all times, beside the share; negative: feeds in.'),
    shuntMw: netMegawatts('Drawn by shunt conductance at nominal voltage.'),
    baseKv: orNull(positive('kV', 'Nominal voltage.'), 'Nominal voltage; null: not known.'),
    isReference: flag('Whether its angle is the zero of its island in a power flow.'),
  }),
);
const lineSchema = record(
  withDefaults(plainLine, {
    id: slug('Line or transformer.'),
    fromBus: slug('Bus.'),
    toBus: slug('Bus.'),
    resistancePu: Type.Number({ unit: 'p.u. on 100 MVA', description: 'Series resistance.' }),
    reactancePu: Type.Number({ unit: 'p.u. on 100 MVA', description: 'Series reactance; not zero.' }),
    tapRatio: positive('1', 'Off-nominal turns ratio, at the first bus.'),
    phaseShiftDegrees: Type.Number({ unit: 'deg', description: 'Phase shift, a delay at the first bus.' }),
    ratingMw: Type.Union([positive('MW', 'Continuous rating.'), Type.Null()], { description: 'Continuous rating; null: none.' }),
    emergencyRatingMw: Type.Union([positive('MW', 'Rating.'), Type.Null()], { description: 'Long-term emergency rating; null: none.' }),
    angleMinDegrees: Type.Number({ unit: 'deg', description: 'Least angle from first to second bus; -360: none.' }),
    angleMaxDegrees: Type.Number({ unit: 'deg', description: 'Largest angle from first to second bus; 360: none.' }),
    outagesPerYear: Type.Number({ minimum: 0, unit: '1/a', description: 'Forced outages.' }),
    outageHours: hours('Mean duration of a forced outage.'),
  }),
);
const linkSchema = record(
  withDefaults(plainLink, {
    id: slug('DC link.'),
    fromBus: slug('Bus.'),
    toBus: slug('Bus.'),
    capacityMw: positive('MW', 'From first to second bus.'),
    reverseCapacityMw: orNull(megawatts('From second to first bus.'), 'From second to first bus; null: as much as forward.'),
    scheduledMw: orNull(netMegawatts('From first to second bus.'), 'Set point of the operating point the source describes.'),
  }),
);
const interfaceSchema = record(
  withDefaults(plainInterface, {
    id: slug('Interface.'),
    region: slug('Region it is shown with.'),
    limitMw: positive('MW', 'Limit in the direction the lines are listed in.'),
    reverseLimitMw: orNull(positive('MW', 'Limit in the other direction.'), 'Limit in the other direction; null: none.'),
    lines: Type.Array(
      record({ line: slug('Line.'), direction: oneOf(['forward', 'reverse'], 'Forward: from its first to its second bus counts.') }),
    ),
  }),
);

const costCurveSchema = Type.Union(
  [
    Type.Null(),
    record({
      kind: Type.Literal('quadratic'),
      quadraticUsdPerMw2h: Type.Number({ minimum: 0, unit: 'USD/MW2h', description: 'Factor of the square of the output.' }),
      linearUsdPerMwh: usdPerMwh('Factor of the output.'),
      constantUsdPerHour: Type.Number({ unit: 'USD/h', description: 'Whatever the output.' }),
    }),
    record({
      kind: Type.Literal('piecewise'),
      points: Type.Array(
        record({
          outputMw: netMegawatts('Output, rising.'),
          usdPerHour: Type.Number({ unit: 'USD/h', description: 'Cost of that output.' }),
        }),
        { minItems: 2, description: 'Corners; convex.' },
      ),
    }),
  ],
  { description: 'Cost by output; null: costUsdPerMwh times output.' },
);
/** What starting and staying on costs, for problems that decide which units run. */
const commitmentSchema = record({
  startUsd: usd('A start.'),
  noLoadUsdPerHour: Type.Number({ unit: 'USD/h', description: 'Being on, at output 0 of the blocks extended downwards.' }),
  blocks: Type.Array(record({ upToMw: megawatts('End of the block.'), usdPerMwh: usdPerMwh('Marginal cost inside.') }), { minItems: 1 }),
  isOnAtStart: flag('Whether it runs when the problem begins.'),
});
const unitSchema = record(
  withDefaults(plainUnit, {
    id: slug('Unit.'),
    name: text('As in the source.'),
    bus: slug('Bus.'),
    source: oneOf(sources, 'Kind of unit.'),
    technology: text('Kind within its source, as the data names it; empty: not known.'),
    capacityMw: megawatts('Largest output.'),
    minMw: netMegawatts('Least output while it runs; negative: it may draw power.'),
    isAlwaysOn: flag('Whether it always runs, so that its least output holds in every problem.'),
    costUsdPerMwh: usdPerMwh('Marginal cost.'),
    costCurve: costCurveSchema,
    commitment: orNull(commitmentSchema, 'Cost of starting and running; null: free.'),
    availability: Type.Union([Type.Null(), profileSchema], { description: 'Null: firm. A series is in MW, a shape a share of capacity.' }),
    dailyEnergyMwh: Type.Union([megawattHours('Energy it may use per local day.'), Type.Null()]),
    providesReserve: flag('Whether its unused capacity counts as reserve.'),
    carbonKgPerMwh: Type.Number({ minimum: 0, unit: 'kg/MWh', description: 'Carbon dioxide.' }),
    rampMwPerMinute: orNull(positive('MW/min', 'Up and down.'), 'Largest change of output, up and down; null: no limit.'),
    minUpHours: hours('Least time on after a start.'),
    minDownHours: hours('Least time off after a stop.'),
    inertiaMws: Type.Number({ minimum: 0, unit: 'MW s', description: 'Kinetic energy it brings while it runs.' }),
    forcedOutage: orNull(
      record({ meanHoursToFailure: positive('h', 'Mean time to failure.'), meanHoursToRepair: positive('h', 'Mean time to repair.') }),
      'Two-state failure and repair; null: never fails.',
    ),
    maintenance: Type.Array(record({ fromTime: instant('Begin.'), toTime: instant('End.') }), { description: 'Planned outages.' }),
    scheduledMw: orNull(netMegawatts('Output.'), 'Output in the operating point the source describes; null: none.'),
  }),
);
const storageSchema = record({
  id: slug('Storage.'),
  bus: slug('Bus.'),
  powerMw: positive('MW', 'Each way.'),
  energyMwh: positive('MWh', 'Capacity.'),
  initialMwh: megawattHours('At the start.'),
  chargeEfficiencyRatio: ratio('Into the store.'),
  dischargeEfficiencyRatio: ratio('Out of the store.'),
});
/** What is not the same over the years; before its instant nothing of it holds. */
const changeSchema = Type.Union([
  record({ kind: Type.Literal('add-unit'), atTime: instant('In service from.'), unit: slug('Unit, listed among the units.') }),
  record({ kind: Type.Literal('retire-unit'), atTime: instant('Out of service from.'), unit: slug('Unit.') }),
  record({
    kind: Type.Literal('scale-load'),
    atTime: instant('From.'),
    region: slug('Region.'),
    factorRatio: positive('1', 'Times its load so far.'),
  }),
  record({
    kind: Type.Literal('scale-cost'),
    atTime: instant('From.'),
    source: oneOf(sources, 'Units of this kind.'),
    factorRatio: positive('1', 'Times their cost so far: the path of a fuel price.'),
  }),
]);

/** Buses, branches, units and storages of a grid, and how they change over the years. */
export const networkSchema = record(
  withDefaults(
    { changes: [] },
    {
      buses: Type.Array(busSchema, { minItems: 1 }),
      lines: Type.Array(lineSchema),
      links: Type.Array(linkSchema),
      interfaces: Type.Array(interfaceSchema),
      units: Type.Array(unitSchema, { minItems: 1 }),
      storages: Type.Array(storageSchema),
      changes: Type.Array(changeSchema, { description: 'In any order.' }),
    },
  ),
);

export type Network = Static<typeof networkSchema>;
export type Bus = Network['buses'][number];
export type Line = Network['lines'][number];
export type Link = Network['links'][number];
export type Unit = Network['units'][number];
export type Storage = Network['storages'][number];
export type CostCurve = NonNullable<Unit['costCurve']>;
export type Change = Network['changes'][number];
