import { siteCoolingMw } from '../facility/site.js';
import { finalPower } from './powerPath.js';
import { published, sumOfRuns, type CampusWork, type Draft, type Site } from './state.js';

/** Power a campus is going to, MW: what its runs end at and its inference now. */
export function setPointMw(draft: Draft, site: Site, campus: CampusWork): number {
  if (campus.isTripped) return 0;
  const trainingMw = sumOfRuns(draft, site, ({ rise, path }) => Math.max(rise?.goalMw ?? 0, finalPower(path)));
  const heatMw = trainingMw + finalPower(campus.inference);
  if (site.facility === null) return published(heatMw);
  const outsideC = site.facility.outside.meanC({ fromMs: draft.startMs, toMs: draft.endMs });
  const carriedMw = campus.facility?.support === undefined ? 0 : finalPower(campus.facility.support.path);
  return published(heatMw + siteCoolingMw(site.facility, campus.limitMw, heatMw, outsideC) - carriedMw);
}
