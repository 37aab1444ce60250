import type { GridWorld } from '../../shared/domain/grid/grid.js';
import type { LinearProblem } from '../../shared/domain/grid/solver.js';
import type { RtsHourly } from './rtsHourly.js';

/** The same hour with a column per angle and flow and a row per bus and line: nothing in common with the dispatch but the numbers. */
export function angleProblem(
  world: Pick<GridWorld, 'network'>,
  { loadMw, availableMw, shedMw }: Pick<RtsHourly, 'loadMw' | 'availableMw'> & { readonly shedMw?: Float64Array },
): (hour: number) => LinearProblem {
  const { buses, lines, units, links } = world.network;
  const place = new Map(buses.map((bus, index) => [bus.id, index]));
  const at = (bus: string): number => place.get(bus) ?? -1;
  const entries: (readonly (readonly [number, number])[])[] = [
    ...units.map((unit) => [[at(unit.bus), 1]] as const),
    ...buses.map((_, bus) => [[bus, 1]] as const),
    ...buses.map((bus) =>
      lines.flatMap((line, row) => {
        const sign = line.fromBus === bus.id ? -1 : line.toBus === bus.id ? 1 : 0;
        return sign === 0 ? [] : [[buses.length + row, (sign * 100) / (line.reactancePu * line.tapRatio)] as const];
      }),
    ),
    ...lines.map(
      (line, row) =>
        [
          [at(line.fromBus), -1],
          [at(line.toBus), 1],
          [buses.length + row, 1],
        ] as const,
    ),
    ...links.map(
      (link) =>
        [
          [at(link.fromBus), -1],
          [at(link.toBus), 1],
        ] as const,
    ),
  ];
  const starts = [0];
  for (const column of entries) starts.push((starts.at(-1) ?? 0) + column.length);
  const matrix = {
    rowCount: buses.length + lines.length,
    columnCount: entries.length,
    starts: Int32Array.from(starts),
    rows: Int32Array.from(entries.flat(), ([row]) => row),
    values: Float64Array.from(entries.flat(), ([, value]) => value),
  };
  const costs = Float64Array.from([
    ...units.map((unit) => unit.costUsdPerMwh),
    ...buses.map(() => 10_000),
    ...Array<number>(buses.length + lines.length + links.length).fill(0),
  ]);
  const free = buses.map((_, bus) => (bus === 0 ? 0 : Infinity));
  const limits = [...lines.map((line) => line.ratingMw ?? Infinity), ...links.map((link) => link.capacityMw)];
  const columnLower = Float64Array.from([
    ...units.map(() => 0),
    ...buses.map(() => 0),
    ...free.map((mw) => 0 - mw),
    ...limits.map((mw) => -mw),
  ]);
  return (hour) => {
    const row = Float64Array.from([...loadMw(hour), ...lines.map(() => 0)]);
    return {
      matrix,
      costs,
      columnLower,
      rowLower: row,
      rowUpper: row,
      columnUpper: Float64Array.from([...availableMw(hour), ...(shedMw ?? buses.map(() => 5_000)), ...free, ...limits]),
    };
  };
}
