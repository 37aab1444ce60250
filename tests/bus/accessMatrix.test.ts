import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reads } from '../../shared/api/reads.js';
import { storeWorld } from '../../shared/bus/world.js';
import { grantAccess, revokeAccess } from '../../shared/runtime/access.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { startTestApi, type TestApi } from '../browser/support.js';
import { startServers, type TestServers } from '../support/stack.js';

const clockVerbs = ['status', 'pause', 'resume', 'rate', 'step', 'rununtil', 'hold', 'release'];
/** Everything that can be sent to the api; `session` is how somebody comes in. */
const sends = [
  ...clockVerbs.map((verb) => `/api/clock/${verb}`),
  '/api/inject',
  '/api/effect',
  '/api/note',
  '/api/proposals/confirm',
  '/api/proposals/withdraw',
];
const paths = Object.keys(reads).filter((path) => !path.includes('{') && path !== '/api/events' && path !== '/api/at');

let servers: TestServers;
let api: TestApi;
const tokens: Record<'operator' | 'observer' | 'stranger' | 'revoked', string> = { operator: '', observer: '', stranger: '', revoked: '' };

beforeAll(async () => {
  const { world, hash } = await resolveWorld({ scenario: 'three-areas' });
  servers = await startServers({ nats: true, roots: ['twin'] });
  await storeWorld(await servers.connect('supervisor'), world, hash);
  api = await startTestApi(servers, world);
}, 60_000);
afterAll(async () => {
  await api.stop();
  await servers.stop();
});

/** How a cell of the matrix is answered: by the door, or by what lies behind it. */
async function tried(method: 'GET' | 'POST', path: string, token: string | null): Promise<'door' | 'inside'> {
  const answer = await fetch(`${api.url}${path}`, {
    method,
    headers: {
      ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(method === 'POST' ? { body: '{}' } : {}),
  });
  const text = await answer.text();
  return answer.status === 409 && text.includes('"access: ') ? 'door' : 'inside';
}

async function matrix(token: string | null): Promise<{ readonly reads: readonly string[]; readonly sends: readonly string[] }> {
  const of = async (method: 'GET' | 'POST', list: readonly string[]): Promise<readonly string[]> => {
    const cells = await Promise.all(list.map(async (path) => ({ path, found: await tried(method, path, token) })));
    return cells.filter(({ found }) => found === 'door').map(({ path }) => path);
  };
  return { reads: await of('GET', paths), sends: await of('POST', sends) };
}

describe('who may do what over http', () => {
  it('before anybody was granted access is anybody on this machine, but for a token that is nobody\u2019s', async () => {
    expect(await matrix(null)).toEqual({ reads: [], sends: [] });
    expect(await matrix('ana.wrong')).toEqual({ reads: [], sends });
  });

  it('from the first grant on is operators for every change, and anybody for what is read: every role on every route', async () => {
    tokens.operator = grantAccess(servers.home, 'ana', 'operator');
    tokens.observer = grantAccess(servers.home, 'cy', 'observer');
    tokens.revoked = grantAccess(servers.home, 'bo', 'operator');
    revokeAccess(servers.home, 'bo');
    const nothing = { reads: [], sends: [] };
    const everyChange = { reads: [], sends };
    expect(await matrix(tokens.operator)).toEqual(nothing);
    for (const token of [tokens.observer, tokens.revoked, 'nobody.knows-this', null]) expect(await matrix(token)).toEqual(everyChange);
  });

  it('takes a token as a cookie as well as a header, and gives one out for a token that is known only', async () => {
    const sign = (token: string): Promise<Response> =>
      fetch(`${api.url}/api/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ token }) });
    const answer = await sign(tokens.operator);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^loadstone=ana\.[\w-]+; Path=\/; HttpOnly; SameSite=Strict$/);
    const session = await fetch(`${api.url}/api/session`, { headers: { cookie: cookie.split(';')[0] ?? '' } });
    expect(await session.json()).toEqual({ name: 'ana', role: 'operator', isClosed: true, controls: 'single' });
    const refused = await sign('ana.wrong');
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([409, null]);
  });

  it('does not let another site send what a browser is signed in for', async () => {
    const answer = await fetch(`${api.url}/api/inject`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokens.operator}`, origin: 'http://elsewhere.example' },
      body: '{}',
    });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('origin: found')]);
  });
});
