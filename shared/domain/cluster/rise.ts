import type { Campus } from '../../scenario/schema.js';
import { compareText } from '../fact.js';
import { heatLimitMw, heatRampRatio } from '../facility/site.js';
import { inForceAtMw } from '../flexibility/inForce.js';
import { minuteMs } from '../ticks.js';
import { arrivedAt } from './bending.js';
import { cutOf, givenAt } from './bentInference.js';
import { finalPower, forget, isEven, powerAt, steepestRise, steer, withPath, type PowerPath } from './powerPath.js';
import { busySites, type RestTable } from './restTable.js';
import { supportReturnMwPerMs } from './supportReturn.js';
import { runsAt, setCampus, setRun, sumOfRuns, type Draft, type RunAt, type Site } from './state.js';

const rampWindowMs = 5 * minuteMs;
const toleranceMw = 1e-9;

/** What a campus may still gain in this tick. */
interface Room {
  /** Largest slope, MW per ms. */
  mwPerMs: number;
  /** Below its limit. */
  mw: number;
}

/**
 * Lays everything that goes up in this tick within the upward ramp of each campus: inference first, then first starts, then runs in the
 * order of their commands, one after the other, so that the slopes never add up to more than the ramp. The top of inference is kept free
 * below the limit. A campus with a facility keeps room for cooling in the hottest hour; one on its way back to the grid lays its inference
 * alone, until the load it carried itself is back.
 */
export function layRises(draft: Draft, table: RestTable): void {
  const busy = busySites(table, draft);
  draft.frame.sites.forEach((site, index) => {
    const work = draft.campuses[index];
    if (work === undefined) return;
    if (work.isTripped) return;
    const limitMw = heatLimitMw(site.facility, work.limitMw);
    const rampMw = rampMwPerMs(site.campus, work.limitMw) * heatRampRatio(site.facility, work.limitMw);
    const room: Room = { mwPerMs: Math.max(0, rampMw - supportReturnMwPerMs(draft, work)), mw: 0 };
    layInference(draft, site, index, room, limitMw);
    if (work.facility?.onSite?.kind === 'returning') return;
    if (!busy.includes(site)) return;
    const rising = runsAt(draft, site).filter(isRising).sort(byTurn);
    if (rising.length === 0) return;
    const trainingMw = sumOfRuns(draft, site, ({ path }) => powerAt(path, draft.startMs));
    // What inference gives is in force beside what runs give, and its room is kept for its return.
    const standingMw = Math.max(0, inForceAtMw(work.inForce, draft.startMs) - givenAt(work.bent, draft.startMs));
    const arrivedMw = site.guests.length === 0 ? 0 : highest(arrivedAt(draft, site), draft.startMs);
    room.mw = Math.max(0, limitMw - site.campus.inferenceMaxMw - arrivedMw - trainingMw - standingMw);
    layRuns(draft, rising, room);
  });
}

/** Slope a campus may rise with, MW per ms. */
export function rampMwPerMs(campus: Campus, limitMw: number): number {
  return (campus.rampUpRatio * limitMw) / rampWindowMs;
}

function isRising({ work }: RunAt): boolean {
  return work.rise !== null;
}

/** First starts with a slope of their own, then the order of the commands. */
function byTurn(a: RunAt, b: RunAt): number {
  const first = (at: RunAt): number => (at.work.rise !== null && at.work.rise.mwPerMs !== null ? 0 : 1);
  return first(a) - first(b) || (a.work.rise?.sinceMs ?? 0) - (b.work.rise?.sinceMs ?? 0) || compareText(a.run.id, b.run.id);
}

