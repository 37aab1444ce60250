import type { Unit } from '../../scenario/networkSchema.js';

/** A stretch of output at one marginal cost. */
export interface CostBlock {
  readonly widthMw: number;
  readonly usdPerMwh: number;
}

/** What running costs: a sum per hour at some output, and blocks of rising cost above it. */
export interface RunningCost {
  readonly fromMw: number;
  readonly usdPerHourAtFrom: number;
  /** As wide together as the unit can go above `fromMw`. */
  readonly blocks: readonly CostBlock[];
}

/** Straight pieces that stand for a quadratic cost curve; the chords lie above it by at most 1/256 of its bend over the range. */
const quadraticPieces = 8;

/**
 * Cost of the output of a unit between `fromMw` and its capacity: from its commitment costs where it has them, else from its cost curve,
 * else from its one marginal cost. The last block goes on to the capacity, the first one down.
 */
export function runningCostOf(unit: Unit, fromMw: number): RunningCost {
  const { noLoadUsdPerHour, corners } = cornersOf(unit, fromMw);
  const blocks: CostBlock[] = [];
  let usdPerHourAtFrom = noLoadUsdPerHour;
  let belowMw = 0;
  corners.forEach(({ upToMw, usdPerMwh }, place) => {
    const [first, last] = [place === 0, place === corners.length - 1];
    const endMw = last ? Math.max(unit.capacityMw, fromMw) : upToMw;
    usdPerHourAtFrom += usdPerMwh * ((last ? fromMw : Math.min(fromMw, endMw)) - (first ? 0 : Math.min(fromMw, belowMw)));
    const widthMw = Math.min(endMw, unit.capacityMw) - Math.max(first ? -Infinity : belowMw, fromMw);
    if (widthMw > 1e-9) blocks.push({ widthMw, usdPerMwh });
    belowMw = endMw;
  });
  return { fromMw, usdPerHourAtFrom, blocks };
}

/** Ends and marginal costs of the blocks of a unit, and what output 0 costs when the first block is drawn out to it. */
function cornersOf(
  unit: Unit,
  fromMw: number,
): { readonly noLoadUsdPerHour: number; readonly corners: readonly { readonly upToMw: number; readonly usdPerMwh: number }[] } {
  const { commitment, costCurve } = unit;
  if (commitment !== null) return { noLoadUsdPerHour: commitment.noLoadUsdPerHour, corners: commitment.blocks };
  if (costCurve === null) return { noLoadUsdPerHour: 0, corners: [{ upToMw: unit.capacityMw, usdPerMwh: unit.costUsdPerMwh }] };
  const points = costCurve.kind === 'piecewise' ? costCurve.points : chordPoints(costCurve, fromMw, unit.capacityMw);
  const corners = points.slice(1).map((point, place) => {
    const before = points[place] ?? point;
    return { upToMw: point.outputMw, usdPerMwh: (point.usdPerHour - before.usdPerHour) / (point.outputMw - before.outputMw) };
  });
  const [start, first] = [points[0], corners[0]];
  return {
    noLoadUsdPerHour: start === undefined || first === undefined ? 0 : start.usdPerHour - first.usdPerMwh * start.outputMw,
    corners,
  };
}

function chordPoints(
  curve: Extract<NonNullable<Unit['costCurve']>, { kind: 'quadratic' }>,
  fromMw: number,
  toMw: number,
): { readonly outputMw: number; readonly usdPerHour: number }[] {
  const stepMw = Math.max(toMw - fromMw, 1e-6) / quadraticPieces;
  return Array.from({ length: quadraticPieces + 1 }, (_, place) => {
    const outputMw = fromMw + place * stepMw;
    return {
      outputMw,
      usdPerHour: (curve.quadraticUsdPerMw2h * outputMw + curve.linearUsdPerMwh) * outputMw + curve.constantUsdPerHour,
    };
  });
}
