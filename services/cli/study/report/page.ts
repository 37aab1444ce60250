import { metricCatalogue, metricsNamed } from '../../../../shared/domain/study/catalogue.js';
import { weightedSummaryOf } from '../../../../shared/domain/study/statistics.js';
import { fromWire, minuteMs, toWire } from '../../../../shared/domain/ticks.js';
import type { Manifest } from '../manifest.js';
import { columnsOf, csvText, evidenceOf, weighted, type Outcomes } from '../results.js';
import { fanPanels, tornado } from './charts.js';
import { driversOf, fansOf, groupsOf, type Driver, type Fan } from './figures.js';
import { style } from './style.js';
import { escaped, short } from './svg.js';

/** What a report is made of. */
export interface ReportInput extends Outcomes {
  readonly manifest: Manifest;
  /** Start of every cell, and length of its ticks. */
  readonly clock: { readonly startTime: string; readonly tickMinutes: number };
}

/** The report of a study: one page without scripts or anything from elsewhere, the same bytes for the same results. */
export function reportPage(input: ReportInput): string {
  const { study, manifest, cells, finished } = input;
  const evidence = evidenceOf(study);
  const columns = columnsOf(finished).filter((column) => isMoving(input, column));
  const still = columnsOf(finished).filter((column) => !columns.includes(column));
  const head = [
    `<h1>${escaped(study.title)}</h1>`,
    `<p class="facts">${escaped(study.name)}: ${finished.size} of ${cells.length} cells of ${escaped(study.base.scenario)}, ` +
      `${input.clock.startTime.slice(0, 10)} to ${study.horizon.untilTime.slice(0, 10)} in ticks of ${input.clock.tickMinutes} min; ` +
      `manifest ${manifest.hash.slice(0, 8)}, Loadstone ${escaped(manifest.loadstone)}</p>`,
    `<p class="facts"><b>evidence: ${evidence.word}</b>, ${escaped(evidence.because)}. Bands hold the middle four fifths of the cells; ` +
      'intervals are those of the mean, 95 %. They say how surely the mean over seeds and draws is known, not how right the scenario is.</p>',
    failures(input),
  ];
  const body = [comparison(input, columns), ...columns.map((column) => section(input, column)), stillLine(input, still)];
  return (
    `<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
    `<title>${escaped(study.name)}</title><style>${style}</style></head>` +
    `\n<body><main>\n${[...head, ...body].filter(Boolean).join('\n')}\n</main></body></html>\n`
  );
}

/** Whether a column has two values anywhere. */
function isMoving({ finished }: Outcomes, column: string): boolean {
  const values = new Set<number | null>();
  for (const { figures, samples } of finished.values()) {
    values.add(figures[column] ?? null);
    for (const value of samples?.figures[column] ?? []) values.add(value);
  }
  values.delete(null);
  return values.size > 1;
}

function failures({ cells, finished }: Outcomes): string {
  const failed = cells.filter(({ index }) => !finished.has(index));
  if (failed.length === 0) return '';
  const named = failed.slice(0, 12).map(({ key }) => escaped(key));
  return `<p class="failed">${failed.length} cells failed: ${named.join('; ')}${failed.length > named.length ? ' and more' : ''}</p>`;
}

/** Groups side by side: the mean of each column with its interval. */
function comparison(input: Outcomes, columns: readonly string[]): string {
  const groups = groupsOf(input.cells);
  const rows = columns.map((column) => {
    const cellsOf = groups.map((group) => {
      const own = input.cells.filter((cell) => cell.group === group);
      return weightedSummaryOf(own.flatMap(({ index, weight }) => weighted(input.finished.get(index)?.figures[column], weight)));
    });
    return { column, unit: unitOf(column), cellsOf };
  });
  const csv = csvText([
    ['column', 'unit', ...groups.flatMap((group) => [group, `${group} low`, `${group} high`])],
    ...rows.map(({ column, unit, cellsOf }) => [
      column,
      unit,
      ...cellsOf.flatMap((own) => [own?.mean ?? null, own?.low ?? null, own?.high ?? null]),
    ]),
  ]);
  const table = rows.map(({ column, unit, cellsOf }) => {
    const values = cellsOf.map((own) => {
      if (own === null) return '<td>-</td>';
      const interval =
        own.low === null || own.high === null || own.high === own.low ? '' : `<i>${short(own.low)} to ${short(own.high)}</i>`;
      return `<td>${short(own.mean)}${interval}</td>`;
    });
    return `<tr><th><a href="#${escaped(column)}">${escaped(column)}</a> <span>${escaped(unit)}</span></th>${values.join('')}</tr>`;
  });
  const header = groups.map((group) => `<th>${escaped(group)}</th>`).join('');
  return (
    `<h2>Side by side</h2><div class="scroll"><table><thead><tr><th></th>${header}</tr></thead><tbody>${table.join('')}</tbody></table></div>` +
    download('comparison', csv)
  );
}

function section(input: ReportInput, column: string): string {
  const metric = metricCatalogue.find(({ id }) => id === column.split('.')[0]);
  const fans = fansOf(input, column);
  const drivers = driversOf(input, column);
  const startMs = fromWire(input.clock.startTime);
  const timeOf = (tick: number): string => toWire(startMs + tick * input.clock.tickMinutes * minuteMs);
  const parts = [
    `<section id="${escaped(column)}"><h2>${escaped(column)} <span>${escaped(unitOf(column))}</span></h2>`,
    `<p class="facts">${escaped(metric?.definition ?? '')} Evidence: ${evidenceOf(input.study).word}.</p>`,
    fanPanels(fans, (tick) => timeOf(tick).slice(0, 10)),
    fans.length === 0 ? '' : download(`${column} on the way`, fanCsv(fans, timeOf)),
    drivers.length === 0 ? '' : `<h3>What moves it</h3>${tornado(drivers)}${download(`what moves ${column}`, driverCsv(drivers))}`,
    '</section>',
  ];
  return parts.filter(Boolean).join('\n');
}

function fanCsv(fans: readonly Fan[], timeOf: (tick: number) => string): string {
  const rows = fans.flatMap(({ group, ticks, p10, p50, p90 }) =>
    ticks.map((tick, place) => [group, timeOf(tick), p10[place] ?? null, p50[place] ?? null, p90[place] ?? null]),
  );
  return csvText([['group', 'time', 'p10', 'p50', 'p90'], ...rows]);
}

function driverCsv(drivers: readonly Driver[]): string {
  const rows = drivers.map(({ input, lowLabel, low, highLabel, high }) => [input, lowLabel, low, highLabel, high]);
  return csvText([['input', 'lower with', 'lower mean', 'higher with', 'higher mean'], ...rows]);
}

/** The points of a chart, to take along. */
function download(name: string, csv: string): string {
  const data = Buffer.from(csv).toString('base64');
  return `<p class="csv"><a download="${escaped(name)}.csv" href="data:text/csv;base64,${data}">CSV: ${escaped(name)}</a></p>`;
}

function stillLine({ finished }: Outcomes, columns: readonly string[]): string {
  if (columns.length === 0) return '';
  const [first] = finished.values();
  const values = columns.map((column) => `${escaped(column)} ${short(first?.figures[column] ?? 0)} ${escaped(unitOf(column))}`);
  return `<h2>The same in every cell, from start to end</h2><p class="facts">${values.join('; ')}</p>`;
}

function unitOf(column: string): string {
  return metricsNamed(undefined).find(({ id }) => id === column.split('.')[0])?.unit ?? '';
}
