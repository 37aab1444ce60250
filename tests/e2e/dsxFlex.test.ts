import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallDelay } from '../../shared/runtime/clock.js';
import { opened, sealed, sourceOf, type SignedEvent } from '../../shared/dsx/envelope.js';
import { newKeyPair, verifyJws, type Jwk } from '../../shared/dsx/jws.js';
import { agentFile, isvFile, type IsvSettings } from '../../shared/dsx/settings.js';
import type { Secrets } from '../../shared/runtime/config.js';
import { noSpec, specFile, validatorOf } from '../support/dsxSpec.js';
import { startTwin, type TestTwin } from '../support/twin.js';

interface FeedTold {
  readonly event: string;
  readonly in_flight: boolean;
  readonly compliant: boolean;
  readonly calculated_load: { readonly value: number };
  readonly targets: readonly { readonly correlation_id: string; readonly active: boolean }[];
}
interface Told {
  readonly envelope: SignedEvent;
  readonly data: {
    readonly snapshot_time: string;
    readonly feeds?: Readonly<Record<string, FeedTold>>;
    readonly refusals?: readonly { readonly correlation_id: string; readonly reason: string }[];
    readonly status?: string;
    readonly severity?: string;
    readonly breach?: { readonly breach_id: string; readonly resolved_at?: string };
    readonly infrastructure_actions?: readonly string[];
  };
}

let twin: TestTwin;
let client: MqttClient;
let isv: IsvSettings;
const told: Told[] = [];
const wire: { readonly envelope: unknown; readonly data: Told['data'] }[] = [];

beforeAll(async () => {
  twin = await startTwin('--scenario', 'three-areas', '--rate', '1500');
  const made = await twin.cli('dsx', 'init', '--isv', 'acme', '--feeds', 'riverbend');
  expect(made.code, made.stderr).toBe(0);
  isv = JSON.parse(readFileSync(isvFile(twin.home, 'acme'), 'utf8')) as IsvSettings;
  const { nats } = JSON.parse(readFileSync(join(twin.home, 'run/secrets.json'), 'utf8')) as Secrets;
  client = await mqtt.connectAsync(twin.endpoints().servers.nats.mqttUrl, {
    username: 'isv',
    password: nats['isv'] ?? '',
    clientId: 'acme',
    protocolVersion: 4,
    clean: true,
  });
  await client.subscribeAsync('grid/v1/dsx-flex-agent/+/powerstate/status', { qos: 0 });
  await client.subscribeAsync('grid/v1/dsx-flex-agent/+/powerbreach', { qos: 0 });
  client.on('message', (_topic, payload) => {
    const types = ['grid.powerstate.status.v1', 'grid.powerbreach.alert.v1'] as const;
    const envelope = opened(payload, { types, source: sourceOf('dsx-flex-agent', isv.agent) });
    const data = verifyJws(envelope.data, isv.agentKeys) as Told['data'];
    told.push({ envelope, data });
    wire.push({ envelope: JSON.parse(payload.toString()) as unknown, data });
  });
  // The settings are looked at once a second.
  await wallDelay(1_500);
}, 120_000);
afterAll(async () => {
  await client?.endAsync();
  await twin?.stop();
});

async function send(targets: readonly object[], change: { readonly key?: Jwk; readonly id?: string } = {}): Promise<string> {
  const correlationId = change.id ?? crypto.randomUUID();
  const event = { type: 'grid.loadtarget.set.v1', source: sourceOf('isv', 'acme'), correlationId, trace: null } as const;
  const text = sealed(event, { targets }, change.key ?? isv.key, new Date().toISOString());
  await client.publishAsync('grid/v1/isv/acme/loadtarget/set', text, { qos: 1 });
  return correlationId;
}

const limit = (mw: number, more: object = {}): object => ({ interval: {}, load_constraint: { value: mw, unit: 'megawatt' }, ...more });
const eventsOf = (id: string): readonly string[] =>
  told.flatMap(({ envelope, data }) =>
    envelope.correlationId === id && data.feeds !== undefined ? [data.feeds['riverbend']?.event ?? ''] : [],
  );
const refusalOf = (id: string): string | undefined =>
  told.flatMap(({ data }) => data.refusals ?? []).find((own) => own.correlation_id === id)?.reason;
const until = <Value>(what: () => Value) => expect.poll(what, { timeout: 40_000, interval: 100 });

