import type { Command } from 'commander';
import { shown } from '../../../shared/domain/shown.js';
import { wordIn } from '../dispatch/options.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { benchBus } from '../bench/bus.js';
import { benchCommand } from '../bench/command.js';
import { benchDispatch } from '../bench/dispatch.js';
import type { BenchOptions, Figure } from '../bench/figure.js';
import { benchFleet } from '../bench/fleet.js';
import { benchForecast } from '../bench/forecast.js';
import { benchHistory } from '../bench/history.js';
import { benchSoak } from '../bench/soak.js';
import { benchSubscribers } from '../bench/subscribers.js';
import { benchTwin } from '../bench/twin.js';

/** Benchmarks by name; each starts what it measures and ends it again. */
const benches: Readonly<Record<string, (options: BenchOptions, say: (line: string) => void) => Promise<readonly Figure[]>>> = {
  bus: benchBus,
  command: benchCommand,
  dispatch: benchDispatch,
  fleet: benchFleet,
  forecast: benchForecast,
  history: benchHistory,
  soak: benchSoak,
  subscribers: benchSubscribers,
  twin: benchTwin,
};

type Peers = Pick<BenchOptions, 'data' | 'peers' | 'peerScripts'>;

export function register(program: Command): void {
  program
    .command('bench <name>')
    .description(`Loadstone's own benchmarks: ${Object.keys(benches).join(', ')}. One JSON object per line; progress on standard error.`)
    .option('--seconds <n>', 'bus, command, history, soak, subscribers, twin: wall seconds of each measurement', '20')
    .option('--data <dir>', 'dispatch, forecast: the folder that holds rts-gmlc, eia930-demand')
    .option('--peers <venv>', 'dispatch: a virtual environment with the packages of the peers, to run them on the same hours')
    .option('--peer-scripts <dir>', 'dispatch: the folder of their scripts; default: peers beside the data')
    .option('--campuses <n>', 'fleet: campuses', '100')
    .option('--runs <n>', 'fleet: training runs', '1000')
    .option('--days <n>', 'fleet: days in ticks of an hour', '365')
    .option('--sync <when>', 'bus: how often nats-server writes to disk, 100ms or always', '100ms')
    .option('--full', 'bus: two minutes at 1,000 facts a second and one at 10,000, and where it bends')
    .addHelpText(
      'after',
      '\nExamples:\n  $ npx loadstone bench dispatch --data ../shared/data\n  $ npx loadstone bench fleet --campuses 100 --runs 1000',
    )
    .action(
      async (
        name: string,
        options: Record<'seconds' | 'campuses' | 'runs' | 'days' | 'sync', string> & Peers & { readonly full?: boolean },
      ) => {
        const bench = Object.hasOwn(benches, name) ? benches[name] : undefined;
        if (bench === undefined) throw wrongInput(`bench: found ${shown(name)}, allowed: ${Object.keys(benches).join(', ')}`);
        const seconds = Number(options.seconds);
        if (!(seconds >= 1 && seconds <= 600)) throw wrongInput(`--seconds: found ${options.seconds}, allowed: 1 to 600`);
        const sync = wordIn('--sync', options.sync, ['100ms', 'always'] as const);
        const { data, peers, peerScripts } = options;
        const size = {
          campuses: wholeOf('--campuses', options.campuses, 10_000),
          runs: wholeOf('--runs', options.runs, 100_000),
          days: wholeOf('--days', options.days, 3_650),
          sync,
          isFull: options.full === true,
        };
        const figures = await bench({ data, peers, peerScripts, ...size, seconds }, (line) => process.stderr.write(`bench: ${line}\n`));
        for (const figure of figures) process.stdout.write(`${JSON.stringify(figure)}\n`);
      },
    );
}

function wholeOf(option: string, found: string, most: number): number {
  const value = Number(found);
  if (!(Number.isInteger(value) && value >= 1 && value <= most))
    throw wrongInput(`${option}: found ${found}, allowed: a whole number from 1 to ${most}`);
  return value;
}
