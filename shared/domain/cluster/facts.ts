import type { FactDataOf, Saying } from '../fact.js';
import { meanInForceMw } from '../flexibility/inForce.js';
import { arrivedAt, homelessMw } from './bending.js';
import { meanGivenMw } from './bentInference.js';
import { inferenceGiveMw } from './inferenceCut.js';
import { meanPower, powerBefore } from './powerPath.js';
import { besideOf, besideSaid, netBesideMw, storesSaid } from './beside.js';
import { tellRuns, trainingMw, type RestTable } from './restTable.js';
import { published, type CampusWork, type Draft, type Site } from './state.js';

type PowerData = FactDataOf['cluster.power.v1']['campuses'][number];

/**
 * Wants of every region with campuses, laid for the tick. Want = what the campus will draw with everything it knows + the mean reduction
 * in force in the tick (`meanInForceMw` of what it promised on its load targets), so that the grid gets the true draw by subtracting
 * `inForceMw` of the offers. A run curtailed under a standing target thus counts with the power it gave up, a run held after a release
 * with what it really draws; what inference gives counts as inference. A tripped campus wants nothing. With a facility, cooling and
 * recharging come on top, and what the site carries itself comes off.
 */
export function wants(draft: Draft, table: RestTable): readonly Saying[] {
  return perRegion(draft, (region, sites) => {
    const campuses = sites.map(({ site, campus }) => wantOf(draft, table, site, campus));
    return { type: 'cluster.demand.v1', region, entity: region, data: { campuses } };
  });
}

function wantOf(draft: Draft, table: RestTable, site: Site, campus: CampusWork): FactDataOf['cluster.demand.v1']['campuses'][number] {
  const name = campus.campus;
  const { startMs, endMs } = draft;
  const isOut = campus.isTripped && !isOutWithin(draft, campus);
  if (isOut && campus.facility === undefined) return { campus: name, wantMw: 0, trainingMw: 0, inferenceMw: 0, limitMw: 0 };
  const inForceMw = meanInForceMw(campus.inForce, startMs, endMs);
  const givenMw = Math.min(inForceMw, meanGivenMw(campus.bent, startMs, endMs));
  const beside = besideOf(draft, site, campus);
  const backupMw = Math.min(inForceMw - givenMw, beside?.backupMw ?? 0);
  const wantedMw = trainingMw(table, draft, site).meanMw + inForceMw - givenMw - backupMw;
  const inferenceMw = meanPower(campus.inference, startMs, endMs) + givenMw;
  // What battery and generators carry for a load target would be drawn without it.
  const besideMw = beside === null ? 0 : netBesideMw(beside) + backupMw;
  return {
    campus: name,
    wantMw: published(wantedMw + inferenceMw + besideMw),
    trainingMw: published(wantedMw),
    inferenceMw: published(inferenceMw),
    ...(beside === null ? {} : besideSaid({ ...beside, onSiteMw: beside.onSiteMw - backupMw })),
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

function powerOf(draft: Draft, table: RestTable, site: Site, campus: CampusWork): PowerData {
  const { startMs, endMs } = draft;
  const { meanMw, endMw } = trainingMw(table, draft, site);
  const inferenceMw = meanPower(campus.inference, startMs, endMs);
  const askedMw = meanInForceMw(campus.asked, startMs, endMs);
  const beside = besideOf(draft, site, campus);
  return {
    campus: campus.campus,
    meanMw: published(meanMw + inferenceMw + (beside === null ? 0 : netBesideMw(beside))),
    endMw: published(beside === null ? endMw + powerBefore(campus.inference, endMs) : beside.endMw),
    trainingMw: published(meanMw),
    inferenceMw: published(inferenceMw),
    ...(beside === null ? {} : { ...besideSaid(beside), ...storesSaid(beside) }),
    ...(site.facility?.plan.backupForTargets === true ? { backupMw: published(beside?.backupMw ?? 0) } : {}),
    ...inferenceSaid(draft, site, campus, beside?.unservedMw ?? 0),
    limitMw: campus.isTripped && !isOutWithin(draft, campus) ? 0 : campus.limitMw,
    reductionTargetMw: published(askedMw),
    imbalanceMw: published(askedMw - meanInForceMw(campus.inForce, startMs, endMs)),
  };
}

/** What a campus gives of its inference, and what it serves for others. */
function inferenceSaid(draft: Draft, site: Site, { campus, bent }: CampusWork, unservedMw: number): Partial<PowerData> {
  const { startMs, endMs } = draft;
  const arrived = site.guests.length === 0 ? {} : { arrivedMw: published(meanPower(arrivedAt(draft, site), startMs, endMs)) };
  if (bent === undefined) return arrived;
  const place = draft.frame.placeOfCampus.get(campus) ?? -1;
  return {
    ...arrived,
    consolidatedMw: published(meanPower(bent.consolidated, startMs, endMs)),
    movedMw: published(meanPower(bent.moved, startMs, endMs)),
    inferenceGiveMw: published(inferenceGiveMw(draft, place)),
    unservedMw: published(unservedMw + homelessMw(draft, bent)),
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
