import { Type, type Static } from 'typebox';
import { record } from '../../../shared/events/define.js';
import { count, hours, megawattHours, megawatts, oneOf, ratio, text } from '../../../shared/events/fields.js';
import { effectFields } from './rankAnswer.js';

const orNull = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema, description: string) =>
  Type.Union([schema, Type.Null()], { description });
const shortBy = Type.Array(
  record({ limit: text('What stands in the way most.'), hours: hours('With load not served.'), mwh: megawattHours('Not served in them.') }),
  { description: 'Most MWh first.' },
);
const movedYear = record({
  loads: Type.Array(record({ bus: text('Bus.'), mw: megawatts('In every hour.') })),
  effect: record(effectFields),
  powerMonths: orNull(
    Type.Number({ minimum: 0, unit: 'months' }),
    'To the power of the last of them: of a file, else of the process the scenario has there; null: not known of one.',
  ),
  insecureHours: hours('In which the loss of one line breaks an emergency rating.'),
  shortBy,
});

/** What `siting test --json` prints. */
export const siteTestAnswer = record({
  about: oneOf(['scenario', 'real-sites'], 'What is tested.'),
  name: text('Network, or file of sites.'),
  among: text('Places a site could have been at.'),
  seed: count('Of everything drawn.'),
  draws: count('Placements drawn.'),
  sites: Type.Array(
    record({
      site: text('Bus, or sites at one node.'),
      mw: megawatts('Built.'),
      region: text('Region.'),
      node: orNull(Type.String(), 'Where it stands; null: not known.'),
      surplusMw: orNull(Type.Number({ minimum: 0, unit: 'MW' }), 'Mean at that place without the site itself; null: not known.'),
      percentile: orNull(Type.Number({ minimum: 0, maximum: 1 }), 'Share of feasible places with less, equal ones as half.'),
      places: count('Feasible places of its region; 0: not known.'),
      isFeasible: orNull(Type.Boolean(), 'Whether it fits where it is; null: not known.'),
    }),
  ),
  leftOut: record({
    withoutMw: count('Rows without MW at work.'),
    outside: Type.Array(text('Site outside the box.')),
    beyondReach: Type.Array(text('Site without a node in reach.')),
  }),
  effectiveSites: Type.Number({ minimum: 0, description: 'Sites of equal size that weigh as much.' }),
  power: record({
    levelRatio: ratio('Chance of an effect being seen that is not there, one-sided.'),
    critical: orNull(ratio('Statistic.'), 'Least mean percentile that is an effect; null: none is.'),
    powerRatio: ratio('Chance of seeing the mean below.'),
    detectableMean: orNull(ratio('Mean percentile.'), 'Seen with that chance; null: none is.'),
  }),
  result: orNull(
    record({
      statistic: ratio('Mean percentile of surplus, by MW.'),
      expected: ratio('With places drawn at random.'),
      effect: Type.Number({ description: 'The difference.' }),
      effectSd: orNull(Type.Number(), 'In standard deviations of the draws.'),
      pValue: ratio('Chance of as much by chance.'),
      interval: record({ low: ratio('Mean percentiles not refused'), high: ratio('at 2.5 % a side.') }),
    }),
    'Null: surplus not known.',
  ),
  population: orNull(
    record({ expected: ratio('With places drawn by population.'), effect: Type.Number(), pValue: ratio('Chance of as much.') }),
    'Null: not known.',
  ),
  populationBasis: text('What stands for population.'),
  supplied: orNull(
    record({
      ratio: ratio('Share of MW at places whose mean surplus is at least 0.2 of them.'),
      expected: ratio('With places drawn at random.'),
      pValue: ratio('Chance of as much.'),
    }),
    'Null: not known.',
  ),
  failing: Type.Array(
    record({
      site: text('Site.'),
      mw: megawatts('Built.'),
      places: count('Places looked at.'),
      failing: Type.Array(
        record({ node: text('Place where they do not fit.'), hostingMw: megawatts('What fits.'), limit: text('What stands in the way.') }),
      ),
    }),
    { description: 'Where "anywhere is fine" fails for one site alone; empty: not known.' },
  ),
  moves: orNull(
    record({
      beforeInsecureHours: hours('Without the sites.'),
      built: movedYear,
      moved: Type.Array(movedYear),
      failed: count('Moves in which more than the share that may be curtailed is not served.'),
      flexibleRatio: ratio('That share.'),
    }),
    'The same MW at random feasible places, dispatched; null: no network.',
  ),
  verdict: record({
    word: oneOf(['follows', 'does-not-follow', 'supported', 'contradicted', 'open'], 'The first two are about this scenario alone.'),
    evidence: oneOf(['measured', 'calibrated', 'assumed'], 'The weakest of what it rests on.'),
    reason: text('Why.'),
  }),
  notes: Type.Array(text('What to know.')),
});

export type SiteTestAnswer = Static<typeof siteTestAnswer>;
