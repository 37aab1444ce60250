/** A straight scale from values to pixels. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** Text as it may stand in a page. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** A scale over some values with round ticks; values that are all the same get some room. */
export function scaleOver(values: readonly number[], [from, to]: readonly [number, number], wantedTicks = 4): Scale {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const room = most > least ? 0 : Math.abs(most) * 0.1 || 1;
  const step = roundStep((most - least + 2 * room) / wantedTicks);
  const first = Math.floor((least - room) / step) * step;
  const count = Math.max(1, Math.ceil((most + room - first) / step - 1e-9));
  const last = first + count * step;
  const scale = (value: number): number => round(from + ((value - first) / (last - first)) * (to - from));
  return Object.assign(scale, { ticks: Array.from({ length: count + 1 }, (_, place) => first + place * step) });
}

/** 1, 2 or 5 times a power of ten, at least as large. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power;
}

/** Hundredths of a pixel are enough. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

const sizes = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
] as const;

/** A number for people: three digits, with k, M, G or T. */
export function short(value: number): string {
  const [size, letter] = sizes.find(([least]) => Math.abs(value) >= 9_999.5 && Math.abs(value) >= least) ?? [1, ''];
  const scaled = value / size;
  if (scaled === 0) return '0';
  const digits = Math.abs(scaled) >= 1_000 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(scaled))));
  return `${Number(scaled.toFixed(Math.min(8, digits)))}${letter}`;
}

/** A path through points; a gap where one is not known. */
export function pathThrough(points: readonly (readonly [number, number] | null)[]): string {
  return points
    .map((point, place) => (point === null ? '' : `${place === 0 || points[place - 1] === null ? 'M' : 'L'}${point[0]} ${point[1]}`))
    .join('');
}
