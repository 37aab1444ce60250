import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, hours, megawattHours, ratio, text, usd, usdPerMwh } from '../../../shared/events/fields.js';

/** A number by the id of what it belongs to. */
const byId = (unit: string, description: string) => Type.Record(Type.String(), Type.Number({ unit }), { description });
const milliseconds = (description: string) => Type.Number({ minimum: 0, unit: 'ms', description });

const hourDetail = record({
  hour: count('From the start of the series.'),
  costUsd: usd('Cost of the hour.'),
  busPriceUsdPerMwh: byId('USD/MWh', 'By bus: cost of one MW more of load there.'),
  generationMw: byId('MW', 'By unit.'),
  netFlowMw: byId('MW', 'By line, from its first to its second bus; negative the other way.'),
  unservedMw: byId('MW', 'By bus.'),
  netMarginMw: Type.Number({ unit: 'MW', description: 'What units could deliver beyond load.' }),
  unitsOn: Type.Optional(Type.Array(Type.String(), { description: 'Units that run.' })),
  storedMwh: Type.Optional(byId('MWh', 'By storage, at the end of the hour.')),
});

/** What `--problem full` says beside the rest. */
const commitmentAnswer = record({
  stopCostRatio: Type.Number({ minimum: 0, description: 'Cost of a stop as a share of that of a start.' }),
  reserveMw: Type.Number({ minimum: 0, unit: 'MW', description: 'Required of the units that run, in every hour.' }),
  starts: count('Starts of units, all together.'),
  startsBySource: Type.Record(Type.String(), Type.Integer({ minimum: 0 }), { description: 'Starts by source.' }),
  onHoursBySource: byId('h', 'Hours that units with commitment costs or a least output run, by source.'),
  startUsd: usd('Of the cost: starts.'),
  stopUsd: usd('Of the cost: stops.'),
  noLoadUsd: usd('Of the cost: being on, at output 0.'),
  chargedMwh: megawattHours('Into storages.'),
  dischargedMwh: megawattHours('Out of storages.'),
  runInHours: count('Hours operated before the first that counts.'),
  meanGapRatio: ratio('Mean over the windows: cost less what no schedule can be below, as a share of the cost.'),
  largestGapRatio: ratio('Largest over the windows.'),
  windows: Type.Array(
    record({
      firstHour: count('From the start of the series.'),
      hourCount: count('Hours it sees; at most half of them are kept.'),
      gapRatio: ratio('Cost less what no schedule can be below, as a share of the cost.'),
      searches: count('Searches for a schedule.'),
      nodes: count('Nodes of their trees.'),
      limitRows: count('Flow limits in the problem at the end.'),
    }),
    { description: 'Each window solved, those of the run-in included.' },
  ),
});

/** What `--problem chrono` says beside the rest. */
const chronoAnswer = record({
  foresight: text('As behind --foresight.'),
  reserveMw: Type.Number({ minimum: 0, unit: 'MW', description: 'Required in every hour.' }),
  chargedMwh: megawattHours('Into storages.'),
  dischargedMwh: megawattHours('Out of storages.'),
  shortageHours: hours('With less reserve than required.'),
  shortageMwh: megawattHours('Reserve missing, over its hours.'),
  shortageUsd: usd('What missing reserve costs by its price; not in the cost.'),
  tiedHours: hours('In days dispatched as one problem because ramps cost much hour by hour.'),
  contracts: Type.Array(
    record({
      contract: text('Contract.'),
      hours: hours('Called.'),
      events: count('Calls.'),
      reducedMwh: megawattHours('Taken off.'),
      paidUsd: usd('At the strike; not in the cost.'),
    }),
    { description: 'In their order.' },
  ),
});

/** What `dispatch --json` prints. */
export const dispatchAnswer = record({
  network: text('Its name.'),
  problem: text('As behind --problem.'),
  dc: text('As behind --dc.'),
  security: text('none, or n-1.'),
  hours: hours('Dispatched.'),
  costUsd: usd('All hours together: running, starts and stops where they are decided, load not served.'),
  kernelMs: milliseconds('Wall time inside the kernel and its solvers.'),
  msPerHour: milliseconds('The same for an hour.'),
  unservedMwh: megawattHours('Load not served.'),
  surplusMwh: megawattHours('Power that could not be put anywhere.'),
  curtailedMwh: megawattHours('What wind, sun and water could have delivered and did not.'),
  carbonTonnes: Type.Number({ minimum: 0, unit: 't', description: 'Carbon dioxide.' }),
  meanPriceUsdPerMwh: usdPerMwh('Bus prices weighted by load.'),
  fallbackHours: hours('Handed to another solver because the kernel gave up.'),
  pivots: Type.Optional(count('Of the simplex method; hourly and chrono.')),
  leastMargin: Type.Optional(
    record({
      hour: count('From the start of the series.'),
      netMarginMw: Type.Number({ unit: 'MW', description: 'What units could deliver beyond load; below 0: short of it.' }),
      netMarginRatio: Type.Number({ description: 'The same as a share of load.' }),
    }),
  ),
  energyMwhBySource: byId('MWh', 'Delivered, by source.'),
  unservedMwhByBus: byId('MWh', 'Buses with load not served.'),
  curtailedMwhByUnit: byId('MWh', 'Units with something curtailed.'),
  congestedLines: Type.Array(record({ line: text('Line.'), hours: hours('At its limit.') }), { description: 'Most hours first.' }),
  chrono: Type.Optional(chronoAnswer),
  commitment: Type.Optional(commitmentAnswer),
  detail: Type.Optional(Type.Array(hourDetail, { description: 'With --detail.' })),
});

export type DispatchAnswer = Static<typeof dispatchAnswer>;
export type HourDetail = Static<typeof hourDetail>;
export type ChronoAnswer = Static<typeof chronoAnswer>;
export type CommitmentAnswer = Static<typeof commitmentAnswer>;
