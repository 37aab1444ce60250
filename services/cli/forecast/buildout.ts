import { fromWire, hourMs } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { placeOf, readTable, rowsOf } from '../../../shared/scenario/csv.js';

/**
 * New load that is known beforehand, MW in the hour that ends at an instant, from a file of instants and the MW added then (negative: taken
 * away).
 * @throws TWIN_WRONG_INPUT naming file, line and column.
 */
export async function readBuildout(path: string): Promise<(endMs: number) => number> {
  const table = await readTable(path);
  const steps = rowsOf(table).map((row, index) => {
    const time = row.text('time');
    const atMs = /^\d{4}-\d{2}-\d{2}T\d{2}:00(:00(\.000)?)?Z$/.test(time) ? fromWire(time) : Number.NaN;
    if (Number.isNaN(atMs) || atMs % hourMs !== 0)
      throw wrongInput(`${placeOf(table, index, 'time')}: found ${JSON.stringify(time)}, allowed: a whole hour, YYYY-MM-DDTHH:00Z`);
    return { atMs, mw: row.number('mw') };
  });
  return (endMs) => steps.reduce((sum, { atMs, mw }) => sum + (endMs > atMs ? mw : 0), 0);
}
