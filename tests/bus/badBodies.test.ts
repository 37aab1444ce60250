import { request } from 'node:http';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { filterOf } from '../../shared/bus/envelope.js';
import { currentFacts } from '../../shared/bus/newest.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { sceneFacts } from '../browser/scene.js';
import { publishScene, startTestApi, type TestApi } from '../browser/support.js';
import { anyBytes, complaintAboutLine, everyCaseLater, oddTexts, spoilt } from '../support/badInput.js';
import { startServers, type TestServers } from '../support/stack.js';

const { world } = await resolveWorld({ scenario: 'three-areas' });

let servers: TestServers;
let api: TestApi;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['test-a'] });
  await publishScene(servers, sceneFacts(world, 20));
  api = await startTestApi(servers, world);
}, 60_000);
afterAll(async () => {
  await api.stop();
  await servers.stop();
});

interface Sent {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: Buffer | null;
}

/** What is wrong with the answer to something odd; null: it is answered, or refused with a code, in one line, and is no error of the server. */
function complaintOf({ method, path, body }: Sent): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const headers = body === null ? {} : { 'content-type': 'application/json' };
    const call = request(`${api.url}${path}`, { method, headers, timeout: 5_000 }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => {
        const status = answer.statusCode ?? 0;
        if (status === 500 || status === 0) return resolve(`${status}: ${text.slice(0, 200)}`);
        if (status < 400) return resolve(null);
        const error = (JSON.parse(text) as { readonly error?: { readonly code: string; readonly message: string } }).error;
        resolve(error === undefined ? `${status} without an error: ${text.slice(0, 200)}` : complaintAboutLine(error.message));
      });
    });
    call.on('timeout', () => call.destroy(new Error('no answer in 5 s')));
    call.on('error', reject);
    call.end(body);
  });
}

const who = { actor: 'ada', reason: 'drill' };
const posts: readonly (readonly [path: string, sound: unknown])[] = [
  ['/api/inject', { ...who, action: 'pause-run', target: 'atlas' }],
  ['/api/effect', { ...who, action: 'trip-campus', target: 'riverbend' }],
  ['/api/session', { token: 'none' }],
  ['/api/proposals/confirm', { ...who, proposal: 'x', hash: 'y' }],
  ['/api/proposals/withdraw', { ...who, proposal: 'x' }],
  ['/api/clock/rate', { rate: 60, reason: 'drill' }],
  ['/api/clock/step', { ticks: 1 }],
  ['/api/clock/rununtil', { time: '2027-07-14T00:00:00.000Z' }],
];

describe('a body that is odd', () => {
  test.each(posts)('is answered or refused in one line by %s, and is no error of the server', async (path, sound) => {
    const odd = fc.oneof(
      spoilt(sound).map((value) => Buffer.from(JSON.stringify(value) ?? '')),
      anyBytes,
    );
    await everyCaseLater(odd, (body) => complaintOf({ method: 'POST', path, body }));
  });

  test.each([...posts.map(([path]) => path), '/api/clock/pause', '/api/clock/hold'])('of lists in lists is refused by %s', async (path) => {
    for (const text of [
      '['.repeat(8_000) + ']'.repeat(8_000),
      `{"token":${'['.repeat(7_000)}${']'.repeat(7_000)}}`,
      '{"token":{"toString":1,"valueOf":1}}',
    ])
      expect(await complaintOf({ method: 'POST', path, body: Buffer.from(text) })).toBeNull();
  });
});

describe('an address that is odd', () => {
  test('is answered or refused in one line, whatever is read', async () => {
    const { paths } = (await (await fetch(`${api.url}/openapi.json`)).json()) as {
      readonly paths: Readonly<Record<string, { readonly get?: unknown }>>;
    };
    const reads = Object.keys(paths).filter((path) => paths[path]?.get !== undefined && path !== '/api/events');
    expect(reads.length).toBeGreaterThan(5);
    const short = fc.constantFrom(
      ...oddTexts.filter((text) => text.length < 100 && !/[\ud800-\udfff]/.test(text)),
      '%',
      '%00',
      '%2e%2e%2f',
    );
    const address = fc.record({
      path: fc.constantFrom(...reads),
      part: short,
      name: fc.oneof(short, fc.constantFrom('time', 'after', 'limit', 'status', 'columns')),
      value: short,
    });
    await everyCaseLater(
      address,
      ({ path, part, name, value }) => {
        const filled = path.replaceAll(/\{[^}]+\}/g, encodeURIComponent(part));
        return complaintOf({ method: 'GET', path: `${filled}?${encodeURIComponent(name)}=${encodeURIComponent(value)}`, body: null });
      },
      1,
    );
  });
});

test('after all of it what stands in the record fits its declaration', async () => {
  const heard = await currentFacts(await servers.connect('cli'), [filterOf('test-a', { type: 'control.audit.v1' })]);
  expect(heard.length).toBeGreaterThan(0);
});
