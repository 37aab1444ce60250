import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepareHourly } from '../../../shared/domain/grid/hourly.js';
import { noCounts, solveByPivots } from '../../../shared/domain/grid/simplex/solve.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { TwinError, wrongInput } from '../../../shared/runtime/errors.js';
import { bareWorld, readNetwork } from '../../../shared/scenario/networkFile.js';
import type { World } from '../../../shared/scenario/schema.js';
import { syntheticNetwork } from '../../../shared/scenario/synthetic.js';
import { benchChrono } from './chrono.js';
import type { BenchOptions, Figure } from './figure.js';
import { heapMb } from './memory.js';

const runs = 5;
const syntheticBuses = [500, 1_354, 2_000];

/** The RTS-GMLC year hour by hour, against the peers when they are given, the same in its order, and made-up networks of growing size. */
export async function benchDispatch(options: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  const { data, peers } = options;
  if (data === undefined) throw wrongInput('--data: found nothing, allowed: the folder that holds rts-gmlc, or that folder itself');
  const dir = existsSync(join(data, 'rts-gmlc')) ? join(data, 'rts-gmlc') : data;
  const world = bareWorld(await readNetwork(dir));
  const year = yearOf(world, say);
  const own: Figure[] = [
    { name: 'dispatch RTS-GMLC year, cost', value: year.costUsd, unit: 'USD' },
    { name: 'dispatch RTS-GMLC year, first run', value: year.firstMs / 1_000, unit: 's' },
    { name: `dispatch RTS-GMLC year, median of ${runs}`, value: year.medianMs / 1_000, unit: 's' },
    { name: 'dispatch RTS-GMLC, an hour', value: year.medianMs / year.hours, unit: 'ms' },
    { name: 'dispatch RTS-GMLC year, hours handed to another solver', value: year.fallbacks, unit: 'h' },
    { name: 'dispatch RTS-GMLC year, pivots', value: year.pivots / year.hours, unit: '1/h' },
    { name: 'dispatch RTS-GMLC year, heap growth', value: year.heapGrowthMb, unit: 'MB' },
    { name: 'dispatch RTS-GMLC year, peak memory of the process', value: process.resourceUsage().maxRSS / 1_024, unit: 'MB' },
  ];
  const compared = peers === undefined ? [] : await benchPeers({ dir, venv: peers, scripts: options.peerScripts, year }, say);
  const inOrder = await benchChrono(world, year.hours, say);
  return [...own, ...compared, ...inOrder, ...syntheticBuses.flatMap((buses) => benchSynthetic(buses, say))];
}

interface Year {
  readonly hours: number;
  readonly costUsd: number;
  readonly firstMs: number;
  readonly medianMs: number;
  readonly fallbacks: number;
  readonly pivots: number;
  readonly heapGrowthMb: number;
}

function yearOf(world: World, say: (line: string) => void): Year {
  const hours = Math.min(...Object.values(world.series).map((series) => series.values.length));
  const times: number[] = [];
  let costUsd = 0;
  let counts = noCounts();
  let heapGrowthMb = 0;
  for (let run = 0; run < runs; run++) {
    counts = noCounts();
    const year = prepareHourly(world, {
      fromHour: 0,
      toHour: hours,
      convention: 'matpower',
      security: 'none',
      outageSeed: null,
      solve: solveByPivots(null, counts),
    })();
    const heapBefore = heapMb();
    costUsd = 0;
    const beginMs = stopwatchMs();
    for (const { dispatch } of year) costUsd += dispatch.costUsd;
    times.push(stopwatchMs() - beginMs);
    heapGrowthMb = heapMb() - heapBefore;
    say(`RTS-GMLC year, run ${run + 1} of ${runs}: ${Math.round(times.at(-1) ?? 0)} ms`);
  }
  const sorted = [...times].sort((a, b) => a - b);
  const [firstMs, medianMs] = [times[0] ?? Number.NaN, sorted[Math.floor(runs / 2)] ?? Number.NaN];
  return { hours, costUsd, firstMs, medianMs, fallbacks: counts.fallbacks, pivots: counts.pivots, heapGrowthMb };
}

