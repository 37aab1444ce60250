import type { Bus } from '../../shared/bus/connect.js';
import { readStream } from '../../shared/bus/read.js';
import { sequenceAt } from '../../shared/bus/seek.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { shown } from '../../shared/domain/shown.js';
import { fromWire, tickStartMs, toWire } from '../../shared/domain/ticks.js';
import { registry, type FactType } from '../../shared/events/registry.js';
import { wrongInput } from '../../shared/runtime/errors.js';
import type { World } from '../../shared/scenario/schema.js';
import { appendRow, sampleColumns, sampleRow } from './samples.js';
import { initialView, observe } from './view.js';
import type { SampleTable, TailEntry, View } from './viewTypes.js';
import { tailEntry } from './words.js';

/** The twin as it was known at the end of the tick that an instant lies in. */
export interface Moment {
  /** Start of that tick. */
  readonly time: string;
  readonly view: View;
  readonly rows: SampleTable['rows'];
  /** Newest last. */
  readonly tail: readonly TailEntry[];
}

/** Facts read back before the instant, so that its charts are not empty. */
const readBack = 18_000;
const tailLength = 300;

const typesOf = (kind: 'state' | 'milestone'): readonly FactType[] =>
  registry.flatMap((definition) => (definition.kind === kind ? [definition.type as FactType] : []));

/**
 * Rebuilds what was known at an instant from the stream: milestones from its beginning, state from a little before the instant. One at a
 * time, since it reads a good part of the stream.
 */
export function createMoments(bus: Bus, world: World): (time: string) => Promise<Moment> {
  let last: Promise<unknown> = Promise.resolve();
  return (time) => {
    const turn = last.then(
      () => momentAt(bus, world, time),
      () => momentAt(bus, world, time),
    );
    last = turn.catch(() => undefined);
    return turn;
  };
}

async function momentAt(bus: Bus, world: World, time: string): Promise<Moment> {
  const atMs = fromWire(time);
  const startMs = fromWire(world.clock.startTime);
  if (!Number.isFinite(atMs) || atMs < startMs)
    throw wrongInput(`time: found ${shown(time)}, allowed: an RFC 3339 instant from ${world.clock.startTime} on`);
  const stream = streamsOf(bus.root).facts;
  const from = Math.max(1, (await sequenceAt(bus, stream, atMs)) - readBack);
  const columns = sampleColumns(world);
  let view = initialView(world);
  let rows: SampleTable['rows'] = [];
  let [tickMs, endSequence]: [number, number] = [Number.NaN, Infinity];
  for await (const { fact, sequence } of readStream(bus, { fromSequence: from, types: typesOf('state'), untilCaughtUp: true })) {
    const ofTickMs = tickStartMs({ startMs, tickMinutes: world.clock.tickMinutes }, fact.tick);
    if (ofTickMs > atMs) {
      endSequence = sequence;
      break;
    }
    tickMs = ofTickMs;
    view = observe(view, fact);
    if (fact.type === 'clock.tick.v1') rows = appendRow(rows, sampleRow(columns, view));
  }
  if (Number.isNaN(tickMs)) throw wrongInput(`time: found ${time}, allowed: an instant the stream still holds`);
  let tail: readonly TailEntry[] = [];
  for await (const { fact, sequence } of readStream(bus, { fromSequence: 1, types: typesOf('milestone'), untilCaughtUp: true })) {
    if (sequence >= endSequence) break;
    view = observe(view, fact);
    const entry = tailEntry(fact, sequence);
    if (entry !== null) tail = [...tail.slice(1 - tailLength), entry];
  }
  return { time: toWire(tickMs), view, rows, tail };
}
