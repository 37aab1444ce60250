import { statSync } from 'node:fs';
import { readAll, readStream } from '../../shared/bus/read.js';
import { ask } from '../../shared/bus/request.js';
import type { Bus } from '../../shared/bus/connect.js';
import type { Fact, FactDataOf } from '../../shared/domain/fact.js';
import { shownLine } from '../../shared/domain/shown.js';
import { toWire } from '../../shared/domain/ticks.js';
import { opened, sealed, sourceOf, topicOf, type DsxType, type SignedEvent } from '../../shared/dsx/envelope.js';
import { constraintMw, dsxActor, hearFeed, requestOf, type Feed, type FeedEvent } from '../../shared/dsx/feeds.js';
import { verifyJws } from '../../shared/dsx/jws.js';
import { targetsOf, type SetTarget } from '../../shared/dsx/loadTarget.js';
import { powerBreach, powerState, type Refusal } from '../../shared/dsx/payloads.js';
import { agentFile, readAgent, type AgentSettings } from '../../shared/dsx/settings.js';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';
import type { RunningService, ServiceContext } from '../../shared/runtime/service.js';
import type { World } from '../../shared/scenario/schema.js';

/** Between two states of power when nothing happens, and between two looks at the settings, wall ms. */
const periodicMs = 15_000;
const settingsMs = 1_000;
const heard = ['clock.tick.v1', 'cluster.demand.v1', 'cluster.power.v1', 'control.request.v1', 'control.breach.v1'] as const;

interface Agent {
  readonly context: ServiceContext;
  settings: AgentSettings | null;
  readonly feeds: Map<string, Feed>;
  /** Newest target that was breached on a feed, while its breach lasts. */
  readonly breached: Map<string, Feed['targets'][number]>;
  /** Messages that were dealt with, and the trace each came with. */
  readonly traces: Map<string, string>;
  nowMs: number;
  refused: number;
}

/**
 * Stands in for the side of the campuses in DSX Flex 1.7: takes signed load targets from MQTT, asks the twin for them under the name of who
 * signed, and tells power states and breaches as the facts of the twin have them. Hears nothing until `dsx init` or `dsx trust` was used.
 */
export async function startAgent(context: ServiceContext): Promise<RunningService> {
  const { bus, world, config, log } = context;
  const agent: Agent = {
    context,
    settings: readAgent(config.homeDir),
    feeds: new Map(world.campuses.map(({ id }) => [id, feedOf(world, id)])),
    breached: new Map(),
    traces: new Map(),
    nowMs: 0,
    refused: 0,
  };
  const before = await readAll(bus, { types: ['control.request.v1', 'control.breach.v1'] });
  for (const { fact } of before) hear(agent, fact, true);
  const reader = readStream(bus, { types: heard, lastPerSubject: true });
  const requests = bus.connection.subscribe('grid.v1.isv.*.loadtarget.set', {
    callback: (error, message) => {
      if (error === null) void takeMessage(agent, message.subject.split('.')[3] ?? '', message.data);
    },
  });
  const periodic = setInterval(() => tellStates(agent, new Map()), periodicMs);
  const settings = watchSettings(agent);
  log.info({ isvs: Object.keys(agent.settings?.isvs ?? {}) }, 'dsx flex');
  return {
    ended: follow(agent, reader, new Set(before.map(({ fact }) => fact.id))),
    stop: async () => {
      clearInterval(periodic);
      clearInterval(settings);
      requests.unsubscribe();
      reader.close();
    },
  };
}

function feedOf(world: World, campus: string): Feed {
  const own = world.campuses.find(({ id }) => id === campus);
  const idleMw = world.runs.filter((run) => run.campus === campus).reduce((sum, run) => sum + run.facilityMw * run.idleRatio, 0);
  const leastMw = (own?.inferenceMinMw ?? 0) + idleMw;
  return { campus, leastMw, mostMw: own?.limitMw ?? 0, targets: [], loadMw: 0, wantMw: 0, ramp: null };
}

function watchSettings(agent: Agent): NodeJS.Timeout {
  const path = agentFile(agent.context.config.homeDir);
  const stampOf = (): number => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  let seen = stampOf();
  return setInterval(() => {
    const stamp = stampOf();
    if (stamp === seen) return;
    seen = stamp;
    agent.settings = readAgent(agent.context.config.homeDir);
  }, settingsMs);
}

async function follow(agent: Agent, reader: ReturnType<typeof readStream>, known: ReadonlySet<string>): Promise<void> {
  for await (const { fact } of reader) if (!known.has(fact.id)) hear(agent, fact, false);
}

function hear(agent: Agent, fact: Fact, isPast: boolean): void {
  agent.nowMs = Math.max(agent.nowMs, fact.timeMs);
  for (const [campus, feed] of agent.feeds) {
    const turn = hearFeed(feed, fact);
    agent.feeds.set(campus, turn.feed);
    if (isPast) continue;
    for (const { event, feed: then } of turn.events) tellStates(agent, new Map([[campus, { event, feed: then }]]));
    if (turn.breach !== null) tellBreach(agent, turn.feed, turn.breach);
  }
}

