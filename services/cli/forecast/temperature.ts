import { hourMs } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readHours } from '../../../shared/scenario/demandSeries.js';
import { zoneClock } from '../../../shared/scenario/zone.js';
import type { BacktestOptions, Known } from './asked.js';

/** Beyond these a temperature is an error of a sensor, C. */
const [leastC, mostC] = [-70, 60];

/**
 * Temperatures beside the load, from a file of instants in UTC and C: those up to the issue, or with `--temperature-ahead` also those of the
 * hours ahead, as if a weather forecast had been right.
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readTemperature(options: BacktestOptions): Promise<Known['temperature']> {
  const isAhead = options.temperatureAhead === true;
  if (options.temperature === undefined) {
    if (isAhead) throw wrongInput('--temperature-ahead: found no --temperature, allowed: with a file of temperatures');
    return { weather: 'none', temperatureC: () => Number.NaN };
  }
  const { startMs, values } = await readHours(options.temperature, {
    clock: zoneClock('--zone', 'UTC'),
    isBegin: false,
    column: 'temperature_c',
    unit: 'C',
  });
  const temperatureC = (endMs: number): number => {
    const celsius = values[(endMs - startMs) / hourMs] ?? Number.NaN;
    return celsius >= leastC && celsius <= mostC ? celsius : Number.NaN;
  };
  return { weather: isAhead ? 'ahead' : 'observed', temperatureC };
}
