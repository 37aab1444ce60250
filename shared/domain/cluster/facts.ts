import type { FactDataOf, Saying } from '../fact.js';
import { meanInForceMw } from '../flexibility/inForce.js';
import { meanPower, powerBefore } from './powerPath.js';
import { tellRuns, trainingMw, type RestTable } from './restTable.js';
import { published, type CampusWork, type Draft, type Site } from './state.js';

/**
 * Wants of every region with campuses, laid for the tick. Want = what the campus will draw with everything it knows + the mean reduction
 * in force in the tick (`meanInForceMw` of what it promised on its load targets), so that the grid gets the true draw by subtracting
 * `inForceMw` of the offers. A run curtailed under a standing target thus counts with the power it gave up, a run held after a release
 * with what it really draws. A tripped campus wants nothing.
 */
export function wants(draft: Draft, table: RestTable): readonly Saying[] {
  return perRegion(draft, (region, sites) => {
    const campuses = sites.map(({ site, campus }) => wantOf(draft, table, site, campus));
    return { type: 'cluster.demand.v1', region, entity: region, data: { campuses } };
  });
}

function wantOf(draft: Draft, table: RestTable, site: Site, campus: CampusWork): FactDataOf['cluster.demand.v1']['campuses'][number] {
  const name = campus.campus;
  if (campus.isTripped) return { campus: name, wantMw: 0, trainingMw: 0, inferenceMw: 0, limitMw: 0 };
  const wantedMw = trainingMw(table, draft, site).meanMw + meanInForceMw(campus.inForce, draft.startMs, draft.endMs);
  const inferenceMw = meanPower(campus.inference, draft.startMs, draft.endMs);
  return {
    campus: name,
    wantMw: published(wantedMw + inferenceMw),
    trainingMw: published(wantedMw),
    inferenceMw: published(inferenceMw),
    limitMw: campus.limitMw,
  };
}

/**
 * Power and progress of every region with campuses, after the deeds of the tick; the reduction asked for is its mean over the tick, along
 * the ramp.
 */
export function deeds(draft: Draft, table: RestTable): readonly Saying[] {
  const power = perRegion(draft, (region, sites) => {
    const campuses = sites.map(({ site, campus }) => powerOf(draft, table, site, campus));
    return { type: 'cluster.power.v1', region, entity: region, data: { campuses } };
  });
  const progress = perRegion(draft, (region, sites) => {
    const runs: FactDataOf['cluster.progress.v1']['runs'] = [];
    for (const { site } of sites) tellRuns(table, draft, site, runs);
    return { type: 'cluster.progress.v1', region, entity: region, data: { runs } };
  });
  return [...power, ...progress];
}

function powerOf(draft: Draft, table: RestTable, site: Site, campus: CampusWork): FactDataOf['cluster.power.v1']['campuses'][number] {
  const { startMs, endMs } = draft;
  const { meanMw, endMw } = trainingMw(table, draft, site);
  const inferenceMw = meanPower(campus.inference, startMs, endMs);
  const askedMw = meanInForceMw(campus.asked, startMs, endMs);
  return {
    campus: campus.campus,
    meanMw: published(meanMw + inferenceMw),
    endMw: published(endMw + powerBefore(campus.inference, endMs)),
    trainingMw: published(meanMw),
    inferenceMw: published(inferenceMw),
    limitMw: campus.isTripped ? 0 : campus.limitMw,
    reductionTargetMw: published(askedMw),
    imbalanceMw: published(askedMw - meanInForceMw(campus.inForce, startMs, endMs)),
  };
}

interface Place {
  readonly site: Site;
  readonly campus: CampusWork;
}

function perRegion(draft: Draft, say: (region: string, sites: readonly Place[]) => Saying): readonly Saying[] {
  const { frame, campuses } = draft;
  return frame.regions.map(({ region, sites }) => {
    const own: Place[] = [];
    for (const place of sites) {
      const site = frame.sites[place];
      const campus = campuses[place];
      if (site !== undefined && campus !== undefined) own.push({ site, campus });
    }
    return say(region, own);
  });
}
