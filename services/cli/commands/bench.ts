import type { Command } from 'commander';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { benchTwin, type Figure } from '../bench/twin.js';

/** Benchmarks by name; each starts what it measures and ends it again. */
const benches: Readonly<Record<string, (seconds: number, say: (line: string) => void) => Promise<readonly Figure[]>>> = { twin: benchTwin };

export function register(program: Command): void {
  program
    .command('bench <name>')
    .description(`Loadstone's own benchmarks: ${Object.keys(benches).join(', ')}. One JSON object per line; progress on standard error.`)
    .option('--seconds <n>', 'wall seconds of each measurement', '20')
    .addHelpText('after', '\nExample:\n  $ npx loadstone bench twin')
    .action(async (name: string, options: { readonly seconds: string }) => {
      const bench = benches[name];
      if (bench === undefined) throw wrongInput(`bench: found ${JSON.stringify(name)}, allowed: ${Object.keys(benches).join(', ')}`);
      const seconds = Number(options.seconds);
      if (!(seconds >= 1 && seconds <= 600)) throw wrongInput(`--seconds: found ${options.seconds}, allowed: 1 to 600`);
      const figures = await bench(seconds, (line) => process.stderr.write(`bench: ${line}\n`));
      for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
    });
}
