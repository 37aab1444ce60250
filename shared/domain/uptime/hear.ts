import type { Fact, FactOf } from '../fact.js';
import { fromWire } from '../ticks.js';
import type { Interval, Observed } from './uptime.js';

/** One training run, or the inference of one campus, as far as it was heard. */
export interface Watched {
  readonly name: string;
  readonly kind: 'training' | 'inference';
  readonly campus: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly down: readonly Interval[];
  readonly capped: readonly Interval[];
  readonly downSinceMs: number | null;
  readonly cappedSinceMs: number | null;
  /** A resumed run computes from here on. */
  readonly readyAtMs: number;
  readonly newestMs: number;
}

/** What was heard of all workloads; `lastTicks` remembers, by type and region, what was counted, so that a repeat counts once. */
export interface Hearing {
  readonly watched: ReadonlyMap<string, Watched>;
  readonly lastTicks: ReadonlyMap<string, number>;
}

export const nothingHeard: Hearing = { watched: new Map(), lastTicks: new Map() };

/** Facts that tell when a workload works. */
export const uptimeFacts = [
  'cluster.progress.v1',
  'cluster.power.v1',
  'cluster.throttle.v1',
  'cluster.checkpoint.v1',
  'cluster.pause.v1',
  'cluster.resume.v1',
  'cluster.failure.v1',
  'cluster.limit.v1',
] as const;

/**
 * The hearing with one more fact. A run is down from the checkpoint ahead of a pause, or from the pause, until it computes again; from a
 * failure until it computes again; capped from a throttle until a resume at full power. The inference of a campus is down while its
 * connection is tripped. States at the end of a tick begin what was not heard to begin, so that a stream without its beginning is told from
 * where it begins; then the end of an interruption is known to the tick.
 */
export function hearUptime(hearing: Hearing, fact: Fact, tickMs: number): Hearing {
  switch (fact.type) {
    case 'cluster.progress.v1':
      return hearTick(hearing, fact, (watched) => progress(watched, fact, tickMs));
    case 'cluster.power.v1':
      return hearTick(hearing, fact, (watched) => power(watched, fact, tickMs));
    case 'cluster.throttle.v1':
      return hearEdge(hearing, `training/${fact.entity}`, fact.timeMs, (one) => cappedFrom(one, fact.timeMs));
    case 'cluster.checkpoint.v1':
    case 'cluster.pause.v1':
      return hearEdge(hearing, `training/${fact.entity}`, fact.timeMs, (one) => downFrom(one, fact.timeMs));
    case 'cluster.resume.v1':
      return hearEdge(hearing, `training/${fact.entity}`, fact.timeMs, (one) => resumed(one, fact));
    case 'cluster.failure.v1':
      return hearEdge(hearing, `training/${fact.entity}`, fact.timeMs, (one) => failed(one, fact));
    case 'cluster.limit.v1':
      return hearEdge(hearing, `inference/${fact.entity}`, fact.timeMs, (one) =>
        fact.data.limitMw > 0 ? upFrom(one, fact.timeMs) : downFrom(one, fact.timeMs),
      );
    default:
      return hearing;
  }
}

/** What was seen of a workload, with what has not ended yet. */
export function observedOf({ fromMs, toMs, down, capped, downSinceMs, cappedSinceMs }: Watched): Observed {
  return {
    fromMs,
    toMs,
    down: downSinceMs === null ? down : [...down, { fromMs: downSinceMs, toMs }],
    capped: cappedSinceMs === null ? capped : [...capped, { fromMs: cappedSinceMs, toMs }],
  };
}

function hearTick(
  hearing: Hearing,
  fact: FactOf<'cluster.progress.v1'> | FactOf<'cluster.power.v1'>,
  change: (watched: ReadonlyMap<string, Watched>) => readonly Watched[],
): Hearing {
  const stream = `${fact.type}/${fact.region}`;
  if (fact.tick <= (hearing.lastTicks.get(stream) ?? -1)) return hearing;
  const watched = new Map(hearing.watched);
  for (const one of change(hearing.watched)) watched.set(`${one.kind}/${one.name}`, one);
  return { watched, lastTicks: new Map(hearing.lastTicks).set(stream, fact.tick) };
}

