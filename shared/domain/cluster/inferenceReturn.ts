import { heatLimitMw, heatRampRatio } from '../facility/site.js';
import { arrivedAt, bend } from './bending.js';
import { cutOf, forgetBent, givenAt, nothingBent, type BentInference } from './bentInference.js';
import { powerAt, steer } from './powerPath.js';
import { rampMwPerMs } from './rise.js';
import { supportReturnMwPerMs } from './supportReturn.js';
import { setCampus, type CampusWork, type Draft, type Site } from './state.js';

const toleranceMw = 1e-9;

/**
 * Lets inference come back by itself in the tick wherever its order is over: within the upward ramp less what its own demand takes of it,
 * what was moved first, and what comes home leaves its host at the same instant.
 */
export function returnInference(draft: Draft): void {
  draft.frame.sites.forEach((site, place) => {
    const campus = draft.campuses[place];
    if (campus?.bent === undefined || campus.bent.endsMs === null || campus.isTripped) return;
    const bent = forgetBent(campus.bent, draft.startMs);
    setCampus(draft, place, { bent });
    if (campus.bent.endsMs > draft.startMs) return;
    if (isOver(bent)) return bend(draft, place, nothingBent);
    bend(draft, place, comingBack(draft, bent, roomMwPerMs(draft, site, { ...campus, bent })));
  });
}

function isOver(bent: BentInference): boolean {
  return cutOf(bent).every(([, mw]) => Math.abs(mw) <= toleranceMw);
}

/** Upward ramp that the demand of a campus leaves in the tick, MW per ms. */
function roomMwPerMs(draft: Draft, site: Site, campus: CampusWork): number {
  const { inference, bent, limitMw } = campus;
  const { startMs, endMs } = draft;
  const nowMw = powerAt(inference, startMs) + givenAt(bent, startMs) - powerAt(arrivedAt(draft, site), startMs);
  const wantedMw = Math.min(heatLimitMw(site.facility, limitMw), site.inferenceMw(endMs));
  const rampMw = rampMwPerMs(site.campus, limitMw) * heatRampRatio(site.facility, limitMw);
  return Math.max(0, rampMw - supportReturnMwPerMs(draft, campus) - Math.max(0, wantedMw - nowMw) / (endMs - startMs));
}

/** One after the other along one slope, so that both together never go up by more. */
function comingBack({ startMs, endMs }: Draft, bent: BentInference, mwPerMs: number): Pick<BentInference, 'consolidated' | 'moved'> {
  if (mwPerMs <= 0) return bent;
  const movedMw = powerAt(bent.moved, startMs);
  const homeMs = Math.min(endMs, startMs + movedMw / mwPerMs);
  const moved = steer(bent.moved, startMs, homeMs, homeMs < endMs ? 0 : Math.max(0, movedMw - mwPerMs * (homeMs - startMs)));
  const fewerMw = powerAt(bent.consolidated, startMs);
  const doneMs = Math.min(endMs, homeMs + fewerMw / mwPerMs);
  if (doneMs <= homeMs) return { moved, consolidated: bent.consolidated };
  const leftMw = fewerMw - mwPerMs * (doneMs - homeMs);
  return { moved, consolidated: steer(bent.consolidated, homeMs, doneMs, doneMs < endMs ? 0 : Math.max(0, leftMw)) };
}
