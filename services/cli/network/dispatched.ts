import type { DcConvention } from '../../../shared/domain/grid/convention.js';
import { prepareHourly, type DispatchedHour } from '../../../shared/domain/grid/hourly.js';
import { solveByPivots } from '../../../shared/domain/grid/simplex/solve.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import type { World } from '../../../shared/scenario/schema.js';

/** The hours of a world at least cost, each on its own, as `dispatch --problem hourly` finds them; how far it is goes to standard error. */
export async function dispatchedHours(
  world: World,
  run: { readonly command: string; readonly fromHour: number; readonly toHour: number; readonly convention: DcConvention },
): Promise<Generator<DispatchedHour>> {
  const { command, fromHour, toHour, convention } = run;
  const solve = solveByPivots(await loadHighsSolver());
  const hours = prepareHourly(world, { fromHour, toHour, convention, security: 'none', outageSeed: null, solve });
  return (function* () {
    let saidMs = stopwatchMs();
    for (const hour of hours()) {
      yield hour;
      if (stopwatchMs() - saidMs < 2_000) continue;
      saidMs = stopwatchMs();
      process.stderr.write(`${command}: ${hour.hour + 1 - fromHour} of ${toHour - fromHour} hours\n`);
    }
  })();
}

/** Least, middle and most of some values; the upper middle one of an even number. All 0 when there are none. */
export function spreadOf(values: readonly number[]): { readonly least: number; readonly median: number; readonly most: number } {
  const sorted = [...values].sort((a, b) => a - b);
  return { least: sorted[0] ?? 0, median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}
