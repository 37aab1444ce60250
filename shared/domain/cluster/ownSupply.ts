import type { Carrier } from '../../events/facility.js';
import { meanInForceMw, nothingInForce } from '../flexibility/inForce.js';
import { carry, recharge, type Backup, type Stored } from '../facility/backup.js';
import { carriedHeatMw, lastingMw, supplySegments, type OnSite, type SiteSupply, type SupplySegment } from '../facility/onSite.js';
import { heatLimitMw, heatRampRatio, siteCoolingMw, supplyOf, type FacilityWork, type SiteFacility } from '../facility/site.js';
import { hourMs } from '../ticks.js';
import { layDescent } from './descent.js';
import { aboveAllowanceMw, endHeatMw, highestHeatMw, meanHeatMw } from './ownLoad.js';
import { flatPath, meanPower, powerAt, powerBefore, steer, type PowerPath } from './powerPath.js';
import { rampMwPerMs } from './rise.js';
import { published, runsAt, setCampus, setRun, sumOfRuns, type CampusWork, type Draft, type Site } from './state.js';

const toleranceMw = 1e-6;
const toleranceMwh = 1e-9;

interface Own {
  readonly place: number;
  readonly site: Site;
  readonly frame: SiteFacility;
  readonly supply: SiteSupply;
  readonly outsideC: number;
}

/** Lays the tick of every campus that lives on its own supply or comes back from it, and recharges the batteries of the others. */
export function layOwnSupply(draft: Draft): void {
  draft.frame.sites.forEach((site, place) => {
    const campus = draft.campuses[place];
    if (site.facility === null || campus?.facility === undefined) return;
    const outsideC = site.facility.outside.meanC({ fromMs: draft.startMs, toMs: draft.endMs });
    const own = { place, site, frame: site.facility, supply: supplyOf(site.facility, campus.limitMw), outsideC };
    // Nothing recharges while battery or generators carry for a load target.
    if (campus.facility.onSite === null && campus.facility.support !== undefined)
      return setCampus(draft, place, { facility: { ...campus.facility, charge: flatPath(draft.startMs, 0), carriage: null } });
    if (campus.facility.onSite === null) return layCharge(draft, own, campus, campus.facility);
    if (campus.isTripped && campus.facility.onSite.sinceMs < draft.startMs) {
      setCampus(draft, place, { asked: nothingInForce, inForce: nothingInForce });
      shed(draft, own, campus.facility, campus.facility.onSite);
    }
    layCarried(draft, own, campus.facility, campus.facility.onSite);
  });
}

/** Runs are paused, the last first, each with a checkpoint, until what is left can be carried through the tick. */
function shed(draft: Draft, { place, site, supply, outsideC }: Own, { stored }: FacilityWork, onSite: OnSite): void {
  const campus = draft.campuses[place];
  const [segment] = supplySegments(onSite, supply, stored, { fromMs: draft.startMs, toMs: draft.endMs });
  if (campus === undefined || segment === undefined || segment.by === 'ups') return;
  const heatMw = carriedHeatMw(supply, segmentMw(supply.backup, stored, segment), outsideC);
  const wantedMw = inferenceWantedMw(site, campus, draft.startMs);
  const working = runsAt(draft, site).filter(({ work }) => work.mode === 'running' && work.workUntilMs === null);
  let runsMw = working.reduce((sum, { work }) => sum + powerAt(work.path, draft.startMs), 0);
  for (const { index, run, work } of working.reverse()) {
    if (runsMw <= toleranceMw || wantedMw + runsMw <= heatMw + toleranceMw) return;
    const levelMw = powerAt(work.path, draft.startMs);
    const candidate = { index, run, levelMw };
    const order = { epoch: campus.order.epoch, fromMs: draft.startMs, rampMs: 0 };
    layDescent(draft, { candidate, kind: 'pause', capRatio: 0, levelMw: 0 }, order);
    setRun(draft, index, { reference: null });
    runsMw -= levelMw;
  }
}