/** Edges of a workload that is not observed yet, or older than one already heard, change nothing. */
function hearEdge(hearing: Hearing, key: string, timeMs: number, change: (one: Watched) => Watched): Hearing {
  const one = hearing.watched.get(key);
  if (one === undefined || timeMs < one.newestMs) return hearing;
  return { ...hearing, watched: new Map(hearing.watched).set(key, { ...change(one), newestMs: timeMs }) };
}

function begun(name: string, kind: Watched['kind'], campus: string, fromMs: number): Watched {
  const open = { down: [], capped: [], downSinceMs: null, cappedSinceMs: null, readyAtMs: fromMs, newestMs: fromMs };
  return { name, kind, campus, fromMs, toMs: fromMs, ...open };
}

function progress(watched: ReadonlyMap<string, Watched>, fact: FactOf<'cluster.progress.v1'>, tickMs: number): readonly Watched[] {
  return fact.data.runs.flatMap(({ run, campus, state }): readonly Watched[] => {
    const known = watched.get(`training/${run}`);
    if (state === 'waiting' || state === 'finished') return known === undefined ? [] : [upFrom(known, fact.timeMs)];
    const one = { ...(known ?? begun(run, 'training', campus, fact.timeMs)), campus, toMs: fact.timeMs + tickMs };
    if (state === 'running') return [uncappedFrom(upFrom(one, one.toMs), one.toMs)];
    if (state === 'throttled') return [cappedFrom(upFrom(one, one.toMs), fact.timeMs)];
    return [one.readyAtMs > fact.timeMs ? one : downFrom(one, fact.timeMs)];
  });
}

function power(watched: ReadonlyMap<string, Watched>, fact: FactOf<'cluster.power.v1'>, tickMs: number): readonly Watched[] {
  return fact.data.campuses.flatMap(({ campus, inferenceMw, limitMw }): readonly Watched[] => {
    const known = watched.get(`inference/${campus}`);
    if (known === undefined && inferenceMw <= 0) return [];
    const one = { ...(known ?? begun(campus, 'inference', campus, fact.timeMs)), toMs: fact.timeMs + tickMs };
    return [limitMw > 0 ? upFrom(one, one.toMs) : downFrom(one, fact.timeMs)];
  });
}

function downFrom(one: Watched, atMs: number): Watched {
  return one.downSinceMs === null ? { ...one, downSinceMs: atMs } : one;
}

function upFrom(one: Watched, atMs: number): Watched {
  return one.downSinceMs === null ? one : { ...one, down: [...one.down, { fromMs: one.downSinceMs, toMs: atMs }], downSinceMs: null };
}

function cappedFrom(one: Watched, atMs: number): Watched {
  return one.cappedSinceMs === null ? { ...one, cappedSinceMs: atMs } : one;
}

function uncappedFrom(one: Watched, atMs: number): Watched {
  const { cappedSinceMs, capped } = one;
  return cappedSinceMs === null ? one : { ...one, capped: [...capped, { fromMs: cappedSinceMs, toMs: atMs }], cappedSinceMs: null };
}

function failed(one: Watched, { timeMs, data }: FactOf<'cluster.failure.v1'>): Watched {
  if (data.readyTime === null) return downFrom(one, timeMs);
  const readyAtMs = fromWire(data.readyTime);
  return { ...one, down: [...one.down, { fromMs: timeMs, toMs: readyAtMs }], readyAtMs };
}

function resumed(one: Watched, { timeMs, data }: FactOf<'cluster.resume.v1'>): Watched {
  const readyAtMs = Math.max(timeMs, fromWire(data.readyTime));
  const up = { ...upFrom(one, readyAtMs), readyAtMs };
  return data.capRatio >= 1 ? uncappedFrom(up, readyAtMs) : cappedFrom(up, readyAtMs);
}