function layInference(draft: Draft, site: Site, index: number, room: Room, limitMw: number): void {
  const work = draft.campuses[index];
  if (work === undefined) return;
  if (work.bent?.endsMs !== undefined && work.bent.endsMs !== null) return layBent(draft, site, index, room, limitMw);
  if (site.guests.some((guest) => (draft.campuses[guest]?.bent?.endsMs ?? null) !== null))
    return layBent(draft, site, index, room, limitMw);
  const lengthMs = draft.endMs - draft.startMs;
  const nowMw = finalPower(work.inference);
  const wantedMw = Math.min(limitMw, site.inferenceMw(draft.endMs));
  const nextMw = Math.min(wantedMw, nowMw + room.mwPerMs * lengthMs);
  if (nextMw === nowMw && isEven(work.inference, draft.startMs)) return;
  room.mwPerMs -= Math.max(0, nextMw - nowMw) / lengthMs;
  const inference: PowerPath = [
    [draft.startMs, nowMw],
    [draft.endMs, nextMw],
  ];
  draft.campuses[index] = { ...work, inference };
}

/** The same where inference gives something on a load target, or serves for others: its own demand, less the one and with the other. */
function layBent(draft: Draft, site: Site, index: number, room: Room, limitMw: number): void {
  const work = draft.campuses[index];
  if (work === undefined) return;
  const { startMs, endMs } = draft;
  const arrived = arrivedAt(draft, site);
  const cut = work.bent === undefined ? null : cutOf(work.bent);
  const nowMw = powerAt(work.inference, startMs) + givenAt(work.bent, startMs) - powerAt(arrived, startMs);
  const goesUpMwPerMs =
    steepestRise(arrived, startMs, endMs) + (cut === null ? 0 : steepestRise(withPath([[startMs, 0]], cut, -1), startMs, endMs));
  room.mwPerMs = Math.max(0, room.mwPerMs - goesUpMwPerMs);
  const nextMw = Math.min(limitMw, site.inferenceMw(endMs), nowMw + room.mwPerMs * (endMs - startMs));
  room.mwPerMs -= Math.max(0, nextMw - nowMw) / (endMs - startMs);
  const demand: PowerPath = [
    [startMs, nowMw],
    [endMs, nextMw],
  ];
  const less = cut === null ? demand : withPath(demand, cut, -1);
  setCampus(draft, index, { inference: forget(withPath(less, arrived, 1), startMs) });
}

/** Highest power of a path from an instant on, MW. */
function highest(path: PowerPath, fromMs: number): number {
  return path.reduce((most, [atMs, mw]) => (atMs > fromMs ? Math.max(most, mw) : most), powerAt(path, fromMs));
}

function layRuns(draft: Draft, rising: readonly RunAt[], room: Room): void {
  const freeMwPerMs = room.mwPerMs;
  let slopeMwPerMs = freeMwPerMs;
  let cursorMs = draft.startMs;
  for (const { index, work } of rising) {
    const { rise, path } = work;
    if (rise === null) continue;
    const levelMw = powerAt(path, draft.startMs);
    const goalMw = Math.min(rise.goalMw, levelMw + room.mw);
    const isStart = rise.mwPerMs !== null;
    const ownMwPerMs = Math.min(slopeMwPerMs, rise.mwPerMs ?? slopeMwPerMs);
    const fromMs = isStart ? draft.startMs : cursorMs;
    if (goalMw <= levelMw + toleranceMw || ownMwPerMs <= 0 || fromMs >= draft.endMs) {
      if (rise.goalMw <= levelMw + toleranceMw) setRun(draft, index, { rise: null });
      continue;
    }
    const doneMs = fromMs + (goalMw - levelMw) / ownMwPerMs;
    const endMs = Math.min(doneMs, draft.endMs);
    const endMw = doneMs <= draft.endMs ? goalMw : levelMw + ownMwPerMs * (draft.endMs - fromMs);
    if (isStart) slopeMwPerMs -= ownMwPerMs;
    else cursorMs = endMs;
    room.mw -= endMw - levelMw;
    const isDone = endMw >= rise.goalMw - toleranceMw;
    setRun(draft, index, { path: steer(path, fromMs, endMs, endMw), rise: isDone ? null : rise });
  }
}
