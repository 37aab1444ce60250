import { currentFacts } from '../../shared/bus/newest.js';
import { encodeFact, filterOf } from '../../shared/bus/envelope.js';
import type { Bus } from '../../shared/bus/connect.js';
import { openApiDocument } from '../../shared/api/openapi.js';
import type { ReadAnswer, ReadParams, ReadPath, ReadQuery } from '../../shared/api/reads.js';
import { shown } from '../../shared/domain/shown.js';
import { registry, type FactType } from '../../shared/events/registry.js';
import { wrongInput } from '../../shared/runtime/errors.js';
import type { World } from '../../shared/scenario/schema.js';
import type { Feed } from './feed.js';
import { NotThere } from './notThere.js';
import { createMoments } from './moment.js';
import { summarise } from './summary.js';
import type { BlockView, View } from './viewTypes.js';

/** What a request names in its path and behind `?`. */
export interface Asked<Path extends ReadPath> {
  readonly params: Readonly<Record<ReadParams<Path>, string>>;
  readonly query: Readonly<Partial<Record<ReadQuery<Path>, string>>>;
}

/** How each path is answered; the event stream takes over its connection and is not among them. */
export type Readings = {
  readonly [Path in Exclude<ReadPath, '/api/events'>]: (asked: Asked<Path>) => ReadAnswer<Path> | Promise<ReadAnswer<Path>>;
};

/** What the readings are made of. */
export interface ReadingParts {
  readonly bus: Bus;
  readonly world: World;
  readonly feed: Feed;
  readonly version: string;
  clientCount(): number;
  metrics(): Promise<string>;
}

const alarmStatuses = ['active', 'acknowledged', 'returned', 'cleared'] as const;
const tokenPattern = /^[a-z0-9_-]+$/;

/** Answers of everything that can be read, from what the api knows now; newest facts come from the stream. */
export function createReadings({ bus, world, feed, version, clientCount, metrics }: ReadingParts): Readings {
  const summary = summarise(world);
  const momentAt = createMoments(bus, world);
  return {
    '/healthz': () => ({ ok: true, tick: feed.view.system.mark?.tick ?? null, clients: clientCount(), ...feed.pulse() }),
    '/metrics': metrics,
    '/openapi.json': () => openApiDocument({ version }),
    '/api/world': () => summary,
    '/api/state': () => ({ ...feed.view, pulse: feed.pulse() }),
    '/api/regions': () => feed.view.regions,
    '/api/regions/{region}': ({ params }) => pick(feed.view.regions, 'region', params.region),
    '/api/campuses': () => feed.view.campuses,
    '/api/campuses/{campus}': ({ params }) => pick(feed.view.campuses, 'campus', params.campus),
    '/api/runs': () => feed.view.runs,
    '/api/runs/{run}': ({ params }) => pick(feed.view.runs, 'run', params.run),
    '/api/projects': () => projectsOf(world, feed.view),
    '/api/projects/{project}': ({ params }) => pick(projectsOf(world, feed.view), 'project', params.project),
    '/api/permits': () => feed.view.permits,
    '/api/permits/{permit}': ({ params }) => pick(feed.view.permits, 'permit', params.permit),
    '/api/ladders': () => feed.view.ladders,
    '/api/alarms': ({ query }) => alarmsOf(feed.view, query.status),
    '/api/alarms/{alarm}': ({ params }) => pick(feed.view.alarms, 'alarm', params.alarm),
    '/api/facts': () => factKinds(feed),
    '/api/facts/{type}': ({ params, query }) => newestFacts(bus, params.type, query),
    '/api/series': ({ query }) => seriesOf(feed.series, query.columns),
    '/api/at': ({ query }) => momentAt(query.time ?? ''),
    '/api/series.csv': () => csvOf(feed.series),
  };
}

/** @throws NotThere naming what there is. */
function pick<Value>(table: Readonly<Record<string, Value>>, what: string, name: string): Value {
  const found = Object.hasOwn(table, name) ? table[name] : undefined;
  if (found === undefined) throw new NotThere(what, name, Object.keys(table));
  return found;
}

function projectsOf(world: World, view: View): ReadAnswer<'/api/projects'> {
  const blocksOf = (project: string): readonly BlockView[] => Object.values(view.blocks).filter((block) => block.project === project);
  const permitsOf = (project: string): readonly string[] =>
    Object.entries(view.permits).flatMap(([id, permit]) => (permit.project === project ? [id] : []));
  return Object.fromEntries(
    world.projects.map(({ id, name, campus }) => [id, { name, campus, blocks: blocksOf(id), permits: permitsOf(id) }]),
  );
}

function alarmsOf({ alarms }: View, status: string | undefined): View['alarms'] {
  if (status === undefined) return alarms;
  if (!alarmStatuses.some((known) => known === status))
    throw wrongInput(`status: found ${shown(status)}, allowed: ${alarmStatuses.join(', ')}`);
  return Object.fromEntries(Object.entries(alarms).filter(([, alarm]) => alarm.status === status));
}

function factKinds(feed: Feed): ReadAnswer<'/api/facts'> {
  return Object.fromEntries(
    registry.map(({ type, kind, summary }) => [type, { kind, summary, heardFacts: feed.heardFacts.get(type as FactType) ?? 0 }]),
  );
}

async function newestFacts(bus: Bus, type: string, query: Asked<'/api/facts/{type}'>['query']): Promise<readonly object[]> {
  const known = registry.find((definition) => definition.type === type);
  if (known === undefined) {
    const types = registry.map((definition) => definition.type);
    throw new NotThere('type', type, types);
  }
  for (const [name, value] of Object.entries(query))
    if (!tokenPattern.test(value)) throw wrongInput(`${name}: found ${shown(value)}, allowed: a name of a-z, 0-9, - and _`);
  const heard = await currentFacts(bus, [filterOf(bus.root, { type: known.type as FactType, ...query })]);
  return heard.map(({ fact }) => JSON.parse(new TextDecoder().decode(encodeFact(fact))) as object);
}

function seriesOf({ columns, rows }: Feed['series'], wanted: string | undefined): Feed['series'] {
  if (wanted === undefined) return { columns, rows };
  const names = wanted.split(',');
  const unknown = names.find((name) => !columns.includes(name));
  if (unknown !== undefined) throw wrongInput(`columns: found ${shown(unknown)}, allowed: ${columns.join(', ')}`);
  const kept = [0, ...names.filter((name) => name !== columns[0]).map((name) => columns.indexOf(name))];
  return { columns: kept.map((index) => columns[index] ?? ''), rows: rows.map((row) => kept.map((index) => row[index] ?? null)) };
}

function csvOf({ columns, rows }: Feed['series']): string {
  const lines = rows.map(([timeMs, ...values]) => [new Date(timeMs ?? 0).toISOString(), ...values.map((value) => value ?? '')].join(','));
  return `${['time', ...columns.slice(1)].join(',')}\n${lines.join('\n')}\n`;
}
