import type { Fact, FactOf } from '../../shared/domain/fact.js';
import { failureSecondsOf, untilFailureSeconds } from '../../shared/domain/training/goodput.js';
import type { Run, World } from '../../shared/scenario/schema.js';
import { of, riverbend } from './clusterWorld.js';

/** Seeds by what the draws of delta are: its second failure comes 2,970 times later than its first, or a 240th of that after it. */
export const seeds = { once: 1_236, twice: 1_993 } as const;

/** Riverbend, where delta alone fails: for the first time after so many seconds of its work. */
export function deltaFails(afterSeconds: number, seed: number = seeds.once, change: Partial<Run> = {}): World {
  const world = riverbend({ seed });
  const perHour = (run: Run): number => untilFailureSeconds({ seed, entity: run.id, number: 1 }, failureSecondsOf(run.accelerators, 1));
  const runs = world.runs.map((run) =>
    run.id === 'delta' ? { ...run, ...change, failures: { hoursPerFailure: afterSeconds / perHour(run) } } : run,
  );
  return { ...world, runs };
}

/** The same world in which nothing fails. */
export function unfailing(world: World): World {
  return { ...world, runs: world.runs.map(({ failures: _never, ...run }) => run) };
}

/** Runs of one size at a campus of their own, of steps so short that whole ones cost nothing. */
export function failingFleet(size: { runs: number; tickMinutes: number; seed: number }, change: Partial<Run>): World {
  const world = riverbend();
  const [model] = world.runs;
  const [campus] = world.campuses;
  if (model === undefined || campus === undefined) throw new Error('no run at riverbend');
  const runs = Array.from({ length: size.runs }, (_, index): Run => {
    const own = { id: `run-${index + 1}`, facilityMw: 1, stepSeconds: 0.001, totalSteps: 1e14, initialSteps: 0, failures: {} };
    return { ...model, ...own, ...change };
  });
  const clock = { ...world.clock, tickMinutes: size.tickMinutes };
  return { ...world, seed: size.seed, clock, campuses: [{ ...campus, limitMw: 2 * size.runs }], runs, contracts: [] };
}

/** Failures told. */
export const failuresOf = (facts: readonly Fact[]): readonly FactOf<'cluster.failure.v1'>[] => of(facts, 'cluster.failure.v1');
