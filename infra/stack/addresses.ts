import { demandedPort, pickPort } from './ports.js';
import { listeners, type Listener } from './settings.js';

/** Ports of one run of the stack. */
export type Addresses = Readonly<Record<Listener, number>> & { readonly influxRpc: number };

/**
 * A port for everything that listens: the demanded one, else the usual one when it is free, else any free one.
 * @throws TWIN_WRONG_INPUT when a demanded port is taken.
 */
export async function pickAddresses(): Promise<Addresses> {
  const pick = async (name: Listener): Promise<number> => (await demandedPort(listeners[name].variable)) ?? pickPort(listeners[name].usual);
  // One after the other: two probes at once could be given the same free port.
  return {
    nats: await pick('nats'),
    natsMonitor: await pick('natsMonitor'),
    natsMqtt: await pick('natsMqtt'),
    natsWebsocket: await pick('natsWebsocket'),
    temporal: await pick('temporal'),
    temporalUi: await pick('temporalUi'),
    influx: await pick('influx'),
    api: await pick('api'),
    influxRpc: await pickPort(null),
  };
}
