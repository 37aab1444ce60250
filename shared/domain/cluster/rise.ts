import type { Campus } from '../../scenario/schema.js';
import { compareText } from '../fact.js';
import { heatLimitMw, heatRampRatio } from '../facility/site.js';
import { inForceAtMw } from '../flexibility/inForce.js';
import { minuteMs } from '../ticks.js';
import { finalPower, isEven, powerAt, steer, type PowerPath } from './powerPath.js';
import { busySites, type RestTable } from './restTable.js';
import { runsAt, setRun, sumOfRuns, type Draft, type RunAt, type Site } from './state.js';

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
    const room: Room = { mwPerMs: rampMwPerMs(site.campus, work.limitMw) * heatRampRatio(site.facility, work.limitMw), mw: 0 };
    layInference(draft, site, index, room, limitMw);
    if (work.facility?.onSite?.kind === 'returning') return;
    if (!busy.includes(site)) return;
    const rising = runsAt(draft, site).filter(isRising).sort(byTurn);
    if (rising.length === 0) return;
    const trainingMw = sumOfRuns(draft, site, ({ path }) => powerAt(path, draft.startMs));
    room.mw = Math.max(0, limitMw - site.campus.inferenceMaxMw - trainingMw - inForceAtMw(work.inForce, draft.startMs));
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