/** Lays inference over the tick and lets UPS, battery and generators carry what the grid does not. */
function layCarried(draft: Draft, own: Own, facility: FacilityWork, onSite: OnSite): void {
  const { place, site, supply, frame, outsideC } = own;
  const { startMs, endMs } = draft;
  const fromMs = onSite.kind === 'transferred' ? Math.max(startMs, onSite.sinceMs) : startMs;
  const sum = { coolingMwMs: 0, onSiteMwMs: 0, unservedMwMs: 0 };
  let [stored, carriers, endMw, lastCoolingMw] = [facility.stored, facility.carriers, 0, 0];
  const before = draft.campuses[place];
  if (before !== undefined && fromMs > startMs) {
    const heatMw = meanHeatMw(draft, site, before, startMs, fromMs);
    sum.coolingMwMs += siteCoolingMw(frame, before.limitMw, heatMw, outsideC) * (fromMs - startMs);
  }
  for (const segment of supplySegments(onSite, supply, facility.stored, { fromMs, toMs: endMs })) {
    const lengthMs = segment.toMs - segment.fromMs;
    const missingMw = onSite.kind === 'transferred' ? layInference(draft, own, stored, segment) : 0;
    const campus = draft.campuses[place];
    if (campus === undefined) return;
    const heatMw = meanHeatMw(draft, site, campus, segment.fromMs, segment.toMs);
    // A UPS carries computers; a dark campus cools nothing.
    const coolingMw = segment.by === 'ups' || heatMw <= toleranceMw ? 0 : siteCoolingMw(frame, campus.limitMw, heatMw, outsideC);
    const residual = aboveAllowanceMw(draft, site, campus, { ...segment, coolingMw });
    const carried = carriedIn(supply.backup, stored, segment, residual.meanMw);
    const unservedMw = missingMw + carried.leftMw;
    stored = carried.stored;
    sum.coolingMwMs += coolingMw * lengthMs;
    sum.onSiteMwMs += residual.meanMw * lengthMs;
    sum.unservedMwMs += unservedMw * lengthMs;
    [endMw, lastCoolingMw] = [residual.endMw, coolingMw];
    const isGridOut = onSite.kind === 'transferred';
    const now = [...(isGridOut ? [] : (['grid'] as const)), ...carried.carriers];
    if (now.join() === carriers.join()) continue;
    carriers = now;
    sayCarriers(draft, own, { atMs: segment.fromMs, carriers, servedMw: residual.meanMw - carried.leftMw, unservedMw, stored });
  }
  const campus = draft.campuses[place];
  if (campus === undefined) return;
  const isBack = onSite.kind === 'returning' && endMw <= toleranceMw;
  const carriage = {
    coolingMw: sum.coolingMwMs / (endMs - startMs),
    onSiteMw: sum.onSiteMwMs / (endMs - startMs),
    unservedMw: sum.unservedMwMs / (endMs - startMs),
    endMw: Math.max(0, endHeatMw(draft, site, campus) + lastCoolingMw - endMw),
  };
  setCampus(draft, place, { facility: { ...facility, stored, carriers, carriage, onSite: isBack ? null : onSite } });
}

/** Lays inference of a campus off the grid over a segment, as far as it can be carried beside its runs; answers what is not served, MW. */
function layInference(draft: Draft, { place, site, supply, outsideC }: Own, stored: Stored, segment: SupplySegment): number {
  const campus = draft.campuses[place];
  if (campus === undefined) return 0;
  const { fromMs, toMs } = segment;
  const wantedMw = inferenceWantedMw(site, campus, (fromMs + toMs) / 2);
  const runsMw = sumOfRuns(draft, site, ({ path }) => meanPower(path, fromMs, toMs));
  const heatMw = segment.by === 'ups' ? wantedMw + runsMw : carriedHeatMw(supply, segmentMw(supply.backup, stored, segment), outsideC);
  const levelMw = Math.max(0, Math.min(wantedMw, heatMw - runsMw));
  setCampus(draft, place, { inference: steer(campus.inference, fromMs, fromMs, levelMw) });
  return published(wantedMw - levelMw);
}

function inferenceWantedMw(site: Site, { limitMw }: CampusWork, atMs: number): number {
  return Math.min(heatLimitMw(site.facility, limitMw), site.inferenceMw(atMs));
}

function segmentMw(backup: Backup, stored: Stored, { by, fromMs, toMs }: SupplySegment): number {
  return lastingMw(backup, stored, { hours: (toMs - fromMs) / hourMs, areGeneratorsUp: by === 'battery-and-generators' });
}

