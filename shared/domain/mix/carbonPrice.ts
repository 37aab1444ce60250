import type { CostCurve, Unit } from '../../scenario/networkSchema.js';
import type { World } from '../../scenario/schema.js';
import type { BuildOption } from './options.js';

/** A world in which every unit pays for its carbon dioxide, USD a tonne, on top of its marginal cost. */
export function withCarbonPrice(world: World, usdPerTonne: number): World {
  const priced = (unit: Unit): Unit => {
    const addedUsdPerMwh = (usdPerTonne * unit.carbonKgPerMwh) / 1_000;
    if (addedUsdPerMwh === 0) return unit;
    const costCurve = unit.costCurve === null ? null : raised(unit.costCurve, addedUsdPerMwh);
    return { ...unit, costUsdPerMwh: unit.costUsdPerMwh + addedUsdPerMwh, costCurve };
  };
  return { ...world, network: { ...world.network, units: world.network.units.map(priced) } };
}

/** An option that pays for its carbon dioxide. */
export function pricedOption(option: BuildOption, usdPerTonne: number): BuildOption {
  return { ...option, costUsdPerMwh: option.costUsdPerMwh + (usdPerTonne * option.carbonKgPerMwh) / 1_000 };
}

function raised(curve: CostCurve, addedUsdPerMwh: number): CostCurve {
  switch (curve.kind) {
    case 'quadratic':
      return { ...curve, linearUsdPerMwh: curve.linearUsdPerMwh + addedUsdPerMwh };
    case 'piecewise':
      return {
        ...curve,
        points: curve.points.map(({ outputMw, usdPerHour }) => ({ outputMw, usdPerHour: usdPerHour + addedUsdPerMwh * outputMw })),
      };
  }
}
