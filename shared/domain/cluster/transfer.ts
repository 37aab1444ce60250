import { toWire } from '../ticks.js';
import { nothingInForce } from '../flexibility/inForce.js';
import { countDips } from '../facility/dips.js';
import { carriedHeatMw, handoverMs, lastingMw, runFates, transferred, type RunFate, type SiteSupply } from '../facility/onSite.js';
import { siteCoolingMw, supplyOf, type FacilityWork } from '../facility/site.js';
import { endedSupport } from './support.js';
import { arrivedAt, unbend } from './bending.js';
import { finalPower, powerAt, steer } from './powerPath.js';
import { gridAllowanceMw } from './ownLoad.js';
import {
  campusIndex,
  published,
  runsAt,
  setCampus,
  setRun,
  sumOfRuns,
  type CampusWork,
  type Draft,
  type RunAt,
  type RunStep,
} from './state.js';

/** Dips that were told for the tick that begins, s after its start. */
export function tellDips(draft: Draft, target: string, atSeconds: readonly number[]): void {
  const place = campusIndex(draft, target);
  const facility = draft.campuses[place]?.facility;
  if (facility === undefined) return;
  const told = atSeconds.map((seconds) => draft.startMs + Math.round(seconds * 1000));
  setCampus(draft, place, { facility: { ...facility, dueDipsMs: [...facility.dueDipsMs, ...told] } });
}

/** Lets every campus feel the voltage dips of the tick; as many as its rule says transfer it to its UPS at the instant of the last one. */
export function feelDips(draft: Draft): void {
  draft.frame.sites.forEach((site, place) => {
    const campus = draft.campuses[place];
    if (campus?.facility === undefined || site.facility === null) return;
    const { facility } = campus;
    const scripted = site.facility.dipsMs.filter((atMs) => atMs >= draft.startMs && atMs < draft.endMs);
    const felt = [...scripted, ...facility.dueDipsMs.filter((atMs) => atMs < draft.endMs)].sort((a, b) => a - b);
    if (felt.length === 0) return;
    const dueDipsMs = facility.dueDipsMs.filter((atMs) => atMs >= draft.endMs);
    // On its own supply a campus feels nothing of the grid.
    if (campus.isTripped) return setCampus(draft, place, { facility: { ...facility, dipsMs: [], dueDipsMs } });
    const rule = site.facility.plan.rideThrough;
    const counted = countDips(rule, facility.dipsMs, felt);
    setCampus(draft, place, { facility: { ...facility, dipsMs: counted.recentMs, dueDipsMs } });
    counted.inWindow.forEach((dips, index) => {
      const data = { dips, transferDips: rule.dips, windowSeconds: rule.windowSeconds };
      draft.sayings.push({
        type: 'cluster.dip.v1',
        region: site.region,
        entity: campus.campus,
        timeMs: felt[index] ?? draft.startMs,
        data,
      });
    });
    const reason = `${rule.dips} voltage dips within ${rule.windowSeconds} s`;
    if (counted.transferAtMs !== null) transfer(draft, place, counted.transferAtMs, { cause: 'dips', reason });
  });
}

