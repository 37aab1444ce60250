import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, flag, megawatts, netMegawatts, ratio, seconds, text } from '../../../shared/events/fields.js';

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const hertz = (description: string) => Type.Number({ unit: 'Hz', description });
/** Least, median and most of something over hours. */
const spread = (unit: string, description: string) =>
  record({ least: Type.Number({ unit }), median: Type.Number({ unit }), most: Type.Number({ unit, description }) });
const loading = (description: string) => Type.Number({ minimum: 0, description });

/** What `network flow --json` prints. */
export const flowAnswer = record({
  network: text('Its name.'),
  dc: text('As behind --dc.'),
  hour: orNull(count('From the start of the series.'), 'Null: the operating point that the network describes.'),
  buses: Type.Array(
    record({
      bus: text('Bus.'),
      angleDegrees: Type.Number({ unit: 'deg', description: '0 at the reference of its island.' }),
      netInjectionMw: netMegawatts('What goes in, less what is taken out.'),
    }),
  ),
  lines: Type.Array(
    record({
      line: text('Line.'),
      fromBus: text('Bus.'),
      toBus: text('Bus.'),
      netFlowMw: netMegawatts('From the first to the second bus.'),
      ratingMw: orNull(megawatts('Continuous.'), 'Null: none.'),
      loadingRatio: orNull(loading('Flow over rating.'), 'Flow over rating; null: no rating.'),
    }),
  ),
  links: Type.Array(record({ link: text('DC link.'), fromBus: text('Bus.'), toBus: text('Bus.'), netFlowMw: netMegawatts('Set.') })),
  balances: Type.Array(
    record({
      bus: text('Reference.'),
      buses: count('In the island.'),
      netBalancingMw: netMegawatts('What its reference adds so that supply meets load.'),
    }),
    { description: 'By island.' },
  ),
});
export type FlowAnswer = Static<typeof flowAnswer>;

const pair = record({
  hour: count('From the start of the series.'),
  line: text('The line that is loaded.'),
  outage: text('The line that is lost.'),
  netFlowMw: netMegawatts('After the loss.'),
  ratingMw: megawatts('Long-term emergency rating.'),
  loadingRatio: loading('Flow over rating.'),
});

/** What `network screen --json` prints. */
export const screenAnswer = record({
  network: text('Its name.'),
  dc: text('As behind --dc.'),
  hours: count('Screened.'),
  ratedLines: count('Lines with a long-term emergency rating.'),
  outages: count('Lines lost, one at a time, that leave the network whole.'),
  insecureHours: count('In which some loss breaks a rating.'),
  insecureRatio: ratio('The same as a share of the hours.'),
  worst: orNull(pair, 'Largest loading of all hours; null: no line has a rating.'),
  worstLoadingRatio: spread('1', 'Largest loading of each hour, broken or not.'),
  violatedPairs: spread('1', 'Pairs of line and outage beyond the rating, in hours with any.'),
  worstPairs: Type.Array(
    record({
      line: text('Line.'),
      outage: text('Lost.'),
      hours: count('In which it is the worst broken pair.'),
      largestLoadingRatio: loading('Of these hours.'),
    }),
    { description: 'Most hours first.' },
  ),
  islanding: Type.Array(
    record({
      line: text('Radial line.'),
      buses: Type.Array(text('Cut off.')),
      interruptedMw: spread('MW', 'Flow over the line before it is lost.'),
      cutOffLoadMw: spread('MW', 'Load of the part cut off.'),
    }),
    { description: 'Most MW first.' },
  ),
  largestInterruptedMw: spread('MW', 'Largest of these flows in each hour.'),
  lossInsecureHours: count('In which the loss of a unit or a DC link breaks a rating.'),
  lossInsecureRatio: ratio('The same as a share of the hours.'),
  worstLoss: orNull(
    record({
      hour: count('From the start of the series.'),
      lost: text('Unit or DC link.'),
      line: text('Line.'),
      loadingRatio: loading('Flow over rating.'),
    }),
    'Largest loading after the loss of a unit or DC link.',
  ),
});
export type ScreenAnswer = Static<typeof screenAnswer>;

const loss = record({
  loss: Type.Union([Type.Literal('largest-unit'), Type.Literal('campus'), Type.Literal('generation')]),
  hours: count('With a course; the others have nothing that turns.'),
  lostMw: spread('MW', 'Lost.'),
  rateHzPerSecond: spread('Hz/s', 'In the first instant.'),
  lowestHz: spread('Hz', 'Lowest point.'),
  highestHz: spread('Hz', 'Highest point.'),
  extremeAtSeconds: spread('s', 'When the lowest or highest point is reached, whichever is further from nominal.'),
  shedHours: count('In which load is shed.'),
  shedMw: spread('MW', 'Shed in these hours.'),
  trippedHours: count('In which generation trips.'),
  trippedMw: spread('MW', 'Tripped in these hours.'),
  collapsedHours: count('In which frequency leaves the range that generators stay connected in.'),
  worst: orNull(
    record({
      hour: count('From the start of the series.'),
      lost: text('What.'),
      lostMw: megawatts('Lost.'),
      extremeHz: hertz('Furthest from nominal.'),
      extremeAtSeconds: seconds('After the loss.'),
    }),
    'The hour in which frequency moves furthest; null: nothing turns in any hour.',
  ),
});

/** What `network frequency --json` prints. */
export const frequencyAnswer = record({
  network: text('Its name.'),
  dc: text('As behind --dc.'),
  hours: count('Looked at.'),
  everyHours: count('One hour of so many is looked at.'),
  island: flag('Whether it stands alone.'),
  outsideInertiaMws: Type.Number({ minimum: 0, unit: 'MW s', description: 'Of the system it is tied to.' }),
  outsideResponseMwPerTenthHz: Type.Number({ minimum: 0, unit: 'MW/0.1 Hz', description: 'Of the same.' }),
  inertiaMws: spread('MW s', 'Of the units that run.'),
  hoursWithoutInertia: count('In which no unit that runs has inertia: in an island frequency then has no meaning.'),
  losses: Type.Array(loss),
});
export type FrequencyAnswer = Static<typeof frequencyAnswer>;
export type LossAnswer = Static<typeof loss>;
