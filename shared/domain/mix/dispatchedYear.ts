import type { World } from '../../scenario/schema.js';
import { chronoHours, type ChronoRun } from '../chrono/run.js';
import { createTally } from '../grid/hourly.js';
import type { Period } from '../adequacy/system.js';
import { fromWire, hourMs } from '../ticks.js';

/** Solvers that a dispatch works with. */
export type DispatchedBy = Pick<ChronoRun, 'solve' | 'solver'>;

/** What the recorded hours of a world cost to run, by day. */
export interface DispatchedYear {
  /** [days], USD; fuel, and load not served at its value. */
  readonly costUsd: Float64Array;
  /** [days]. */
  readonly carbonKg: Float64Array;
  readonly curtailedMwh: number;
  readonly unservedMwh: number;
}

/** Dispatches whole days in their order with storages and ramps, with perfect foresight over 48 hours. */
export function dispatchedYear(world: World, { solve, solver }: DispatchedBy, { startMs, days }: Period): DispatchedYear {
  const fromHour = Math.round((startMs - fromWire(world.clock.startTime)) / hourMs);
  const costUsd = new Float64Array(days);
  const carbonKg = new Float64Array(days);
  let [curtailedMwh, unservedMwh] = [0, 0];
  let tally = createTally();
  const run: ChronoRun = {
    fromHour,
    toHour: fromHour + days * 24,
    seesToHour: fromHour + days * 24,
    convention: 'matpower',
    security: 'none',
    outageSeed: null,
    solve,
    solver,
    foresight: 'perfect',
    start: null,
  };
  for (const hour of chronoHours(world, run)) {
    tally.add(hour);
    const done = hour.hour - fromHour + 1;
    if (done % 24 !== 0) continue;
    const totals = tally.totals();
    const day = done / 24 - 1;
    [costUsd[day], carbonKg[day]] = [totals.costUsd, totals.carbonKg];
    curtailedMwh += totals.curtailedMwh;
    unservedMwh += totals.unservedMwh;
    tally = createTally();
  }
  return { costUsd, carbonKg, curtailedMwh, unservedMwh };
}