/** A campus leaves the grid at an instant of the tick: its draw falls to nothing, the UPS carries its computers, its runs get their fates. */
export function transfer(
  draft: Draft,
  place: number,
  atMs: number,
  why: { readonly cause: 'dips' | 'connection'; readonly reason: string },
): void {
  const [site, campus] = [draft.frame.sites[place], draft.campuses[place]];
  if (site === undefined || site.facility === null || campus?.facility === undefined) return;
  const { facility } = campus;
  const supply = supplyOf(site.facility, campus.limitMw);
  const onSite = transferred(supply, atMs);
  const inferenceMw = powerAt(campus.inference, atMs);
  const trainingMw = sumOfRuns(draft, site, ({ path }) => powerAt(path, atMs));
  const outsideC = site.facility.outside.meanC({ fromMs: draft.startMs, toMs: draft.endMs });
  const coolingMw = siteCoolingMw(site.facility, campus.limitMw, trainingMw + inferenceMw, outsideC);
  const chargeMw = powerAt(facility.charge, atMs);
  const lostMw = Math.min(trainingMw + inferenceMw + coolingMw + chargeMw, gridAllowanceMw(site, campus, atMs));
  const runs = runsAt(draft, site);
  const working = runs.filter(({ work }) => work.mode === 'running' && (work.workUntilMs === null || work.workUntilMs > atMs));
  // Requests of others go home; what the site carries is its own.
  const ownInferenceMw = inferenceMw - powerAt(arrivedAt(draft, site), atMs);
  const fates = runFates(
    working.map(({ index, run, work }) => ({ index, powerMw: powerAt(work.path, atMs), saveSeconds: run.saveSeconds })),
    { carriedMw: carriedHeatMw(supply, bridgedMw(draft, supply, facility, onSite), outsideC), inferenceMw: ownInferenceMw, onSite },
  );
  for (const at of runs) switchOff(draft, at, { atMs, epoch: campus.order.epoch, fate: fates.find(({ index }) => index === at.index) });
  unbend(draft, place, atMs);
  const pledges = atMs > draft.startMs ? {} : { asked: nothingInForce, inForce: nothingInForce };
  const charge = steer(facility.charge, atMs, atMs, 0);
  setCampus(draft, place, { isTripped: true, ...pledges, facility: { ...endedSupport(facility, atMs), dipsMs: [], onSite, charge } });
  const named = (fate: RunFate['fate']): string[] =>
    fates.flatMap((one) => (one.fate === fate ? [draft.frame.runs[one.index]?.id ?? ''] : []));
  const about = { region: site.region, entity: campus.campus, timeMs: atMs };
  draft.sayings.push(
    {
      ...about,
      type: 'cluster.transfer.v1',
      data: {
        cause: why.cause,
        lostMw: published(lostMw),
        trainingMw: published(trainingMw),
        inferenceMw: published(inferenceMw),
        coolingMw: published(coolingMw),
        upsMinutes: site.facility.plan.ups.minutes,
        handoverTime: toWire(handoverMs(onSite, supply.backup, facility.stored)),
        carriedRuns: named('carried'),
        savedRuns: named('saved'),
        cutRuns: named('cut'),
        reason: why.reason,
      },
    },
    {
      ...about,
      type: 'cluster.limit.v1',
      data: { limitMw: 0, previousLimitMw: campus.limitMw, reason: `transferred to its own supply: ${why.reason}` },
    },
  );
}

/** What changes about a facility whose campus is returned to the grid: its load goes back along the ramp. */
export function returning({ facility }: CampusWork, atMs: number): { readonly facility?: FacilityWork } {
  if (facility === undefined || facility.onSite === null) return {};
  return { facility: { ...facility, onSite: { ...facility.onSite, kind: 'returning', sinceMs: atMs } } };
}

/** Power that is there without a gap from the end of the UPS on, evenly over a tick, MW. */
function bridgedMw(draft: Draft, { backup }: SiteSupply, { stored }: FacilityWork, onSite: ReturnType<typeof transferred>): number {
  const hours = (draft.endMs - draft.startMs) / 3_600_000;
  const gapHours = (onSite.generatorsFromMs - onSite.upsUntilMs) / 3_600_000;
  const areThere = backup.generators.powerMw > 0 && stored.fuelMwh > 0;
  if (!areThere) return lastingMw(backup, stored, { hours, areGeneratorsUp: false });
  const after = lastingMw(backup, stored, { hours, areGeneratorsUp: true });
  return gapHours <= 0 ? after : Math.min(after, lastingMw(backup, stored, { hours: gapHours, areGeneratorsUp: false }));
}

/** Lays what becomes of one run; one that stands still, or is about to, loses its idle power. */
function switchOff(
  draft: Draft,
  { index, work }: RunAt,
  { atMs, epoch, fate }: { readonly atMs: number; readonly epoch: number; readonly fate: RunFate | undefined },
): void {
  const levelMw = powerAt(work.path, atMs);
  const held = steer(work.path, atMs, atMs, levelMw);
  if (fate?.fate === 'carried') {
    // What was on its way up stays where it is, and goes on once the campus is back.
    const goalMw = work.rise?.goalMw ?? finalPower(work.path);
    const rise = work.rise ?? { goalMw, sinceMs: draft.startMs, mwPerMs: null };
    if (goalMw > levelMw) setRun(draft, index, { path: held, rise });
    return;
  }
  const offMs = fate?.offAtMs ?? atMs;
  const path = steer(held, offMs, offMs, 0);
  const earlier = work.pending.filter((step) => step.atMs < atMs);
  if (fate === undefined) {
    setRun(draft, index, { path, rise: null });
    return;
  }
  const steps: readonly RunStep[] =
    fate.fate === 'cut'
      ? [{ kind: 'cut', atMs, epoch }]
      : [
          { kind: 'descend', atMs, epoch },
          { kind: 'checkpoint', atMs, epoch, attempt: 1 },
          { kind: 'pause', atMs: offMs, epoch, lostSteps: 0 },
        ];
  setRun(draft, index, { path, rise: null, pending: [...earlier, ...steps], workUntilMs: atMs, reference: null });
}
