import { parquetWriteBuffer } from 'hyparquet-writer';
import type { FactType } from '../../../shared/domain/fact.js';
import type { Keeping } from '../../../shared/domain/study/keeping.js';
import { hourMs, toWire } from '../../../shared/domain/ticks.js';
import { registry } from '../../../shared/events/registry.js';
import type { Study } from '../../../shared/scenario/study/schema.js';
import type { Manifest } from './manifest.js';
import type { Outcomes } from './results.js';

/** What the cells of a study keep beside their figures; undefined: nothing. */
export function keepingOf({ keep = {} }: Study): Keeping | undefined {
  const { hourly = false, events = false } = keep;
  if (!hourly && !events) return undefined;
  const milestones = registry.flatMap(({ kind, type }) => (kind === 'milestone' ? [type as FactType] : []));
  return { hourly, events: events ? milestones : [] };
}

/** Every milestone of every cell, one JSON object a line, in the order of the cells and in each as they were said. */
export function eventLines({ cells, finished }: Outcomes): string {
  return cells
    .flatMap(({ index, key }) =>
      (finished.get(index)?.kept?.events ?? []).map((fact) => `${JSON.stringify({ cell: index, key, ...fact })}\n`),
    )
    .join('');
}

/** Rows of a group of the file; fixed, so that the same rows are the same bytes. */
const rowGroupSize = 10_000;

/** One row an hour of each cell; columns that a cell does not have are null in it. */
export function hourlyParquet({ cells, finished }: Outcomes, { loadstone, hash }: Manifest): Uint8Array {
  const kept = cells.flatMap((cell) => {
    const own = finished.get(cell.index)?.kept;
    return own === undefined || own.fromMs === null ? [] : [{ cell, fromMs: own.fromMs, hours: own.hours, count: lengthOf(own.hours) }];
  });
  const names = [...new Set(kept.flatMap(({ hours }) => Object.keys(hours)))].sort();
  const rows = <Value>(of: (one: (typeof kept)[number], hour: number) => Value): Value[] =>
    kept.flatMap((one) => Array.from({ length: one.count }, (_, hour) => of(one, hour)));
  return new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'cell', type: 'INT32', data: rows(({ cell }) => cell.index) },
        { name: 'key', type: 'STRING', data: rows(({ cell }) => cell.key) },
        { name: 'fromTime', type: 'STRING', data: rows(({ fromMs }, hour) => toWire(fromMs + hour * hourMs)) },
        ...names.map((name) => ({ name, type: 'DOUBLE' as const, data: rows(({ hours }, hour) => hours[name]?.[hour] ?? null) })),
      ],
      rowGroupSize,
      createdBy: `loadstone version ${loadstone}`,
      kvMetadata: [{ key: 'loadstone.manifest', value: hash }],
    }),
  );
}

function lengthOf(hours: Readonly<Record<string, readonly unknown[]>>): number {
  return Object.values(hours).reduce((most, values) => Math.max(most, values.length), 0);
}
