import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Bus } from '../../shared/bus/connect.js';
import { busStanding, type BusStanding } from '../../shared/bus/standing.js';
import { registry, type FactType } from '../../shared/events/registry.js';
import { expositionOf, type Metric, type Sample } from './exposition.js';
import type { Feed } from './feed.js';
import { connectionStandings, processStandings, type ConnectionStanding, type ProcessStanding } from './processes.js';

/** What is measured for `/metrics`. */
export interface Metrics {
  /** The text of now; a source that does not answer is left out and named as down. */
  read(): Promise<string>;
  close(): void;
}

export interface MetricParts {
  readonly bus: Bus;
  readonly feed: Feed;
  readonly homeDir: string;
  clientCount(): number;
}

const resolutionMs = 10;

/** Seconds of delay: the histogram has nanoseconds between two looks, an idle loop included. */
function beyondResolution(nanoseconds: number): number {
  return Math.max(0, nanoseconds / 1e9 - resolutionMs / 1e3);
}

/** Measures the twin, the bus, every process, and this service itself from now on. */
export function createMetrics({ bus, feed, homeDir, clientCount }: MetricParts): Metrics {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  return {
    read: async () => {
      const [streams, connections, processes] = await Promise.allSettled([
        busStanding(bus),
        connectionStandings(homeDir),
        processStandings(homeDir),
      ]);
      const sources = { jetstream: streams, monitor: connections, supervisor: processes };
      const up = Object.entries(sources).map(([source, { status }]) => ({ labels: { source }, value: status === 'fulfilled' ? 1 : 0 }));
      const delays = [0.5, 0.99].map((quantile) =>
        sample(beyondResolution(delay.percentile(quantile * 100)), { quantile: String(quantile) }),
      );
      const own = { delays: [...delays, sample(beyondResolution(delay.max), { quantile: '1' })], clients: clientCount() };
      delay.reset();
      return expositionOf([
        ...twinMetrics(feed),
        ...(streams.status === 'fulfilled' ? streamMetrics(streams.value) : []),
        ...(processes.status === 'fulfilled' ? processMetrics(processes.value) : []),
        ...(connections.status === 'fulfilled' ? connectionMetrics(connections.value) : []),
        ...ownMetrics(feed, own.clients, own.delays),
        gauge('loadstone_source_up', 'Whether a source of these values answered: JetStream, monitor of nats-server, supervisor.', up),
      ]);
    },
    close: () => delay.disable(),
  };
}

const sample = (value: number, labels: Readonly<Record<string, string>> = {}): Sample => ({ labels, value });
/** No sample where there is no value. */
const known = (value: number | null | undefined, labels: Readonly<Record<string, string>> = {}): readonly Sample[] =>
  value === null || value === undefined ? [] : [{ labels, value }];
const gauge = (name: string, help: string, samples: readonly Sample[]): Metric => ({ name, type: 'gauge', help, samples });
const counter = (name: string, help: string, samples: readonly Sample[]): Metric => ({ name, type: 'counter', help, samples });

function twinMetrics({ view, heardFacts, pulse }: Feed): readonly Metric[] {
  const { mark, closed } = view.system;
  const { ageMs, achievedRate } = pulse();
  const alarms = Object.values(view.alarms).filter(({ status }) => status === 'active' || status === 'acknowledged');
  const severities = (['critical', 'high', 'medium', 'low'] as const).map((severity) =>
    sample(alarms.filter((alarm) => alarm.severity === severity).length, { severity }),
  );
  return [
    gauge('loadstone_twin_time_seconds', 'Twin time, seconds since 1970.', known(mark === null ? null : mark.timeMs / 1_000)),
    gauge('loadstone_twin_tick', 'Newest tick that was opened.', known(mark?.tick)),
    gauge('loadstone_twin_closed_tick', 'Newest tick that was closed.', known(closed?.tick)),
    gauge('loadstone_twin_mark_age_seconds', 'Wall time since the newest word of the clock.', known(ageMs === null ? null : ageMs / 1_000)),
    gauge('loadstone_twin_rate_ratio', 'Twin seconds per wall second over the last seconds.', known(achievedRate)),
    gauge('loadstone_alarms', 'Alarms that are not cleared.', severities),
    counter(
      'loadstone_facts_heard_total',
      'Facts the api has heard since it started, what it read back included.',
      registry.map(({ type }) => sample(heardFacts.get(type as FactType) ?? 0, { type })),
    ),
  ];
}

