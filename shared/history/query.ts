import { compareText } from '../domain/fact.js';
import { dayMs, fromWire, hourMs, minuteMs, toWire } from '../domain/ticks.js';
import { registry } from '../events/registry.js';
import { wrongInput } from '../runtime/errors.js';
import { literal, quoted, type InfluxReader, type SeriesRows } from './influx.js';
import { planOf, type PointPlan } from './plan.js';
import { wholeField } from './point.js';
import { queries, type MilestoneQuery, type NamedQuery, type SteppedQuery } from './queries.js';

export type HistoryValue = string | number | boolean | null | HistoryObject | readonly HistoryValue[];
export interface HistoryObject {
  readonly [name: string]: HistoryValue;
}
/** One row of an answer; `time` is the begin of its step, or the instant of a milestone, in RFC 3339. */
export type HistoryRow = HistoryObject & { readonly time: string };

export interface QueryRange {
  /** From this instant on, UTC ms; the first point when absent. */
  readonly fromMs?: number;
  /** Up to but not including this instant, UTC ms; just after the last point when absent. */
  readonly toMs?: number;
  readonly region?: string;
  /** Length of a step. Default: one hour. */
  readonly stepMs?: number;
}

/** Instants InfluxDB can hold, within a day. */
export const earliestMs = -9_223_286_400_000;
export const latestMs = 9_223_286_400_000;

/** The named query. @throws TWIN_WRONG_INPUT listing the names there are. */
export function queryNamed(name: string): NamedQuery {
  const found = Object.hasOwn(queries, name) ? queries[name] : undefined;
  if (found === undefined) throw wrongInput(`history: found ${JSON.stringify(name)}, allowed: ${Object.keys(queries).join(', ')}`);
  return found;
}

/** Answers a named query over a range, in order of time and then of the tags; every statement has both bounds. */
export async function history(reader: InfluxReader, query: NamedQuery, range: QueryRange = {}): Promise<readonly HistoryRow[]> {
  if (query.kind === 'steps') return steppedRows(reader, query, range);
  return milestoneRows(reader, query, range);
}

/** `5m`, `1h`, `1d` -> ms. @throws TWIN_WRONG_INPUT for anything else. */
export function stepOf(text: string): number {
  const match = /^([1-9]\d{0,3})(m|h|d)$/.exec(text);
  if (match === null)
    throw wrongInput(`--every: found ${JSON.stringify(text)}, allowed: a number of minutes, hours or days such as 5m, 1h, 1d`);
  return Number(match[1]) * (match[2] === 'm' ? minuteMs : match[2] === 'h' ? hourMs : dayMs);
}

/** An instant of a user: RFC 3339, or a date for its midnight UTC. @throws TWIN_WRONG_INPUT for anything else. */
export function instantOf(option: string, text: string): number {
  const isInstant = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text);
  const timeMs = isInstant ? fromWire(text) : Number.NaN;
  if (Number.isNaN(timeMs))
    throw wrongInput(`${option}: found ${JSON.stringify(text)}, allowed: RFC 3339 such as 2027-07-13T18:00:00Z, or a date`);
  return timeMs;
}

/** First and last instant of a measurement, UTC ms; null when it has no point. */
async function extentOf(
  reader: InfluxReader,
  measurement: string,
  field: string,
): Promise<{ readonly firstMs: number; readonly lastMs: number } | null> {
  const ends = await Promise.all(
    ['first', 'last'].map((end) =>
      reader.select(`SELECT ${end}(${quoted(field)}) FROM ${quoted(measurement)} WHERE ${between(earliestMs, latestMs)}`),
    ),
  );
  const [firstMs, lastMs] = ends.map((series) => series[0]?.values[0]?.[0]);
  return typeof firstMs === 'number' && typeof lastMs === 'number' ? { firstMs, lastMs } : null;
}

/** Both bounds of a range as InfluxQL. */
export function between(fromMs: number, toMs: number): string {
  return `time >= ${fromMs}ms AND time < ${toMs}ms`;
}

