import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { SweepRow } from '../../../shared/domain/power/capCurve.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { readTable, rowsOf, type Row, type Table } from '../../../shared/scenario/csv.js';
import { isFolder } from '../../../shared/scenario/files.js';

/** Columns that tell what a file of measurements holds. */
const columns = {
  sweep: ['dataset', 'network', 'batch_size', 'optimizer', 'power_limit', 'time_per_epoch', 'average_power'],
  rates: ['request_rate', 'mean_power[W]'],
  batches: ['batch_size', 'max_output_tokens', 'mean_power[W]'],
  quantiles: ['series', 'percentile', 'watts'],
  mlperf: ['Public ID', 'System Name', 'Model MLC', 'Units (copy)', 'Avg. Result at System Name', 'Total Accelerators'],
  dips: ['start_s', 'end_s', 'drop_pct'],
  swings: ['Workload', 'Raw_Std_W', 'Std@1s_W'],
} as const;

/** What a file of measurements holds. */
export type Kind = keyof typeof columns;

/** A file of measurements with what it holds. */
export interface Measured {
  readonly kind: Kind;
  readonly table: Table;
  readonly rows: readonly Row[];
}

/**
 * Measurements of a file, or of every CSV file below a folder, in the order of their names; files of other columns in a folder are named.
 * @throws TWIN_WRONG_INPUT when there is none.
 */
export async function readMeasured(
  place: string,
): Promise<{ readonly measured: readonly Measured[]; readonly leftOut: readonly string[] }> {
  const isDir = await isFolder(place);
  const names = isDir ? (await readdir(place, { recursive: true })).filter((name) => /\.csv(\.gz)?$/i.test(name)).sort() : [];
  const tables = await Promise.all((isDir ? names.map((name) => join(place, name)) : [place]).map(readTable));
  const measured = tables.flatMap((table): Measured[] => {
    const kind = (Object.keys(columns) as Kind[]).find((one) => columns[one].every((name) => table.header.includes(name)));
    return kind === undefined ? [] : [{ kind, table, rows: rowsOf(table) }];
  });
  if (measured.length > 0)
    return { measured, leftOut: tables.filter((table) => measured.every((one) => one.table !== table)).map(({ file }) => file) };
  const found = isDir ? `${names.length} CSV files, none of measured power` : `columns ${tables[0]?.header.slice(0, 8).join(', ') ?? ''}`;
  throw wrongInput(
    `${place}: found ${found}, allowed: columns ${Object.values(columns)
      .map((names_) => names_.join(','))
      .join('; or ')}`,
  );
}

/** A sweep; limits beyond 5,000 W are milliwatts and refused. */
export function sweepRowsOf({ table, rows }: Measured): readonly SweepRow[] {
  const sweep = rows.map((row): SweepRow => {
    const limitW = row.aboveZero('power_limit');
    const drawW = row.aboveZero('average_power');
    if (limitW > 5_000) row.refuse('power_limit', limitW, 'W, above 0 up to 5000');
    if (drawW > 5_000) row.refuse('average_power', drawW, 'W, above 0 up to 5000');
    const network = row.text('network');
    const job = ['dataset', 'network', 'batch_size', 'optimizer'].map((name) => row.text(name)).join('/');
    return { job, network, limitW, epochSeconds: row.aboveZero('time_per_epoch'), drawW };
  });
  if (new Set(sweep.map((row) => row.limitW)).size < 2)
    throw wrongInput(`${table.file}: power_limit: found ${sweep[0]?.limitW ?? 0} W alone, allowed: two limits or more`);
  return sweep;
}

/** Watts by series, at rising percentiles. */
export function quantilesOf({ rows }: Measured): ReadonlyMap<string, Float64Array> {
  const series = new Map<string, { percentile: number; watts: number[] }>();
  for (const row of rows) {
    const [percentile, watts] = [row.atLeastZero('percentile'), row.atLeastZero('watts')];
    if (percentile > 100) row.refuse('percentile', percentile, '0 to 100');
    const known = series.get(row.text('series')) ?? { percentile: -1, watts: [] };
    if (percentile <= known.percentile) row.refuse('percentile', percentile, `above ${known.percentile}, the row before`);
    if (watts < (known.watts.at(-1) ?? 0)) row.refuse('watts', watts, `at least ${known.watts.at(-1) ?? 0}, the row before`);
    series.set(row.text('series'), { percentile, watts: [...known.watts, watts] });
  }
  return new Map([...series].map(([name, { watts }]) => [name, Float64Array.from(watts)]));
}

/** Kilowatts an accelerator of one measured training run. */
export interface TrainingPower {
  readonly run: string;
  readonly system: string;
  readonly benchmark: string;
  readonly accelerators: number;
  readonly kwPerAccelerator: number;
}

/** Energy over time of each run that has both. */
export function trainingPowersOf({ rows }: Measured): readonly TrainingPower[] {
  const runs = new Map<string, { row: Row; kj?: number; minutes?: number }>();
  for (const row of rows) {
    const key = ['Public ID', 'System Name', 'Model MLC', 'Total Accelerators'].map((name) => row.text(name)).join('/');
    const text = row.text('Avg. Result at System Name');
    const result = Number(text.replaceAll(',', ''));
    if (text === '' || !(result > 0)) row.refuse('Avg. Result at System Name', JSON.stringify(text), 'a number above 0');
    const run = runs.get(key) ?? { row };
    if (row.text('Units (copy)') === 'kJ') runs.set(key, { ...run, kj: result });
    else if (/minutes/i.test(row.text('Units (copy)'))) runs.set(key, { ...run, minutes: result });
  }
  return [...runs.values()].flatMap(({ row, kj, minutes }) => {
    const accelerators = row.aboveZero('Total Accelerators');
    if (kj === undefined || minutes === undefined) return [];
    const kwPerAccelerator = kj / (minutes * 60) / accelerators;
    return [
      { run: row.text('Public ID'), system: row.text('System Name'), benchmark: row.text('Model MLC'), accelerators, kwPerAccelerator },
    ];
  });
}
