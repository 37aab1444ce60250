import type { Campus, Run } from '../../scenario/schema.js';
import { rampMwPerMs } from '../cluster/rise.js';
import type { Room } from './place.js';
import { isUnderWay, limitOf, placeOf, runNamed, type FleetWorld, type Standing } from './standing.js';

/**
 * What a campus has free for a run: below its limit beside the top of its inference and other runs there, or on their way, at full power;
 * accelerators as the scenario says, more by runs that left and less by runs that came, else as many of the run's as that power feeds.
 */
export function roomFor(world: FleetWorld, campus: Campus, run: Run, standing: Standing): Room {
  const limitMw = limitOf(standing, campus);
  const others = standing.runs.filter((own) => placeOf(own) === campus.id && own.run !== run.id);
  const ownMw = others.reduce((sum, own) => sum + (isUnderWay(own) ? (runNamed(world, own.run)?.facilityMw ?? 0) : own.powerMw), 0);
  const mw = Math.max(0, limitMw - campus.inferenceMaxMw - ownMw);
  const spare =
    campus.spareAccelerators === undefined ? acceleratorsIn(mw, run) : campus.spareAccelerators + leftBehind(world, campus, run, standing);
  return { accelerators: Math.max(0, spare), mw, mwPerSecond: rampMwPerMs(campus, limitMw) * 1_000 };
}

/** A share of what the connection of a campus can feed, free: accelerators with the power for them. */
export function sharedRoom(campus: Campus, run: Run, spare: { readonly ratio: number; readonly limitMw: number }): Room {
  const mw = spare.ratio * spare.limitMw;
  return { accelerators: acceleratorsIn(mw, run), mw, mwPerSecond: rampMwPerMs(campus, spare.limitMw) * 1_000 };
}

/** Accelerators of runs that began at a campus and are elsewhere, less those of runs that came; the run asked about left out. */
function leftBehind(world: FleetWorld, campus: Campus, run: Run, standing: Standing): number {
  return standing.runs.reduce(
    (sum, own) => {
      const home = runNamed(world, own.run);
      if (home === undefined || own.run === run.id) return sum;
      const [began, is] = [home.campus === campus.id, placeOf(own) === campus.id];
      return sum + (began && !is ? home.accelerators : is && !began ? -home.accelerators : 0);
    },
    run.campus === campus.id ? run.accelerators : 0,
  );
}

function acceleratorsIn(mw: number, { accelerators, facilityMw }: Pick<Run, 'accelerators' | 'facilityMw'>): number {
  return facilityMw > 0 ? Math.floor((mw / facilityMw) * accelerators + 1e-6) : 0;
}
