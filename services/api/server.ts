import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { fastify, type FastifyError, type FastifyInstance, type FastifyReply } from 'fastify';
import { ask } from '../../shared/bus/request.js';
import type { Bus } from '../../shared/bus/connect.js';
import { TwinError } from '../../shared/runtime/errors.js';
import type { World } from '../../shared/scenario/schema.js';
import type { Feed } from './feed.js';
import { guard, refuseDeepBody, securityHeaders } from './guard.js';
import { createHub } from './hub.js';
import { serveControls } from './controls.js';
import type { Injector } from './injector.js';
import type { People } from './people.js';
import { createMetrics } from './metrics.js';
import { NotThere } from './notThere.js';
import { createReadings } from './readings.js';
import { checkQuery, refuseOthers, serveReads } from './readRoutes.js';

/** What the page may ask of the clock. */
const clockVerbs = ['status', 'pause', 'resume', 'rate', 'step', 'rununtil', 'hold', 'release'] as const;
const maxStreams = 100;
const bodyLimitBytes = 16 * 1024;

export interface ServerParts {
  readonly bus: Bus;
  readonly world: World;
  readonly feed: Feed;
  readonly injector: Injector;
  readonly people: People;
  /** Of Loadstone. */
  readonly version: string;
  /** Where the twin runs from. */
  readonly homeDir: string;
}

/** The HTTP side of the twin: state, events, intents and the page. Listening is left to the caller. */
export async function createServer({ bus, world, feed, injector, people, version, homeDir }: ServerParts): Promise<FastifyInstance> {
  const server = fastify({ logger: false, bodyLimit: bodyLimitBytes, forceCloseConnections: true });
  const hub = createHub(feed);
  const metrics = createMetrics({ bus, feed, homeDir, clientCount: () => hub.clientCount });
  server.addHook('onClose', () => {
    hub.close();
    metrics.close();
  });
  server.addHook('onRequest', guard);
  server.addHook('preValidation', refuseDeepBody);
  server.setErrorHandler<FastifyError>((error, _request, reply) => reply.code(statusOf(error)).send(describe(error)));

  const readings = createReadings({ bus, world, feed, version, clientCount: () => hub.clientCount, metrics: () => metrics.read() });
  serveReads(server, readings);
  server.get<{ Querystring: { after?: string } }>('/api/events', { exposeHeadRoute: false }, (request, reply) => {
    checkQuery(request.query, ['after']);
    if (hub.clientCount >= maxStreams) throw new TwinError('TWIN_NOT_RUNNING', `events: ${maxStreams} clients are connected already`);
    reply.hijack();
    reply.raw.writeHead(200, {
      ...securityHeaders,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    hub.add(reply.raw, lastEventId(request.headers['last-event-id'] ?? request.query.after));
  });
  for (const verb of clockVerbs) {
    server.post(`/api/clock/${verb}`, (request) => {
      people.operatorOf(request);
      return ask(bus, 'clock', verb, request.body ?? {});
    });
  }
  serveControls(server, { injector, people, world });
  for (const path of [...clockVerbs.map((verb) => `/api/clock/${verb}`), '/api/inject']) refuseOthers(server, path, ['POST']);
  server.setNotFoundHandler((request, reply) => {
    const message = `path: found ${request.url.slice(0, 200)}, allowed: what /openapi.json names`;
    return reply.code(404).send({ error: { code: 'TWIN_WRONG_INPUT', message } });
  });
  await servePage(server);
  return server;
}

/** Folder of the built page: beside the compiled services, or in `dist` when run from source. */
function pageFolder(): string | null {
  const found = ['../../dashboard/', '../../dist/dashboard/'].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  return found.find((folder) => existsSync(`${folder}index.html`)) ?? null;
}

async function servePage(server: FastifyInstance): Promise<void> {
  const root = pageFolder();
  if (root !== null) {
    await server.register(fastifyStatic, { root, cacheControl: false });
    return;
  }
  server.get(
    '/',
    (_request, reply): FastifyReply => reply.code(503).type('text/plain').send('dashboard: is not built; run `npm run build`\n'),
  );
}

function lastEventId(header: string | readonly string[] | undefined): number | null {
  const id = Number(header);
  return header !== undefined && header !== '' && Number.isSafeInteger(id) && id >= 0 ? id : null;
}

function statusOf(error: FastifyError): number {
  if (!(error instanceof TwinError)) return error.statusCode ?? 500;
  if (error instanceof NotThere) return 404;
  switch (error.code) {
    case 'TWIN_WRONG_INPUT':
    case 'TWIN_MALFORMED_EVENT':
    case 'TWIN_UNKNOWN_EVENT':
      return 400;
    case 'TWIN_REFUSED':
      return 409;
    case 'TWIN_BUS_UNAVAILABLE':
    case 'TWIN_NOT_RUNNING':
    case 'TWIN_HISTORY_UNAVAILABLE':
    case 'TWIN_BENCH_PEER':
    case 'TWIN_RESULT_UNWRITABLE':
      return 503;
  }
}

function describe(error: FastifyError): { readonly error: { readonly code: string; readonly message: string } } {
  return { error: { code: error.code, message: error.message } };
}
