import { chronoHours, type ChronoHour, type ChronoRun } from '../../shared/domain/chrono/run.js';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import type { LinearSolver } from '../../shared/domain/grid/solver.js';
import { draw } from '../../shared/domain/random.js';
import { plainUnit } from '../../shared/scenario/plain.js';
import type { World } from '../../shared/scenario/schema.js';
import { angleProblem } from './angleProblem.js';
import { daysProblem } from './daysProblem.js';
import { smallCase } from './randomNetworks.js';
import { smallStartTime, smallWorld, stepSeries } from './worlds.js';

/** Hours of a run that sees nothing beyond them, with a plain dispatch convention and no outages unless `rest` says otherwise. */
export function chronoRun(world: World, solver: LinearSolver, rest: Partial<ChronoRun> & Pick<ChronoRun, 'toHour'>): ChronoHour[] {
  return [
    ...chronoHours(world, {
      fromHour: 0,
      seesToHour: rest.toHour,
      convention: 'matpower',
      security: 'none',
      outageSeed: null,
      solve: solveByPivots(solver),
      solver,
      foresight: 'perfect',
      start: null,
      ...rest,
    }),
  ];
}

/**
 * A drawn small network over some hours: loads that rise and fall, a unit at every bus so that no ramp makes an hour impossible, ramps on
 * some of the others, up to three storages.
 */
export function smallDays(n: number, hours: number): World {
  const { world } = smallCase(n);
  const { loadMw } = smallCase(n);
  const number = (purpose: string, place: number): number => draw({ seed: 5, component: 'test', entity: `days-${n}`, purpose, n: place });
  const factor = (hour: number): number => 0.7 + 0.5 * Math.sin((2 * Math.PI * (hour + 6 * number('phase', 0))) / 24) ** 2;
  const { network } = world;
  return smallWorld({
    regions: network.buses.map(({ id }) => ({ id, name: id, load: { kind: 'series', series: id } })),
    series: Object.fromEntries(
      network.buses.map(({ id }, bus) => [
        id,
        stepSeries(
          60,
          Array.from({ length: hours }, (_, hour) => (loadMw[bus] ?? 0) * factor(hour) * (0.9 + 0.2 * number(`noise-${hour}`, bus))),
        ),
      ]),
    ),
    network: {
      ...network,
      buses: network.buses.map((bus) => ({ ...bus, region: bus.id, loadShareRatio: 1 })),
      lines: network.lines.map((line) => ({ ...line, phaseShiftDegrees: 0 })),
      links: network.links.map((link) => ({ ...link, reverseCapacityMw: null })),
      units: [
        ...network.units.map((unit, place) => ({
          ...unit,
          rampMwPerMinute: number('has-ramp', place) < 0.5 ? 0.05 + 0.3 * number('ramp', place) : null,
        })),
        ...network.buses.map(({ id }, bus) => ({
          ...plainUnit,
          id: `own-${id}`,
          name: `own-${id}`,
          bus: id,
          source: 'oil' as const,
          capacityMw: 400,
          costUsdPerMwh: 200 + 100 * number('own', bus),
          availability: null,
          dailyEnergyMwh: null,
          providesReserve: false,
          carbonKgPerMwh: 0,
        })),
      ],
      storages: network.buses.slice(0, Math.floor(4 * number('storages', 0))).map(({ id }, place) => ({
        id: `s-${id}`,
        name: `s-${id}`,
        bus: id,
        powerMw: 10 + 60 * number('power', place),
        energyMwh: 20 + 200 * number('energy', place),
        initialMwh: 10 * number('initial', place),
        chargeEfficiencyRatio: 0.8 + 0.2 * number('in', place),
        dischargeEfficiencyRatio: 0.8 + 0.2 * number('out', place),
      })),
    },
    ...bare,
    clock: { ...smallWorld().clock, startTime: smallStartTime, tickMinutes: 60 },
    lostLoadUsdPerMwh: 10_000,
  });
}

/** Nothing but a network. */
export const bare = {
  reserve: { requirementMw: 0, shortageSteps: [], watchBelowMw: 0, warningBelowMw: 0, emergencyBelowMw: 0 },
  campuses: [],
  runs: [],
  contracts: [],
} satisfies Partial<World>;

/** Least cost of hours in one linear problem that has nothing in common with the run but its numbers; null where it has no solution. */
export function oracleUsd(world: World, solver: LinearSolver, hours: readonly Pick<ChronoHour, 'input'>[]): number | null {
  const problemOf = angleProblem(world, {
    loadMw: (hour) => hours[hour]?.input.loadMw as Float64Array,
    availableMw: (hour) => hours[hour]?.input.availableMw as Float64Array,
  });
  const solution = solver.solve(
    daysProblem(
      world,
      hours.map((_, hour) => problemOf(hour)),
    ),
    null,
  );
  return solution.status === 'optimal' ? solution.objective : null;
}
