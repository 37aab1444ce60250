import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import type { SitingRun } from '../../shared/domain/siting/eras.js';
import { draw } from '../../shared/domain/random.js';
import type { World } from '../../shared/scenario/schema.js';
import { smallCase } from './randomNetworks.js';
import { smallLine, smallUnit, smallWorld, stepSeries } from './worlds.js';

/** Every hour on its own, by the kernel's own solver alone. */
export function runOver(hours: number, security: SitingRun['security'] = 'none'): SitingRun {
  return { fromHour: 0, toHour: hours, convention: 'matpower', security, solve: solveByPivots(null) };
}

/**
 * Wind far from load: 200 MW at `a`, blowing in the first half of every day; a line of 60 MW to `b` with 50 MW of load and a dear unit of
 * 300 MW; a line of 100 MW on to `c` with 80 MW of load. Nothing else runs at `a`, where nobody lives.
 */
export function windyWorld(hours: number): World {
  const values = (valueOf: (hour: number) => number) =>
    stepSeries(
      60,
      Array.from({ length: hours }, (_, hour) => valueOf(hour)),
    );
  const world = smallWorld({ campuses: [], contracts: [], runs: [] });
  return {
    ...world,
    series: { 'north-load': values(() => 50), 'south-load': values(() => 80), wind: values((hour) => (hour % 24 < 12 ? 200 : 0)) },
    network: {
      ...world.network,
      buses: world.network.buses.map((bus) => ({ ...bus, loadShareRatio: bus.id === 'a' ? 0 : 1 })),
      lines: [smallLine('a-b', 'a', 'b', 60), smallLine('b-c', 'b', 'c', 100)],
      units: [
        smallUnit('windy', 'a', 200, 0, {
          source: 'wind',
          carbonKgPerMwh: 0,
          providesReserve: false,
          availability: { kind: 'series', series: 'wind' },
        }),
        smallUnit('dear', 'b', 300, 40),
      ],
    },
  };
}

/** A random small network over some hours in which load and the first unit go up and down. */
export function changingCase(n: number, hours: number): World {
  const { world } = smallCase(n);
  const number = (purpose: string, place: number): number => draw({ seed: 5, component: 'test', entity: `hours-${n}`, purpose, n: place });
  const { buses, units } = world.network;
  const base = smallWorld({ campuses: [], contracts: [], runs: [], regions: world.regions });
  return {
    ...base,
    regions: [{ id: 'r', name: 'r', load: { kind: 'series', series: 'load' } }],
    series: {
      load: stepSeries(
        60,
        Array.from({ length: hours }, (_, hour) => 30 + 150 * number('load', hour)),
      ),
      unit: stepSeries(
        60,
        Array.from({ length: hours }, (_, hour) => (units[0]?.capacityMw ?? 0) * number('unit', hour)),
      ),
    },
    network: {
      ...world.network,
      buses: buses.map((bus) => ({ ...bus, loadShareRatio: 1 / buses.length })),
      units: units.map((unit, place) => ({
        ...unit,
        carbonKgPerMwh: Math.round(1_000 * number('carbon', place)),
        availability: place === 0 ? { kind: 'series' as const, series: 'unit' } : null,
      })),
    },
  };
}
