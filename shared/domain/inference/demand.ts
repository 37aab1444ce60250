import { drawNormal } from '../random.js';
import { dayMs, hourMs, minuteMs } from '../ticks.js';

/** Demand for inference over a day: a wave between a least share and 1 at its peak hour, with noise by hour. */
export interface DayShape {
  readonly leastRatio: number;
  /** Local hour of the day, 0 to 24. */
  readonly peakHour: number;
  readonly utcOffsetMinutes: number;
  /** Standard deviation of the noise as a share of the swing. */
  readonly noiseRatio: number;
}

/** Demand as a share of its peak at an instant, between the least share and 1; the noise is drawn by seed, entity and hour. */
export function demandRatioAt(shape: DayShape, of: { readonly seed: number; readonly entity: string }, atMs: number): number {
  const localHour = (((atMs + shape.utcOffsetMinutes * minuteMs) % dayMs) + dayMs) % dayMs;
  const wave = 0.5 + 0.5 * Math.cos((2 * Math.PI * (localHour / hourMs - shape.peakHour)) / 24);
  const hour = Math.floor(atMs / hourMs);
  const share = atMs / hourMs - hour;
  const drawnAt = (n: number): number =>
    shape.noiseRatio === 0 ? 0 : drawNormal({ seed: of.seed, component: 'inference', entity: of.entity, purpose: 'demand', n });
  const noise = (1 - share) * drawnAt(hour) + share * drawnAt(hour + 1);
  const ratio = shape.leastRatio + (1 - shape.leastRatio) * (wave + shape.noiseRatio * noise);
  return Math.min(1, Math.max(shape.leastRatio, ratio));
}

/** A campus at one level of demand: all nodes on, and just as many as its quality needs with the others idle or off. MW are means. */
export interface DemandPoint {
  readonly demandRatio: number;
  readonly neededNodes: number;
  readonly allOnMw: number;
  readonly mustServeMw: number;
  readonly othersOffMw: number;
}

/**
 * What a campus draws for inference at a level of demand, in straight lines between the levels that were served; below the lowest level it
 * draws as much as there. `mustServeMw` is the least it can be asked to fall to while it keeps its quality and can come back at once;
 * `othersOffMw` is lower, and coming back takes as long as loading a model. `points` rise in demand; needs one point or more.
 */
export function campusAt(points: readonly DemandPoint[], demandRatio: number): DemandPoint {
  const next = points.findIndex((point) => point.demandRatio >= demandRatio);
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return { demandRatio, neededNodes: 0, allOnMw: 0, mustServeMw: 0, othersOffMw: 0 };
  const above = next < 0 ? last : (points[next] ?? last);
  const below = next <= 0 ? above : (points[next - 1] ?? above);
  const span = above.demandRatio - below.demandRatio;
  const share = span > 0 ? (demandRatio - below.demandRatio) / span : 0;
  const between = (value: (point: DemandPoint) => number): number => value(below) + share * (value(above) - value(below));
  return {
    demandRatio,
    neededNodes: Math.ceil(between((point) => point.neededNodes) - 1e-9),
    allOnMw: between((point) => point.allOnMw),
    mustServeMw: between((point) => point.mustServeMw),
    othersOffMw: between((point) => point.othersOffMw),
  };
}

/** MW of a campus for inference at an instant, and the least that keeps its quality: what a twin needs. */
export function inferencePowerAt(
  campus: { readonly points: readonly DemandPoint[]; readonly shape: DayShape; readonly seed: number; readonly entity: string },
  atMs: number,
): DemandPoint {
  return campusAt(campus.points, demandRatioAt(campus.shape, campus, atMs));
}
