import type { FastifyInstance, FastifyRequest } from 'fastify';
import { shown } from '../../shared/domain/shown.js';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';
import type { World } from '../../shared/scenario/schema.js';
import type { Injector } from './injector.js';
import { cookieOf, type People } from './people.js';

/** Who is at the other end, as `/api/session` says it. */
export interface Session {
  /** Null: nobody who is known. */
  readonly name: string | null;
  readonly role: string | null;
  /** Whether changes need an operator's token. */
  readonly isClosed: boolean;
  readonly controls: 'single' | 'two-person';
}

/** Routes of what people ask for: who they are, what it would do, doing it, and confirming what another proposed. */
export function serveControls(
  server: FastifyInstance,
  { injector, people, world }: { readonly injector: Injector; readonly people: People; readonly world: World },
): void {
  const controls = world.controls ?? 'single';
  const sessionOf = (request: FastifyRequest): Session => {
    const person = people.of(request);
    return { name: person?.name ?? null, role: person?.role ?? null, isClosed: people.isClosed(), controls };
  };
  server.get('/api/session', (request) => Promise.resolve(sessionOf(request)));
  server.post<{ Body: { token?: unknown } | null }>('/api/session', async (request, reply): Promise<Session> => {
    const token = tokenIn(request.body?.token ?? '');
    const person = token === '' ? null : people.ofToken(token);
    if (token !== '' && person === null)
      throw new TwinError('TWIN_REFUSED', 'access: found a token that is not known, allowed: one that was granted');
    reply.header('set-cookie', cookieOf(token));
    return { name: person?.name ?? null, role: person?.role ?? null, isClosed: people.isClosed(), controls };
  });
  server.get('/api/proposals', () => Promise.resolve(injector.proposals()));
  server.post('/api/effect', async (request) => injector.effect(named(request, people)));
  server.post('/api/inject', (request) => injector.inject(named(request, people)));
  server.post('/api/note', (request) => injector.note(named(request, people)));
  server.post('/api/proposals/confirm', (request) => injector.confirm(named(request, people)));
  server.post('/api/proposals/withdraw', (request) => injector.withdraw(named(request, people)));
}

function tokenIn(value: unknown): string {
  if (typeof value === 'string') return value;
  throw wrongInput(`token: found ${shown(value)}, allowed: the text that was granted, or none`);
}

/** The body in the name of who sends it: a person with a token is nobody else, whatever the body says. */
function named(request: FastifyRequest, people: People): unknown {
  const person = people.operatorOf(request);
  const body = request.body;
  return person === null || typeof body !== 'object' || body === null ? body : { ...body, actor: person.name };
}
