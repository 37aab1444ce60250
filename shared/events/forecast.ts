import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { hours, instant, megawatts, netMegawatts, oneOf, optionalInstant, ratio, slug, text, usdPerMwh } from './fields.js';

/** How a forecast was made: from the calendar and the past, from the day before, not at all; to compare with, a week before or perfect. */
export const forecastMethods = ['calendar-blend', 'day-before', 'none', 'week-before', 'perfect'] as const;
/** What brings a surge about most: load, wind or sun, or units that are out. */
export const surgeDrivers = ['demand', 'wind', 'solar', 'units'] as const;

const lead = slug('Hour ahead: h01 to h24.');
const made = {
  issuedTime: instant('End of the last hour that was known.'),
  method: oneOf(forecastMethods, 'How it was made; none: less than a day is known, and there are no hours.'),
};

export const forecastDemand = defineEvent({
  type: 'forecast.demand.v1',
  kind: 'state',
  summary: 'Load of a region for the hours ahead, campuses included, with bands.',
  data: record({
    ...made,
    hours: Type.Array(
      record({
        lead,
        fromTime: instant('Start of the hour.'),
        p5Mw: megawatts('One time in twenty it is less.'),
        p10Mw: megawatts('One time in ten.'),
        p50Mw: megawatts('Median.'),
        p90Mw: megawatts('Nine times in ten it is less.'),
        p95Mw: megawatts('Nineteen times in twenty.'),
      }),
    ),
  }),
  example: {
    issuedTime: '2027-08-01T06:00:00.000Z',
    method: 'calendar-blend',
    hours: [{ lead: 'h01', fromTime: '2027-08-01T06:00:00.000Z', p5Mw: 2_950, p10Mw: 2_980, p50Mw: 3_050, p90Mw: 3_120, p95Mw: 3_150 }],
  },
});

export const forecastSupply = defineEvent({
  type: 'forecast.supply.v1',
  kind: 'state',
  summary: 'What wind and sun of a region could deliver in the hours ahead, by the same hours of the last four weeks, with bands.',
  data: record({
    ...made,
    hours: Type.Array(
      record({
        lead,
        fromTime: instant('Start of the hour.'),
        windP50Mw: megawatts('Wind, median.'),
        solarP50Mw: megawatts('Sun, median.'),
        p5Mw: megawatts('Both: one time in twenty it is less.'),
        p10Mw: megawatts('One time in ten.'),
        p50Mw: megawatts('Median.'),
        p90Mw: megawatts('Nine times in ten it is less.'),
        p95Mw: megawatts('Nineteen times in twenty.'),
      }),
    ),
  }),
  example: {
    issuedTime: '2027-08-01T06:00:00.000Z',
    method: 'day-before',
    hours: [
      {
        lead: 'h01',
        fromTime: '2027-08-01T06:00:00.000Z',
        windP50Mw: 320,
        solarP50Mw: 0,
        p5Mw: 40,
        p10Mw: 90,
        p50Mw: 320,
        p90Mw: 610,
        p95Mw: 660,
      },
    ],
  },
});

export const forecastNetDemand = defineEvent({
  type: 'forecast.netdemand.v1',
  kind: 'state',
  summary: 'Load of a region less what wind and sun could deliver in the hours ahead; bands as if the errors of both were independent.',
  data: record({
    ...made,
    hours: Type.Array(
      record({
        lead,
        fromTime: instant('Start of the hour.'),
        p5NetMw: netMegawatts('One time in twenty it is less; below 0: more wind and sun than load.'),
        p10NetMw: netMegawatts('One time in ten.'),
        p50NetMw: netMegawatts('Median.'),
        p90NetMw: netMegawatts('Nine times in ten it is less.'),
        p95NetMw: netMegawatts('Nineteen times in twenty.'),
      }),
    ),
  }),
  example: {
    issuedTime: '2027-08-01T06:00:00.000Z',
    method: 'calendar-blend',
    hours: [
      {
        lead: 'h01',
        fromTime: '2027-08-01T06:00:00.000Z',
        p5NetMw: 2_380,
        p10NetMw: 2_440,
        p50NetMw: 2_730,
        p90NetMw: 2_970,
        p95NetMw: 3_020,
      },
    ],
  },
});

