import type { FactDataOf, FactType } from '../events/registry.js';
import { hourMs, type Phase } from './ticks.js';

export type { FactDataOf, FactType };

/** How a value came about. */
export type Quality = 'measured' | 'estimated' | 'forecast' | 'simulated';

/** What a component wants to say; the host adds who, when and the repeat count. */
export type SayingOf<Type extends FactType> = {
  readonly type: Type;
  /** Balancing area, or `all`. */
  readonly region: string;
  readonly entity: string;
  readonly data: FactDataOf[Type];
  /** Instant it speaks of, UTC ms; the start of the tick when absent. */
  readonly timeMs?: number;
  readonly quality?: Quality;
  readonly correlationId?: string;
  readonly causationId?: string;
};
export type Saying = { [Type in FactType]: SayingOf<Type> }[FactType];

/** A fact as everyone hears it. */
export type FactOf<Type extends FactType> = Omit<SayingOf<Type>, 'timeMs' | 'quality' | 'correlationId'> & {
  /** `<type>/<entity>/<time ms>/<n>`: the same in every run of the same world. */
  readonly id: string;
  readonly component: string;
  readonly timeMs: number;
  readonly tick: number;
  readonly phase: Phase;
  /** Counts repeats of the same type and entity at one instant, from 0. */
  readonly n: number;
  readonly quality: Quality;
  readonly correlationId: string;
};
export type Fact = { [Type in FactType]: FactOf<Type> }[FactType];

/** Per type and entity, the newest instant spoken of and how often; part of the state of whoever speaks, and forgotten after an hour. */
export type RepeatCounts = Readonly<Record<string, readonly [timeMs: number, n: number]>>;

/** Nobody speaks again of an instant that lies further back: no tick is longer. */
const countedMs = hourMs;

/** When something is said, and by whom. */
export interface SaidAt {
  readonly component: string;
  readonly tick: number;
  readonly phase: Phase;
  readonly startMs: number;
}

/** Turns sayings into facts, counting repeats from `counts`. */
export function stamp(
  sayings: readonly Saying[],
  context: SaidAt & { readonly counts: RepeatCounts },
): { readonly facts: readonly Fact[]; readonly counts: RepeatCounts } {
  if (sayings.length === 0) return { facts: [], counts: context.counts };
  const counts: Record<string, RepeatCounts[string]> = {};
  for (const key in context.counts) {
    const count = context.counts[key];
    if (count !== undefined && count[0] > context.startMs - countedMs) counts[key] = count;
  }
  const facts = sayings.map((saying) => {
    const key = keyOf(saying);
    const timeMs = saying.timeMs ?? context.startMs;
    const n = repeatOf(counts[key], timeMs);
    counts[key] = [timeMs, n];
    return factOf(saying, context, { id: `${key}/${timeMs}/${n}`, timeMs, n });
  });
  return { facts, counts };
}

/** The same for somebody who keeps counts in memory: they are counted on. */
export function stampOn(counts: Map<string, RepeatCounts[string]>, sayings: readonly Saying[], at: SaidAt): readonly Fact[] {
  for (const [key, [timeMs]] of counts) if (timeMs <= at.startMs - countedMs) counts.delete(key);
  return sayings.map((saying) => {
    const key = keyOf(saying);
    const timeMs = saying.timeMs ?? at.startMs;
    const n = repeatOf(counts.get(key), timeMs);
    counts.set(key, [timeMs, n]);
    return factOf(saying, at, { id: `${key}/${timeMs}/${n}`, timeMs, n });
  });
}

function keyOf({ type, entity }: Saying): string {
  return `${type}/${entity}`;
}

function repeatOf(last: RepeatCounts[string] | undefined, timeMs: number): number {
  return last !== undefined && last[0] === timeMs ? last[1] + 1 : 0;
}

/** The fact of a saying; written out key by key, because sayings of different shape are slow to spread. */
function factOf(saying: Saying, at: SaidAt, own: Pick<Fact, 'id' | 'timeMs' | 'n'>): Fact {
  const { type, region, entity, data, causationId } = saying;
  const { component, tick, phase } = at;
  const { id, timeMs, n } = own;
  const quality = saying.quality ?? 'simulated';
  const correlationId = saying.correlationId ?? id;
  const fact = { type, region, entity, data, id, timeMs, n, component, tick, phase, quality, correlationId };
  return (causationId === undefined ? fact : { ...fact, causationId }) as Fact;
}

/** Order in which facts of one world are compared: tick, phase, type, entity, n. */
export function compareFacts(a: Fact, b: Fact): number {
  return (
    a.tick - b.tick ||
    a.phase - b.phase ||
    compareText(a.type, b.type) ||
    compareText(a.entity, b.entity) ||
    a.timeMs - b.timeMs ||
    a.n - b.n
  );
}

/** Order of two strings by code unit, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
