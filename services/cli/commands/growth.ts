import type { Command } from 'commander';
import { growthOf, type GrowthOptions } from '../growth/run.js';
import { showGrowth } from '../growth/show.js';
import { printJson } from '../output.js';

const notes = `
The largest of all at the end of every quarter, in logarithms; days after --until are left out. The exponential and the logistic of the
best ceiling are fitted to what was known five, four, three and two years before, and judged by the two years after.

Example:
  $ npx loadstone growth ../shared/data/epoch-ai-datacenters/data_center_timelines.csv --value "Power (MW)" --who "Data center" --until 2025-12-14`;

/** `growth`: how the largest has grown, and whether its end can be seen. */
export function register(program: Command): void {
  program
    .command('growth <file>')
    .description('how the largest of its kind has grown: exponential against logistic, on truncated history')
    .requiredOption('--value <column>', 'what grows')
    .option('--per <column>', 'divided by this')
    .option('--date <column>', 'day', 'Date')
    .option('--who <column>', 'whose it is', 'Name')
    .option('--until <date>', 'last day that counts (default: the latest)')
    .option('--json', 'print as JSON; its schema: npx loadstone schema growth')
    .addHelpText('after', notes)
    .action(async (file: string, options: GrowthOptions & { readonly json?: boolean }) => {
      const answer = await growthOf(file, options);
      if (options.json === true) printJson(answer);
      else showGrowth(answer);
    });
}
