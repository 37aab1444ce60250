import type { Unit } from '../../scenario/networkSchema.js';
import { floatAt } from '../grid/dense.js';

/** Output that ramps allow in an hour, [units], MW. */
export interface Within {
  readonly leastMw: Float64Array;
  readonly mostMw: Float64Array;
}

/** Change of output an hour allows, [units], MW; infinite without a ramp limit, and for what wind, sun or water decide. */
export function hourlyRampMw(units: readonly Unit[]): Float64Array {
  return Float64Array.from(units, ({ rampMwPerMinute, availability }) =>
    rampMwPerMinute === null || availability !== null ? Infinity : 60 * rampMwPerMinute,
  );
}

/** What ramps allow after the outputs of the hour before (null: not known), and, where given, before outputs wanted in the hour after. */
export function withinRamps(
  rampMw: Float64Array,
  always: Float64Array,
  next: { readonly beforeMw: Float64Array | null; readonly afterMw?: Float64Array },
): Within {
  const leastMw = always.slice();
  const mostMw = new Float64Array(rampMw.length).fill(Infinity);
  const { beforeMw, afterMw } = next;
  for (let unit = 0; unit < rampMw.length; unit++) {
    const ramp = floatAt(rampMw, unit);
    if (ramp === Infinity) continue;
    const [low, high] = beforeMw === null ? [-Infinity, Infinity] : [floatAt(beforeMw, unit) - ramp, floatAt(beforeMw, unit) + ramp];
    const wished = afterMw === undefined ? low : Math.min(high, Math.max(low, floatAt(afterMw, unit) - ramp));
    const allowed = afterMw === undefined ? high : Math.max(wished, Math.min(high, floatAt(afterMw, unit) + ramp));
    leastMw[unit] = Math.max(floatAt(leastMw, unit), wished);
    mostMw[unit] = Math.max(floatAt(leastMw, unit), allowed);
  }
  return { leastMw, mostMw };
}

/** Whether units get from one output to the next within their ramps; a unit that is less available may drop to that at once. */
export function isWithinRamps(
  rampMw: Float64Array,
  change: { readonly fromMw: Float64Array; readonly toMw: Float64Array; readonly availableMw: Float64Array },
): boolean {
  const tolerance = 1e-6;
  for (let unit = 0; unit < rampMw.length; unit++) {
    const [from, to, ramp] = [floatAt(change.fromMw, unit), floatAt(change.toMw, unit), floatAt(rampMw, unit) + tolerance];
    if (to - from > ramp) return false;
    if (from - to > ramp && to < floatAt(change.availableMw, unit) - tolerance) return false;
  }
  return true;
}
