import { Type, type Static, type TSchema } from 'typebox';
import * as schemas from './schemas.js';

/** Something that can be read by GET. */
export interface ReadDeclaration {
  /** What it answers, in a sentence. */
  readonly summary: string;
  readonly content: 'application/json' | 'text/csv' | 'text/plain' | 'text/event-stream';
  /** JSON Schema of the answer; of the whole text where it is no JSON. */
  readonly answer: TSchema;
  /** Parts of the path in braces, and what they name. */
  readonly params?: Readonly<Record<string, string>>;
  /** What may stand behind `?`; others are refused. */
  readonly query?: Readonly<Record<string, string>>;
}

const { tableOf } = schemas;
const json = 'application/json';

/** Everything that can be read, by path: the routes of the api and its OpenAPI document are made from this table alone. */
export const reads = {
  '/healthz': { summary: 'Whether the service is up, and how far it has read.', content: json, answer: schemas.health },
  '/metrics': { summary: 'Measured values in the text format of Prometheus.', content: 'text/plain', answer: Type.String() },
  '/openapi.json': { summary: 'This document.', content: json, answer: Type.Object({}) },
  '/api/world': { summary: 'Who and what there is, without series, profiles and network.', content: json, answer: schemas.world },
  '/api/state': { summary: 'Everything that is known of now.', content: json, answer: schemas.state },
  '/api/regions': { summary: 'All regions.', content: json, answer: tableOf(schemas.region, 'By region.') },
  '/api/regions/{region}': {
    summary: 'Supply, demand, price, flows and forecast of one region.',
    content: json,
    answer: schemas.region,
    params: { region: 'Balancing area.' },
  },
  '/api/campuses': { summary: 'All campuses.', content: json, answer: tableOf(schemas.campus, 'By campus.') },
  '/api/campuses/{campus}': {
    summary: 'What a campus wants, draws and may draw, what is asked of it and how it answered.',
    content: json,
    answer: schemas.campus,
    params: { campus: 'One grid connection.' },
  },
  '/api/runs': { summary: 'All training runs.', content: json, answer: tableOf(schemas.run, 'By run.') },
  '/api/runs/{run}': { summary: 'One training run.', content: json, answer: schemas.run, params: { run: 'Training run.' } },
  '/api/projects': { summary: 'All projects.', content: json, answer: tableOf(schemas.project, 'By project.') },
  '/api/projects/{project}': {
    summary: 'The blocks and permits of one project.',
    content: json,
    answer: schemas.project,
    params: { project: 'Who builds a campus.' },
  },
  '/api/permits': { summary: 'All permits.', content: json, answer: tableOf(schemas.permit, 'By permit.') },
  '/api/permits/{permit}': { summary: 'One permit.', content: json, answer: schemas.permit, params: { permit: 'Permit.' } },
  '/api/ladders': {
    summary: 'Curtailments of campuses, from order to settlement.',
    content: json,
    answer: tableOf(schemas.ladder, 'By `<campus>/<first order>`.'),
  },
  '/api/alarms': {
    summary: 'All alarms; cleared ones stay until they are raised again.',
    content: json,
    answer: tableOf(schemas.alarm, 'By alarm.'),
    query: { status: 'Only those that are `active`, `acknowledged`, `returned` or `cleared`.' },
  },
  '/api/alarms/{alarm}': { summary: 'One alarm.', content: json, answer: schemas.alarm, params: { alarm: 'Alarm.' } },
  '/api/facts': { summary: 'All types of facts.', content: json, answer: tableOf(schemas.factKind, 'By type.') },
  '/api/facts/{type}': {
    summary: 'The newest fact of one type on each of its subjects, as it is in the stream, in the order of the stream.',
    content: json,
    answer: Type.Array(schemas.fact),
    params: { type: 'Type of fact, such as `grid.price.v1`.' },
    query: { region: 'Only those of one balancing area, or of `all`.', entity: 'Only that about one entity.' },
  },
  '/api/series': {
    summary: 'The charts of the newest ticks, a row for each tick.',
    content: json,
    answer: schemas.series,
    query: { columns: 'Only these, separated by commas; `timeMs` always comes first.' },
  },
  '/api/at': {
    summary: 'The twin as it was known at an instant of twin time that the stream still holds, with the charts and events before it.',
    content: json,
    answer: schemas.moment,
    query: { time: 'The instant, RFC 3339; needed.' },
  },
  '/api/series.csv': { summary: 'The same as CSV, with RFC 3339 times.', content: 'text/csv', answer: Type.String() },
  '/api/events': {
    summary:
      'Server-sent events: `frame` is the whole state first and then what changed, at most four times a second; `milestone` comes once each, with ' +
      'its stream sequence as id. `Last-Event-ID` goes on behind a milestone.',
    content: 'text/event-stream',
    answer: Type.String(),
    query: { after: 'The same as `Last-Event-ID`, for clients that cannot set it.' },
  },
} as const satisfies Readonly<Record<string, ReadDeclaration>>;

export type ReadPath = keyof typeof reads;

type Frozen<Value> = Value extends readonly (infer Element)[]
  ? readonly Frozen<Element>[]
  : Value extends object
    ? { readonly [Key in keyof Value]: Frozen<Value[Key]> }
    : Value;

/** What a path answers, as declared. */
export type ReadAnswer<Path extends ReadPath> = Frozen<Static<(typeof reads)[Path]['answer']>>;

/** Parts of a path in braces. */
export type ReadParams<Path extends ReadPath> = (typeof reads)[Path] extends { readonly params: infer Params } ? keyof Params : never;

/** Names that may stand behind `?` of a path. */
export type ReadQuery<Path extends ReadPath> = (typeof reads)[Path] extends { readonly query: infer Query } ? keyof Query : never;
