import { randomUUID } from 'node:crypto';
import type { ClockStatus } from '../../shared/bus/answers.js';
import type { Bus } from '../../shared/bus/connect.js';
import { createPublisher, type Publisher } from '../../shared/bus/publish.js';
import { readAll, readStream } from '../../shared/bus/read.js';
import { ask } from '../../shared/bus/request.js';
import { stamp, type Fact } from '../../shared/domain/fact.js';
import { largestLoadsMw } from '../../shared/domain/mirror/largest.js';
import { dueOf, lookBackMs, telemetryOf, toldText, type Due } from '../../shared/domain/mirror/reading.js';
import { fromWire, tickStartMs } from '../../shared/domain/ticks.js';
import { platformCondition } from '../../shared/runtime/condition.js';
import type { RunningService, ServiceContext } from '../../shared/runtime/service.js';
import type { World } from '../../shared/scenario/schema.js';
import { openSource, type Source } from '../../shared/runtime/measuredSource.js';

/** Longest wait for the clock to be between two ticks, wall ms. */
const admitMs = 2_000;

interface Mirrored {
  readonly source: Source;
  /** What was told of each interval, by its start. */
  readonly told: Map<number, { readonly rawText: string; readonly revision: number }>;
  /** What is said to be wrong with it now. */
  trouble: string | null;
}

interface Adapter {
  readonly bus: Bus;
  readonly world: World;
  readonly publisher: Publisher;
  readonly regions: readonly Mirrored[];
  readonly largestMw: ReadonlyMap<string, number>;
  readonly log: ServiceContext['log'];
}

/**
 * Tells the twin what is measured outside: after each tick what is over by then and was not told, or is no longer what was told, recorded
 * between two ticks. Where it goes on after a restart is in the stream. Ends at once, with 0, when the world has no source.
 */
export async function startAdapter({ bus, world, log }: ServiceContext): Promise<RunningService> {
  if (world.mirror === undefined) {
    log.info('nothing is measured in this world');
    process.exit(0);
  }
  const startMs = fromWire(world.clock.startTime);
  const sources = world.mirror.map((source) => openSource(source, startMs - lookBackMs));
  const publisher = createPublisher(bus);
  const told = await readAll(bus, { types: ['telemetry.demand.v1'] });
  const regions = sources.map(
    (source): Mirrored => ({
      source,
      told: toldOf(
        told.map(({ fact }) => fact),
        source.region,
      ),
      trouble: null,
    }),
  );
  const adapter: Adapter = { bus, world, publisher, regions, largestMw: largestLoadsMw(world), log };
  await Promise.all(sources.map(({ looked }) => looked));
  const reader = readStream(bus, { types: ['clock.tick.v1'], lastPerSubject: true });
  return {
    ended: follow(adapter, reader),
    stop: async () => {
      reader.close();
      for (const source of sources) source.stop();
      publisher.close();
    },
  };
}

function toldOf(facts: readonly Fact[], region: string): Mirrored['told'] {
  const told: Mirrored['told'] = new Map();
  for (const fact of facts)
    if (fact.type === 'telemetry.demand.v1' && fact.entity === region)
      told.set(fromWire(fact.data.fromTime), { rawText: fact.data.rawText, revision: fact.data.revision });
  return told;
}

async function follow(adapter: Adapter, reader: ReturnType<typeof readStream>): Promise<void> {
  const { world } = adapter;
  const clock = { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes };
  for await (const { fact, pending } of reader) {
    // When ticks come faster than readings are recorded, the newest one counts.
    if (fact.type !== 'clock.tick.v1' || pending > 0) continue;
    const nowMs = tickStartMs(clock, fact.data.tick + 1);
    const span = { fromMs: clock.startMs - lookBackMs, nowMs };
    const due = adapter.regions.map((region) => ({ region, due: dueOf(region.source.readings(), region.told, span) }));
    if (due.some((each) => each.due.length > 0)) await record(adapter, due, { nowMs, tick: fact.data.tick });
    for (const region of adapter.regions) await tellTrouble(adapter, region);
  }
}

/** Records readings between two ticks, so that they count from one tick on for everybody. */
async function record(
  { bus, publisher, world, largestMw, log }: Adapter,
  due: readonly { readonly region: Mirrored; readonly due: readonly Due[] }[],
  now: { readonly nowMs: number; readonly tick: number },
): Promise<void> {
  const id = randomUUID();
  const clock = { startMs: fromWire(world.clock.startTime), tickMinutes: world.clock.tickMinutes };
  const admitted = await ask<ClockStatus>(bus, 'clock', 'admit', { id }, admitMs).catch((error: unknown) => {
    log.warn({ error }, 'recorded without the clock');
    return null;
  });
  const tick = admitted === null || admitted.tick === 0 ? now.tick : admitted.tick - 1;
  const at = { component: 'adapters', tick, phase: 3, startMs: tickStartMs(clock, tick) } as const;
  const factOf = ({ region, name }: Source, { reading, revision }: Due): Fact => {
    const data = telemetryOf(reading, { source: name, largestMw: largestMw.get(region) ?? 0, revision, nowMs: now.nowMs });
    const saying = { type: 'telemetry.demand.v1', region, entity: region, timeMs: reading.fromMs, quality: 'measured', data } as const;
    // Its revision counts the repeats of an interval: told again after a restart it is the same fact.
    const counts = revision === 0 ? {} : { [`telemetry.demand.v1/${region}`]: [reading.fromMs, revision - 1] as const };
    return stamp([saying], { ...at, counts }).facts[0] as Fact;
  };
  const facts = due.flatMap(({ region, due: own }) => own.map((each) => factOf(region.source, each)));
  try {
    await publisher.publish(facts);
  } finally {
    if (admitted !== null)
      void ask(bus, 'clock', 'admitted', { id }).catch((error: unknown) => log.warn({ error }, 'the clock goes on by itself'));
  }
  for (const { region, due: own } of due)
    for (const { reading, revision } of own) region.told.set(reading.fromMs, { rawText: toldText(reading), revision });
}

/** Says when something is wrong with a source, once for each reason, and when it is well again. */
async function tellTrouble({ publisher, log }: Adapter, region: Mirrored): Promise<void> {
  const trouble = region.source.trouble();
  if (trouble === region.trouble) return;
  const isOver = trouble === null;
  region.trouble = trouble;
  log.warn({ region: region.source.region, trouble }, 'source');
  await publisher.publish([
    platformCondition({
      by: 'adapters',
      condition: 'source',
      component: region.source.region,
      active: !isOver,
      severity: 'medium',
      detail: isOver ? `${region.source.name} can be read again.` : trouble,
    }),
  ]);
}
