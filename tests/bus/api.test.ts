import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Frame, TailEntry, View } from '../../services/api/viewTypes.js';
import { filterOf } from '../../shared/bus/envelope.js';
import { currentFacts } from '../../shared/bus/newest.js';
import { ask, serve } from '../../shared/bus/request.js';
import type { FactOf } from '../../shared/domain/fact.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { sceneFacts } from '../browser/scene.js';
import { publishScene, startTestApi, type TestApi } from '../browser/support.js';
import { startServers, type TestServers } from '../support/stack.js';

const { world } = await resolveWorld({ scenario: 'three-areas' });
const facts = sceneFacts(world, 100);
const early = facts.filter(({ tick }) => tick < 70);

let servers: TestServers;
let api: TestApi;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['test-a'] });
  await publishScene(servers, early);
  api = await startTestApi(servers, world);
}, 60_000);
afterAll(async () => {
  await api.stop();
  await servers.stop();
});

async function read<Shape>(path: string): Promise<Shape> {
  return (await (await fetch(`${api.url}${path}`)).json()) as Shape;
}

interface Answer {
  readonly status: number;
  readonly body: {
    readonly accepted?: boolean;
    readonly tick?: number;
    readonly error?: { readonly code: string; readonly message: string };
  };
}

/** A POST with any headers, which `fetch` would not let through. */
function post(path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const payload = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(`${api.url}${path}`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Answer['body'] }));
    });
    call.on('error', reject);
    call.end(payload);
  });
}

/** Events of a stream until `isEnough`, with their ids. */
async function listen(
  headers: Readonly<Record<string, string>>,
  isEnough: (frames: readonly Frame[], entries: readonly TailEntry[]) => boolean,
): Promise<{ readonly frames: readonly Frame[]; readonly entries: readonly TailEntry[] }> {
  const abort = new AbortController();
  const answer = await fetch(`${api.url}/api/events`, { headers, signal: abort.signal });
  const frames: Frame[] = [];
  const entries: TailEntry[] = [];
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const data = /^data: (.*)$/m.exec(part)?.[1] ?? 'null';
      if (part.includes('event: frame')) frames.push(JSON.parse(data) as Frame);
      if (part.includes('event: milestone')) entries.push(JSON.parse(data) as TailEntry);
    }
    if (isEnough(frames, entries)) break;
  }
  abort.abort();
  return { frames, entries };
}

