import type { Driver, Fan } from './figures.js';
import { escaped, pathThrough, round, scaleOver, short, type Scale } from './svg.js';

const panel = { width: 300, height: 150, left: 48, right: 12, top: 22, bottom: 22 } as const;
const bars = { width: 620, left: 210, right: 120, row: 24, bar: 14 } as const;

/** Fans of a column side by side on one scale: the middle of the cells as a line, P10 to P90 as a band. */
export function fanPanels(fans: readonly Fan[], dayOf: (tick: number) => string): string {
  const values = fans.flatMap(({ p10, p50, p90 }) => [...p10, ...p50, ...p90]).filter((value) => value !== null);
  if (values.length === 0) return '';
  const y = scaleOver(values, [panel.height - panel.bottom, panel.top]);
  return `<div class="panels">${fans.map((fan) => fanPanel(fan, y, dayOf)).join('')}</div>`;
}

function fanPanel({ group, cells, ticks, p10, p50, p90 }: Fan, y: Scale, dayOf: (tick: number) => string): string {
  const last = ticks.at(-1) ?? 1;
  const x = (tick: number): number => round(panel.left + (tick / last) * (panel.width - panel.left - panel.right));
  const through = (values: readonly (number | null)[]) =>
    ticks.map((tick, place): readonly [number, number] | null => {
      const value = values[place] ?? null;
      return value === null ? null : [x(tick), y(value)];
    });
  const upper = through(p90).filter((point) => point !== null);
  const lower = through(p10).filter((point) => point !== null);
  const band = `M${[...upper, ...lower.reverse()].map(([px, py]) => `${px} ${py}`).join('L')}Z`;
  const grid = y.ticks.map(
    (tick) =>
      `<line class="grid" x1="${panel.left}" x2="${panel.width - panel.right}" y1="${y(tick)}" y2="${y(tick)}"/>` +
      `<text class="axis end" x="${panel.left - 5}" y="${y(tick) + 4}">${short(tick)}</text>`,
  );
  const name = `${group}, ${cells} cells`;
  return (
    `<svg viewBox="0 0 ${panel.width} ${panel.height}" role="img" aria-label="${escaped(name)}"><title>${escaped(name)}</title>` +
    `<text class="name" x="${panel.left}" y="13">${escaped(group)}</text>${grid.join('')}` +
    `<path class="band" d="${band}"/><path class="line" d="${pathThrough(through(p50))}"/>` +
    `<text class="axis" x="${panel.left}" y="${panel.height - 6}">${dayOf(0)}</text>` +
    `<text class="axis end" x="${panel.width - panel.right}" y="${panel.height - 6}">${dayOf(last)}</text></svg>`
  );
}

/** Inputs by how far the column moves with them: a bar from the lower mean to the higher one; of a drawn input its lowest and highest third. */
export function tornado(drivers: readonly Driver[]): string {
  if (drivers.length === 0) return '';
  const height = drivers.length * bars.row + 26;
  const x = scaleOver(
    drivers.flatMap(({ low, high }) => [low, high]),
    [bars.left, bars.width - bars.right],
    5,
  );
  const grid = x.ticks.map(
    (tick) =>
      `<line class="grid" x1="${x(tick)}" x2="${x(tick)}" y1="4" y2="${height - 20}"/>` +
      `<text class="axis middle" x="${x(tick)}" y="${height - 6}">${short(tick)}</text>`,
  );
  const rows = drivers.map(({ input, lowLabel, highLabel, low, high }, place) => {
    const top = 4 + place * bars.row;
    const middle = top + bars.row / 2 + 4;
    const words = `${input}: ${short(low)} with ${lowLabel}, ${short(high)} with ${highLabel}`;
    return (
      `<g><title>${escaped(words)}</title><text class="axis end" x="${bars.left - 8}" y="${middle}">${escaped(clipped(input))}</text>` +
      `<rect class="bar" x="${x(low)}" y="${top + (bars.row - bars.bar) / 2}" width="${Math.max(1, round(x(high) - x(low)))}" height="${bars.bar}" rx="2"/>` +
      `<text class="axis" x="${x(high) + 5}" y="${middle}">${escaped(clipped(`${lowLabel} to ${highLabel}`, 24))}</text></g>`
    );
  });
  return `<svg class="wide" viewBox="0 0 ${bars.width} ${height}" role="img" aria-label="what moves it">${grid.join('')}${rows.join('')}</svg>`;
}

/** The end of a name tells more than its beginning. */
function clipped(name: string, most = 34): string {
  return name.length <= most ? name : `...${name.slice(3 - most)}`;
}