async function steppedRows(reader: InfluxReader, query: SteppedQuery, range: QueryRange): Promise<readonly HistoryRow[]> {
  const columns = [...query.mean, ...query.last];
  const extent = await extentOf(reader, query.measurement, columns[0] ?? 'tick');
  if (extent === null) return [];
  const fromMs = range.fromMs ?? extent.firstMs;
  const toMs = range.toMs ?? extent.lastMs + 1;
  if (toMs <= fromMs) return [];
  const chosen = [
    ...query.mean.map((name) => `mean(${quoted(name)}) AS ${quoted(name)}`),
    ...query.last.map((name) => `last(${quoted(name)}) AS ${quoted(name)}`),
  ];
  const series = await reader.select(
    `SELECT ${chosen.join(', ')} FROM ${quoted(query.measurement)} WHERE ${between(fromMs, toMs)}${regionOf(range)} ` +
      `GROUP BY time(${range.stepMs ?? hourMs}ms), ${query.by.map(quoted).join(', ')} fill(none)`,
  );
  return inOrder(
    series.flatMap((rows) => rowsOf(rows, query.by)),
    query.by,
  );
}

async function milestoneRows(reader: InfluxReader, query: MilestoneQuery, range: QueryRange): Promise<readonly HistoryRow[]> {
  const plans = registry.flatMap((definition) => {
    const plan = planOf(definition.type);
    return plan !== null && plan.isMilestone && covers(query, definition.type) ? [plan] : [];
  });
  const answers = await Promise.all(plans.map((plan) => milestonesOf(reader, plan, range)));
  return inOrder(answers.flat(), ['type', 'entity']);
}

async function milestonesOf(reader: InfluxReader, plan: PointPlan, range: QueryRange): Promise<readonly HistoryRow[]> {
  const bounds = between(range.fromMs ?? earliestMs, range.toMs ?? latestMs);
  const series = await reader.select(
    `SELECT ${quoted(wholeField)}, ${quoted(plan.envelope.id)} AS "id" FROM ${quoted(plan.measurement)} ` +
      `WHERE ${bounds}${regionOf(range)} GROUP BY "region", "entity"`,
  );
  return series.flatMap(({ tags, values }) =>
    values.map(([timeMs, data, id]) => ({
      time: toWire(Number(timeMs)),
      type: plan.type,
      region: tags['region'] ?? '',
      entity: tags['entity'] ?? '',
      id: String(id),
      data: JSON.parse(String(data)) as HistoryValue,
    })),
  );
}

function covers(query: MilestoneQuery, type: string): boolean {
  if (query.types.length > 0) return query.types.includes(type);
  return query.domains.length === 0 || query.domains.some((domain) => type.startsWith(`${domain}.`));
}

function regionOf(range: QueryRange): string {
  if (range.region === undefined) return '';
  if (!/^[a-z0-9_-]+$/.test(range.region))
    throw wrongInput(`--region: found ${JSON.stringify(range.region)}, allowed: letters a-z, digits, - and _`);
  return ` AND "region" = ${literal(range.region)}`;
}

function rowsOf(series: SeriesRows, by: readonly string[]): readonly HistoryRow[] {
  const names = by.map((tag) => [tag, series.tags[tag] ?? ''] as const);
  return series.values.map((values) => {
    const cells = series.columns.map((column, index) => [column, cellOf(values[index])] as const).filter(([column]) => column !== 'time');
    return { time: toWire(Number(values[series.columns.indexOf('time')])), ...Object.fromEntries([...names, ...cells]) };
  });
}

function cellOf(value: unknown): string | number | boolean | null {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function inOrder(rows: readonly HistoryRow[], by: readonly string[]): readonly HistoryRow[] {
  return [...rows].sort((a, b) => {
    const first = compareText(a.time, b.time);
    if (first !== 0) return first;
    for (const name of by) {
      const order = compareText(String(a[name]), String(b[name]));
      if (order !== 0) return order;
    }
    return 0;
  });
}
