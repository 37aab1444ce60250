/** How the power of accelerators that step together goes up and down. */
export interface StepRhythm {
  /** Power of an accelerator between dips, W, and the share of it that a dip takes away. */
  readonly baselineW: number;
  readonly dropRatio: number;
  readonly periodSeconds: number;
  readonly dipSeconds: number;
  /** From one level to the other. */
  readonly edgeSeconds: number;
}

/**
 * Steps of a LLaMA-2 fine-tuning on 64 H100: 45,515 W between dips, medians of 159 dips (`power fit`); the steepest fall, 36.6 kW/s, is one
 * dip within one sample of 0.2 s, so that edges may be steeper still. Source: ../shared/data/gpu-power (Vercellino et al., 2026).
 */
export const measuredSteps: StepRhythm = { baselineW: 711, dropRatio: 0.159, periodSeconds: 10.4, dipSeconds: 2.6, edgeSeconds: 0.2 };

/** Electrical losses that follow the accelerators from the rack to the meter; cooling is too slow to follow steps. Assumed. */
const meterRatio = 1.03;

/**
 * Storage in the racks, J an accelerator: as a filter it follows the load with a lag, which takes the edge off; as a levelling store it
 * gives in the dip what it takes beside it, which makes dips shallower and leaves their edges.
 */
export type Smoothing = { readonly kind: 'none' } | { readonly kind: 'filter' | 'levelling'; readonly joules: number };

/** Swing of power around its mean, for one accelerator in W or at the meter in MW. */
export interface Swing {
  readonly peakToPeak: number;
  /** Steepest change, per second. */
  readonly rampPerSecond: number;
  readonly deviation: number;
}

/** Swing of a campus; MW. */
export interface SiteSwing {
  /** All runs in step with each other: the most there can be. */
  readonly peakToPeakMw: number;
  readonly rampMwPerSecond: number;
  /** Runs that know nothing of each other: standard deviation. */
  readonly deviationMw: number;
}

/** Swing of one accelerator, W, with its store full enough to go on for ever. */
export function stepSwing(rhythm: StepRhythm, smoothing: Smoothing): Swing {
  const depthW = rhythm.baselineW * rhythm.dropRatio;
  switch (smoothing.kind) {
    case 'none':
      return rectangle(rhythm, depthW);
    case 'levelling':
      return rectangle(rhythm, Math.max(0, depthW * (1 - smoothing.joules / flatteningJoules(rhythm))));
    case 'filter':
      return filtered(rhythm, smoothing.joules);
  }
}

/** Energy with which a store makes the steps of an accelerator vanish, J. */
export function flatteningJoules({ baselineW, dropRatio, periodSeconds, dipSeconds }: StepRhythm): number {
  return (baselineW * dropRatio * dipSeconds * (periodSeconds - dipSeconds)) / periodSeconds;
}

/** Swing of a campus whose runs have these numbers of accelerators, MW at the meter. */
export function siteSwing(accelerators: readonly number[], rhythm: StepRhythm, smoothing: Smoothing): SiteSwing {
  const one = stepSwing(rhythm, smoothing);
  const mw = (watts: number, count: number): number => (watts * count * meterRatio) / 1e6;
  const all = accelerators.reduce((sum, count) => sum + count, 0);
  return {
    peakToPeakMw: mw(one.peakToPeak, all),
    rampMwPerSecond: mw(one.rampPerSecond, all),
    deviationMw: Math.sqrt(accelerators.reduce((sum, count) => sum + mw(one.deviation, count) ** 2, 0)),
  };
}

/** Least energy a filter needs so that a campus stays within a ramp in MW/s with all runs in step, J an accelerator; 0: none. */
export function joulesForRamp(accelerators: readonly number[], rhythm: StepRhythm, limitMwPerSecond: number): number {
  const isWithin = (joules: number): boolean =>
    siteSwing(accelerators, rhythm, { kind: 'filter', joules }).rampMwPerSecond <= limitMwPerSecond;
  if (isWithin(0)) return 0;
  let [low, high] = [0, flatteningJoules(rhythm)];
  for (let halving = 0; halving < 50; halving++) {
    const middle = (low + high) / 2;
    if (isWithin(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function rectangle({ periodSeconds, dipSeconds, edgeSeconds }: StepRhythm, depthW: number): Swing {
  const share = dipSeconds / periodSeconds;
  return { peakToPeak: depthW, rampPerSecond: depthW / edgeSeconds, deviation: depthW * Math.sqrt(share * (1 - share)) };
}

/** A rectangle behind a first-order lag whose store swings by the energy given: the lag is found by halving, the rest is closed form. */
function filtered(rhythm: StepRhythm, joules: number): Swing {
  const bare = rectangle(rhythm, rhythm.baselineW * rhythm.dropRatio);
  if (joules <= 0) return bare;
  if (joules >= flatteningJoules(rhythm)) return { peakToPeak: 0, rampPerSecond: 0, deviation: 0 };
  let [low, high] = [1e-6, 1e6];
  for (let halving = 0; halving < 80; halving++) {
    const middle = Math.sqrt(low * high);
    if (middle * lagged(rhythm, middle).peakToPeak > joules) high = middle;
    else low = middle;
  }
  const swing = lagged(rhythm, low);
  return { ...swing, rampPerSecond: Math.min(bare.rampPerSecond, swing.rampPerSecond) };
}

function lagged({ baselineW, dropRatio, periodSeconds, dipSeconds }: StepRhythm, lagSeconds: number): Swing {
  const depthW = baselineW * dropRatio;
  const highSeconds = periodSeconds - dipSeconds;
  const decay = (seconds: number): number => Math.exp(-seconds / lagSeconds);
  // Above the bottom of the dip, in the settled cycle.
  const topW = (depthW * -Math.expm1(-highSeconds / lagSeconds)) / -Math.expm1(-periodSeconds / lagSeconds);
  const bottomW = topW * decay(dipSeconds);
  const belowW = depthW - bottomW;
  const half = lagSeconds / 2;
  const squares =
    topW ** 2 * half * (1 - decay(2 * dipSeconds)) +
    depthW ** 2 * highSeconds -
    2 * depthW * belowW * lagSeconds * (1 - decay(highSeconds)) +
    belowW ** 2 * half * (1 - decay(2 * highSeconds));
  const meanW = (depthW * highSeconds) / periodSeconds;
  return {
    peakToPeak: topW - bottomW,
    rampPerSecond: Math.max(topW, belowW) / lagSeconds,
    deviation: Math.sqrt(Math.max(0, squares / periodSeconds - meanW ** 2)),
  };
}
