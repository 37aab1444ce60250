import type { Line } from '../../scenario/networkSchema.js';

/**
 * How a branch becomes one number in the linear power flow. `matpower`: b = 1 / (x tap), phase shifts count (MATPOWER manual, section 3.7).
 * `series`: b = x / (r^2 + x^2), taps and shifts ignored: what the published DC costs of PGLib-OPF follow.
 */
export type DcConvention = 'matpower' | 'series';

export const dcConventions: readonly DcConvention[] = ['matpower', 'series'];

/** MVA that per-unit impedances are based on. */
export const baseMva = 100;

/** Susceptance of a line, MW per radian. */
export function susceptanceMwPerRad(line: Line, convention: DcConvention): number {
  const { resistancePu: r, reactancePu: x, tapRatio } = line;
  return convention === 'matpower' ? baseMva / (x * tapRatio) : (baseMva * x) / (r * r + x * x);
}
