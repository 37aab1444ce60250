import { chronoHours, type Foresight } from '../../../shared/domain/chrono/run.js';
import { noCounts, solveByPivots } from '../../../shared/domain/grid/simplex/solve.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import type { World } from '../../../shared/scenario/schema.js';
import type { Figure } from './figure.js';

/** The hours of a world in their order, with storages and ramps; once with what comes known, once planned on the day before. */
export async function benchChrono(world: World, hours: number, say: (line: string) => void): Promise<Figure[]> {
  const solver = await loadHighsSolver();
  const figures: Figure[] = [];
  for (const foresight of ['perfect', 'day-before'] satisfies Foresight[]) {
    const counts = noCounts();
    let [costUsd, tiedHours] = [0, 0];
    const beginMs = stopwatchMs();
    const run = {
      fromHour: 0,
      toHour: hours,
      seesToHour: hours,
      convention: 'matpower' as const,
      security: 'none' as const,
      outageSeed: null,
      solve: solveByPivots(solver, counts),
      solver,
      foresight,
      start: null,
    };
    for (const { dispatch, isTied } of chronoHours(world, run)) {
      costUsd += dispatch.costUsd;
      if (isTied) tiedHours++;
    }
    const seconds = (stopwatchMs() - beginMs) / 1_000;
    say(`RTS-GMLC year in its order, ${foresight}: ${seconds.toFixed(1)} s`);
    const name = `dispatch RTS-GMLC year in its order, ${foresight}`;
    figures.push(
      { name, value: seconds, unit: 's' },
      { name: `${name}, cost`, value: costUsd, unit: 'USD' },
      { name: `${name}, pivots`, value: counts.pivots / hours, unit: '1/h' },
      { name: `${name}, hours in days of one problem`, value: tiedHours, unit: 'h' },
    );
  }
  solver.close();
  return figures;
}
