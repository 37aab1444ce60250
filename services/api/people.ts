import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { peopleOf, personOf, type Person } from '../../shared/runtime/access.js';
import { TwinError } from '../../shared/runtime/errors.js';

const cookieName = 'loadstone';

/** Who is behind requests to the api. */
export interface People {
  /** Whether somebody was granted access, so that changes need a token. */
  isClosed(): boolean;
  of(request: FastifyRequest): Person | null;
  ofToken(token: string): Person | null;
  /**
   * Who may change the twin; null: anybody may, and nobody is known.
   * @throws TWIN_REFUSED without an operator's token where one is needed.
   */
  operatorOf(request: FastifyRequest): Person | null;
}

/** Reads the list of a home again whenever it has changed, so that what is revoked ends at once. */
export function createPeople(home: string, needsOperator: boolean): People {
  let known: { readonly changedMs: number; readonly people: readonly Person[] } = { changedMs: -1, people: [] };
  const now = (): readonly Person[] => {
    const changedMs = statSync(join(home, 'access.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (changedMs !== known.changedMs) known = { changedMs, people: peopleOf(home) };
    return known.people;
  };
  const of = (request: FastifyRequest): Person | null => {
    const token = tokenOf(request);
    return token === null ? null : personOf(now(), token);
  };
  const isClosed = (): boolean => needsOperator || now().length > 0;
  return {
    isClosed,
    of,
    ofToken: (token) => personOf(now(), token),
    operatorOf: (request) => {
      const person = of(request);
      if (person?.role === 'operator') return person;
      if (!isClosed() && tokenOf(request) === null) return null;
      const found =
        person === null ? (tokenOf(request) === null ? 'no token' : 'a token that is not known') : `${person.name}, ${person.role}`;
      throw new TwinError(
        'TWIN_REFUSED',
        `access: found ${found}, allowed: an operator; \`npx loadstone access grant NAME\` gives a token`,
      );
    },
  };
}

function tokenOf(request: FastifyRequest): string | null {
  const { authorization = '', cookie = '' } = request.headers;
  if (/^Bearer /i.test(authorization)) return authorization.slice('Bearer '.length).trim();
  const found = cookie.split(/;\s*/).find((part) => part.startsWith(`${cookieName}=`));
  return found === undefined ? null : decodeURIComponent(found.slice(cookieName.length + 1));
}

/** The cookie that keeps a token in a browser: no script reads it, no other site sends it. */
export function cookieOf(token: string): string {
  const kept = token === '' ? '; Max-Age=0' : '';
  return `${cookieName}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict${kept}`;
}
