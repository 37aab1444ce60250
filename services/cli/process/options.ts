import { wrongInput } from '../../../shared/runtime/errors.js';

/** A whole number given as an option. @throws TWIN_WRONG_INPUT naming the option, what was found and what is allowed. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrongInput(`${name}: found ${JSON.stringify(text)}, allowed: a whole number from ${least} to ${most}`);
}

/** A positive number given as an option. @throws TWIN_WRONG_INPUT in the same way. */
export function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value;
  throw wrongInput(`${name}: found ${JSON.stringify(text)}, allowed: a number above 0`);
}
