import type { Run } from '../../scenario/schema.js';
import { mayPause, slowedMw, type SlowdownClass } from '../cluster/slowdown.js';
import { acceleratorShareRatio, capAt, idleMw, stallMw, throughputRatio } from '../cluster/throughput.js';
import { weightOf } from './priority.js';

/** What giving power costs a run depends on. */
export type GivingRun = Pick<
  Run,
  'id' | 'accelerators' | 'facilityMw' | 'idleRatio' | 'saveSeconds' | 'restartSeconds' | 'staticRatio' | 'capExponent'
> & { readonly priority?: number; readonly slowdownClass?: SlowdownClass };

/** What a run loses by what it gives over an event, in accelerator-hours; caps cost more with each MW, a pause costs all at once. */
export interface LossCurve {
  /** Accelerator-hours count this much. */
  readonly weight: number;
  /** Most that a cap frees, MW. */
  readonly deepestMw: number;
  /** What a pause frees, MW. */
  readonly pausedMw: number;
  readonly pauseLoss: number;
  /** Whether each MW by a cap costs at least as much as the one before. */
  readonly isConvex: boolean;
  /** Loss by a cap that frees some MW. */
  capLoss(freedMw: number): number;
  /** MW that a cap frees up to where the next one costs more than `lossPerMw`. */
  depthAt(lossPerMw: number): number;
}

/** The losses of a run that would go on at `levelMw`, over an event of some hours, when caps go no lower than `capFloorRatio`. */
export function lossCurveOf(
  run: GivingRun,
  event: { readonly levelMw: number; readonly hours: number; readonly capFloorRatio: number },
): LossCurve {
  const { levelMw, hours, capFloorRatio } = event;
  const { staticRatio, capExponent, accelerators } = run;
  const cap = capAt(run, levelMw);
  const speedRatio = throughputRatio(run, cap);
  const deepestMw = capFloorRatio >= 1 ? 0 : Math.max(0, levelMw - Math.max(slowedMw(run, capFloorRatio), stallMw(run)));
  const hoursAtWork = accelerators * hours;
  const capLoss = (freedMw: number): number => hoursAtWork * (speedRatio - throughputRatio(run, capAt(run, levelMw - freedMw)));
  const isConvex = capExponent > 1;
  // Above the share that bends, work left is (cap - s)/(1 - s); a MW takes `sharePerMw` of it.
  const share = (cap - staticRatio) / (1 - staticRatio);
  const sharePerMw = 1 / (acceleratorShareRatio * run.facilityMw * (1 - staticRatio));
  const chord = deepestMw > 0 ? capLoss(deepestMw) / deepestMw : 0;
  const depthAt = (lossPerMw: number): number => {
    if (!isConvex) return lossPerMw > chord ? deepestMw : 0;
    const steepness = (hoursAtWork * sharePerMw) / capExponent;
    if (lossPerMw <= 0 || steepness <= 0) return lossPerMw > 0 ? deepestMw : 0;
    const leftShare = (lossPerMw / steepness) ** (-capExponent / (capExponent - 1));
    return Math.min(deepestMw, Math.max(0, (share - leftShare) / sharePerMw));
  };
  return {
    weight: weightOf(run),
    deepestMw,
    pausedMw: mayPause(run) ? Math.max(0, levelMw - idleMw(run)) : 0,
    pauseLoss: accelerators * (hours * speedRatio + (run.saveSeconds + run.restartSeconds) / 3_600),
    isConvex,
    capLoss,
    depthAt,
  };
}
