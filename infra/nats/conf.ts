import { connectionTypes, rights } from '../../shared/bus/rights.js';
import { components, topology } from '../../shared/bus/topology.js';

/** What the configuration of nats-server depends on. */
export interface NatsSettings {
  readonly port: number;
  readonly monitorPort: number;
  readonly mqttPort: number;
  readonly websocketPort: number;
  readonly storeDir: string;
  /** How often it writes to disk; absent: every 100 ms. `always`: before each answer. */
  readonly syncInterval?: string;
  /** Passwords by component. */
  readonly passwords: Readonly<Record<string, string>>;
  /** Roots whose subjects the users may touch. */
  readonly roots: readonly string[];
}

/**
 * Configuration of nats-server: loopback only, one user per component with the rights of the topology, JetStream synced every 100 ms.
 * MQTT and WebSocket ask for the same users; a page sends no password by itself, so any origin may connect and is refused without one.
 * The server reads JSON as well as its own form.
 */
export function natsConf(settings: NatsSettings): string {
  const users = components.map((component) => {
    const { publish, subscribe } = rights(component, settings.roots);
    // Only who answers requests may write to the inbox a message names; a mere reader could forge acknowledgements with it.
    const responses = topology[component]?.serves === true ? { allow_responses: { max: 1, expires: '2m' } } : {};
    return {
      user: component,
      password: settings.passwords[component],
      allowed_connection_types: connectionTypes(component),
      permissions: { publish: { allow: publish }, subscribe: { allow: subscribe }, ...responses },
    };
  });
  const conf = {
    server_name: 'loadstone',
    listen: `127.0.0.1:${settings.port}`,
    http: `127.0.0.1:${settings.monitorPort}`,
    mqtt: { host: '127.0.0.1', port: settings.mqttPort },
    websocket: { host: '127.0.0.1', port: settings.websocketPort, no_tls: true },
    max_payload: 8 * 2 ** 20,
    max_pending: 64 * 2 ** 20,
    lame_duck_duration: '30s',
    jetstream: {
      store_dir: settings.storeDir,
      sync_interval: settings.syncInterval ?? '100ms',
      max_mem: 256 * 2 ** 20,
      max_file: 64 * 2 ** 30,
    },
    authorization: { users },
  };
  return `${JSON.stringify(conf, null, 2)}\n`;
}