function streamMetrics({ streams, consumers, deadLetters }: BusStanding): readonly Metric[] {
  const perStream = (of: (standing: BusStanding['streams']['facts']) => number): readonly Sample[] =>
    Object.entries(streams).map(([stream, standing]) => sample(of(standing), { stream }));
  const perConsumer = (of: (standing: BusStanding['consumers'][string]) => number): readonly Sample[] =>
    Object.entries(consumers).map(([consumer, standing]) => sample(of(standing), { consumer }));
  const letters = Object.entries(deadLetters).map(([consumer, messages]) => sample(messages, { consumer }));
  return [
    gauge(
      'loadstone_stream_messages',
      'Messages a stream holds.',
      perStream(({ messages }) => messages),
    ),
    gauge(
      'loadstone_stream_bytes',
      'Bytes a stream holds.',
      perStream(({ bytes }) => bytes),
    ),
    counter(
      'loadstone_stream_sequence_total',
      'Messages a stream ever took.',
      perStream(({ lastSequence }) => lastSequence),
    ),
    gauge(
      'loadstone_consumer_pending_facts',
      'Facts not sent to a consumer yet: its lag.',
      perConsumer(({ pendingFacts }) => pendingFacts),
    ),
    gauge(
      'loadstone_consumer_unacknowledged_facts',
      'Facts sent and not acknowledged.',
      perConsumer((each) => each.unacknowledgedFacts),
    ),
    gauge(
      'loadstone_consumer_redelivered_facts',
      'Of these, sent more than once.',
      perConsumer(({ redeliveredFacts }) => redeliveredFacts),
    ),
    counter(
      'loadstone_consumer_deliveries_total',
      'Everything sent, repeats included.',
      perConsumer(({ deliveries }) => deliveries),
    ),
    gauge(
      'loadstone_dead_letters',
      'Messages that nobody could use, by the consumer that gave them up.',
      letters.length === 0 ? [sample(0, { consumer: 'history-writer' })] : letters,
    ),
  ];
}

function processMetrics(processes: readonly ProcessStanding[]): readonly Metric[] {
  const each = (of: (standing: ProcessStanding) => number | null): readonly Sample[] =>
    processes.flatMap((standing) => known(of(standing), { process: standing.name, kind: standing.kind }));
  return [
    gauge(
      'loadstone_process_up',
      'Whether the supervisor has it running.',
      each(({ isUp }) => (isUp ? 1 : 0)),
    ),
    counter(
      'loadstone_process_restarts_total',
      'Times the supervisor started it again.',
      each(({ restarts }) => restarts),
    ),
    gauge(
      'loadstone_process_start_time_seconds',
      'Start of the process, seconds since 1970.',
      each(({ startSeconds }) => startSeconds),
    ),
    gauge(
      'loadstone_process_resident_memory_bytes',
      'Memory in use, on Linux.',
      each(({ residentBytes }) => residentBytes),
    ),
  ];
}

function connectionMetrics(connections: readonly ConnectionStanding[]): readonly Metric[] {
  const each = (of: (standing: ConnectionStanding) => number): readonly Sample[] =>
    connections.map((standing) => sample(of(standing), { user: standing.user }));
  return [
    gauge(
      'loadstone_bus_connections',
      'Connections of a user to the bus.',
      each((standing) => standing.connections),
    ),
    counter(
      'loadstone_bus_sent_messages_total',
      'Sent by a user since it connected.',
      each(({ sentMessages }) => sentMessages),
    ),
    counter(
      'loadstone_bus_received_messages_total',
      'Received by a user since it connected.',
      each((standing) => standing.receivedMessages),
    ),
    gauge(
      'loadstone_bus_waiting_bytes',
      'Waiting on the server for a user to read.',
      each(({ waitingBytes }) => waitingBytes),
    ),
  ];
}

function ownMetrics({ pulse }: Feed, clients: number, delays: readonly Sample[]): readonly Metric[] {
  const { heapUsed, rss } = process.memoryUsage();
  const memory = [sample(heapUsed, { kind: 'heap' }), sample(rss, { kind: 'resident' })];
  return [
    gauge('loadstone_api_behind_facts', 'Facts in the stream that the api has still to read.', [sample(pulse().behind)]),
    gauge('loadstone_api_event_clients', 'Clients of the event stream.', [sample(clients)]),
    gauge('loadstone_api_memory_bytes', 'Memory of the api.', memory),
    gauge('loadstone_api_event_loop_delay_seconds', 'Delay of the event loop of the api since the last reading.', delays),
  ];
}
