import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/openapi.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import type { Fact } from '../../shared/domain/fact.js';
import { registry } from '../../shared/events/registry.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { sceneFacts } from '../browser/scene.js';
import { publishScene, startTestApi, type TestApi } from '../browser/support.js';
import { runCommand } from '../support/commandLine.js';
import { startServers, type TestServers } from '../support/stack.js';

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
}
interface Operation {
  readonly operationId: string;
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** The same api before facts that the kernel made, and before a scene with alarms and outages. */
const worlds: readonly ['kernel' | 'scene', closedTicks: number, () => Promise<readonly Fact[]>][] = [
  [
    'kernel',
    0,
    async () => {
      const solver = await loadHighsSolver();
      const fast = createWholeWorld(threeAreas, solver);
      const facts = Array.from({ length: 130 }, () => fast.tick()).flat();
      solver.close();
      return facts;
    },
  ],
  ['scene', 100, () => Promise.resolve(sceneFacts(threeAreas, 100))],
];

describe.each(worlds)('the read API, over facts of the %s', (_name, closedTicks, factsOf) => {
  let servers: TestServers;
  let api: TestApi;
  let document: Document;
  let ajv: Ajv2020;
  beforeAll(async () => {
    servers = await startServers({ nats: true, roots: ['test-a'] });
    await publishScene(servers, await factsOf());
    api = await startTestApi(servers, threeAreas);
    document = (await (await fetch(`${api.url}/openapi.json`)).json()) as Document;
    ajv = new Ajv2020({ strict: false });
    (formats as unknown as (to: Ajv2020) => void)(ajv);
    ajv.addSchema({ ...document, $id: 'document' });
  }, 120_000);
  afterAll(async () => {
    await api.stop();
    await servers.stop();
  });

  /** The check of an answer, by path, status and kind of content. */
  function checkOf(path: string, status: number, content: string): ValidateFunction {
    const place = ['paths', path, 'get', 'responses', String(status), 'content', content, 'schema'];
    const check = ajv.getSchema(
      `document#/${place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`,
    );
    if (check === undefined) throw new Error(`${path}: the document has no ${content} of ${status}`);
    return check;
  }

  /** Paths as they are asked for: with every known name in place of a part in braces. */
  /** Twin time at which the world began. */
  async function startTime(): Promise<string> {
    return ((await (await fetch(`${api.url}/api/world`)).json()) as { startTime: string }).startTime;
  }

  async function addresses(path: string): Promise<readonly string[]> {
    const part = /\{\w+\}/.exec(path)?.[0];
    if (path === '/api/at') return [`${path}?time=${await startTime()}`];
    if (part === undefined) return [path];
    const list = (await (await fetch(`${api.url}${path.slice(0, path.lastIndexOf('/'))}`)).json()) as object;
    return Object.keys(list).map((name) => path.replace(part, name));
  }

  it('answers on every path of its document what the document says, for every name there is', async () => {
    let asked = 0;
    for (const [path, { get }] of Object.entries(document.paths)) {
      const [content = ''] = Object.keys(get.responses['200']?.content ?? {});
      if (content === 'text/event-stream') continue;
      const check = checkOf(path, 200, content);
      for (const address of await addresses(path)) {
        const answer = await fetch(`${api.url}${address}`);
        expect(answer.status, address).toBe(200);
        expect(answer.headers.get('content-type')?.split(';')[0], address).toBe(content);
        const text = await answer.text();
        expect(
          check(content === 'application/json' ? JSON.parse(text) : text),
          `${address} ${JSON.stringify(check.errors?.slice(0, 3))}`,
        ).toBe(true);
        asked += 1;
      }
    }
    expect(asked).toBeGreaterThan(registry.length + 30);
  });

  it('refuses in one line what is not there, not declared or not allowed, as documented', async () => {
    const expected: readonly [address: string, path: string, status: number, message: RegExp][] = [
      ['/api/regions/nowhere', '/api/regions/{region}', 404, /^region: found "nowhere", allowed: west, central, south$/],
      ['/api/regions/__proto__', '/api/regions/{region}', 404, /^region: found "__proto__"/],
      ['/api/campuses/nobody', '/api/campuses/{campus}', 404, /^campus: found "nobody", allowed: riverbend/],
      ['/api/permits/none', '/api/permits/{permit}', 404, /^permit: found "none", allowed: mesa-zoning, /],
      ['/api/facts/grid.price.v9', '/api/facts/{type}', 404, /^type: found "grid.price.v9", allowed: alarm\S+ .* and \d+ more$/],
      ['/api/facts/grid.price.v1?region=*', '/api/facts/{type}', 400, /^region: found "\*", allowed: a name of a-z/],
      ['/api/facts/grid.price.v1?entity=a.b', '/api/facts/{type}', 400, /^entity: found "a.b", allowed: a name of a-z/],
      ['/api/facts/grid.price.v1?area=west', '/api/facts/{type}', 400, /^query: found "area", allowed: region, entity$/],
      ['/api/series?columns=demandMw,nothing', '/api/series', 400, /^columns: found "nothing", allowed: timeMs, demandMw/],
      ['/api/series?columns=a&columns=b', '/api/series', 400, /^columns: found \["a","b"\], allowed: one text$/],
      ['/api/alarms?status=loud', '/api/alarms', 400, /^status: found "loud", allowed: active, acknowledged, returned, cleared$/],
      ['/api/events?before=1', '/api/events', 400, /^query: found "before", allowed: after$/],
      ['/api/state?x=1', '/api/state', 400, /^query: found "x", allowed: none$/],
    ];
    for (const [address, path, status, message] of expected) {
      const answer = await fetch(`${api.url}${address}`);
      const body = (await answer.json()) as { readonly error: { readonly message: string } };
      expect([address, answer.status]).toEqual([address, status]);
      expect(body.error.message).toMatch(message);
      expect(body.error.message).not.toContain('\n');
      expect(checkOf(path, status, 'application/json')(body), address).toBe(true);
    }
    const lost = await fetch(`${api.url}/api/nothing`);
    expect([lost.status, await lost.json()]).toEqual([
      404,
      { error: { code: 'TWIN_WRONG_INPUT', message: 'path: found /api/nothing, allowed: what /openapi.json names' } },
    ]);
  });

  it('answers another method with 405 and what is allowed, on every path', async () => {
    for (const path of Object.keys(document.paths)) {
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const answer = await fetch(`${api.url}${path.replace(/\{\w+\}/, 'x')}`, { method });
        const allowed = path === '/api/events' ? 'GET' : 'GET, HEAD';
        expect([path, method, answer.status, answer.headers.get('allow')]).toEqual([path, method, 405, allowed]);
        expect(checkOf(path, 405, 'application/json')(await answer.json()), path).toBe(true);
      }
    }
    const heads = ['/api/state', '/api/regions/west', '/metrics', '/api/events'].map((path) =>
      fetch(`${api.url}${path}`, { method: 'HEAD' }),
    );
    expect((await Promise.all(heads)).map(({ status }) => status)).toEqual([200, 200, 200, 405]);
    const answer = await fetch(`${api.url}/api/clock/pause`);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });

  it('narrows facts by region and entity, series by column, alarms by status', async () => {
    const read = async <Shape>(address: string): Promise<Shape> => (await (await fetch(`${api.url}${address}`)).json()) as Shape;
    const all = await read<readonly { readonly region: string }[]>('/api/facts/grid.price.v1');
    expect(all.map(({ region }) => region).sort()).toEqual(['central', 'south', 'west']);
    expect(await read('/api/facts/grid.price.v1?region=west')).toEqual(all.filter(({ region }) => region === 'west'));
    expect(await read('/api/facts/grid.price.v1?region=west&entity=central')).toEqual([]);
    const { columns, rows } = await read<{ readonly columns: readonly string[]; readonly rows: readonly unknown[][] }>(
      '/api/series?columns=price/west,demandMw',
    );
    expect(columns).toEqual(['timeMs', 'price/west', 'demandMw']);
    expect(rows).toHaveLength(closedTicks);
    expect(rows.every((row) => row.length === 3)).toBe(true);
    const alarms = await read<Record<string, { readonly status: string }>>('/api/alarms');
    const active = Object.entries(alarms).filter(([, { status }]) => status === 'active');
    expect(await read('/api/alarms?status=active')).toEqual(Object.fromEntries(active));
  });

  it('is what `openapi` prints, every reference leads somewhere, every part in braces is declared, and names of operations differ', async () => {
    expect(JSON.parse((await runCommand(register, ['openapi'])).out)).toEqual(document);
    expect(document.openapi).toBe('3.1.0');
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '');
    expect(references.length).toBeGreaterThan(100);
    expect(references.filter((name) => document.components.schemas[name] === undefined)).toEqual([]);
    const operations = Object.values(document.paths).map(({ get }) => get.operationId);
    expect(new Set(operations).size).toBe(operations.length);
    for (const [path, { get }] of Object.entries(document.paths)) {
      const inBraces = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      expect(get.parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name)).toEqual(inBraces);
    }
  });
});