/** A mean residual carried through a segment. */
function carriedIn(
  backup: Backup,
  stored: Stored,
  { by, fromMs, toMs }: SupplySegment,
  residualMw: number,
): { readonly stored: Stored; readonly leftMw: number; readonly carriers: readonly Carrier[] } {
  if (by === 'ups') return { stored, leftMw: 0, carriers: residualMw > 0 ? ['ups'] : [] };
  const able = by === 'battery' ? { ...backup, generators: { ...backup.generators, powerMw: 0 } } : backup;
  const hours = (toMs - fromMs) / hourMs;
  const carried = carry(able, stored, { residualMw, hours, order: 'generators-first', areRunning: true });
  const carriers: readonly Carrier[] = [
    ...(carried.batteryMw > toleranceMw ? (['battery'] as const) : []),
    ...(carried.generatorMw > toleranceMw ? (['generators'] as const) : []),
  ];
  return { stored: carried.stored, leftMw: carried.leftMw > toleranceMw ? carried.leftMw : 0, carriers };
}

/** Says who carries the load of a campus from an instant on. */
export function sayCarriers(
  draft: Draft,
  { site }: Pick<Own, 'site'>,
  now: {
    readonly atMs: number;
    readonly carriers: readonly Carrier[];
    readonly servedMw: number;
    readonly unservedMw: number;
    readonly stored: Stored;
  },
): void {
  draft.sayings.push({
    type: 'cluster.backup.v1',
    region: site.region,
    entity: site.campus.id,
    timeMs: now.atMs,
    data: {
      carriers: [...now.carriers],
      servedMw: published(now.servedMw),
      unservedMw: published(now.unservedMw),
      batteryMwh: published(now.stored.batteryMwh),
      fuelMwh: published(now.stored.fuelMwh),
    },
  });
}

/** Recharges a battery with what the connection and the ramp leave, while nothing is asked of the campus and no run goes up. */
function layCharge(draft: Draft, own: Own, campus: CampusWork, before: FacilityWork): void {
  const { place, site, supply, frame, outsideC } = own;
  const { startMs, endMs } = draft;
  const { battery } = supply.backup;
  const facility = onTheGrid(draft, own, before);
  const hours = (endMs - startMs) / hourMs;
  const nowMw = powerAt(facility.charge, startMs);
  if (facility.stored.batteryMwh >= battery.energyMwh - toleranceMwh && nowMw === 0) {
    if (facility !== before) setCampus(draft, place, { facility });
    return;
  }
  const isBusy = meanInForceMw(campus.inForce, startMs, endMs) > 0 || site.runs.some((run) => (draft.runs[run]?.rise ?? null) !== null);
  const heatMw = highestHeatMw(draft, site, campus);
  const roomMw = isBusy ? 0 : Math.max(0, campus.limitMw - heatMw - siteCoolingMw(frame, campus.limitMw, heatMw, outsideC));
  const risenMw = Math.max(0, powerBefore(campus.inference, endMs) - powerAt(campus.inference, startMs));
  const rampMw = rampMwPerMs(site.campus, campus.limitMw) * (endMs - startMs) - risenMw / heatRampRatio(frame, campus.limitMw);
  // As a mean over the tick this fills the battery; a straight way up to twice of it does the same.
  const lastMw = Math.max(0, battery.energyMwh - facility.stored.batteryMwh) / battery.efficiencyRatio / hours;
  const beginMw = Math.min(nowMw, lastMw, roomMw);
  const endMw = Math.min(battery.powerMw, roomMw, beginMw + Math.max(0, rampMw), Math.max(0, 2 * lastMw - beginMw));
  const charge: PowerPath = [
    [startMs, beginMw],
    [endMs, endMw],
  ];
  const { stored } = recharge(supply.backup, facility.stored, { powerMw: (beginMw + endMw) / 2, hours });
  setCampus(draft, place, { facility: { ...facility, stored, charge } });
}

/** A facility whose campus is on the grid all through the tick; says so when it was not before. */
function onTheGrid(draft: Draft, own: Own, facility: FacilityWork): FacilityWork {
  if (facility.carriage === null && facility.carriers.join() === 'grid') return facility;
  const carriers: readonly Carrier[] = ['grid'];
  sayCarriers(draft, own, { atMs: draft.startMs, carriers, servedMw: 0, unservedMw: 0, stored: facility.stored });
  return { ...facility, carriage: null, carriers };
}
