import { at } from '../grid/dense.js';
import { medianOf, rmseOf } from './leastSquares.js';

/** A drop of power below its baseline. */
export interface Dip {
  readonly startSeconds: number;
  readonly endSeconds: number;
  readonly dropRatio: number;
}

/** What the dips of a record are, by their rhythm. */
export interface Rhythm {
  readonly dips: number;
  /** Dips of more than half the baseline: the start or the end of the run. */
  readonly startOrEnd: number;
  readonly periodSeconds: number;
  /** Root mean square distance of the gaps from the nearest whole number of periods. */
  readonly periodRmseSeconds: number;
  readonly dipSeconds: number;
  readonly dropRatio: number;
  readonly dropRmse: number;
  /** True when dips come too often, below a minute, to be checkpoints: they are steps of the run. */
  readonly areSteps: boolean;
  /** Stops of more than three times the usual length: could be checkpoints or evaluations, the record does not say. */
  readonly longStops: number;
  readonly longStopSeconds: number | null;
  readonly longStopPeriodSeconds: number | null;
}

/** Medians of the dips between start and end, and the error of taking each for the median. Needs two such dips. */
export function fitRhythm(dips: readonly Dip[]): Rhythm | null {
  const inside = dips.filter((dip) => dip.dropRatio <= 0.5);
  if (inside.length < 2) return null;
  const lengths = Float64Array.from(inside, (dip) => dip.endSeconds - dip.startSeconds);
  const gaps = gapsOf(inside);
  const drops = Float64Array.from(inside, (dip) => dip.dropRatio);
  const [periodSeconds, dipSeconds, dropRatio] = [medianOf(gaps), medianOf(lengths), medianOf(drops)];
  const long = inside.filter((_, i) => at(lengths, i) > 3 * dipSeconds);
  return {
    dips: dips.length,
    startOrEnd: dips.length - inside.length,
    periodSeconds,
    periodRmseSeconds: rmseOf(gaps, (i) => periodSeconds * Math.max(1, Math.round(at(gaps, i) / periodSeconds))),
    dipSeconds,
    dropRatio,
    dropRmse: rmseOf(drops, () => dropRatio),
    areSteps: periodSeconds < 60,
    longStops: long.length,
    longStopSeconds: long.length === 0 ? null : medianOf(Float64Array.from(long, (dip) => dip.endSeconds - dip.startSeconds)),
    longStopPeriodSeconds: long.length < 2 ? null : medianOf(gapsOf(long)),
  };
}

function gapsOf(dips: readonly Dip[]): Float64Array {
  return Float64Array.from(dips.slice(1), (dip, i) => dip.startSeconds - (dips[i]?.startSeconds ?? 0));
}
