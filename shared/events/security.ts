import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, flag, megawatts, netMegawatts, oneOf, seconds, slug, text } from './fields.js';

const loading = (description: string) => Type.Number({ minimum: 0, unit: '1', description });
const orNull = (description: string) => Type.Union([slug(description), Type.Null()], { description });
const hertz = (description: string) => Type.Number({ unit: 'Hz', description });
const inertia = (description: string) => Type.Number({ minimum: 0, unit: 'MW s', description });

export const gridSecurity = defineEvent({
  type: 'grid.security.v1',
  kind: 'state',
  summary:
    'Whether the loss of any one line (N-1), unit or DC link would bring a line above its long-term emergency rating; not part of the state word.',
  data: record({
    isSecure: flag('Whether no line would, after the loss of any one line.'),
    sentence: text('The same in words, with the worst pair.'),
    violatedPairs: count('Pairs of a lost line and a line above its rating after it.'),
    violatedOutages: count('Lost lines that bring another one above its rating.'),
    worstLine: orNull(
      'The most loaded line after the loss of any one line, above its rating or not; null: no line with a rating takes over from another.',
    ),
    worstOutage: orNull('The line whose loss does it.'),
    worstLoadingRatio: loading('Flow over long-term emergency rating of that line; 0: none.'),
    islandedMw: megawatts('Most power that the loss of a line without a way round interrupts.'),
    lossViolatedPairs: count('Pairs of a lost unit or DC link and a line above its rating after it.'),
    worstLossLine: orNull('The most loaded line after the loss of any one unit or DC link.'),
    worstLoss: orNull('The unit, storage or DC link whose loss does it.'),
    worstLossLoadingRatio: loading('Flow over long-term emergency rating of that line; 0: none.'),
    pairs: Type.Array(
      record({
        line: slug('Line above its rating.'),
        outage: slug('Line whose loss does it.'),
        netFlowMw: netMegawatts('After the loss, from its first to its second bus; negative the other way.'),
        ratingMw: megawatts('Long-term emergency rating.'),
        loadingRatio: loading('Flow over rating.'),
      }),
      { description: 'The worst, worst first; at most ten.' },
    ),
    islanding: Type.Array(
      record({
        line: slug('Line without a way round.'),
        interruptedMw: megawatts('Flow over it, which its loss interrupts.'),
        cutOffLoadMw: megawatts('Load of the part it would cut off.'),
      }),
      { description: 'Those that interrupt most, most first; at most ten.' },
    ),
  }),
  example: {
    isSecure: false,
    sentence: 'N-1: 2 pairs above their long-term emergency rating, worst ca-1 at 124 % after the loss of cb-1.',
    violatedPairs: 2,
    violatedOutages: 1,
    worstLine: 'ca-1',
    worstOutage: 'cb-1',
    worstLoadingRatio: 1.24,
    islandedMw: 68,
    lossViolatedPairs: 0,
    worstLossLine: 'ca-1',
    worstLoss: 'nuclear-1',
    worstLossLoadingRatio: 0.81,
    pairs: [{ line: 'ca-1', outage: 'cb-1', netFlowMw: -248, ratingMw: 200, loadingRatio: 1.24 }],
    islanding: [{ line: 'b11', interruptedMw: 68, cutOffLoadMw: 125 }],
  },
});

export const frequencyLosses = ['unit', 'campuses', 'transfer'] as const;
export const frequencySurroundings = ['tied', 'island'] as const;

export const gridFrequency = defineEvent({
  type: 'grid.frequency.v1',
  kind: 'state',
  summary: 'What frequency would do after the sudden loss of the largest unit, and of the largest campus load at one bus.',
  data: record({
    isIsland: flag('Whether the system stands alone, by the scenario.'),
    sentence: text('What would happen as the scenario has it, in words.'),
    onlineInertiaMws: inertia('Kinetic energy of the units that run.'),
    outsideInertiaMws: inertia('Kinetic energy of the system it is tied to; 0 for an island.'),
    courses: Type.Array(
      record({
        loss: oneOf(
          frequencyLosses,
          'The largest unit, the campuses at the bus with most campus load, or campuses that really left the grid in this tick.',
        ),
        outside: oneOf(frequencySurroundings, 'Tied to its neighbour, or as an island; an island has no course of the first kind.'),
        lost: slug('The unit or storage, the bus of the campuses, or the largest campus that left.'),
        lostMw: megawatts('Lost at once.'),
        inertiaMws: inertia('Left after the loss, outside included.'),
        rateHzPerSecond: Type.Number({ minimum: 0, unit: 'Hz/s', description: 'Rate of change in the first instant.' }),
        lowestHz: hertz('Lowest point.'),
        lowestAtSeconds: seconds('When.'),
        highestHz: hertz('Highest point.'),
        highestAtSeconds: seconds('When.'),
        shedMw: megawatts('Load shed by under-frequency relays.'),
        trippedMw: megawatts('Generation tripped by over-frequency relays.'),
        isCollapsed: flag('Whether frequency leaves the range in which generators stay connected.'),
      }),
      { description: 'Empty where nothing that runs has inertia.' },
    ),
  }),
  example: {
    isIsland: false,
    sentence: 'Loss of nuclear-1 (400 MW): 0.06 Hz/s, lowest 59.86 Hz, no load shed.',
    onlineInertiaMws: 13_900,
    outsideInertiaMws: 180_000,
    courses: [
      {
        loss: 'unit',
        outside: 'tied',
        lost: 'nuclear-1',
        lostMw: 400,
        inertiaMws: 192_000,
        rateHzPerSecond: 0.0625,
        lowestHz: 59.86,
        lowestAtSeconds: 4.1,
        highestHz: 60,
        highestAtSeconds: 0,
        shedMw: 0,
        trippedMw: 0,
        isCollapsed: false,
      },
    ],
  },
});

export const networkChanges = ['add-unit', 'retire-unit', 'scale-load', 'scale-cost'] as const;

export const gridChange = defineEvent({
  type: 'grid.change.v1',
  kind: 'milestone',
  summary: 'The grid itself changed, as its scenario plans: a unit entered or left service for good, load grew, a fuel got another price.',
  data: record({
    change: oneOf(networkChanges, 'What changed; the entity is the unit, the region, or the kind of unit.'),
    capacityMw: megawatts('Capacity of the unit; 0 for load and cost.'),
    factorRatio: Type.Number({ minimum: 0, unit: '1', description: 'Load or cost over what it was; 1 for a unit.' }),
  }),
  example: { change: 'retire-unit', capacityMw: 155, factorRatio: 1 },
});