/** Says a signed event to one side of the grid, or to all of them. */
function say(agent: Agent, type: DsxType, data: unknown, correlationId: string | null): void {
  const { settings, context } = agent;
  if (settings === null || context.bus.connection.isClosed()) return;
  const trace = correlationId === null ? null : (agent.traces.get(correlationId) ?? null);
  const event = { type, source: sourceOf('dsx-flex-agent', settings.agent), correlationId, trace };
  const text = sealed(event, data, settings.key, toWire(agent.nowMs));
  context.bus.connection.publish(topicOf(type, settings.agent).replaceAll('/', '.'), new TextEncoder().encode(text));
}

function tellStates(
  agent: Agent,
  changed: ReadonlyMap<string, { readonly event: FeedEvent; readonly feed: Feed }>,
  refusal?: Refusal,
): void {
  const served = new Set(Object.values(agent.settings?.isvs ?? {}).flatMap(({ feeds }) => feeds));
  const feeds = [...agent.feeds]
    .filter(([campus]) => served.has(campus))
    .map(([campus, feed]) => changed.get(campus) ?? { feed, event: 'periodic' as const });
  const [first] = changed.values();
  const active = first?.feed.targets.find(({ limitMw }) => limitMw === constraintMw(first.feed)) ?? first?.feed.targets.at(-1);
  const correlationId = refusal === undefined ? (active?.correlationId ?? null) : refusal.correlation_id;
  say(
    agent,
    'grid.powerstate.status.v1',
    powerState(feeds, { nowMs: agent.nowMs, refusals: refusal === undefined ? [] : [refusal] }),
    correlationId,
  );
}

function tellBreach(agent: Agent, feed: Feed, breach: FactDataOf['control.breach.v1']): void {
  const told = powerBreach(feed, breach, agent.nowMs, agent.breached.get(feed.campus) ?? null);
  if (told === null) return;
  if (breach.state === 'resolved') agent.breached.delete(feed.campus);
  else agent.breached.set(feed.campus, told.target);
  say(agent, 'grid.powerbreach.alert.v1', told.data, told.target.correlationId);
}

/** Deals with a message of the side of the grid; what cannot be used is refused with a state that says why, and counted. */
async function takeMessage(agent: Agent, isv: string, payload: Uint8Array): Promise<void> {
  const { settings, context } = agent;
  if (settings === null) return;
  let event: SignedEvent | null = null;
  try {
    event = opened(payload, { types: ['grid.loadtarget.set.v1'], source: sourceOf('isv', isv) });
    const known = Object.hasOwn(settings.isvs, isv) ? settings.isvs[isv] : undefined;
    if (known === undefined)
      throw wrongInput(`source: found ${event.source}, allowed: ${Object.keys(settings.isvs).join(', ') || 'nobody is trusted'}`);
    const data = verifyJws(event.data, known.keys);
    const correlationId = event.correlationId ?? event.id;
    // A message that is sent again until it is answered is answered again, and has no second effect.
    if (agent.traces.has(correlationId)) return tellStates(agent, new Map());
    const targets = targetsOf(data, { feeds: known.feeds, nowMs: agent.nowMs });
    agent.traces.set(correlationId, event.traceparent);
    for (const [place, target] of targets.entries())
      for (const feed of target.feeds) await order(agent, { isv, correlationId, place, target, feed });
  } catch (error) {
    if (!(error instanceof TwinError)) throw error;
    agent.refused += 1;
    context.log.warn({ isv, reason: error.message, refused: agent.refused }, 'refused');
    tellStates(agent, new Map(), { correlation_id: event?.correlationId ?? event?.id ?? null, reason: shownLine(error.message) });
  }
}

interface Order {
  readonly isv: string;
  readonly correlationId: string;
  readonly place: number;
  readonly target: SetTarget;
  readonly feed: string;
}

/** Asks the twin for a limit on a feed, which then replaces what the same side had there at its start; or takes back what it had there. */
async function order(agent: Agent, { isv, correlationId, place, target, feed }: Order): Promise<void> {
  const { bus } = agent.context;
  const known = agent.feeds.get(feed);
  if (known === undefined) throw wrongInput(`feed_tags: found ${feed}, allowed: ${[...agent.feeds.keys()].join(', ')}`);
  const fromMs = target.fromMs ?? agent.nowMs;
  const own = known.targets.filter((each) => each.isv === isv);
  const replaced = target.limitMw === null ? own : own.filter((each) => each.fromMs <= fromMs && fromMs < each.untilMs);
  const who = { actor: `${dsxActor}${isv}`, reason: `DSX Flex ${correlationId}` };
  if (target.limitMw !== null) {
    await inject(bus, {
      ...who,
      action: 'curtail-campus',
      target: feed,
      targetKind: 'limit',
      // A limit above what the connection allows asks for nothing.
      amountMw: Math.min(target.limitMw, known.mostMw),
      request: requestOf(correlationId, place),
      isBestEffort: target.isBestEffort,
      ...(target.fromMs === null || target.fromMs <= agent.nowMs ? {} : { fromTime: toWire(target.fromMs) }),
      ...(target.untilMs === null ? {} : { untilTime: toWire(target.untilMs) }),
    });
  }
  for (const { request } of replaced) await inject(bus, { ...who, action: 'release-campus', target: feed, request });
}

const injectMs = 8_000;

function inject(bus: Bus, intent: Readonly<Record<string, unknown>>): Promise<unknown> {
  return ask(bus, 'api', 'inject', intent, injectMs);
}
