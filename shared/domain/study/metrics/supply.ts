import type { Unit } from '../../../scenario/networkSchema.js';
import type { FactOf } from '../../fact.js';
import { erasOf } from '../../grid/changes.js';
import { curveCostUsdPerHour } from '../../grid/curves.js';
import { hourMs } from '../../ticks.js';
import { added, sum, type Measured, type Metric } from '../metric.js';

/** Units as they cost at an instant, by id. */
function unitsOver({ world, startMs }: Measured): (atMs: number) => ReadonlyMap<string, Unit> {
  const eras = erasOf(world, { fromMs: startMs, toMs: Infinity }).map(({ fromMs, network }) => ({
    fromMs,
    units: new Map(network.units.map((unit) => [unit.id, unit])),
  }));
  return (atMs) => (eras.findLast(({ fromMs }) => fromMs <= atMs) ?? eras[0])?.units ?? new Map();
}

/** Sum over the units of a region in a tick. */
function overUnits(measured: Measured, of: (unit: Unit, generationMw: number) => number): (fact: FactOf<'grid.supply.v1'>) => number {
  const unitsAt = unitsOver(measured);
  const tickHours = measured.tickMs / hourMs;
  return ({ data, timeMs }) => {
    const units = unitsAt(timeMs);
    let total = 0;
    for (const { unit: id, generationMw } of data.units) {
      const unit = units.get(id);
      if (unit !== undefined) total += of(unit, generationMw);
    }
    return total * tickHours;
  };
}

/** What units burn, emit and leave unused. */
export const supplyMetrics: readonly Metric[] = [
  sum(
    {
      id: 'costUsd',
      unit: 'USD',
      definition: 'Output of every unit at its cost, fuel price paths included; without starts, lost load, shortage prices and payments.',
    },
    ['grid.supply.v1'],
    (measured) => {
      const costOf = overUnits(measured, ({ costCurve, costUsdPerMwh }, mw) =>
        costCurve === null ? mw * costUsdPerMwh : curveCostUsdPerHour(costCurve, mw),
      );
      return (fact) => (fact.type === 'grid.supply.v1' ? costOf(fact) : 0);
    },
  ),
  sum({ id: 'carbonTonnes', unit: 't', definition: 'Carbon dioxide of the output of every unit.' }, ['grid.supply.v1'], (measured) => {
    const carbonOf = overUnits(measured, ({ carbonKgPerMwh }, mw) => (mw * carbonKgPerMwh) / 1_000);
    return (fact) => (fact.type === 'grid.supply.v1' ? carbonOf(fact) : 0);
  }),
  {
    id: 'curtailedMwh',
    unit: 'MWh',
    definition: 'Energy of wind, sun and water that was there and not taken, by source.',
    parts: 'source',
    over: ({ world, tickMs }) => {
      const sourceOf = new Map(world.network.units.map(({ id, source }) => [id, source]));
      const free = world.network.units.filter(({ availability, dailyEnergyMwh }) => availability !== null || dailyEnergyMwh !== null);
      return {
        hears: ['grid.curtailment.v1'],
        start: Object.fromEntries([...new Set(free.map(({ source }) => source))].map((source) => [source, 0])),
        hear: (amounts, fact) => {
          if (fact.type !== 'grid.curtailment.v1') return amounts;
          let next = amounts;
          for (const { unit, curtailedMw } of fact.data.units)
            next = added(next, sourceOf.get(unit) ?? 'other', (curtailedMw * tickMs) / hourMs);
          return next;
        },
        values: (amounts) => amounts,
      };
    },
  },
];
