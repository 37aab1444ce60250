import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeFact } from '../../shared/bus/envelope.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { changesOf, contractOf, contractPage, type Contract, type Shape } from '../../shared/events/contract.js';
import { registry } from '../../shared/events/registry.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { register } from '../../services/cli/commands/asyncapi.js';
import { runCommand } from '../support/commandLine.js';

interface Document {
  readonly channels: Readonly<Record<string, { readonly address: string }>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, object>>;
    readonly messages: Readonly<Record<string, { readonly examples: readonly { readonly payload: object }[] }>>;
  };
}

let text: string;
let document: Document;
beforeAll(async () => {
  text = (await runCommand(register, ['asyncapi'])).out;
  document = JSON.parse(text) as Document;
});

const ajv = new Ajv2020({ strict: false });
(formats as unknown as (to: Ajv2020) => void)(ajv);

describe('the AsyncAPI document', () => {
  it('is parsed by the parser of the specification without a diagnostic, with a channel and an operation for every event', async () => {
    const { document: parsed, diagnostics } = await new Parser().parse(text);
    expect(diagnostics.map(({ code, path, message }) => `${code} ${path.join('.')}: ${message}`)).toEqual([]);
    expect(parsed?.version()).toBe('3.1.0');
    expect(parsed?.channels().all().length).toBe(registry.length);
    expect(parsed?.operations().all().length).toBe(registry.length);
  }, 60_000);

  it('names subjects as the bus has them', () => {
    expect(document.channels['grid.price.v1']?.address).toBe('twin.{region}.grid.price.v1.{entity}');
  });

  it('has a whole fact as example of each, which fits its own schema', () => {
    for (const { type } of registry) {
      const fits = ajv.compile(document.components.schemas[type] ?? {});
      expect(fits(document.components.messages[type]?.examples[0]?.payload), `${type} ${JSON.stringify(fits.errors)}`).toBe(true);
    }
  });

  it('says of facts of the twin what is true of them, as they are on the wire', async () => {
    const solver = await loadHighsSolver();
    const fast = createWholeWorld(threeAreas, solver);
    const facts = Array.from({ length: 150 }, () => fast.tick()).flat();
    solver.close();
    const checks = new Map(registry.map(({ type }) => [type as string, ajv.compile(document.components.schemas[type] ?? {})]));
    const wrong = facts.flatMap((fact) => {
      const check = checks.get(fact.type);
      const wire: unknown = JSON.parse(new TextDecoder().decode(encodeFact(fact)));
      return check?.(wire) === true ? [] : [`${fact.id}: ${JSON.stringify(check?.errors)}`];
    });
    expect(wrong.slice(0, 3)).toEqual([]);
    expect(new Set(facts.map(({ type }) => type)).size).toBeGreaterThan(25);
  }, 60_000);
});

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
const released = JSON.parse(readFileSync(new URL(`./released/contract-${version}.json`, import.meta.url), 'utf8')) as Contract;
const now = contractOf(registry, version);

/** The released contract with the shape of one event changed. */
function changed(type: string, change: (data: Shape) => Shape): Contract {
  const event = released.events[type];
  if (event === undefined) throw new Error(`no ${type}`);
  return { ...released, events: { ...released.events, [type]: { ...event, data: change(event.data) } } };
}

const withProperty =
  (name: string, shape: Shape, required: boolean) =>
  (data: Shape): Shape => ({
    ...data,
    properties: { ...data.properties, [name]: shape },
    required: required ? [...(data.required ?? []), name] : (data.required ?? []),
  });
const without =
  (name: string) =>
  (data: Shape): Shape => {
    const { [name]: _gone, ...properties } = data.properties ?? {};
    return { ...data, properties, required: (data.required ?? []).filter((each) => each !== name) };
  };
const demand = 'grid.demand.v1';
const native = released.events[demand]?.data.properties?.['nativeMw'] ?? {};

describe('the contract with integrators', () => {
  it('of the last release is kept: nothing of it is broken (else: a new version of the event)', () => {
    expect(changesOf(released, now).breaking).toEqual([]);
  });

  it('has its changes on a page that is up to date (else: npm run reference)', () => {
    const page = readFileSync(new URL('../../docs/reference/contract-changes.md', import.meta.url), 'utf8');
    expect(page).toBe(contractPage(released, changesOf(released, now)));
  });

  it.each<[string, Contract, string]>([
    [
      'an event is gone',
      { ...released, events: Object.fromEntries(Object.entries(released.events).filter(([type]) => type !== demand)) },
      `${demand}: is gone`,
    ],
    ['a field is gone', changed(demand, without('nativeMw')), `${demand}.nativeMw: is gone`],
    [
      'a field has another unit',
      changed(demand, withProperty('nativeMw', { ...native, unit: 'kW' }, false)),
      `${demand}.nativeMw: unit was "MW", is "kW"`,
    ],
    [
      'a field has another type',
      changed(demand, withProperty('nativeMw', { ...native, type: 'string' }, false)),
      `${demand}.nativeMw: type was "number", is "string"`,
    ],
    [
      'a field may be absent',
      changed(demand, (data) => ({ ...data, required: (data.required ?? []).filter((name) => name !== 'nativeMw') })),
      `${demand}.nativeMw: was always there, may be absent`,
    ],
    [
      'a range is wider',
      changed(demand, withProperty('nativeMw', { ...native, minimum: -5 }, false)),
      `${demand}.nativeMw: was at least 0, is -5`,
    ],
    [
      'a word is not said any more',
      changed('grid.reserve.v1', withProperty('state', { type: 'string', enum: ['normal'] }, false)),
      'grid.reserve.v1.state: "watch" is not said any more',
    ],
  ])('is broken when %s', (_what, later, line) => {
    expect(changesOf(released, later).breaking).toContain(line);
  });

  it.each<[string, Contract, string]>([
    ['a field comes', changed(demand, withProperty('exportMw', { type: 'number' }, false)), `${demand}.exportMw: new`],
    ['a range is narrower', changed(demand, withProperty('nativeMw', { ...native, maximum: 1e6 }, false)), ''],
    [
      'an event comes',
      { ...released, events: { ...released.events, 'grid.weather.v1': { kind: 'state', data: {} } } },
      'grid.weather.v1: new',
    ],
  ])('is kept when %s', (_what, later, line) => {
    const { breaking, added } = changesOf(released, later);
    expect(breaking).toEqual([]);
    expect(added).toEqual(line === '' ? [] : [line]);
  });
});