describe('DSX Flex over MQTT', () => {
  it('keeps its keys for its owner', () => {
    for (const path of [agentFile(twin.home), isvFile(twin.home, 'acme')]) expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('honours a limit, in flight, ramped down, compliant, and ramped up again once it is taken back', async () => {
    const id = await send([limit(300)]);
    await until(() => eventsOf(id)).toEqual(['target_set', 'start_ramp_down', 'end_ramp_down']);
    const states = told.filter(({ envelope }) => envelope.correlationId === id).map(({ data }) => data.feeds?.['riverbend']);
    expect(states.map((state) => [state?.in_flight, state?.compliant])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
    expect(states.at(-1)?.calculated_load.value).toBeLessThanOrEqual(300.3);
    expect(
      new Set(told.filter(({ envelope }) => envelope.correlationId === id).map(({ envelope }) => envelope.traceparent.split('-')[1])).size,
    ).toBe(1);
    told.length = 0;
    await send([{ interval: {}, load_constraint: null }]);
    await until(() => told.map(({ data }) => data.feeds?.['riverbend']?.event).filter((event) => event?.includes('ramp_up'))).toEqual([
      'start_ramp_up',
      'end_ramp_up',
    ]);
    const facts = await twin.facts();
    const asked = facts.filter((fact) => fact.type === 'control.audit.v1' && fact.data.actor === 'dsx acme');
    expect(asked.map((fact) => fact.type === 'control.audit.v1' && fact.data.action)).toEqual(['curtail-campus', 'release-campus']);
  }, 90_000);

  it('has one effect of a message that comes twice', async () => {
    const id = await send([limit(350)]);
    await until(() => eventsOf(id).at(-1)).toBe('end_ramp_down');
    await send([limit(350)], { id });
    await wallDelay(1_000);
    const asked = (await twin.facts()).filter((fact) => fact.type === 'control.audit.v1' && fact.data.reason.endsWith(id));
    expect(asked).toHaveLength(1);
    expect(refusalOf(id)).toBeUndefined();
  }, 60_000);

  it('refuses a bad signature, an expired interval, an unknown feed and a wrong unit with a state that says why', async () => {
    const cases: readonly (readonly [readonly object[], { readonly key?: Jwk }, RegExp])[] = [
      [[limit(300)], { key: newKeyPair().privateKey }, /^data header: kid: found/],
      [[limit(300)], { key: { ...newKeyPair().privateKey, kid: isv.key.kid } }, /^data: found a signature that is not that of key/],
      [[limit(300, { interval: { end_time: '2027-07-01T00:00:00Z' } })], {}, /interval\.end_time: found .* expired/],
      [[limit(300, { feed_tags: ['riverbend', 'main-a'] })], {}, /feed_tags: found "main-a", allowed: riverbend$/],
      [[{ interval: {}, load_constraint: { value: 3, unit: 'horsepower' } }], {}, /unit: found "horsepower"/],
    ];
    for (const [targets, change, words] of cases) {
      const id = await send(targets, change);
      await until(() => refusalOf(id)).toMatch(words);
      expect(eventsOf(id)).toEqual(['periodic']);
    }
    const facts = await twin.facts();
    expect(facts.filter((fact) => fact.type === 'control.audit.v1' && fact.data.actor === 'dsx acme')).toHaveLength(3);
  }, 60_000);

  it('tells a breach that is active, escalated and resolved under one id', async () => {
    told.length = 0;
    // Less than must-serve inference draws: it cannot be kept.
    const id = await send([limit(20)]);
    const breaches = (): readonly Told[] => told.filter(({ data }) => data.status !== undefined);
    await until(() => breaches().map(({ data }) => data.status)).toEqual(['active', 'escalated']);
    await send([{ interval: {}, load_constraint: null }]);
    await until(() => breaches().map(({ data }) => data.status)).toEqual(['active', 'escalated', 'resolved']);
    expect(new Set(breaches().map(({ data }) => data.breach?.breach_id)).size).toBe(1);
    expect(breaches().map(({ envelope }) => envelope.correlationId)).toEqual([id, id, id]);
    expect(breaches().map(({ data }) => data.infrastructure_actions?.length)).toEqual([1, 2, 0]);
  }, 120_000);

  it('stands in for the side of the grid too', async () => {
    const sent = await twin.cli('dsx', 'send', '--isv', 'acme', '--limit-mw', '320', '--wait', '6');
    expect(sent.code, sent.stderr).toBe(0);
    const lines = sent.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly feeds?: Told['data']['feeds'] });
    expect(lines.map(({ feeds }) => feeds?.['riverbend']?.event)).toContain('start_ramp_down');
    const refused = await twin.cli('dsx', 'send', '--isv', 'acme', '--limit-mw', '320', '--feeds', 'elsewhere', '--wait', '6');
    expect([refused.code, refused.stderr.trim().split('\n').at(-1)]).toEqual([
      1,
      expect.stringContaining('feed_tags: found "elsewhere", allowed: riverbend') as string,
    ]);
  }, 60_000);

  it.skipIf(!existsSync(specFile))(
    `has said nothing that does not fit the published description${existsSync(specFile) ? '' : ` (${noSpec})`}`,
    () => {
      const [eventOf, stateOf, breachEventOf, breachOf] = [
        'PowerStateStatusEvent',
        'PowerStateStatusData',
        'PowerBreachAlertEvent',
        'PowerBreachAlertData',
      ].map(validatorOf);
      expect(wire.length).toBeGreaterThan(12);
      for (const { envelope, data } of wire) {
        const isState = data.status === undefined;
        expect([
          ...((isState ? eventOf : breachEventOf)?.(envelope) ?? ['none']),
          ...((isState ? stateOf : breachOf)?.(data) ?? ['none']),
        ]).toEqual([]);
      }
    },
  );

  it('lets the side of the grid do nothing else', async () => {
    const { nats } = JSON.parse(readFileSync(join(twin.home, 'run/secrets.json'), 'utf8')) as Secrets;
    const other = await mqtt.connectAsync(twin.endpoints().servers.nats.mqttUrl, {
      username: 'isv',
      password: nats['isv'] ?? '',
      clientId: 'acme-2',
      reconnectPeriod: 0,
    });
    for (const topic of ['twin/#', 'svc/#', '#', '$JS/#'])
      await expect(other.subscribeAsync(topic), topic).rejects.toThrow(/Subscribe error/);
    await other.endAsync();
  }, 30_000);
});
