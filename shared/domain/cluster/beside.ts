import type { Stored } from '../facility/backup.js';
import { siteCoolingMw } from '../facility/site.js';
import { endHeatMw, meanHeatMw } from './ownLoad.js';
import { meanPower, powerBefore } from './powerPath.js';
import { published, type CampusWork, type Draft, type Site } from './state.js';

/** What a campus with a facility draws beside training and inference, means over the tick, MW. */
export interface Beside {
  readonly coolingMw: number;
  readonly chargeMw: number;
  readonly onSiteMw: number;
  /** Part of it that is carried for a load target. */
  readonly backupMw: number;
  readonly unservedMw: number;
  /** What it draws from the grid at the end of the tick. */
  readonly endMw: number;
  readonly stored: Stored;
}

/** Cooling by what training and inference draw and by the outside temperature, recharging, and what the site carries; null: no facility. */
export function besideOf(draft: Draft, site: Site, campus: CampusWork): Beside | null {
  const { facility } = campus;
  if (site.facility === null || facility === undefined) return null;
  const { startMs, endMs } = draft;
  const chargeMw = meanPower(facility.charge, startMs, endMs);
  const backupMw = facility.support === undefined ? 0 : meanPower(facility.support.path, startMs, endMs);
  if (facility.carriage !== null) {
    const { carriage, stored } = facility;
    return { ...carriage, onSiteMw: carriage.onSiteMw + backupMw, chargeMw, backupMw, stored };
  }
  const outsideC = site.facility.outside.meanC({ fromMs: startMs, toMs: endMs });
  const coolingMw = siteCoolingMw(site.facility, campus.limitMw, meanHeatMw(draft, site, campus, startMs, endMs), outsideC);
  const heldMw = facility.support === undefined ? 0 : powerBefore(facility.support.path, endMs);
  const endMw = endHeatMw(draft, site, campus) + coolingMw + powerBefore(facility.charge, endMs) - heldMw;
  return { coolingMw, chargeMw, backupMw, onSiteMw: backupMw, unservedMw: 0, endMw, stored: facility.stored };
}

/** What it adds to the draw from the grid, MW; below 0 where the site carries more than it needs beside. */
export function netBesideMw({ coolingMw, chargeMw, onSiteMw }: Beside): number {
  return coolingMw + chargeMw - onSiteMw;
}

/** As wants and powers have it. */
export function besideSaid({ coolingMw, chargeMw, onSiteMw }: Beside) {
  return { coolingMw: published(coolingMw), chargeMw: published(chargeMw), onSiteMw: published(onSiteMw) };
}

/** As powers have it beside. */
export function storesSaid({ unservedMw, stored }: Beside) {
  return { unservedMw: published(unservedMw), batteryMwh: published(stored.batteryMwh), fuelMwh: published(stored.fuelMwh) };
}
