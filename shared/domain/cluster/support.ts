import type { Carrier } from '../../events/facility.js';
import { carry, type Backup, type Carried, type Stored } from '../facility/backup.js';
import { lastingMw } from '../facility/onSite.js';
import { heatRampRatio, type FacilityWork } from '../facility/site.js';
import { hourMs } from '../ticks.js';
import { givenAt } from './bentInference.js';
import { leastInferenceMw } from './inferenceCut.js';
import { sayCarriers } from './ownSupply.js';
import { energyBetween, finalPower, flatPath, forget, meanPower, powerAt, steer } from './powerPath.js';
import { rampMwPerMs } from './rise.js';
import { setCampus, sumOfRuns, type CampusWork, type Draft, type Order, type Site } from './state.js';

const toleranceMw = 1e-6;
/** Share of the upward ramp with which load goes back to the grid; a choice of this model. */
const rampShare = 0.5;

type Span = Pick<Order, 'fromMs' | 'rampMs'> & { readonly untilMs: number };

/** What battery and generators of a campus are to carry from an instant on by what stands, MW. */
export function supportAhead({ facility }: CampusWork, fromMs: number): { readonly endMw: number; readonly nowMw: number } {
  const support = facility?.support;
  if (support === undefined || support.endsMs <= fromMs) return { endMw: 0, nowMw: 0 };
  return { endMw: finalPower(support.path), nowMw: powerAt(support.path, fromMs) };
}

/**
 * Lets battery and generators carry what is left of a mandatory load target, where the facility allows it, as far as they last to its end and
 * for the way back, and no more than the campus draws at least; answers how much, MW.
 */
export function laySupport(draft: Draft, site: Site, place: number, span: Span, residualMw: number): number {
  const campus = draft.campuses[place];
  if (site.facility?.plan.backupForTargets !== true || campus?.facility === undefined) return 0;
  const { facility } = campus;
  if (residualMw <= toleranceMw && facility.support === undefined) return 0;
  const backup: Backup = site.facility.plan;
  const path = facility.support?.path ?? flatPath(draft.startMs, 0);
  const beforeHours = Math.max(0, span.fromMs - draft.startMs) / hourMs;
  const usedMw = beforeHours > 0 ? energyBetween(path, draft.startMs, span.fromMs) / hourMs / beforeHours : 0;
  const mwPerMs = returnMwPerMs(site, campus);
  const endsMs = facility.support?.endsMs ?? span.fromMs;
  const lastsHours = hoursLeft(backup, draft.startMs, endsMs, mwPerMs);
  const { stored } = usedBy(backup, facility.stored, { residualMw: usedMw, hours: beforeHours, lastsHours });
  const topMw = lastingMw(backup, stored, { hours: hoursLeft(backup, span.fromMs, span.untilMs, mwPerMs), areGeneratorsUp: true });
  const loadMw = sumOfRuns(draft, site, (work) => finalPower(work.path)) + leastInferenceMw(draft, site, campus, span);
  const mw = Math.max(0, Math.min(residualMw, topMw, loadMw - (campus.bent === undefined ? 0 : givenAt(campus.bent, span.untilMs))));
  const next = { path: steer(path, span.fromMs, span.fromMs + span.rampMs, mw), endsMs: span.untilMs };
  setCampus(draft, place, { facility: { ...facility, support: next } });
  return mw;
}

/** Time that what stands may still be carried for, h; the way back to the grid goes straight down and counts by half. */
function hoursLeft({ battery, generators }: Backup, fromMs: number, endsMs: number, mwPerMs: number): number {
  const backMs = mwPerMs > 0 ? (battery.powerMw + generators.powerMw) / mwPerMs / 2 : 0;
  return Math.max(0, endsMs + backMs - fromMs) / hourMs;
}

