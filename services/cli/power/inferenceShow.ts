import { printTable, round } from '../output.js';
import type { InferenceAnswer } from './inferenceAnswer.js';

function digits(value: number): number {
  return Number(value.toPrecision(3));
}

function percent(ratio: number): string {
  return `${(100 * ratio).toFixed(1)} %`;
}

function section(title: string, rows: Parameters<typeof printTable>[0]): void {
  if (rows.length === 0) return;
  process.stdout.write(`\n${title}\n`);
  printTable(rows, '');
}

/** Sites below one megawatt are told in kilowatts. */
interface Unit {
  readonly name: 'MW' | 'kW';
  readonly of: (mw: number) => number;
}

function unitOf({ site }: InferenceAnswer): Unit {
  return site.fullMw < 1 ? { name: 'kW', of: (mw) => digits(1_000 * mw) } : { name: 'MW', of: digits };
}

/** Prints what requests need and draw, for people. */
export function showInference(answer: InferenceAnswer): void {
  const unit = unitOf(answer);
  showService(answer, unit);
  showLevels(answer, unit);
  section(
    `At demand ${answer.ways.demandRatio}: what is freed, and at which quality`,
    answer.ways.rows.map((row) => ({
      way: row.way,
      nodes: row.nodes,
      'in time': percent(row.withinRatio),
      kept: row.targetKept ? 'yes' : 'no',
      'p99 wait s': digits(row.waitP99Seconds),
      'ms a token': round(1_000 * row.secondsPerToken),
      'cap binds': percent(row.heldRatio),
      [unit.name]: unit.of(row.meanMw),
      'others off': unit.of(row.othersOffMw),
      [`${unit.name} freed`]: unit.of(row.netFreedMw),
    })),
  );
  if (answer.day !== null) showDay(answer.day, unit);
  const freed = answer.idleSensitivity.map(({ idleW, netFreedMw }) => `${unit.of(netFreedMw)} ${unit.name} at ${idleW} W`).join(', ');
  process.stdout.write(`\nfreed by the fewest nodes, by what an idle node draws: ${freed}\n`);
  const assumed = answer.inputs.filter((input) => input.evidence === 'assumed').map(({ input }) => input);
  process.stdout.write(`evidence of the MW: ${answer.evidence} (${assumed.join('; ')}); all inputs with sources: --json\n`);
}

function showService({ source, service, target, site, full }: InferenceAnswer, unit: Unit): void {
  const { requests, periodSeconds, contextTokens, generatedTokens } = service;
  const megawatts = (mw: number): string => `${unit.of(mw)} ${unit.name}`;
  const lines = [
    `${requests} requests in ${round(periodSeconds / 60)} minutes` +
      `${source.firstTime === null ? ', drawn' : ` from ${source.firstTime}`}: ` +
      `${digits(requests / periodSeconds)} a second, ${round(contextTokens / requests)} tokens read and ` +
      `${round(generatedTokens / requests)} written each`,
    ...(source.rowsOutOfOrder === 0 ? [] : [`${source.rowsOutOfOrder} rows were out of order and were sorted`]),
    `${site.installedNodes} nodes${site.isSized ? ', the fewest that keep' : ' for'} ${100 * target.shareRatio} % ` +
      `within ${target.withinSeconds} s${full.targetKept ? '' : ': NOT KEPT'} (${site.copies} such services in each of ` +
      `${site.pools} pools; ${megawatts(site.fullMw)} at full work` +
      `${site.spareNodes === 0 ? '' : `; ${site.spareNodes} nodes left over`})`,
    `busy nodes: mean ${round(full.busyNodesMean)}, peak ${round(full.busyNodesPeak)}; ` +
      `the work alone would fill ${round(full.workNodes)}`,
    `power: mean ${megawatts(full.power.meanMw)}, 99 % of seconds below ${megawatts(full.power.p99Mw)}, ` +
      `peak ${megawatts(full.power.peakMw)}`,
    `energy: ${digits(full.whPerRequest)} Wh a request, ${digits(full.whPerThousandTokens)} Wh per 1,000 tokens`,
    `in time: ${percent(full.withinRatio)}; 99 % wait less than ${digits(full.waitP99Seconds)} s; ` +
      `${round(1_000 * full.secondsPerToken)} ms a token`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  section(
    'Bursts',
    service.burstiness.map((one) => ({
      'window s': one.windowSeconds,
      'requests peak/mean': digits(one.peakToMean),
      'variance/mean': digits(one.dispersion),
      'tokens peak/mean': digits(one.tokenPeakToMean),
    })),
  );
}

function showLevels({ levels }: InferenceAnswer, unit: Unit): void {
  section(
    'Demand',
    levels.map((level) => ({
      demand: level.demandRatio,
      'requests/s': digits(level.requestsPerSecond),
      'nodes needed': level.neededNodes,
      kept: level.targetKept ? 'yes' : 'no',
      [`${unit.name} all on`]: unit.of(level.allOnMw),
      'others idle (must serve)': unit.of(level.mustServeMw),
      'others off': unit.of(level.othersOffMw),
      [`${unit.name} freed`]: unit.of(level.freedMw),
    })),
  );
}

function showDay(day: NonNullable<InferenceAnswer['day']>, unit: Unit): void {
  section(
    `A day, assumed: least demand ${day.leastRatio}, peak at ${day.peakHour} h`,
    day.hours
      .filter(({ hour }) => hour % 3 === 0)
      .map((hour) => ({
        hour: hour.hour,
        demand: digits(hour.demandRatio),
        'nodes needed': hour.neededNodes,
        [`${unit.name} all on`]: unit.of(hour.allOnMw),
        'others idle': unit.of(hour.mustServeMw),
        'others off': unit.of(hour.othersOffMw),
      })),
  );
  process.stdout.write(
    `MWh of the day: ${digits(day.allOnMwh)} all on, ${digits(day.mustServeMwh)} others idle, ${digits(day.othersOffMwh)} others off\n`,
  );
}
