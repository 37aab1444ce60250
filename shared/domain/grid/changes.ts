import type { Unit } from '../../scenario/networkSchema.js';
import type { World } from '../../scenario/schema.js';
import { fromWire } from '../ticks.js';

/** A grid as it stands from one change to the next. */
export interface Era {
  readonly fromMs: number;
  /** Infinite for the last. */
  readonly toMs: number;
  /** Units that are in service, at the cost they have. */
  readonly network: World['network'];
  /** [regions]: load as a multiple of what the scenario says. */
  readonly loadFactor: readonly number[];
}

/** The eras of a world that touch an interval, in order; one when nothing changes. */
export function erasOf(
  { network, regions }: Pick<World, 'network' | 'regions'>,
  interval: { readonly fromMs: number; readonly toMs: number },
): Era[] {
  const instants = [...new Set(network.changes.map(({ atTime }) => fromWire(atTime)))].sort((a, b) => a - b);
  const inside = instants.filter((atMs) => atMs > interval.fromMs && atMs < interval.toMs);
  return [interval.fromMs, ...inside].map((fromMs, place) => {
    const made = network.changes.filter(({ atTime }) => fromWire(atTime) <= fromMs);
    return {
      fromMs,
      toMs: inside[place] ?? Infinity,
      network: { ...network, units: unitsAfter(network, made) },
      loadFactor: regions.map(({ id }) =>
        made.reduce((factor, change) => (change.kind === 'scale-load' && change.region === id ? factor * change.factorRatio : factor), 1),
      ),
    };
  });
}

function unitsAfter(network: World['network'], made: World['network']['changes']): World['network']['units'] {
  const added = new Set(network.changes.flatMap((change) => (change.kind === 'add-unit' ? [change.unit] : [])));
  for (const change of made) if (change.kind === 'add-unit') added.delete(change.unit);
  const retired = new Set(made.flatMap((change) => (change.kind === 'retire-unit' ? [change.unit] : [])));
  return network.units
    .filter(({ id }) => !added.has(id) && !retired.has(id))
    .map((unit) => {
      const factor = made.reduce(
        (product, change) => (change.kind === 'scale-cost' && change.source === unit.source ? product * change.factorRatio : product),
        1,
      );
      return factor === 1 ? unit : costing(unit, factor);
    });
}

/** A unit at a multiple of its cost, starts included. */
function costing(unit: Unit, factor: number): Unit {
  const { commitment } = unit;
  return {
    ...unit,
    costUsdPerMwh: factor * unit.costUsdPerMwh,
    costCurve: scaled(unit.costCurve, factor),
    commitment: commitment && {
      ...commitment,
      startUsd: factor * commitment.startUsd,
      noLoadUsdPerHour: factor * commitment.noLoadUsdPerHour,
      blocks: commitment.blocks.map(({ upToMw, usdPerMwh }) => ({ upToMw, usdPerMwh: factor * usdPerMwh })),
    },
  };
}

function scaled(curve: World['network']['units'][number]['costCurve'], factor: number): typeof curve {
  if (curve === null) return null;
  switch (curve.kind) {
    case 'quadratic':
      return {
        kind: 'quadratic',
        quadraticUsdPerMw2h: factor * curve.quadraticUsdPerMw2h,
        linearUsdPerMwh: factor * curve.linearUsdPerMwh,
        constantUsdPerHour: factor * curve.constantUsdPerHour,
      };
    case 'piecewise':
      return { kind: 'piecewise', points: curve.points.map(({ outputMw, usdPerHour }) => ({ outputMw, usdPerHour: factor * usdPerHour })) };
  }
}
