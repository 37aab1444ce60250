import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, flag, hours, megawatts, oneOf, ratio, seconds, slug, text, usd, usdPerMwh } from '../../../shared/events/fields.js';

const obstacles = Type.Array(
  oneOf(['accelerators', 'power', 'finished', 'same-campus', 'sync-longer-than-work'], 'What stands in the way.'),
  { description: 'Empty: it can be done.' },
);
const evidence = oneOf(['measured', 'calibrated', 'assumed'], 'Of sizes, prices and carbon: the weakest of them.');
const kilograms = (description: string) => Type.Number({ unit: 'kg/MWh', description });
const tonnes = (description: string) => Type.Number({ unit: 't', description });
const bytes = (description: string) => Type.Number({ minimum: 0, unit: 'B', description });
const acceleratorHours = (description: string) => Type.Number({ minimum: 0, unit: 'h', description });
const spareRatio = Type.Union([ratio('Share of the connection of the destination that stands free.'), Type.Null()], {
  description: 'Null: as it stands.',
});
const share = (description: string) => Type.Number({ minimum: 0, description });

const energies = record({
  source: oneOf(['given', 'dispatched'], 'By options, or the world dispatched with the run at each place and without it.'),
  hours: count('Dispatched; 0 when given.'),
});
const place = record({
  campus: slug('Campus.'),
  priceUsdPerMwh: usdPerMwh('Mean at its bus with the run there.'),
  carbonKgPerMwh: kilograms('What the system emits more with the run there.'),
});
const atEnd = {
  hoursLeft: hours('To its end at full speed.'),
  endMovedHours: hours('By how much it ends later.'),
  endMovedRatio: share('The same by the hours left.'),
  lostAcceleratorHours: acceleratorHours('Work not made.'),
  netSavedUsd: usd('Until its end; negative: dearer than staying.'),
  netSavedCarbonTonnes: tonnes('Until its end; negative: more than staying.'),
};

/** What `training move RUN --dry-run --json` prints. */
export const moveAnswer = record({
  run: slug('Training run.'),
  from: place,
  to: place,
  at: text('What it is reckoned from.'),
  evidence,
  energies,
  checkpointBytes: bytes('Of the run.'),
  isSizeAssumed: flag('Whether that follows from its work and is not in the scenario.'),
  moves: Type.Array(
    record({
      gbps: Type.Number({ exclusiveMinimum: 0, unit: 'Gbit/s' }),
      spareRatio,
      spareAccelerators: count('Free at the destination.'),
      spareMw: megawatts('Free below its limit.'),
      isPossible: flag('Whether nothing stands in the way.'),
      obstacles,
      saveSeconds: seconds('Checkpoint.'),
      transferSeconds: seconds('Over the link.'),
      restoreSeconds: seconds('Until it computes again.'),
      riseSeconds: seconds('Work missed while power rises, at full speed.'),
      stepsNotMade: count('Until it is where it was.'),
      lostProgressUsd: usd('At the value of compute.'),
      idleUsd: usd('Drawn by accelerators that stand still.'),
      breakEvenHours: Type.Union([hours('At the destination that pay for the move.'), Type.Null()], {
        description: 'Null: energy is not cheaper there.',
      }),
      ...atEnd,
    }),
  ),
  splits: Type.Array(
    record({
      gbps: Type.Number({ exclusiveMinimum: 0, unit: 'Gbit/s' }),
      spareRatio,
      everySteps: count('Between two exchanges.'),
      isPossible: flag('Whether nothing stands in the way.'),
      obstacles,
      syncBytes: bytes('That each campus sends; an exchange takes twice as long.'),
      syncSeconds: seconds('Of an exchange.'),
      workSeconds: seconds('Between two exchanges.'),
      slowdownRatio: share('Time by that on one campus.'),
      goodputRatio: ratio('Useful time by all time, failures counted.'),
      unsplitGoodputRatio: ratio('The same on one campus.'),
      campuses: Type.Array(
        record({ campus: slug('Campus.'), accelerators: count('There.'), workMw: megawatts('At work.'), meanMw: megawatts('Mean.') }),
      ),
      ...atEnd,
    }),
    { description: 'Over both campuses, half and half; with --split-every.' },
  ),
});
export type MoveAnswer = Static<typeof moveAnswer>;

