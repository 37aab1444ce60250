import { shown } from '../domain/shown.js';
import { wrongInput } from '../runtime/errors.js';

/** A limit for feeds over an interval; `limitMw` null: what stands is taken back. Instants are ms UTC; null: from now, or open. */
export interface SetTarget {
  readonly feeds: readonly string[];
  readonly limitMw: number | null;
  readonly fromMs: number | null;
  readonly untilMs: number | null;
  readonly isBestEffort: boolean;
}

const mwPerUnit = { watt: 1e-6, kilowatt: 1e-3, megawatt: 1 } as const;
const mostTargets = 100;
const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/**
 * The targets in the data of `grid.loadtarget.set.v1`, checked at an instant of the twin for the feeds there are. All or none.
 * @throws TWIN_WRONG_INPUT in one line.
 */
export function targetsOf(data: unknown, about: { readonly feeds: readonly string[]; readonly nowMs: number }): readonly SetTarget[] {
  const targets = fieldsOf(data, 'data')['targets'];
  if (!Array.isArray(targets) || targets.length === 0 || targets.length > mostTargets)
    throw wrongInput(`data.targets: found ${shown(targets)}, allowed: a list of 1 to ${mostTargets} targets`);
  return targets.map((target: unknown, index) => targetOf(fieldsOf(target, `data.targets[${index}]`), `data.targets[${index}]`, about));
}

type Fields = Readonly<Record<string, unknown>>;

function targetOf(
  fields: Fields,
  place: string,
  { feeds, nowMs }: { readonly feeds: readonly string[]; readonly nowMs: number },
): SetTarget {
  const interval = fieldsOf(fields['interval'], `${place}.interval`);
  const fromMs = instantOf(interval['start_time'], `${place}.interval.start_time`);
  const untilMs = instantOf(interval['end_time'], `${place}.interval.end_time`);
  if (untilMs !== null && untilMs <= Math.max(nowMs, fromMs ?? nowMs)) {
    const after = new Date(Math.max(nowMs, fromMs ?? nowMs)).toISOString();
    throw wrongInput(`${place}.interval.end_time: found ${shown(interval['end_time'])}, expired; allowed: an instant after ${after}`);
  }
  const limitMw = limitOf(fields['load_constraint'], `${place}.load_constraint`);
  if (limitMw === null && fromMs !== null && fromMs > nowMs)
    throw wrongInput(
      `${place}.interval.start_time: found ${shown(interval['start_time'])}, allowed: now, since a target is taken back at once`,
    );
  const { best_effort: isBestEffort = false } = fields['strategy'] === undefined ? {} : fieldsOf(fields['strategy'], `${place}.strategy`);
  if (typeof isBestEffort !== 'boolean')
    throw wrongInput(`${place}.strategy.best_effort: found ${shown(isBestEffort)}, allowed: true or false`);
  return { feeds: feedsOf(fields['feed_tags'], `${place}.feed_tags`, feeds), limitMw, fromMs, untilMs, isBestEffort };
}

function feedsOf(tags: unknown, place: string, feeds: readonly string[]): readonly string[] {
  if (tags === undefined || (Array.isArray(tags) && tags.length === 0)) return feeds;
  if (!Array.isArray(tags)) throw wrongInput(`${place}: found ${shown(tags)}, allowed: a list of ${feeds.join(', ')}`);
  const unknown: unknown = tags.find((tag: unknown) => !feeds.some((feed) => feed === tag));
  if (unknown !== undefined) throw wrongInput(`${place}: found ${shown(unknown)}, allowed: ${feeds.join(', ')}`);
  return feeds.filter((feed) => tags.includes(feed));
}

function limitOf(value: unknown, place: string): number | null {
  if (value === null) return null;
  const fields = fieldsOf(value, place);
  const [amount, unit] = [fields['value'], fields['unit']];
  if (typeof amount !== 'number' || !(amount > 0) || !Number.isFinite(amount))
    throw wrongInput(`${place}.value: found ${shown(amount)}, allowed: a number above 0`);
  if (typeof unit !== 'string' || !Object.hasOwn(mwPerUnit, unit))
    throw wrongInput(`${place}.unit: found ${shown(unit)}, allowed: ${Object.keys(mwPerUnit).join(', ')}`);
  return amount * mwPerUnit[unit as keyof typeof mwPerUnit];
}

function instantOf(value: unknown, place: string): number | null {
  if (value === undefined) return null;
  const ms = typeof value === 'string' && instantPattern.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isFinite(ms)) throw wrongInput(`${place}: found ${shown(value)}, allowed: an RFC 3339 instant in UTC`);
  return ms;
}

function fieldsOf(value: unknown, place: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrongInput(`${place}: found ${shown(value)}, allowed: an object`);
}
