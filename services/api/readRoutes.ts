import type { FastifyInstance, HTTPMethods } from 'fastify';
import { reads, type ReadDeclaration, type ReadPath } from '../../shared/api/reads.js';
import { shown } from '../../shared/domain/shown.js';
import { wrongInput } from '../../shared/runtime/errors.js';
import type { Readings } from './readings.js';

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

type AnyReading = (asked: { readonly params: unknown; readonly query: unknown }) => unknown;

/** Makes a route of every path in the table of reads; other methods are refused, and so is what is not declared behind `?`. */
export function serveReads(server: FastifyInstance, readings: Readings): void {
  for (const [path, { content, query }] of Object.entries<ReadDeclaration>(reads)) {
    // The event stream has no end, so that nobody could wait for its head alone.
    refuseOthers(server, routeOf(path), path === '/api/events' ? ['GET'] : ['GET', 'HEAD']);
    if (path === '/api/events') continue;
    const read = readings[path as Exclude<ReadPath, '/api/events'>] as AnyReading;
    server.get<{ Params: Record<string, string>; Querystring: Record<string, unknown> }>(routeOf(path), async (request, reply) => {
      checkQuery(request.query, Object.keys(query ?? {}));
      const answer = await read({ params: request.params, query: request.query });
      return reply.type(content === 'text/plain' ? 'text/plain; version=0.0.4; charset=utf-8' : content).send(answer);
    });
  }
}

/** Answers every other method than those of a path with 405. */
export function refuseOthers(server: FastifyInstance, url: string, allowed: readonly HTTPMethods[]): void {
  server.route({
    method: methods.filter((method) => !allowed.includes(method)),
    url,
    config: { allow: allowed.join(', ') },
    handler: () => undefined,
  });
}

/** `/api/regions/{region}` is `/api/regions/:region` of the server. */
function routeOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** @throws TWIN_WRONG_INPUT for a name that is not declared behind `?`, and for one without or with several values. */
export function checkQuery(query: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name)) throw wrongInput(`query: found ${shown(name)}, allowed: ${known.length === 0 ? 'none' : known.join(', ')}`);
    if (typeof value !== 'string' || value === '') throw wrongInput(`${name}: found ${shown(value)}, allowed: one text`);
  }
}
