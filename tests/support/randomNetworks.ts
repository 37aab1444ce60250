import type { GridWorld } from '../../shared/domain/grid/grid.js';
import { draw } from '../../shared/domain/random.js';
import { plainBus, plainLine, plainLink, plainUnit } from '../../shared/scenario/plain.js';

/** A small network drawn from its number, with the loads and availabilities of one hour. */
export interface SmallCase {
  readonly world: GridWorld;
  readonly loadMw: Float64Array;
  readonly availableMw: Float64Array;
}

/** A ring of 3 to 9 buses with chords, tight lines, sometimes a DC link, and units at random costs; shedding costs 10,000 $/MWh. */
export function smallCase(n: number): SmallCase {
  const number = (purpose: string, place: number): number => draw({ seed: 11, component: 'test', entity: `case-${n}`, purpose, n: place });
  const whole = (purpose: string, place: number, from: number, to: number): number =>
    from + Math.floor(number(purpose, place) * (to - from + 1));
  const busCount = whole('buses', 0, 3, 9);
  const buses = Array.from({ length: busCount }, (_, bus) => ({
    ...plainBus,
    id: `b${bus}`,
    name: `b${bus}`,
    region: 'r',
    loadShareRatio: 0,
  }));
  const chords = whole('chords', 0, 0, 4);
  const ends = [
    ...buses.map((_, bus) => [bus, (bus + 1) % busCount] as const),
    ...Array.from({ length: chords }, (_, chord) => [whole('from', chord, 0, busCount - 1), whole('to', chord, 0, busCount - 1)] as const),
  ].filter(([from, to]) => from !== to);
  const unitCount = whole('units', 0, 2, 8);
  const units = Array.from({ length: unitCount }, (_, unit) => ({
    ...plainUnit,
    id: `u${unit}`,
    name: `u${unit}`,
    bus: `b${whole('unit-bus', unit, 0, busCount - 1)}`,
    source: 'gas-cc' as const,
    capacityMw: 50 + 200 * number('capacity', unit),
    costUsdPerMwh: 5 + 80 * number('cost', unit),
    availability: null,
    dailyEnergyMwh: null,
    providesReserve: false,
    carbonKgPerMwh: 0,
  }));
  return {
    loadMw: Float64Array.from(buses, (_, bus) => (number('has-load', bus) < 0.7 ? 150 * number('load', bus) : 0)),
    availableMw: Float64Array.from(units, (unit) => unit.capacityMw),
    world: {
      regions: [{ id: 'r', name: 'r', load: { kind: 'constant', mw: 0 } }],
      campuses: [],
      contracts: [],
      lostLoadUsdPerMwh: 10_000,
      reserve: { requirementMw: 0, shortageSteps: [], watchBelowMw: 0, warningBelowMw: 0, emergencyBelowMw: 0 },
      network: {
        changes: [],
        buses,
        lines: ends.map(([from, to], line) => ({
          ...plainLine,
          id: `l${line}`,
          fromBus: `b${from}`,
          toBus: `b${to}`,
          reactancePu: 0.02 + 0.2 * number('reactance', line),
          tapRatio: number('tap', line) < 0.2 ? 0.97 : 1,
          phaseShiftDegrees: number('shift', line) < 0.1 ? 2 : 0,
          ratingMw: 20 + 120 * number('rating', line),
          emergencyRatingMw: 200,
        })),
        links:
          number('link', 0) < 0.3
            ? [{ ...plainLink, id: 'dc', fromBus: 'b0', toBus: `b${busCount - 1}`, capacityMw: 30, reverseCapacityMw: 10 }]
            : [],
        interfaces: [],
        storages: [],
        units,
      },
    },
  };
}
