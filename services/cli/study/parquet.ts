import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Manifest } from './manifest.js';
import { resultsTable, type Outcomes } from './results.js';

/** Rows of a group of the file; fixed, so that the same rows are the same bytes. */
const rowGroupSize = 10_000;
/** Columns of text; every other one is a number, of double precision. */
const texts = new Set(['key', 'variant', 'weather', 'state', 'reachedTime']);

/** The table of results as Parquet: the columns of the CSV, numbers as doubles, what is not known as null. */
export function resultsParquet(outcomes: Outcomes, { loadstone, hash }: Manifest): Uint8Array {
  const { head, rows } = resultsTable(outcomes);
  const axes = new Set((outcomes.study.axes ?? []).map(({ id }) => id));
  const columnData = head.map((name, place) => {
    const values = rows.map((row) => row[place] ?? null);
    return texts.has(name) || axes.has(name)
      ? { name, type: 'STRING' as const, data: values.map((value) => (value === null ? null : String(value))) }
      : { name, type: 'DOUBLE' as const, data: values.map((value) => (value === null ? null : Number(value))) };
  });
  return new Uint8Array(
    parquetWriteBuffer({
      columnData,
      rowGroupSize,
      createdBy: `loadstone version ${loadstone}`,
      kvMetadata: [{ key: 'loadstone.manifest', value: hash }],
    }),
  );
}