/** A power carried for some hours, the battery first; each gives no more than it can give evenly to the end, so that both last to it. */
function usedBy(
  { battery, generators }: Backup,
  stored: Stored,
  { residualMw, hours, lastsHours }: { readonly residualMw: number; readonly hours: number; readonly lastsHours: number },
): Carried {
  const evenly = (powerMw: number, mwh: number): number => Math.min(powerMw, mwh / Math.max(hours, lastsHours));
  const backup = {
    battery: { ...battery, powerMw: evenly(battery.powerMw, stored.batteryMwh) },
    generators: { ...generators, powerMw: evenly(generators.powerMw, stored.fuelMwh) },
  };
  return carry(backup, stored, { residualMw, hours, areRunning: true });
}

function returnMwPerMs({ campus, facility }: Site, { limitMw }: CampusWork): number {
  return rampShare * rampMwPerMs(campus, limitMw) * heatRampRatio(facility, limitMw);
}

/** Lets what is carried for a load target stand where it is at an instant, and go back to the grid from there on. */
export function releaseSupport(draft: Draft, place: number, atMs: number): void {
  const facility = draft.campuses[place]?.facility;
  if (facility?.support === undefined) return;
  const { path, endsMs } = facility.support;
  const support = { path: steer(path, atMs, atMs, powerAt(path, atMs)), endsMs: Math.min(endsMs, atMs) };
  setCampus(draft, place, { facility: { ...facility, support } });
}

/** Gives load back to the grid, within the upward ramp, wherever the order that battery and generators carry for is over. */
export function returnSupport(draft: Draft): void {
  draft.frame.sites.forEach((site, place) => {
    const campus = draft.campuses[place];
    if (campus?.facility?.support === undefined || campus.isTripped) return;
    const { support, ...facility } = campus.facility;
    const path = forget(support.path, draft.startMs);
    if (support.endsMs > draft.startMs) return setCampus(draft, place, { facility: { ...facility, support: { ...support, path } } });
    if (path.every(([, mw]) => mw === 0)) return setCampus(draft, place, { facility });
    if (finalPower(path) === 0) return setCampus(draft, place, { facility: { ...facility, support: { ...support, path } } });
    const doneMs = draft.startMs + finalPower(path) / returnMwPerMs(site, campus);
    setCampus(draft, place, { facility: { ...facility, support: { ...support, path: steer(path, draft.startMs, doneMs, 0) } } });
  });
}

/** A facility that carries for no load target any more from an instant on. */
export function endedSupport(facility: FacilityWork, atMs: number): FacilityWork {
  if (facility.support === undefined) return facility;
  return { ...facility, support: { path: steer(facility.support.path, atMs, atMs, 0), endsMs: atMs } };
}

/** Takes what was carried for load targets in the tick out of battery and fuel, and says who carries. */
export function useSupport(draft: Draft): void {
  const { startMs, endMs } = draft;
  draft.frame.sites.forEach((site, place) => {
    const campus = draft.campuses[place];
    if (site.facility === null || campus?.facility?.support === undefined) return;
    const { facility } = campus;
    const residualMw = meanPower(campus.facility.support.path, startMs, endMs);
    const lastsHours = hoursLeft(site.facility.plan, startMs, campus.facility.support.endsMs, returnMwPerMs(site, campus));
    const used = usedBy(site.facility.plan, facility.stored, { residualMw, hours: (endMs - startMs) / hourMs, lastsHours });
    const carriers: readonly Carrier[] =
      facility.onSite !== null
        ? facility.carriers
        : [
            'grid',
            ...(used.batteryMw > toleranceMw ? (['battery'] as const) : []),
            ...(used.generatorMw > toleranceMw ? (['generators'] as const) : []),
          ];
    setCampus(draft, place, { facility: { ...facility, stored: used.stored, carriers } });
    if (carriers.join() === facility.carriers.join()) return;
    sayCarriers(draft, { site }, { atMs: startMs, carriers, servedMw: used.servedMw, unservedMw: 0, stored: used.stored });
  });
}
