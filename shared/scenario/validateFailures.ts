import { failingRunOf } from '../domain/cluster/hazard.js';
import { dalyEfficiency, type FailingRun } from '../domain/training/goodput.js';
import type { World } from './schema.js';
import type { Misfit } from './shape.js';

/** Least share of its time that a run that fails must make progress in, 0..1: below it nothing would be trained; a choice. */
const leastEfficiency = 0.01;

/** Runs that fail so often, or save so long, that they would make next to no progress. */
export function* failureMisfits({ runs }: World): Generator<Misfit> {
  for (const [index, run] of runs.entries()) {
    const failing = failingRunOf(run);
    if (failing === null) continue;
    if (failing.workSeconds <= 0) {
      const allowed = `above saveSeconds, ${run.saveSeconds / 60} min, in a run that fails`;
      yield { field: `runs[${index}].checkpointMinutes`, found: String(run.checkpointMinutes), allowed };
    } else if (dalyEfficiency(failing) < leastEfficiency) {
      const everySeconds = Number(failing.failureSeconds.toPrecision(3));
      const found = `${run.failures?.hoursPerFailure ?? 'the default'}, a failure every ${everySeconds} s on ${run.accelerators} accelerators`;
      const allowed = `at least ${leastHours(failing, run.accelerators)} h, so that ${100 * leastEfficiency} % of the time is useful`;
      yield { field: `runs[${index}].failures.hoursPerFailure`, found, allowed };
    }
  }
}

/** Fewest accelerator-hours per failure that leave the least efficiency, rounded up to three digits; by halving. */
function leastHours(failing: FailingRun, accelerators: number): number {
  let [low, high] = [0, 1];
  while (dalyEfficiency({ ...failing, failureSeconds: high }) < leastEfficiency && high < 1e12) high *= 2;
  for (let halving = 0; halving < 60; halving++) {
    const middle = (low + high) / 2;
    if (dalyEfficiency({ ...failing, failureSeconds: middle }) < leastEfficiency) low = middle;
    else high = middle;
  }
  const hours = (high / 3_600) * accelerators;
  const digit = 10 ** (Math.floor(Math.log10(hours)) - 2);
  return Number((Math.ceil(hours / digit) * digit).toPrecision(3));
}
