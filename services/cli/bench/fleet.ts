import { createWholeWorld } from '../../../shared/domain/wholeWorld.js';
import type { FastWorld } from '../../../shared/domain/world.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import { fleetWorld } from '../../../shared/scenario/fleet.js';
import type { BenchOptions, Figure } from './figure.js';
import { createCalledWorld } from './fleetWorld.js';
import { heapMb } from './memory.js';

const hoursOfDay = 24;
const hoursOfMonth = 730;
const seed = 1;

/**
 * A fleet in the fast clock, in ticks of an hour: clusters, flexibility and training sequences against a grid that only clears, and the
 * whole world with its grid.
 */
export async function benchFleet(
  { campuses, runs, days }: Pick<BenchOptions, 'campuses' | 'runs' | 'days'>,
  say: (line: string) => void,
): Promise<readonly Figure[]> {
  const world = fleetWorld({ campuses, runs, seed });
  const solver = await loadHighsSolver();
  const of = `fleet of ${campuses} campuses and ${runs} runs`;
  try {
    return [
      ...play(`${of}, clusters, flexibility and sequences`, createCalledWorld(world), days, say),
      ...play(`${of}, whole world`, createWholeWorld(world, solver), days, say),
    ];
  } finally {
    solver.close();
  }
}

/** Plays a world for some days; its heap is compared from the end of the first month, when everything has happened once. */
function play(name: string, world: FastWorld, days: number, say: (line: string) => void): Figure[] {
  const hours = days * hoursOfDay;
  let [facts, curtailments, heapBefore, ms] = [0, 0, 0, 0];
  const before = process.cpuUsage();
  for (let hour = 0; hour < hours; hour++) {
    const beginMs = stopwatchMs();
    const said = world.tick();
    ms += stopwatchMs() - beginMs;
    facts += said.length;
    for (const fact of said) if (fact.type === 'training.phase.v1' && fact.data.phase === 'curtailed') curtailments++;
    if ((hour + 1) % hoursOfMonth !== 0) continue;
    if (heapBefore === 0) heapBefore = heapMb();
    say(`${name}: ${hour + 1} of ${hours} hours, ${(ms / 1_000).toFixed(1)} s`);
  }
  const { user, system } = process.cpuUsage(before);
  const perTick: Figure[] = [
    { name: `${name}, ${days} days`, value: ms / 1_000, unit: 's' },
    { name: `${name}, ${days} days, processor time with garbage collection`, value: (user + system) / 1e6, unit: 's' },
    { name: `${name}, a tick`, value: ms / hours, unit: 'ms' },
    { name: `${name}, curtailments of runs`, value: curtailments, unit: '1' },
    { name: `${name}, facts`, value: facts / (ms / 1_000), unit: '1/s' },
  ];
  return heapBefore === 0
    ? perTick
    : [...perTick, { name: `${name}, heap growth after the first month`, value: heapMb() - heapBefore, unit: 'MB' }];
}
