import { printTable, round } from '../output.js';
import type { SiteTestAnswer } from './testAnswer.js';

type Moves = NonNullable<SiteTestAnswer['moves']>;
type Moved = Moves['built'];

const three = (value: number): string => value.toFixed(3);
const percentOf = (ratio: number): string => `${Number((100 * ratio).toFixed(1))} %`;

/** Prints a test of sites for people. */
export function showTest(answer: SiteTestAnswer): void {
  const totalMw = answer.sites.reduce((sum, { mw }) => sum + mw, 0);
  process.stdout.write(`${answer.name}: ${answer.sites.length} sites, ${round(totalMw)} MW; places: ${answer.among}\n\n`);
  printTable(
    answer.sites.map((site) => ({
      site: site.site,
      MW: round(site.mw),
      region: site.region,
      'mean surplus MW': site.surplusMw === null ? null : round(site.surplusMw),
      percentile: site.percentile === null ? null : three(site.percentile),
      places: site.places === 0 ? null : site.places,
      fits: site.isFeasible === null ? null : site.isFeasible ? 'yes' : 'no',
    })),
    'no sites',
  );
  process.stdout.write(`\n${testLines(answer).join('\n')}\n`);
  if (answer.moves !== null) showMoves(answer.moves, answer.failing);
  const { word, evidence, reason } = answer.verdict;
  const about = answer.about === 'scenario' ? 'this scenario alone' : 'claim 9, real sites';
  const last = [...answer.notes.map((note) => `note: ${note}`), `verdict (${about}): ${word}; ${reason}; evidence: ${evidence}`];
  process.stdout.write(`\n${last.join('\n')}\n`);
}

function testLines(answer: SiteTestAnswer): string[] {
  const { power, result, population, supplied, leftOut } = answer;
  const chance = percentOf(power.powerRatio);
  const seen =
    power.detectableMean === null
      ? `no mean is seen with ${chance}`
      : `a true mean of ${three(power.detectableMean)} is seen with ${chance}`;
  return [
    `effective sites: ${answer.effectiveSites.toFixed(2)}; ${answer.draws} draws, seed ${answer.seed}`,
    power.critical === null
      ? 'no mean percentile would be an effect: too few feasible places'
      : `an effect from a mean percentile of ${three(power.critical)} (one-sided, ${percentOf(power.levelRatio)}); ${seen}`,
    ...(result === null ? ['mean percentile of surplus: not known'] : resultLines(result)),
    population === null
      ? `against population: ${answer.populationBasis}`
      : `against places drawn by population: ${against(population)}; ${answer.populationBasis}`,
    ...(supplied === null ? [] : [suppliedLine(supplied)]),
    ...(leftOut.outside.length === 0 ? [] : [`left out, outside the box: ${leftOut.outside.join(', ')}`]),
    ...(leftOut.beyondReach.length === 0 ? [] : [`left out, no node in reach: ${leftOut.beyondReach.join(', ')}`]),
    ...(leftOut.withoutMw === 0 ? [] : [`left out, without MW at work: ${leftOut.withoutMw}`]),
  ];
}

function resultLines(result: NonNullable<SiteTestAnswer['result']>): string[] {
  const { statistic, interval, effectSd } = result;
  const inSd = effectSd === null ? '' : ` (${effectSd.toFixed(1)} sd)`;
  return [
    `mean percentile of surplus, by MW: ${three(statistic)}, not refused: ${three(interval.low)} to ${three(interval.high)} (95 %)`,
    `against random feasible places: ${against(result, inSd)}`,
  ];
}

function against(by: { readonly expected: number; readonly effect: number; readonly pValue: number }, inSd = ''): string {
  return `${three(by.expected)}, effect ${signed(by.effect)}${inSd}, p ${three(by.pValue)}`;
}

function suppliedLine({ ratio, expected, pValue }: NonNullable<SiteTestAnswer['supplied']>): string {
  const own = `MW at places with a mean surplus of at least 0.2 of them: ${percentOf(ratio)}`;
  return `${own}, at random ${percentOf(expected)}, p ${three(pValue)}`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${three(Math.abs(value))}`;
}

function showMoves(moves: Moves, failing: SiteTestAnswer['failing']): void {
  const { built, moved } = moves;
  process.stdout.write(
    `\n"anywhere is fine": the year as built, and with the same MW at ${moved.length} random draws of feasible places\n`,
  );
  const row = (what: string, of: (year: Moved) => number | null) => {
    const values = moved.flatMap((year) => of(year) ?? []).sort((a, b) => a - b);
    const [least, middle, most] = [values[0], values[Math.floor(values.length / 2)], values.at(-1)].map((value) =>
      value === undefined ? null : round(value),
    );
    const own = of(built);
    return { what, 'as built': own === null ? null : round(own), least: least ?? null, median: middle ?? null, most: most ?? null };
  };
  printTable(
    [
      row('$/MWh of the sites', ({ effect }) => effect.usdPerMwh),
      row('CO2 kg/MWh', ({ effect }) => effect.carbonKgPerMwh),
      row('curtailment absorbed GWh', ({ effect }) => effect.netAbsorbedMwh / 1_000),
      row('months to power', ({ powerMonths }) => powerMonths),
      row('not served MWh', ({ effect }) => effect.unservedMwh),
      row('hours short', ({ effect }) => effect.shortHours),
      row(`hours N-1 is broken (${moves.beforeInsecureHours} without the sites)`, ({ insecureHours }) => insecureHours),
    ],
    '',
  );
  const short = moved.filter(({ effect }) => effect.shortHours > 0).length;
  const beyond = `more than ${percentOf(moves.flexibleRatio)} of it: ${moves.failed}`;
  const lines = [
    `moves in which some load is not served: ${short} of ${moved.length}, ${beyond}${limitsOf(moved)}`,
    ...failing.map(({ site, mw, places, failing: nodes }) => {
      const listed = [...nodes].sort((a, b) => a.hostingMw - b.hostingMw).slice(0, 6);
      const named = listed.map(({ node, hostingMw, limit }) => `${node} (${Math.round(hostingMw)} MW, ${limit})`).join(', ');
      const more = nodes.length > listed.length ? ` and ${nodes.length - listed.length} more` : '';
      return `${round(mw)} MW of ${site} do not fit at ${nodes.length} of ${places} places${nodes.length === 0 ? '' : `: ${named}${more}`}`;
    }),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

function limitsOf(moved: readonly Moved[]): string {
  const mwh = new Map<string, number>();
  for (const { shortBy } of moved) for (const each of shortBy) mwh.set(each.limit, (mwh.get(each.limit) ?? 0) + each.mwh);
  const worst = [...mwh].sort((a, b) => b[1] - a[1]).slice(0, 4);
  return worst.length === 0 ? '' : `; held by ${worst.map(([limit, sum]) => `${limit} (${round(sum)} MWh)`).join(', ')}`;
}
