import { metricsNamed } from '../../../shared/domain/study/catalogue.js';
import type { StudyCell } from '../../../shared/domain/study/cells.js';
import { weightedSummaryOf, type Weighted } from '../../../shared/domain/study/statistics.js';
import type { Study } from '../../../shared/scenario/study/schema.js';
import type { KeptCell } from './folder.js';

/** All cells of a study, each with what came of it; null: it failed. */
export interface Outcomes {
  readonly study: Study;
  readonly cells: readonly StudyCell[];
  readonly finished: ReadonlyMap<number, KeptCell>;
}

/** What the figures of a study rest on; a simulated world is never measured. */
export function evidenceOf({ evidence }: Study): { readonly word: 'calibrated' | 'assumed'; readonly because: string } {
  return evidence ?? { word: 'assumed', because: 'the world is a scenario, and inputs of it are assumed' };
}

/** A value of a table. */
type Cell = string | number | null;

/** One row for each cell, in the order of the study, under the names of the columns. */
export function resultsTable({ study, cells, finished }: Outcomes): {
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
} {
  const columns = columnsOf(finished);
  const drawn = study.draws?.of.map(({ key }) => key) ?? [];
  const head = [
    'cell',
    'key',
    'variant',
    ...(study.axes ?? []).map(({ id }) => id),
    'draw',
    ...drawn,
    ...(study.weather === undefined ? [] : ['weather', 'weight']),
    'seed',
    'state',
    'ticks',
    'reachedTime',
  ];
  const rows = cells.map((cell) => {
    const kept = finished.get(cell.index);
    return [
      cell.index,
      cell.key,
      cell.variant,
      ...cell.axes.map(({ label }) => label),
      cell.draw,
      ...cell.drawn.map(({ value }) => value),
      ...(study.weather === undefined ? [] : [cell.weather, cell.weight]),
      cell.seed,
      kept === undefined ? 'failed' : (kept.stoppedBy ?? 'finished'),
      kept?.ticks ?? null,
      kept?.reachedTime ?? null,
      ...columns.map((column) => kept?.figures[column] ?? null),
    ];
  });
  return { head: [...head, ...columns], rows };
}

/** The table as CSV. */
export function resultsCsv(outcomes: Outcomes): string {
  const { head, rows } = resultsTable(outcomes);
  return csvText([head, ...rows]);
}

/** Rows as CSV with CRLF (RFC 4180). */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** Each metric with unit, definition and evidence, and what the cells of each group say of it. */
export function metricsDocument({ study, cells, finished }: Outcomes): object {
  const { word, because } = evidenceOf(study);
  const columns = columnsOf(finished);
  const groups = [...new Set(cells.map(({ group }) => group))];
  return {
    evidence: word,
    because,
    metrics: metricsNamed(study.metrics).map(({ id, unit, definition, parts }) => ({ id, unit, definition, by: parts, evidence: word })),
    groups: groups.map((group) => {
      const own = cells.filter((cell) => cell.group === group);
      const kept = own.flatMap(({ index, weight }) => {
        const result = finished.get(index);
        return result === undefined ? [] : [{ weight, figures: result.figures }];
      });
      const valuesOf = (column: string) => kept.flatMap(({ weight, figures }) => weighted(figures[column], weight));
      return {
        group,
        cells: own.length,
        failed: own.length - kept.length,
        columns: Object.fromEntries(columns.map((column) => [column, weightedSummaryOf(valuesOf(column))])),
      };
    }),
  };
}

/** A figure with its weight; nothing where it is not known. */
export function weighted(value: number | null | undefined, weight: number): readonly Weighted[] {
  return value === null || value === undefined ? [] : [{ value, weight }];
}

/** Columns of all cells: a world with another source has a column more. */
export function columnsOf(finished: Outcomes['finished']): readonly string[] {
  const inOrder = [...finished.values()].sort((a, b) => a.index - b.index);
  const found = new Set(inOrder.flatMap(({ figures }) => Object.keys(figures)));
  const ids = metricsNamed(undefined).map(({ id }) => id);
  const rank = (column: string): number => ids.indexOf(column.split('.')[0] ?? '');
  return [...found].sort((a, b) => rank(a) - rank(b));
}

function csvCell(value: Cell): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
