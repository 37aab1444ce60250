import type { Command } from 'commander';
import type { BacktestOptions } from '../forecast/asked.js';
import { runBacktest } from '../forecast/run.js';

const notes = `
Every forecast is made from what was known when it was issued; hours that the publisher made up count as missing.
Columns: those of EIA's cleaned demand, or a time and a load in MW; hours named by their end; .gz too. docs/forecast.md has the method.

Examples:
  $ npx loadstone forecast backtest ../shared/data/eia930-demand/2015-2020-with-forecast/ERCO.csv.gz --test 2019
  $ npx loadstone forecast backtest LOAD.csv --test 2019-01-01:2019-06-30 --issue 10:00 --horizon next-day --zone America/Chicago`;

/** `forecast`: how good load forecasts would have been. */
export function register(program: Command): void {
  program
    .command('forecast')
    .description('Forecasts of load with their bands.')
    .command('backtest <file>')
    .description('forecast a recorded load hour by hour and compare with what came, with naive forecasts and with the published one')
    .requiredOption('--test <from:to>', 'days, months or years that are forecast, both included; what lies before is learned from')
    .option('--issue <time>', 'whole hour of the day at which forecasts are issued', '00:00')
    .option('--horizon <hours>', 'hours ahead, 1 to 168; next-day: the day after the issue, as authorities publish', '24')
    .option('--zone <name>', 'clock of the issue, of days and of the tables, as America/Chicago', 'UTC')
    .option('--local', 'the times of the file are on that clock; default: UTC')
    .option('--hours-begin', 'the file names hours by their begin; default: by their end')
    .option('--load-column <name>', 'column of the load; default: cleaned demand (MW), mw, or the only one in MW')
    .option('--holidays <whose>', 'us or none', 'us')
    .option('--buildout <file>', 'new load that is known beforehand: columns time and mw, MW added from that instant on')
    .option('--temperature <file>', 'temperatures to learn from: columns time, UTC, and temperature_c; those up to the issue are used')
    .option('--temperature-ahead', 'also those of the hours ahead, as if a weather forecast had been right')
    .option('--step <MW>', 'also run it with so much new load from the first of each month on: how soon is it followed?')
    .option('--plot <file.svg>', 'draw the week of the highest load with its bands')
    .option('--json', 'print as JSON; its schema: npx loadstone schema forecast-backtest')
    .addHelpText('after', notes)
    .action((file: string, options: BacktestOptions) => runBacktest(file, options));
}
