import { Type, type Static } from 'typebox';
import { criteria } from '../../../shared/domain/siting/ranking.js';
import { record } from '../../../shared/events/define.js';
import { count, flag, hours, megawattHours, megawatts, oneOf, ratio, text, usdPerMwh } from '../../../shared/events/fields.js';

const orNull = (unit: string, description: string) =>
  Type.Union([Type.Number({ minimum: 0, unit }), Type.Null()], { description: `${description} Null: not known.` });
const evidence = (description: string) => oneOf(['measured', 'calibrated', 'assumed'], description);
const byRatio = (description: string) => Type.Array(megawatts('By the shares of `ratios`.'), { description });

const hosting = record({
  mw: byRatio('Largest flat load, by the share of its energy that may be curtailed.'),
  atPeakMw: megawatts('In the hour of the highest load.'),
  limit: text('What stands in the way in the hour of least room: a line, a line after the loss of another, a link, or supply.'),
  solvedHours: count('Hours worked out; the others are bounded from above by prices of those.'),
});

/** A year with the campus at one site, dispatched. */
export const effectFields = {
  servedMwh: megawattHours('Of the campus.'),
  unservedMwh: Type.Number({ unit: 'MWh', description: 'Load not served, more than before.' }),
  shortHours: Type.Number({ unit: 'h', description: 'Hours with load not served, more than before.' }),
  netAbsorbedMwh: Type.Number({ unit: 'MWh', description: 'Curtailed before less curtailed after.' }),
  usdPerMwh: Type.Union([usdPerMwh('Running cost'), Type.Null()], {
    description: 'Running cost of the whole network, more per MWh served.',
  }),
  carbonKgPerMwh: Type.Union([Type.Number({ unit: 'kg/MWh' }), Type.Null()], { description: 'Carbon dioxide, the same.' }),
};

/** What `siting rank --json` prints. */
export const rankAnswer = record({
  network: text('Its name.'),
  hours: hours('Looked at.'),
  dc: text('As behind --dc.'),
  campusMw: megawatts('Size asked about, in every hour.'),
  flexibleRatio: ratio('Share of its energy that may be curtailed; decides what is feasible.'),
  security: text('none, or n-1: what decides what is feasible.'),
  cheapUsdPerMwh: usdPerMwh('Power at most this dear is surplus.'),
  ratios: Type.Array(ratio('Share of energy that may be curtailed.')),
  isExact: flag('Whether every hour of every bus was worked out.'),
  base: record({
    curtailedMwh: megawattHours('Without any new load.'),
    unservedMwh: megawattHours('The same.'),
    carbonTonnes: Type.Number({ minimum: 0, unit: 't', description: 'The same.' }),
  }),
  feasible: count('Sites that host the campus.'),
  infeasible: count('Sites that do not.'),
  ratiosHosted: Type.Array(
    record({ ratio: ratio('Share.'), medianMw: megawatts('Over the sites.'), mostMw: megawatts('Largest.'), mostAt: text('Site.') }),
  ),
  peakHosted: record({ medianMw: megawatts('In the hour of the highest load.'), mostMw: megawatts('Largest.'), mostAt: text('Site.') }),
  weights: Type.Record(Type.String(), Type.Number({ minimum: 0 }), { description: 'As asked for.' }),
  used: Type.Array(oneOf(criteria, 'Criterion in the score.')),
  missing: Type.Array(record({ criterion: oneOf(criteria, 'Not in the score.'), knownSites: count('Sites it is known of.') })),
  facts: Type.Array(
    record({
      fact: text('What it is about.'),
      evidence: evidence('measured: every value names its source; else assumed.'),
      basis: text('Where it is from.'),
    }),
  ),
  sites: Type.Array(
    record({
      bus: text('Site.'),
      name: text('As in the source.'),
      region: text('Region.'),
      rank: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()], { description: 'Null: not feasible.' }),
      score: Type.Union([ratio('Score.'), Type.Null()], { description: 'Share of sites beaten, mean by weight.' }),
      isPareto: flag('No other feasible site is at least as good throughout and better in one.'),
      surplusMwh: megawattHours('That a load there could have at most so dear; sites share it.'),
      surplusHours: hours('With any.'),
      surplusMeanMw: megawatts('Over all hours.'),
      takenMwh: megawattHours('What the campus would take of it.'),
      curtailedMwh: megawattHours('Of wind, sun and water at the bus itself.'),
      hosting,
      secureHosting: Type.Union([hosting, Type.Null()], { description: 'After the loss of any one line; null: not asked for.' }),
      meanPriceUsdPerMwh: usdPerMwh('Mean of the hours, without the campus.'),
      marginalCarbonKgPerMwh: Type.Number({ unit: 'kg/MWh', description: 'Of one MWh more there, mean of the hours.' }),
      latencyMs: orNull('ms', 'Round trip to users, way of light alone.'),
      waterStress: orNull('1', 'Score.'),
      permitMonths: orNull('months', 'To the last permit: of a file, else of the process the scenario has there.'),
      powerMonths: orNull('months', 'To the power of the first block, likewise.'),
      networkUsd: orNull('USD', 'Of the connection.'),
      campusYear: Type.Union([record(effectFields), Type.Null()], { description: 'Dispatched with the campus; null: not asked for.' }),
    }),
    { description: 'Best first, then those that are not feasible, in the order of the network.' },
  ),
});

export type RankAnswer = Static<typeof rankAnswer>;
export type RankedRow = RankAnswer['sites'][number];