/** What `training move --table --json` prints. */
export const moveTableAnswer = record({
  scenario: slug('World.'),
  at: text('What it is reckoned from.'),
  claim: text('What is judged.'),
  rule: text('When a cell holds.'),
  verdict: oneOf(['supported', 'mixed', 'contradicted', 'open'], 'Assumed inputs never support.'),
  evidence,
  energies,
  journeys: Type.Array(record({ run: slug('Training run.'), from: place, to: place, checkpointBytes: bytes('Of the run.') })),
  shares: Type.Array(
    record({
      way: text('all, move, or split with its steps between exchanges.'),
      cells: count('Of this way.'),
      failsOnSpareRatio: ratio('Lack accelerators or power at the destination.'),
      possibleRatio: ratio('Nothing stands in the way.'),
      inTimeRatio: ratio('End at most 2 % later, whatever is free.'),
      cheaperRatio: ratio('Cost falls, whatever is free.'),
      cleanerRatio: ratio('Emissions fall, whatever is free.'),
      holdsRatio: ratio('Possible, in time and cheaper.'),
    }),
  ),
  flips: Type.Array(
    record({
      input: oneOf(['checkpointBytes', 'valueOfComputeUsdPerMwh', 'priceDifference'], 'Assumed input.'),
      factor: Type.Number({ exclusiveMinimum: 0, description: 'Times what was assumed.' }),
      holdsRatio: ratio('Of all cells then.'),
    }),
  ),
  cells: Type.Array(
    record({
      run: slug('Training run.'),
      from: slug('Campus.'),
      to: slug('Campus.'),
      way: Type.Union([count('Steps between exchanges.'), Type.Null()], { description: 'Null: moved as a whole.' }),
      gbps: Type.Number({ exclusiveMinimum: 0, unit: 'Gbit/s' }),
      spareRatio: ratio('Of the connection of the destination.'),
      obstacles,
      endMovedHours: atEnd.endMovedHours,
      endMovedRatio: atEnd.endMovedRatio,
      netSavedUsd: atEnd.netSavedUsd,
      netSavedCarbonTonnes: atEnd.netSavedCarbonTonnes,
      holds: flag('Possible, in time and cheaper.'),
    }),
  ),
});
export type MoveTableAnswer = Static<typeof moveTableAnswer>;

/** What `training curtail fleet --dry-run --json` prints. */
export const fleetAnswer = record({
  at: text('What it is reckoned from.'),
  wantedMw: megawatts('Asked for.'),
  minutes: Type.Number({ exclusiveMinimum: 0, unit: 'min' }),
  reachedMw: megawatts('What the campuses together are asked for.'),
  residualMw: megawatts('Not to be had.'),
  lostAcceleratorHours: acceleratorHours('At risk.'),
  weightedHours: acceleratorHours('By priority: an hour of priority 5 counts once, of each step more twice as much.'),
  touchedPriority: Type.Union([count('Highest that had to be touched.'), Type.Null()], { description: 'Null: none.' }),
  gapRatio: share('No split loses less than this share below it.'),
  campuses: Type.Array(
    record({
      campus: slug('Campus.'),
      boundMw: Type.Union([megawatts('By its contracts.'), Type.Null()], { description: 'Null: all that its runs can give.' }),
      reductionMw: megawatts('Asked of it.'),
      freedMw: megawatts('By the measures; pauses may free more.'),
      lostAcceleratorHours: acceleratorHours('By the measures.'),
      alone: record({
        freedMw: megawatts('As its cluster would plan the same reduction.'),
        lostAcceleratorHours: acceleratorHours('By that plan.'),
      }),
    }),
  ),
  measures: Type.Array(
    record({
      campus: slug('Campus.'),
      run: slug('Training run.'),
      priority: count('Of the run.'),
      measure: oneOf(['cap', 'pause'], 'What is done to it.'),
      capRatio: ratio('Cap of its accelerators; 0 for a pause.'),
      freedMw: megawatts('What it frees.'),
      lostAcceleratorHours: acceleratorHours('Work not made.'),
    }),
  ),
});
export type FleetAnswer = Static<typeof fleetAnswer>;
