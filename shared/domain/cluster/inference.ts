import type { Campus, Series } from '../../scenario/schema.js';
import { assert } from '../assert.js';
import { seriesMean } from '../grid/profiles.js';
import { normalsOf } from '../random.js';
import { dayMs, hourMs, minuteMs } from '../ticks.js';

/** Standard deviation of the hourly noise, as a share of the daily swing; a choice of this model. */
const noiseRatio = 0.04;

/** More ticks than a look ahead of 72 hours has at five minutes. */
const rememberedInstants = 1024;

/** What inference depends on beside its campus. */
interface InferenceWorld {
  readonly seed: number;
  readonly utcOffsetMinutes: number;
  readonly series: Readonly<Record<string, Series>>;
}

/** Inference load of a campus at an instant, MW: its series, or a daily wave around its peak hour with seeded noise within its own bounds. */
export function inferenceMw(world: InferenceWorld, campus: Campus, atMs: number): number {
  return inferenceOf(world, campus)(atMs);
}

/** The same for every instant; the noise of the last two hours asked for is remembered, which changes speed and nothing else. */
export function inferenceOf({ seed, utcOffsetMinutes, series }: InferenceWorld, campus: Campus): (atMs: number) => number {
  if (campus.inferenceProfile !== undefined) return valueOf(series, campus.inferenceProfile.series);
  const { inferenceMinMw, inferenceMaxMw, inferencePeakHour } = campus;
  const spanMw = inferenceMaxMw - inferenceMinMw;
  if (spanMw <= 0) return () => inferenceMinMw;
  const noiseAt = rememberTwo(normalsOf({ seed, component: 'cluster-demand', entity: campus.id, purpose: 'inference' }));
  return (atMs) => {
    const localHour = ((atMs + utcOffsetMinutes * minuteMs) % dayMs) / hourMs;
    const wave = 0.5 + 0.5 * Math.cos((2 * Math.PI * (localHour - inferencePeakHour)) / 24);
    const hour = Math.floor(atMs / hourMs);
    const share = atMs / hourMs - hour;
    const noise = share === 0 ? noiseAt(hour) : (1 - share) * noiseAt(hour) + share * noiseAt(hour + 1);
    return Math.min(inferenceMaxMw, Math.max(inferenceMinMw, inferenceMinMw + spanMw * (wave + noiseRatio * noise)));
  };
}

/** The same with what was asked for remembered, for who looks ahead again and again; changes speed and nothing else. */
export function remembered(valueAt: (atMs: number) => number): (atMs: number) => number {
  const known = new Map<number, number>();
  return (atMs) => {
    const before = known.get(atMs);
    if (before !== undefined) return before;
    const value = valueAt(atMs);
    if (known.size >= rememberedInstants) known.clear();
    known.set(atMs, value);
    return value;
  };
}

function valueOf(all: InferenceWorld['series'], name: string): (atMs: number) => number {
  const series = all[name];
  assert(series !== undefined, `series ${name} is not in the world`);
  const meanOf = seriesMean(series);
  return (atMs) => meanOf({ fromMs: atMs, toMs: atMs });
}

function rememberTwo(valueAt: (n: number) => number): (n: number) => number {
  let [last, before] = [
    { n: NaN, value: 0 },
    { n: NaN, value: 0 },
  ];
  return (n) => {
    if (n === last.n) return last.value;
    if (n === before.n) return before.value;
    [last, before] = [{ n, value: valueAt(n) }, last];
    return last.value;
  };
}
