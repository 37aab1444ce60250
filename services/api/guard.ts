import type { FastifyReply, FastifyRequest } from 'fastify';
import { wrongInput } from '../../shared/runtime/errors.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Methods of this path; a route that has it stands for all others and is refused. */
    readonly allow?: string;
  }
}

/** Headers of every answer: the page may load and call nothing but its own server, run no inline script and stand in no frame. */
export const securityHeaders = {
  'content-security-policy': "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const localNames = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * Refuses what a page of another site could send: a foreign Host (DNS rebinding), and on anything but reading a foreign Origin,
 * a cross-site fetch or a body that is not JSON. A client that is no browser sends neither Origin nor Sec-Fetch-Site and passes.
 */
export async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers(securityHeaders);
  // Names below /assets/ carry a hash of what is in them.
  reply.header('cache-control', request.url.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store');
  const { allow } = request.routeOptions.config;
  if (allow !== undefined) {
    const message = `method: found ${request.method} for ${request.routeOptions.url ?? ''}, allowed: ${allow}`;
    await reply
      .code(405)
      .header('allow', allow)
      .send({ error: { code: 'TWIN_WRONG_INPUT', message } });
    return;
  }
  const trouble = troubleWith(request);
  if (trouble !== null) await reply.code(403).send({ error: { code: 'TWIN_REFUSED', message: trouble } });
}

/** Levels of a body at most; those that mean something have two or three. */
const mostLevels = 32;

/** Refuses a body of lists in lists, over which whoever writes it down again would run out of stack. */
export async function refuseDeepBody(request: FastifyRequest): Promise<void> {
  let level: readonly unknown[] = [request.body];
  for (let depth = 0; depth < mostLevels && level.length > 0; depth += 1)
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? Object.values(value) : []));
  if (level.length > 0) throw wrongInput(`body: found lists and objects in more than ${mostLevels} levels, allowed: ${mostLevels}`);
}

function troubleWith(request: FastifyRequest): string | null {
  const host = request.headers.host ?? '';
  if (!localNames.includes(host.replace(/:\d+$/, ''))) return `host: found ${JSON.stringify(host)}, allowed: ${localNames.join(', ')}`;
  if (request.method === 'GET' || request.method === 'HEAD') return null;
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${host}`) return `origin: found ${JSON.stringify(origin)}, allowed: http://${host}`;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return `sec-fetch-site: found ${JSON.stringify(site)}, allowed: same-origin`;
  const type = request.headers['content-type'];
  if (type === undefined || !/^application\/json\s*(;|$)/i.test(type))
    return `content-type: found ${JSON.stringify(type)}, allowed: application/json`;
  return null;
}
