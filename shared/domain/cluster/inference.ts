import type { Campus } from '../../scenario/schema.js';
import { drawNormal } from '../random.js';
import { dayMs, hourMs, minuteMs } from '../ticks.js';

/** Standard deviation of the hourly noise, as a share of the daily swing; a choice of this model. */
const noiseRatio = 0.04;

/** Inference load of a campus at an instant, MW: a daily wave around its peak hour with seeded noise, within its own bounds. */
export function inferenceMw(world: { readonly seed: number; readonly utcOffsetMinutes: number }, campus: Campus, atMs: number): number {
  const spanMw = campus.inferenceMaxMw - campus.inferenceMinMw;
  if (spanMw <= 0) return campus.inferenceMinMw;
  const localHour = ((atMs + world.utcOffsetMinutes * minuteMs) % dayMs) / hourMs;
  const wave = 0.5 + 0.5 * Math.cos((2 * Math.PI * (localHour - campus.inferencePeakHour)) / 24);
  const hour = Math.floor(atMs / hourMs);
  const share = atMs / hourMs - hour;
  const noise = (1 - share) * noiseAt(world.seed, campus.id, hour) + share * noiseAt(world.seed, campus.id, hour + 1);
  return Math.min(campus.inferenceMaxMw, Math.max(campus.inferenceMinMw, campus.inferenceMinMw + spanMw * (wave + noiseRatio * noise)));
}

function noiseAt(seed: number, campus: string, hour: number): number {
  return drawNormal({ seed, component: 'cluster-demand', entity: campus, purpose: 'inference', n: hour });
}
