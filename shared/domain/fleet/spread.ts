import { capAt } from '../cluster/throughput.js';
import { lossCurveOf, type GivingRun } from './lossCurve.js';
import { lowestThatSuffice, priorityOf } from './priority.js';
import { creditMw, mostMw, type Seat, type SpreadProblem } from './spreadProblem.js';
import { solveSpread } from './spreadSearch.js';

/** A run that can give power, and the power it would otherwise go on with. */
export interface FleetRun {
  readonly run: GivingRun;
  readonly levelMw: number;
}

/** A campus that can be asked. */
export interface FleetCampus {
  readonly campus: string;
  /** Largest reduction that may be asked of it, MW. */
  readonly boundMw: number;
  /** Lowest cap that is allowed, 0..1; 1: pauses only. */
  readonly capFloorRatio: number;
  readonly runs: readonly FleetRun[];
}

/** What is done to one run of the fleet. */
export interface FleetMeasure {
  readonly campus: string;
  readonly run: string;
  readonly priority: number;
  readonly measure: 'cap' | 'pause';
  /** Cap of the accelerators; 0 for a pause. */
  readonly capRatio: number;
  readonly freedMw: number;
  /** Work not made over the event, at full speed. */
  readonly lostAcceleratorHours: number;
}

/** How a reduction is split over campuses. */
export interface FleetSplit {
  readonly wantedMw: number;
  /** What is asked of each campus, in the order given; their sum is what is wanted, or all there is. */
  readonly campuses: readonly {
    readonly campus: string;
    readonly boundMw: number;
    readonly reductionMw: number;
    /** Pauses may free more than is asked. */
    readonly freedMw: number;
  }[];
  readonly measures: readonly FleetMeasure[];
  readonly lostAcceleratorHours: number;
  /** The same by priority: an hour of usual priority counts once, of each step more twice as much. */
  readonly weightedHours: number;
  /** Wanted and not to be had, MW. */
  readonly residualMw: number;
  /** Highest priority that had to be touched; null: nothing was. */
  readonly touchedPriority: number | null;
  /** No split loses less than this share below it, by priority. */
  readonly gapRatio: number;
}

interface Place {
  readonly site: FleetCampus;
  readonly campus: number;
  readonly run: GivingRun;
  readonly levelMw: number;
}

const toleranceMw = 1e-6;

/**
 * Splits a reduction over all runs of all campuses so that least work is lost: runs of higher priority are touched only when the lower ones
 * do not suffice, and among those touched an accelerator-hour counts by its priority.
 */
export function splitReduction(fleet: readonly FleetCampus[], ask: { readonly wantedMw: number; readonly hours: number }): FleetSplit {
  const { wantedMw, hours } = ask;
  const places = fleet.flatMap((site, campus) =>
    site.runs
      .filter(({ run, levelMw }) => levelMw > run.facilityMw * run.idleRatio + toleranceMw)
      .map((held) => ({ site, campus, ...held })),
  );
  const problemOf = (some: readonly Place[]): SpreadProblem => ({
    seats: some.map((place) => seatOf(place, hours)),
    boundsMw: fleet.map(({ boundMw }) => boundMw),
    wantedMw,
  });
  const isEnough = (some: readonly Place[]): boolean =>
    mostMw(
      problemOf(some),
      some.map(() => 'open'),
    ) >=
    wantedMw - toleranceMw;
  const touched = lowestThatSuffice<Place>(places, isEnough);
  const problem = problemOf(touched);
  const { plan, reachedMw, gapRatio } = solveSpread(problem);
  const measures = touched.flatMap((place, at): readonly (FleetMeasure & { readonly at: number; readonly weighted: number })[] => {
    const { curve } = problem.seats[at] as Seat;
    const isPaused = plan.isPaused[at] === true;
    const freedMw = isPaused ? curve.pausedMw : (plan.cappedMw[at] ?? 0);
    if (freedMw <= toleranceMw) return [];
    const lost = isPaused ? curve.pauseLoss : curve.capLoss(freedMw);
    const { site, run, levelMw } = place;
    const own = { campus: site.campus, run: run.id, priority: priorityOf(run), freedMw, lostAcceleratorHours: lost };
    const capRatio = isPaused ? 0 : capAt(run, levelMw - freedMw);
    return [{ ...own, measure: isPaused ? 'pause' : 'cap', capRatio, at: place.campus, weighted: curve.weight * lost }];
  });
  const freed = fleet.map((_, campus) => measures.reduce((sum, { at, freedMw }) => sum + (at === campus ? freedMw : 0), 0));
  const asked = askedMw(problem, freed, reachedMw);
  const missingMw = wantedMw - creditMw(problem, freed);
  return {
    wantedMw,
    campuses: fleet.map(({ campus, boundMw }, at) => ({
      campus,
      boundMw,
      reductionMw: asked[at] ?? 0,
      freedMw: freed[at] ?? 0,
    })),
    measures: measures.map(({ at: _at, weighted: _weighted, ...measure }) => measure),
    lostAcceleratorHours: measures.reduce((sum, { lostAcceleratorHours }) => sum + lostAcceleratorHours, 0),
    weightedHours: measures.reduce((sum, { weighted }) => sum + weighted, 0),
    residualMw: missingMw > toleranceMw ? missingMw : 0,
    touchedPriority: measures.length === 0 ? null : Math.max(...measures.map(({ priority }) => priority)),
    gapRatio,
  };
}

function seatOf({ site, campus, run, levelMw }: Place, hours: number): Seat {
  const { accelerators, facilityMw, idleRatio, saveSeconds, restartSeconds, staticRatio, capExponent } = run;
  const alike = [campus, levelMw, accelerators, facilityMw, idleRatio, saveSeconds, restartSeconds, staticRatio, capExponent];
  return {
    campus,
    curve: lossCurveOf(run, { levelMw, hours, capFloorRatio: site.capFloorRatio }),
    key: [...alike, priorityOf(run)].join('/'),
  };
}

/** What to ask of each campus: what counts of what it frees; where pauses free more than is wanted, less of the last of them. */
function askedMw(problem: SpreadProblem, freed: readonly number[], reachedMw: number): readonly number[] {
  let overMw = Math.max(0, creditMw(problem, freed) - reachedMw);
  const asked = problem.boundsMw.map((bound, campus) => Math.min(bound, freed[campus] ?? 0));
  for (let campus = asked.length - 1; campus >= 0; campus--) {
    const lessMw = Math.min(overMw, asked[campus] ?? 0);
    asked[campus] = (asked[campus] ?? 0) - lessMw;
    overMw -= lessMw;
  }
  return asked;
}
