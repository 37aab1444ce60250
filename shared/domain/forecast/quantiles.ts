import type { Band } from './ahead.js';

/** Quantiles of a few values, with straight lines between them; zeros of none. */
export function summarySorted(values: readonly number[]): Band {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (ratio: number): number => {
    const place = ratio * (sorted.length - 1);
    const below = Math.floor(place);
    const [low, high] = [sorted[below] ?? 0, sorted[Math.min(below + 1, sorted.length - 1)] ?? 0];
    return low + (place - below) * (high - low);
  };
  return { p5: at(0.05), p10: at(0.1), p50: at(0.5), p90: at(0.9), p95: at(0.95) };
}
