import { assert } from '../assert.js';

/** How money is counted over years. */
export interface Payback {
  /** Real interest a year, 0 to 1. */
  readonly discountRatio: number;
  readonly lifeYears: number;
}

/**
 * Share of a capital sum to be paid at the end of every year of its life so that it is paid off with interest: the capital recovery factor
 * r / (1 - (1 + r)^-n), 1 / n without interest. Asserts a life above 0 and interest of at least 0.
 */
export function annuityRatio({ discountRatio, lifeYears }: Payback): number {
  assert(lifeYears > 0 && discountRatio >= 0, `life ${lifeYears} above 0, interest ${discountRatio} from 0`);
  return discountRatio === 0 ? 1 / lifeYears : discountRatio / (1 - (1 + discountRatio) ** -lifeYears);
}

/** What a MW costs every year whether it runs or not: its capital over its life, and keeping it, USD. */
export function fixedUsdPerMwYear(
  {
    capitalUsdPerKw,
    fixedUsdPerKwYear,
    lifeYears,
  }: { readonly capitalUsdPerKw: number; readonly fixedUsdPerKwYear: number; readonly lifeYears: number },
  discountRatio: number,
): number {
  return 1_000 * (capitalUsdPerKw * annuityRatio({ discountRatio, lifeYears }) + fixedUsdPerKwYear);
}
