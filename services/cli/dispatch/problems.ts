import { wrongInput } from '../../../shared/runtime/errors.js';
import { chrono } from './chrono.js';
import { full } from './full.js';
import { hourly } from './hourly.js';
import type { Problem, SpecialOptions } from './request.js';

/** The problems that `dispatch` knows, by the word behind `--problem`. */
export const problems: Readonly<Record<string, Problem>> = { hourly, chrono, full };

/** All problems in the words of the help. */
export function problemsText(): string {
  return Object.entries(problems)
    .map(([name, { summary }]) => `${name}: ${summary}`)
    .join('; ');
}

const flags: Readonly<Record<keyof SpecialOptions, string>> = {
  security: '--security',
  foresight: '--foresight',
  reserve: '--reserve',
  reservePrice: '--reserve-price',
  stopCostRatio: '--stop-cost-ratio',
  runIn: '--run-in',
  withoutStorage: '--without-storage',
};

/**
 * The problem of this name.
 * @throws TWIN_WRONG_INPUT for an unknown one, and for an option that says nothing about it.
 */
export function problemOf(name: string, special: SpecialOptions): Problem {
  const problem = Object.hasOwn(problems, name) ? problems[name] : undefined;
  if (problem === undefined) throw wrongInput(`--problem: found ${name}, allowed: ${Object.keys(problems).join(', ')}`);
  for (const option of Object.keys(flags) as (keyof SpecialOptions)[]) {
    if (special[option] === undefined || problem.takes.includes(option)) continue;
    const others = Object.keys(problems).filter((other) => problems[other]?.takes.includes(option));
    throw wrongInput(`${flags[option]}: found --problem ${name}, allowed: with --problem ${others.join(', ')}`);
  }
  return problem;
}
