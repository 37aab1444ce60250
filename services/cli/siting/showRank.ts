import { printTable, round } from '../output.js';
import type { RankAnswer, RankedRow } from './rankAnswer.js';

const gigawattHours = (mwh: number): number => round(mwh / 1_000);
const percentOf = (ratio: number): string => `${Number((100 * ratio).toFixed(2))} %`;
const two = (value: number): string => value.toFixed(2);

/** Prints ranked sites for people. */
export function showRank(answer: RankAnswer, top: number): void {
  const { base, campusMw, flexibleRatio, security } = answer;
  const held = `at most ${percentOf(flexibleRatio)} of its energy curtailed${security === 'n-1' ? ', after the loss of any one line' : ''}`;
  const before = [
    `${answer.network}: ${answer.hours} hours, ${gigawattHours(base.curtailedMwh)} GWh curtailed, ${gigawattHours(base.unservedMwh)} GWh not served`,
    `a campus of ${round(campusMw)} MW with ${held}: ${answer.feasible} of ${answer.feasible + answer.infeasible} sites`,
    '',
  ];
  process.stdout.write(`${before.join('\n')}\n`);
  const ranked = answer.sites.filter(({ rank }) => rank !== null);
  printTable(
    ranked.slice(0, top).map((row) => rowOf(row, answer)),
    'no site is feasible',
  );
  showYears(ranked, campusMw);
  process.stdout.write(`\n${linesOf(answer, ranked).join('\n')}\n`);
}

function rowOf(row: RankedRow, { ratios, used, security }: RankAnswer) {
  const secure = row.secureHosting;
  const hosted = (row.secureHosting ?? row.hosting).mw.map((mw) => Math.round(mw)).join(' / ');
  const optional = {
    ...(used.includes('latency') && row.latencyMs !== null ? { 'ms there and back': two(row.latencyMs) } : {}),
    ...(used.includes('water') && row.waterStress !== null ? { water: two(row.waterStress) } : {}),
    ...(used.includes('permits') && row.permitMonths !== null ? { 'permit months': round(row.permitMonths) } : {}),
    ...(used.includes('network') && row.networkUsd !== null ? { 'network M$': round(row.networkUsd / 1e6) } : {}),
  };
  const months = row.powerMonths === null ? {} : { 'months to power': round(row.powerMonths) };
  return {
    '#': row.rank,
    bus: row.bus,
    region: row.region,
    score: two(row.score ?? 0),
    Pareto: row.isPareto ? 'yes' : '',
    'surplus GWh': gigawattHours(row.surplusMwh),
    hours: row.surplusHours,
    'taken GWh': gigawattHours(row.takenMwh),
    [`${security === 'n-1' ? 'N-1 ' : ''}MW at ${ratios.map(percentOf).join(' / ')}`]: hosted,
    'held by': (secure ?? row.hosting).limit,
    '$/MWh': two(row.meanPriceUsdPerMwh),
    'CO2 kg/MWh': Math.round(row.marginalCarbonKgPerMwh),
    ...optional,
    ...months,
  };
}

function showYears(rows: readonly RankedRow[], campusMw: number): void {
  const dispatched = rows.flatMap(({ bus, campusYear }) => (campusYear === null ? [] : [{ bus, campusYear }]));
  if (dispatched.length === 0) return;
  process.stdout.write(`\nthe year with ${round(campusMw)} MW there:\n`);
  printTable(
    dispatched.map(({ bus, campusYear }) => ({
      bus,
      'absorbed GWh': gigawattHours(campusYear.netAbsorbedMwh),
      'not served MWh': round(campusYear.unservedMwh),
      'hours short': campusYear.shortHours,
      '$/MWh': campusYear.usdPerMwh === null ? null : two(campusYear.usdPerMwh),
      'CO2 kg/MWh': campusYear.carbonKgPerMwh === null ? null : Math.round(campusYear.carbonKgPerMwh),
    })),
    '',
  );
}

function linesOf(answer: RankAnswer, ranked: readonly RankedRow[]): string[] {
  const { ratiosHosted, peakHosted } = answer;
  const hosted = ratiosHosted.map(
    ({ ratio, medianMw, mostMw, mostAt }) => `${percentOf(ratio)}: ${Math.round(medianMw)} / ${Math.round(mostMw)} (${mostAt})`,
  );
  const out = answer.sites.filter(({ rank }) => rank === null);
  const by = new Map<string, number>();
  for (const { secureHosting, hosting } of out) {
    const { limit } = secureHosting ?? hosting;
    by.set(limit, (by.get(limit) ?? 0) + 1);
  }
  const limits = [...by].sort((a, b) => b[1] - a[1]).map(([limit, count]) => `${limit} (${count})`);
  return [
    `Pareto set: ${ranked
      .filter(({ isPareto }) => isPareto)
      .map(({ bus }) => bus)
      .join(', ')}`,
    `room over the sites, N-0, median / largest MW: ${hosted.join('; ')}`,
    `room in the hour of the highest load: ${Math.round(peakHosted.medianMw)} / ${Math.round(peakHosted.mostMw)} (${peakHosted.mostAt})`,
    `scored by: ${answer.used.map((criterion) => `${criterion} ${answer.weights[criterion] ?? 0}`).join(', ') || 'nothing'}`,
    ...answer.missing.map(
      ({ criterion, knownSites }) => `not in the score: ${criterion}, known of ${knownSites} of ${answer.feasible} sites`,
    ),
    ...answer.facts.map(({ fact, evidence, basis }) => `${fact}: ${evidence}; ${basis}`),
    ...(out.length === 0 ? [] : [`not feasible: ${out.length} sites, held by ${limits.slice(0, 6).join(', ')}`]),
  ];
}
