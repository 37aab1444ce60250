import { connect, type NatsConnection } from 'nats';
import { inboxPrefix } from './rights.js';

/** A component's connection to one root of the bus. */
export interface Bus {
  readonly connection: NatsConnection;
  readonly root: string;
  readonly component: string;
  /** Flushes and closes; later calls do nothing. */
  close(): Promise<void>;
}

export interface BusOptions {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly component: string;
  readonly root: string;
}

/** Connects and never gives up: reconnects without end, and notices a frozen server within about ten seconds. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const connection = await connect({
    servers: options.url,
    user: options.user,
    pass: options.password,
    name: options.component,
    inboxPrefix: inboxPrefix(options.user),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 200,
    reconnectJitter: 50,
    waitOnFirstConnect: true,
    pingInterval: 5_000,
    maxPingOut: 2,
  });
  return {
    connection,
    root: options.root,
    component: options.component,
    close: async () => {
      if (!connection.isClosed()) await connection.drain().catch(() => connection.close());
    },
  };
}