/** Runs the peers on the same hours. The time inside HiGHS alone is taken round each call of its `run`. */
async function benchPeers(
  against: { readonly dir: string; readonly venv: string; readonly scripts: string | undefined; readonly year: Year },
  say: (line: string) => void,
): Promise<Figure[]> {
  const { dir, venv, year } = against;
  const scripts = against.scripts ?? join(dir, '..', '..', 'peers');
  const python = join(venv, 'bin', 'python');
  for (const file of [python, join(scripts, 'highs_rts.py')])
    if (!existsSync(file))
      throw wrongInput(`--peers: found no ${file}, allowed: a virtual environment, and the peers' scripts with --peer-scripts`);
  say('HiGHS through Python');
  const timed = [
    'import sys, time, runpy, highspy',
    'script, sys.argv = sys.argv[1], sys.argv[1:]',
    'sys.path.insert(0, script.rsplit("/", 1)[0])',
    'inner, spent = highspy.Highs.run, [0.0]',
    'def run(self):',
    '    began = time.perf_counter(); status = inner(self); spent[0] += time.perf_counter() - began; return status',
    'highspy.Highs.run = run',
    'runpy.run_path(script, run_name="__main__")',
    'print(f"run_s={spent[0]:.4f}")',
  ].join('\n');
  const highs = await outputOf(python, ['-c', timed, join(scripts, 'highs_rts.py'), dir, '0', String(year.hours)]);
  say('PyPSA, model building included');
  const pypsa = await outputOf(python, [join(scripts, 'pypsa_rts.py'), dir, '0', String(year.hours)]);
  const seconds = year.firstMs / 1_000;
  const ratio = (name: string, peer: string, peerSeconds: number): Figure[] => [
    { name: `${name}`, value: peerSeconds, unit: 's', peer, ratio: peerSeconds / seconds },
    { name: `${name}, against the median run`, value: peerSeconds, unit: 's', peer, ratio: (1_000 * peerSeconds) / year.medianMs },
  ];
  const difference = (peer: string, costUsd: number): Figure => ({
    name: `dispatch RTS-GMLC year, cost against ${peer}`,
    value: Math.abs(year.costUsd / costUsd - 1),
    unit: '1',
    peer,
  });
  return [
    ...ratio('highs_rts.py, year', 'HiGHS script', fieldOf(highs, 'solve_s')),
    ...ratio('highs_rts.py, inside run() alone', 'HiGHS run()', fieldOf(highs, 'run_s')),
    ...ratio('pypsa_rts.py, year', 'PyPSA', fieldOf(pypsa, 'build_s') + fieldOf(pypsa, 'solve_s')),
    difference('HiGHS', fieldOf(highs, 'cost')),
    difference('PyPSA', fieldOf(pypsa, 'cost')),
  ];
}

function fieldOf(output: string, name: string): number {
  const value = Number(new RegExp(`${name}=([-0-9.e+]+)`).exec(output)?.[1]);
  if (Number.isNaN(value)) throw new TwinError('TWIN_BENCH_PEER', `the peer printed no ${name}: ${output.trim().slice(-200)}`);
  return value;
}

/** What a command prints; its errors are shown when it fails. */
function outputOf(command: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 600_000 });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new TwinError('TWIN_BENCH_PEER', `${args.at(-4) ?? command} ended with ${code}: ${errors.trim().slice(-300)}`));
    });
  });
}

function benchSynthetic(buses: number, say: (line: string) => void): Figure[] {
  say(`made-up network of ${buses} buses`);
  const world = bareWorld(syntheticNetwork({ buses, seed: 1 }));
  const counts = noCounts();
  const beginMs = stopwatchMs();
  const hours = prepareHourly(world, {
    fromHour: 0,
    toHour: 4,
    convention: 'matpower',
    security: 'none',
    outageSeed: null,
    solve: solveByPivots(null, counts),
  })();
  const times: number[] = [];
  let lastMs = beginMs;
  let limits = 0;
  for (const { dispatch } of hours) {
    times.push(stopwatchMs() - lastMs);
    lastMs = stopwatchMs();
    limits = Math.max(limits, dispatch.warm.limits.length);
  }
  const further = times.slice(1).reduce((sum, ms) => sum + ms, 0) / (times.length - 1);
  return [
    { name: `dispatch ${buses} buses, first hour`, value: (times[0] ?? Number.NaN) / 1_000, unit: 's' },
    { name: `dispatch ${buses} buses, each further hour`, value: further / 1_000, unit: 's' },
    { name: `dispatch ${buses} buses, limits in the problem`, value: limits, unit: '1' },
    { name: `dispatch ${buses} buses, pivots of 4 hours`, value: counts.pivots, unit: '1' },
  ];
}
