import type { Command } from 'commander';
import { registerLine } from '../siting/line.js';
import { registerRank } from '../siting/rank.js';
import { registerTest } from '../siting/test.js';

/** `siting rank`, `test` and `line`. */
export function register(program: Command): void {
  const siting = program.command('siting').description('Sites for campuses: where one would stand best, and where they stand.');
  registerRank(siting);
  registerTest(siting);
  registerLine(siting);
}
