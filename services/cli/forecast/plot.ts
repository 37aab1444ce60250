import { levels } from '../../../shared/domain/forecast/bands.js';
import type { ForecastRows } from '../../../shared/domain/forecast/report.js';
import { floatAt, intAt } from '../../../shared/domain/grid/dense.js';
import { hourMs } from '../../../shared/domain/ticks.js';
import type { DemandFile } from '../../../shared/scenario/demandSeries.js';
import type { ZoneClock } from '../../../shared/scenario/zone.js';
import type { TestHours } from './asked.js';

const [width, height, margin] = [960, 420, 48];
const weekHours = 168;
const bands = [
  { low: 5, high: 95, fill: '#cfe0f5' },
  { low: 10, high: 90, fill: '#a9c7ec' },
  { low: 25, high: 75, fill: '#7fabdf' },
] as const;

/** The week round the highest load of a test as a drawing (SVG): what came true, the median and bands of the newest forecast of each hour. */
export function weekPlot(
  rows: ForecastRows,
  of: { readonly demand: DemandFile; readonly hours: TestHours; readonly clock: ZoneClock },
): string {
  const { demand, hours, clock } = of;
  const { mw, startMs } = demand.series;
  const rowOf = new Map<number, number>();
  rows.hour.forEach((hour, row) => {
    const before = rowOf.get(hour);
    if (before === undefined || intAt(rows.lead, row) < intAt(rows.lead, before)) rowOf.set(hour, row);
  });
  const peak = [...rowOf.keys()].reduce((best, hour) => ((mw[hour] ?? 0) > (mw[best] ?? 0) ? hour : best), hours.fromHour);
  const from = Math.max(hours.fromHour, Math.min(peak - weekHours / 2, hours.toHour - weekHours));
  const shown = Array.from({ length: Math.min(weekHours, hours.toHour - from) }, (_, place) => from + place).flatMap((hour) => {
    const row = rowOf.get(hour);
    return row === undefined ? [] : [{ hour, row }];
  });
  const level = (row: number, percent: number): number => floatAt(rows.fanMw, row * levels.length + percent - 1);
  const all = shown.flatMap(({ hour, row }) => [level(row, 5), level(row, 95), mw[hour] ?? Number.NaN]).filter((value) => value > 0);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const x = (hour: number): number => margin + ((hour - from) / weekHours) * (width - 2 * margin);
  const y = (value: number): number => height - margin - ((value - least) / Math.max(1e-9, most - least)) * (height - 2 * margin);
  const points = (of: readonly (readonly [number, number])[]): string =>
    of.map(([px, py]) => `${px.toFixed(1)},${py.toFixed(1)}`).join(' ');
  const area = (low: number, high: number): string =>
    points([
      ...shown.map(({ hour, row }) => [x(hour), y(level(row, low))] as const),
      ...shown.toReversed().map(({ hour, row }) => [x(hour), y(level(row, high))] as const),
    ]);
  const seen = shown.filter(({ hour }) => (mw[hour] ?? Number.NaN) > 0);
  const days = shown.filter(({ hour }) => new Date(clock.localMs(startMs + hour * hourMs)).getUTCHours() === 0);
  const date = (hour: number): string => new Date(clock.localMs(startMs + hour * hourMs)).toISOString().slice(0, 10);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    ...bands.map(({ low, high, fill }) => `<polygon fill="${fill}" points="${area(low, high)}"/>`),
    `<polyline fill="none" stroke="#1f5fa8" stroke-width="1.5" points="${points(shown.map(({ hour, row }) => [x(hour), y(level(row, 50))]))}"/>`,
    `<polyline fill="none" stroke="#111111" stroke-width="1.5" points="${points(seen.map(({ hour }) => [x(hour), y(mw[hour] ?? 0)]))}"/>`,
    ...days.map(({ hour }) => `<text x="${x(hour).toFixed(1)}" y="${height - margin + 18}">${date(hour)}</text>`),
    ...[least, most].map((value) => `<text x="4" y="${y(value).toFixed(1)}">${Math.round(value)}</text>`),
    `<text x="${margin}" y="20">MW: load (black), median (blue), P25-P75, P10-P90 and P5-P95; ${clock.zone}</text>`,
    '</svg>',
    '',
  ].join('\n');
}
