import { connect } from 'nats';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { components } from '../../shared/bus/topology.js';
import { createPublisher, type Publisher } from '../../shared/bus/publish.js';
import { exampleFact } from '../support/facts.js';
import { startServers, type TestServers } from '../support/stack.js';
import { talkWebSocket } from '../support/websocket.js';

let servers: TestServers;
let publisher: Publisher;
let tick = 0;
beforeAll(async () => {
  servers = await startServers({ nats: true, roots: ['twin'] });
  publisher = createPublisher(await servers.connect('grid-supply'));
});
afterAll(async () => {
  publisher.close();
  await servers.stop();
});

const sayPrice = (): Promise<unknown> => publisher.publish([exampleFact('grid.price.v1', 'grid-supply', ++tick)]);

/** What the server answers to CONNECT: null when it lets the client in, else its reason. */
function mqttRefusal(options: IClientOptions): Promise<string | null> {
  return new Promise((resolve) => {
    const client = mqtt.connect(servers.mqttUrl, { reconnectPeriod: 0, connectTimeout: 3_000, ...options });
    const answer = (reason: string | null): void => {
      client.end(true);
      resolve(reason);
    };
    client.once('connect', () => answer(null));
    client.once('error', ({ message }) => answer(message));
    client.once('close', () => answer('closed'));
  });
}

function mqttClient(options: IClientOptions = {}): Promise<MqttClient> {
  return mqtt.connectAsync(servers.mqttUrl, {
    username: 'integrator',
    password: servers.secrets.nats['integrator'] ?? '',
    reconnectPeriod: 0,
    ...options,
  });
}

/** What the server says to a WebSocket that logs in and subscribes. */
function websocketGreeting(login: Readonly<Record<string, unknown>>, subject = 'twin.>'): Promise<string> {
  const lines = `CONNECT ${JSON.stringify({ verbose: false, ...login })}\r\nSUB ${subject} 1\r\nPING\r\n`;
  return talkWebSocket(servers.websocketUrl, lines, (heard) => /^(PONG|-ERR)/m.test(heard));
}

describe('MQTT 3.1.1 of nats-server', () => {
  it('brings facts to the read-only user, dots of the subject as slashes, with no right on a subject of MQTT itself', async () => {
    for (const qos of [0, 1, 2] as const) {
      const client = await mqttClient({ clean: qos === 0, clientId: `follower-${qos}` });
      const heard = new Promise<{ topic: string; payload: string }>((resolve) =>
        client.once('message', (topic, payload) => resolve({ topic, payload: payload.toString() })),
      );
      await client.subscribeAsync('twin/+/grid/price/v1/+', { qos });
      await sayPrice();
      const { topic, payload } = await heard;
      expect(topic).toBe('twin/west/grid/price/v1/west');
      expect(JSON.parse(payload)).toMatchObject({ specversion: '1.0', type: 'grid.price.v1', tick, data: { priceUsdPerMwh: 31.4 } });
      await client.endAsync();
    }
    const { connection } = await servers.connect('supervisor');
    const info = await connection.jetstreamManager().then((manager) => manager.streams.info('TWIN'));
    expect(info.state.messages).toBe(tick);
  });

  it('refuses anonymous, a wrong password, and every service, which has no business there', async () => {
    expect(await mqttRefusal({})).toMatch(/not authorized|closed/i);
    expect(await mqttRefusal({ username: 'integrator', password: 'guess' })).toMatch(/not authorized|closed/i);
    for (const component of components.filter((name) => name !== 'integrator' && name !== 'isv')) {
      const password = servers.secrets.nats[component] ?? '';
      expect(await mqttRefusal({ username: component, password }), component).toMatch(/not authorized|closed/i);
    }
    for (const username of ['integrator', 'isv'])
      expect(await mqttRefusal({ username, password: servers.secrets.nats[username] ?? '' })).toBeNull();
  });

  it('lets nobody publish, at any quality of service, retained or as a will, nor hear what is no fact', async () => {
    const witness = await servers.connect('supervisor');
    const heard: string[] = [];
    const watching = witness.connection.subscribe('>', {
      callback: (_error, { subject }) => {
        if (/^(twin\.|svc\.|\$KV\.)/.test(subject)) heard.push(subject);
      },
    });
    await witness.connection.flush();
    const topic = 'twin/west/grid/price/v1/west';
    const attempts: IClientOptions[] = [{}, {}, {}, { will: { topic, payload: Buffer.from('{}'), qos: 0, retain: false } }];
    for (const [index, options] of attempts.entries()) {
      const client = await mqttClient(options);
      client.on('error', () => undefined);
      const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
      if (options.will === undefined)
        client.publish(topic, '{}', { qos: ([0, 1, 2] as const)[index] ?? 0, retain: index === 0 }, () => undefined);
      else client.stream.destroy();
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 500))]);
      client.end(true);
    }
    const reader = await mqttClient();
    for (const forbidden of ['#', '$KV/#', 'svc/#', '_INBOX_cli/#', '$MQTT/#', '$JS/#']) {
      const granted = await reader.subscribeAsync(forbidden).then(
        ([grant]) => grant?.qos,
        () => 128,
      );
      expect(granted, forbidden).toBe(128);
    }
    await reader.endAsync();
    await witness.connection.flush();
    watching.unsubscribe();
    expect(heard).toEqual([]);
  });
});

describe('WebSocket of nats-server', () => {
  it('lets the read-only user in and sends facts', async () => {
    const pass = servers.secrets.nats['integrator'];
    expect(await websocketGreeting({ user: 'integrator', pass })).toMatch(/PONG/);
  });

  it('refuses anonymous, a wrong password, every service, and what is no fact', async () => {
    expect(await websocketGreeting({})).toMatch(/Authorization Violation/);
    expect(await websocketGreeting({ user: 'integrator', pass: 'guess' })).toMatch(/Authorization Violation/);
    for (const component of components.filter((name) => name !== 'integrator' && name !== 'isv')) {
      const pass = servers.secrets.nats[component];
      expect(await websocketGreeting({ user: component, pass }), component).toMatch(/Authorization Violation/);
    }
    const pass = servers.secrets.nats['integrator'];
    expect(await websocketGreeting({ user: 'integrator', pass }, '>')).toMatch(/Permissions Violation/);
  });
});

describe('NATS itself', () => {
  it('gives anonymous nothing', async () => {
    await expect(connect({ servers: servers.natsUrl, reconnect: false, timeout: 3_000 })).rejects.toThrow(/Authorization Violation/);
  });
});
