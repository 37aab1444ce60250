import type { FactDataOf, Saying } from '../fact.js';
import { meanInForceMw } from '../flexibility/inForce.js';
import { meanPower, powerBefore } from './powerPath.js';
import { progressAt } from './progress.js';
import { published, sumOfRuns, type CampusWork, type Draft, type Site } from './state.js';
import { besideOf, besideSaid, netBesideMw, storesSaid } from './beside.js';
import { runStateAt } from './states.js';

/**
 * Wants of every region with campuses, laid for the tick. Want = what the campus will draw with everything it knows + the mean reduction
 * in force in the tick (`meanInForceMw` of what it promised on its load targets), so that the grid gets the true draw by subtracting
 * `inForceMw` of the offers. A run curtailed under a standing target thus counts with the power it gave up, a run held after a release
 * with what it really draws. A tripped campus wants nothing. With a facility, cooling and recharging come on top, and what the site carries
 * itself comes off.
 */
export function wants(draft: Draft): readonly Saying[] {
  return perRegion(draft, (region, sites) => {
    const campuses = sites.map(([site, campus]) => wantOf(draft, site, campus));
    return { type: 'cluster.demand.v1', region, entity: region, data: { campuses } };
  });
}

function wantOf(draft: Draft, site: Site, campus: CampusWork): FactDataOf['cluster.demand.v1']['campuses'][number] {
  const name = campus.campus;
  const { startMs, endMs } = draft;
  const isOut = campus.isTripped && !isOutWithin(draft, campus);
  if (isOut && campus.facility === undefined) return { campus: name, wantMw: 0, trainingMw: 0, inferenceMw: 0, limitMw: 0 };
  const trainingMw = trainingMeanMw(draft, site) + meanInForceMw(campus.inForce, startMs, endMs);
  const inferenceMw = meanPower(campus.inference, startMs, endMs);
  const beside = besideOf(draft, site, campus);
  return {
    campus: name,
    wantMw: published(trainingMw + inferenceMw + (beside === null ? 0 : netBesideMw(beside))),
    trainingMw: published(trainingMw),
    inferenceMw: published(inferenceMw),
    ...(beside === null ? {} : besideSaid(beside)),
    limitMw: isOut ? 0 : campus.limitMw,
  };
}

/** Whether a campus left the grid only within the tick. */
function isOutWithin({ startMs }: Draft, { facility }: CampusWork): boolean {
  const onSite = facility?.onSite ?? null;
  return onSite !== null && onSite.kind === 'transferred' && onSite.sinceMs > startMs;
}

/**
 * Power and progress of every region with campuses, after the deeds of the tick; the reduction asked for is its mean over the tick, along
 * the ramp.
 */
export function deeds(draft: Draft): readonly Saying[] {
  const power = perRegion(draft, (region, sites) => {
    const campuses = sites.map(([site, campus]) => powerOf(draft, site, campus));
    return { type: 'cluster.power.v1', region, entity: region, data: { campuses } };
  });
  const progress = perRegion(draft, (region, sites) => {
    const runs = sites.flatMap(([site]) => progressOf(draft, site));
    return { type: 'cluster.progress.v1', region, entity: region, data: { runs } };
  });
  return [...power, ...progress];
}

function powerOf(draft: Draft, site: Site, campus: CampusWork): FactDataOf['cluster.power.v1']['campuses'][number] {
  const { startMs, endMs } = draft;
  const trainingMw = trainingMeanMw(draft, site);
  const inferenceMw = meanPower(campus.inference, startMs, endMs);
  const trainingEndMw = sumOfRuns(draft, site, ({ path }) => powerBefore(path, endMs));
  const askedMw = meanInForceMw(campus.asked, startMs, endMs);
  const beside = besideOf(draft, site, campus);
  return {
    campus: campus.campus,
    meanMw: published(trainingMw + inferenceMw + (beside === null ? 0 : netBesideMw(beside))),
    endMw: published(beside === null ? trainingEndMw + powerBefore(campus.inference, endMs) : beside.endMw),
    trainingMw: published(trainingMw),
    inferenceMw: published(inferenceMw),
    ...(beside === null ? {} : { ...besideSaid(beside), ...storesSaid(beside) }),
    limitMw: campus.isTripped && !isOutWithin(draft, campus) ? 0 : campus.limitMw,
    reductionTargetMw: published(askedMw),
    imbalanceMw: published(askedMw - meanInForceMw(campus.inForce, startMs, endMs)),
  };
}

function progressOf(draft: Draft, { campus, runs }: Site): FactDataOf['cluster.progress.v1']['runs'] {
  const { frame, startMs, endMs } = draft;
  return runs.flatMap((index) => {
    const run = frame.runs[index];
    const work = draft.runs[index];
    if (run === undefined || work === undefined) return [];
    const { steps, checkpointedSteps } = progressAt(run, work, endMs);
    return {
      run: run.id,
      campus: campus.id,
      state: runStateAt(work, endMs),
      powerMw: published(meanPower(work.path, startMs, endMs)),
      capRatio: work.capRatio,
      completedSteps: Math.floor(steps),
      checkpointedSteps,
      totalSteps: run.totalSteps,
    };
  });
}

function trainingMeanMw(draft: Draft, site: Site): number {
  return sumOfRuns(draft, site, ({ path }) => meanPower(path, draft.startMs, draft.endMs));
}

function perRegion(draft: Draft, say: (region: string, sites: readonly (readonly [Site, CampusWork])[]) => Saying): readonly Saying[] {
  const { frame, campuses } = draft;
  return frame.regions.map(({ region, sites }) => {
    const own = sites.flatMap((place) => {
      const [site, campus] = [frame.sites[place], campuses[place]];
      return site === undefined || campus === undefined ? [] : [[site, campus] as const];
    });
    return say(region, own);
  });
}
