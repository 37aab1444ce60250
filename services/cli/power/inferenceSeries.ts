import { inferencePowerAt, type DemandPoint } from '../../../shared/domain/inference/demand.js';
import { fromWire, hourMs, toWire } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { Series } from '../../../shared/scenario/schema.js';

/** An instant to begin a series at, UTC ms. @throws TWIN_WRONG_INPUT naming the option. */
export function seriesStartIn(text: string): number {
  const atMs = fromWire(text);
  if (Number.isFinite(atMs) && /^\d{4}-\d{2}-\d{2}T/.test(text)) return atMs;
  throw wrongInput(`--series-from: found ${JSON.stringify(text)}, allowed: an RFC 3339 instant such as 2027-07-13T00:00:00Z`);
}

/** A day of inference of a campus as a series of a scenario: MW by hour with all nodes on, from an instant on; the peak hour is UTC. */
export function daySeries(
  points: readonly DemandPoint[],
  startMs: number,
  day: { readonly leastRatio: number; readonly peakHour: number },
): Series {
  const campus = { points, shape: { ...day, utcOffsetMinutes: 0, noiseRatio: 0 }, seed: 0, entity: 'day' };
  const values = Array.from({ length: 24 }, (_, hour) => {
    const { allOnMw } = inferencePowerAt(campus, startMs + (hour + 0.5) * hourMs);
    return Math.round(allOnMw * 1e6) / 1e6;
  });
  return { startTime: toWire(startMs), stepMinutes: 60, values };
}
