import type { Secrets } from '../../shared/runtime/config.js';
import type { Addresses } from './addresses.js';
import type { FoundServers } from './find.js';
import { influxPlan } from './influxServer.js';
import { natsPlan } from './natsServer.js';
import type { StackPaths } from './paths.js';
import type { Plan } from './plan.js';
import { temporalPlan } from './temporalServer.js';

/** What the plans of the three servers depend on. */
export interface ServerOptions {
  readonly paths: StackPaths;
  readonly found: FoundServers;
  readonly addresses: Addresses;
  readonly secrets: Secrets;
  readonly roots: readonly string[];
}

/** How the servers of the twin are run, in the order in which they start; without InfluxDB there are two. */
export function serverPlans({ paths, found, addresses, secrets, roots }: ServerOptions): readonly Plan[] {
  const nats = natsPlan({
    paths,
    program: found.nats.path,
    port: addresses.nats,
    monitorPort: addresses.natsMonitor,
    mqttPort: addresses.natsMqtt,
    websocketPort: addresses.natsWebsocket,
    passwords: secrets.nats,
    roots,
  });
  const temporal = temporalPlan({ paths, program: found.temporal.path, port: addresses.temporal, uiPort: addresses.temporalUi });
  if ('missing' in found.influx) return [nats, temporal];
  const influx = influxPlan({
    paths,
    program: found.influx.path,
    port: addresses.influx,
    rpcPort: addresses.influxRpc,
    passwords: secrets.influx,
    roots,
  });
  return [nats, temporal, influx];
}