export const forecastPrice = defineEvent({
  type: 'forecast.price.v1',
  kind: 'state',
  summary:
    'Price of energy of a region in the hours ahead: what it was in hours of the last four weeks whose net demand was alike, with bands.',
  data: record({
    issuedTime: made.issuedTime,
    method: oneOf(['alike-hours', 'none'], 'How it was made; none: less than three days are known, and there are no hours.'),
    hours: Type.Array(
      record({
        lead,
        fromTime: instant('Start of the hour.'),
        p5UsdPerMwh: usdPerMwh('One time in twenty it is less.'),
        p10UsdPerMwh: usdPerMwh('One time in ten.'),
        p50UsdPerMwh: usdPerMwh('Median.'),
        p90UsdPerMwh: usdPerMwh('Nine times in ten it is less.'),
        p95UsdPerMwh: usdPerMwh('Nineteen times in twenty.'),
      }),
    ),
  }),
  example: {
    issuedTime: '2027-08-01T06:00:00.000Z',
    method: 'alike-hours',
    hours: [
      {
        lead: 'h01',
        fromTime: '2027-08-01T06:00:00.000Z',
        p5UsdPerMwh: 18,
        p10UsdPerMwh: 21.5,
        p50UsdPerMwh: 27,
        p90UsdPerMwh: 41,
        p95UsdPerMwh: 44,
      },
    ],
  },
});

export const forecastSurge = defineEvent({
  type: 'forecast.surge.v1',
  kind: 'milestone',
  summary: 'How likely the whole system runs into its reserve in the hours ahead, when first, for how long and why.',
  data: record({
    issuedTime: instant('End of the last hour that was known.'),
    thresholdMw: megawatts(
      'What units other than wind and sun, and storages for an hour, could deliver when it was issued, less the reserve requirement.',
    ),
    probabilityRatio: ratio('Chance that net demand is above it in the hour in which that is most likely.'),
    peakTime: optionalInstant('Start of that hour; null: nothing is forecast.'),
    fromTime: optionalInstant('Start of the first hour in which it is as likely as not to matter, one in ten; null: none.'),
    untilTime: optionalInstant('End of the last such hour.'),
    leadHours: Type.Union([hours('From the issue to the first such hour.'), Type.Null()], { description: 'Null: there is none.' }),
    likelyFromTime: optionalInstant('Start of the first hour in which it is more likely than not; null: there is none.'),
    likelyUntilTime: optionalInstant('End of the last such hour.'),
    likelyMw: megawatts('By how much net demand is above it at most in these hours: median less the threshold, 0 when it is below.'),
    expectedMw: megawatts('By how much it may be: P90 less the threshold, 0 when it is below.'),
    driver: Type.Union([oneOf(surgeDrivers, 'What differs most from the week before in that hour.'), Type.Null()], {
      description: 'Null: nothing does.',
    }),
    sentence: text('The same in words.'),
  }),
  example: {
    issuedTime: '2027-08-01T18:00:00.000Z',
    thresholdMw: 5_150,
    probabilityRatio: 0.34,
    peakTime: '2027-08-01T23:00:00.000Z',
    fromTime: '2027-08-01T22:00:00.000Z',
    untilTime: '2027-08-02T02:00:00.000Z',
    leadHours: 4,
    likelyFromTime: null,
    likelyUntilTime: null,
    likelyMw: 0,
    expectedMw: 130,
    driver: 'units',
    sentence: 'reserve may fall short by 130 MW from 22:00 to 02:00 UTC, chance 34 %, units out',
  },
});