describe('what the api shows', () => {
  it('is what the stream says, over HTTP and over the bus', async () => {
    const view = await read<View>('/api/state');
    expect(view.system.mark?.tick).toBe(69);
    expect(view.outages['central-cc-3']?.isOut).toBe(true);
    const overBus = await ask<View>(await servers.connect('cli'), 'api', 'state');
    expect(overBus.campuses).toEqual(view.campuses);
    expect(await read('/healthz')).toMatchObject({ ok: true, tick: 69, behind: 0 });
  });

  it('names who and what there is without series', async () => {
    const summary = await read<Record<string, unknown>>('/api/world');
    expect(summary).toMatchObject({ name: 'three-areas', seed: world.seed, controls: 'single', utcOffsetMinutes: -360 });
    expect(summary).not.toHaveProperty('series');
  });

  it('has charts from before it was started, as JSON and as CSV with the same points', async () => {
    const series = await read<{ readonly columns: readonly string[]; readonly rows: readonly (readonly (number | null)[])[] }>(
      '/api/series',
    );
    expect(series.rows).toHaveLength(70);
    const csv = await (await fetch(`${api.url}/api/series.csv`)).text();
    const [head, ...lines] = csv.trimEnd().split('\n');
    expect(head).toBe(['time', ...series.columns.slice(1)].join(','));
    expect(
      lines.map((line) =>
        line
          .split(',')
          .slice(1)
          .map((cell) => (cell === '' ? null : Number(cell))),
      ),
    ).toEqual(series.rows.map((row) => row.slice(1)));
  });

  it('forbids inline scripts and frames, and allows no other origin', async () => {
    const answer = await fetch(`${api.url}/api/state`, { headers: { origin: 'http://elsewhere.example' } });
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('server-sent events', () => {
  it('begin whole, then bring the difference at most four times a second', async () => {
    const heard = listen({}, (frames) => frames.some(({ view }) => view.system?.mark?.tick === 89));
    await publishScene(
      servers,
      facts.filter(({ tick }) => tick >= 70 && tick < 90),
    );
    const { frames } = await heard;
    expect(frames[0]?.isWhole).toBe(true);
    expect(frames[0]?.rows.length).toBeGreaterThanOrEqual(70);
    const later = frames.slice(1);
    expect(later.every(({ isWhole }) => !isWhole)).toBe(true);
    expect(later.at(-1)?.view).not.toHaveProperty('agencies');
    expect(frames.flatMap(({ rows }) => rows)).toHaveLength(90);
  });

  it('go on behind the last milestone heard, without a gap or a repeat', async () => {
    const all = (await listen({}, (_frames, entries) => entries.length >= 10)).entries;
    const middle = all[4]?.id ?? 0;
    const rest = (await listen({ 'last-event-id': String(middle) }, (_frames, entries) => entries.at(-1)?.id === all.at(-1)?.id)).entries;
    expect(rest).toEqual(all.slice(5));
    expect(rest.some(({ text }) => text.includes('trips'))).toBe(true);
  });
});

describe('intents of a person', () => {
  const curtail = { action: 'curtail-campus', target: 'riverbend' } as const;

  it('are recorded as input at the newest tick, in the region of the target', async () => {
    const answer = await ask<{ readonly accepted: boolean; readonly tick: number }>(await servers.connect('cli'), 'api', 'inject', {
      action: 'trip-unit',
      target: world.network.units[0]?.id,
      actor: 'operator',
      reason: 'drill',
    });
    const tick = (await read<View>('/api/state')).system.mark?.tick ?? -1;
    expect(answer).toEqual({ accepted: true, tick });
    const [heard] = await currentFacts(await servers.connect('cli'), [filterOf('test-a', { type: 'control.audit.v1' })]);
    const fact = heard?.fact as FactOf<'control.audit.v1'>;
    const region = world.network.buses.find(({ id }) => id === world.network.units[0]?.bus)?.region;
    expect(fact).toMatchObject({
      component: 'api',
      tick,
      region,
      entity: world.network.units[0]?.id,
      data: { accepted: true, reason: 'drill' },
    });
    expect(fact.correlationId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('count up when the same is asked twice in one tick, also after a restart', async () => {
    const body = { action: 'pause-run', target: 'atlas', actor: 'operator', reason: 'drill' };
    expect((await post('/api/inject', body)).status).toBe(200);
    const { port } = api;
    await api.stop();
    api = await startTestApi(servers, world, port);
    expect((await post('/api/inject', body)).status).toBe(200);
    const [heard] = await currentFacts(await servers.connect('cli'), [filterOf('test-a', { type: 'control.audit.v1', entity: 'atlas' })]);
    expect(heard?.fact.n).toBe(1);
  });

  it.each([
    [{ action: 'explode', target: 'atlas' }, 'action: found "explode", allowed: trip-unit, '],
    [{ action: 'pause-run', target: 'nobody' }, 'target of pause-run: found "nobody", allowed: atlas, boreas, cinder, delta, dune, ember'],
    [{ action: 'trip-unit', target: 'nobody' }, ' more'],
    [{ action: 'pause-run', target: 'atlas', amountMw: 5 }, 'amountMw: found 5 for pause-run, allowed: none'],
    [{ ...curtail }, 'amountMw: found nothing, allowed: a number above 0 (MW)'],
    [{ ...curtail, amountMw: -5 }, 'amountMw: found -5'],
    [{ ...curtail, amountMw: '80 kW' }, 'amountMw: found "80 kW", allowed: a number above 0 (MW)'],
    [{ ...curtail, amountKw: 80_000 }, 'amountKw: found 80000 for curtail-campus, allowed: amountMw, request, '],
    [{ ...curtail, amountMw: 1.5e9 }, 'amountMw: found 1500000000 for riverbend, allowed: above 0 up to the 600 MW its connection allows'],
    [{ ...curtail, amountMw: 700, targetKind: 'limit' }, 'amountMw: found 700 for riverbend, allowed: from 0 up to the 600 MW'],
    [{ ...curtail, target: 'mesa', amountMw: 5 }, 'target of curtail-campus: found "mesa", allowed: riverbend'],
    [
      { ...curtail, amountMw: 5, fromTime: '2020-01-01T00:00:00Z' },
      'fromTime: found "2020-01-01T00:00:00Z", allowed: an RFC 3339 instant in UTC from 2027-',
    ],
    [
      { ...curtail, amountMw: 5, fromTime: '2030-01-01T00:00:00Z', untilTime: '2029-01-01T00:00:00Z' },
      'untilTime: found "2029-01-01T00:00:00Z", allowed: an RFC 3339 instant in UTC after 2030-01-01T00:00:00.000Z',
    ],
    [{ ...curtail, amountMw: 5, fromTime: 'tomorrow' }, 'fromTime: found "tomorrow", allowed: an RFC 3339 instant'],
    [{ ...curtail, amountMw: 5, rampMinutes: -1 }, 'rampMinutes: found -1, allowed: 0 to 1440 (min)'],
    [{ ...curtail, amountMw: 5, request: 'Über' }, 'request: found "Über", allowed: an id of a-z, 0-9, - and _'],
    [{ ...curtail, amountMw: 5, isBestEffort: 'yes' }, 'isBestEffort: found "yes", allowed: true or false'],
    [{ action: 'extend-campus', target: 'riverbend', request: 'none' }, 'request: found "none", allowed: none stands'],
    [{ action: 'release-campus', target: 'riverbend', request: 'none' }, 'request: found "none", allowed: none stands'],
  ])('are refused in one line that says what is allowed: %j', async (intent, message) => {
    const { status, body } = await post('/api/inject', { actor: 'operator', reason: 'drill', ...intent });
    expect(status).toBe(400);
    expect(body.error?.code).toBe('TWIN_WRONG_INPUT');
    expect(body.error?.message).toContain(message);
    expect(body.error?.message).not.toContain('\n');
  });

  it('ask for a load target under one id once', async () => {
    const body = { ...curtail, amountMw: 40, request: 'evening', untilTime: '2031-01-01T00:00:00Z', actor: 'operator', reason: 'drill' };
    const answers = await Promise.all([post('/api/inject', body), post('/api/inject', body)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = answers.find(({ status }) => status === 409);
    expect(refused?.body.error?.message).toBe('request: evening was asked for already (recorded); allowed: a new id');
  });

  it('need a reason', async () => {
    const { status, body } = await post('/api/inject', { action: 'pause-run', target: 'atlas', actor: 'operator' });
    expect([status, body.error?.message]).toEqual([400, 'reason: found nothing, allowed: a text of 1 to 200 characters']);
  });

  it('are recorded and refused when a permit is decided already', async () => {
    const { status, body } = await post('/api/inject', {
      action: 'deny-permit',
      target: 'mesa-zoning',
      actor: 'operator',
      reason: 'drill',
    });
    expect([status, body.error?.message]).toEqual([409, 'mesa-zoning: is already granted']);
    const [heard] = await currentFacts(await servers.connect('cli'), [
      filterOf('test-a', { type: 'control.audit.v1', entity: 'mesa-zoning' }),
    ]);
    expect(heard?.fact.data).toMatchObject({ accepted: false });
  });

  it.each<[string, Record<string, string>]>([
    ['origin', { origin: 'http://elsewhere.example' }],
    ['host', { host: 'elsewhere.example' }],
    ['sec-fetch-site', { 'sec-fetch-site': 'cross-site' }],
    ['content-type', { 'content-type': 'text/plain' }],
  ])('are not taken from a page of another site: %s', async (name, headers) => {
    const { status, body } = await post('/api/inject', { action: 'pause-run', target: 'atlas', actor: 'x', reason: 'x' }, headers);
    expect(status).toBe(403);
    expect(body.error?.message).toMatch(new RegExp(`^${name}: found `));
  });

  it('reach the clock, and its refusal comes back', async () => {
    await serve(await servers.connect('clock'), 'clock', {
      pause: (body) => ({ state: 'paused', asked: body }),
    });
    expect(await post('/api/clock/pause', { reason: 'drill' })).toMatchObject({
      status: 200,
      body: { state: 'paused', asked: { reason: 'drill' } },
    });
    const { status, body } = await post('/api/clock/resume', {});
    expect(status).toBe(503);
    expect(body.error?.message).toContain('clock: ');
    expect((await post('/api/clock/stop', {})).status).toBe(404);
  });
});
