import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { benchDispatch } from '../bench/dispatch.js';
import type { BenchOptions, Figure } from '../bench/figure.js';
import { benchForecast } from '../bench/forecast.js';
import { benchTwin } from '../bench/twin.js';

/** Benchmarks by name; each starts what it measures and ends it again. */
const benches: Readonly<Record<string, (options: BenchOptions, say: (line: string) => void) => Promise<readonly Figure[]>>> = {
  dispatch: benchDispatch,
  forecast: benchForecast,
  twin: benchTwin,
};

export function register(program: Command): void {
  program
    .command('bench <name>')
    .description(`Loadstone's own benchmarks: ${Object.keys(benches).join(', ')}. One JSON object per line; progress on standard error.`)
    .option('--seconds <n>', 'twin: wall seconds of each measurement', '20')
    .option('--data <dir>', 'dispatch, forecast: the folder that holds rts-gmlc, eia930-demand')
    .option('--peers <venv>', 'dispatch: a virtual environment with the packages of the peers, to run them on the same hours')
    .option('--peer-scripts <dir>', 'dispatch: the folder of their scripts; default: peers beside the data')
    .addHelpText('after', '\nExample:\n  $ npx loadstone bench dispatch --data ../shared/data')
    .action(async (name: string, options: Omit<BenchOptions, 'seconds'> & { readonly seconds: string }) => {
      const bench = benches[name];
      if (bench === undefined) throw wrongInput(`bench: found ${JSON.stringify(name)}, allowed: ${Object.keys(benches).join(', ')}`);
      const seconds = Number(options.seconds);
      if (!(seconds >= 1 && seconds <= 600)) throw wrongInput(`--seconds: found ${options.seconds}, allowed: 1 to 600`);
      const figures = await bench({ ...options, seconds }, (line) => process.stderr.write(`bench: ${line}\n`));
      for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
    });
}
