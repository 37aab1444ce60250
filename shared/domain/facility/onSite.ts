import type { Backup, Stored } from './backup.js';
import { heatWithinMw, type Cooling } from './cooling.js';
import type { Interval } from '../grid/profiles.js';

/** What stands between a campus and the grid, and what it draws for cooling. */
export interface SiteSupply {
  readonly cooling: Cooling;
  /** IT power and losses the cooling is built for, MW. */
  readonly ratedMw: number;
  readonly upsSeconds: number;
  readonly backup: Backup;
}

/** A campus that feeds itself: since it left the grid, or while its load goes back to it along the ramp. */
export interface OnSite {
  readonly kind: 'transferred' | 'returning';
  /** Instant of the transfer, or of the return. */
  readonly sinceMs: number;
  readonly upsUntilMs: number;
  readonly generatorsFromMs: number;
}

/** Who can carry the load in a stretch of time: the UPS all computing and no cooling, then what there is of battery and generators. */
export interface SupplySegment extends Interval {
  readonly by: 'ups' | 'battery' | 'battery-and-generators';
}

/** A campus from the instant on at which its dips transfer it. */
export function transferred({ upsSeconds, backup }: SiteSupply, atMs: number): OnSite {
  return {
    kind: 'transferred',
    sinceMs: atMs,
    upsUntilMs: atMs + Math.round(upsSeconds * 1000),
    generatorsFromMs: atMs + Math.round(backup.generators.startSeconds * 1000),
  };
}

/** When the UPS hands over: as soon as generators with fuel are up, at its own end at the latest. */
export function handoverMs(onSite: OnSite, backup: Backup, stored: Stored): number {
  return hasGenerators(backup, stored) ? Math.min(onSite.upsUntilMs, onSite.generatorsFromMs) : onSite.upsUntilMs;
}

/** Stretches of an interval by who can carry, in order; they cover it whole. */
export function supplySegments(onSite: OnSite, supply: SiteSupply, stored: Stored, interval: Interval): readonly SupplySegment[] {
  const upsToMs = handoverMs(onSite, supply.backup, stored);
  const batteryToMs = hasGenerators(supply.backup, stored) ? Math.max(upsToMs, onSite.generatorsFromMs) : upsToMs;
  const { fromMs, toMs } = interval;
  const cut = (atMs: number): number => Math.min(toMs, Math.max(fromMs, atMs));
  const segments: readonly SupplySegment[] = [
    { by: 'ups', fromMs, toMs: cut(upsToMs) },
    { by: 'battery', fromMs: cut(upsToMs), toMs: cut(batteryToMs) },
    { by: 'battery-and-generators', fromMs: cut(batteryToMs), toMs },
  ];
  return segments.filter((segment) => segment.toMs > segment.fromMs);
}

/** Power that battery and, when they are up, generators can give evenly over some hours, MW. */
export function lastingMw(
  { battery, generators }: Backup,
  stored: Stored,
  { hours, areGeneratorsUp }: { readonly hours: number; readonly areGeneratorsUp: boolean },
): number {
  if (hours <= 0) return 0;
  const generatorMw = areGeneratorsUp ? Math.min(generators.powerMw, stored.fuelMwh / hours) : 0;
  return generatorMw + Math.min(battery.powerMw, stored.batteryMwh / hours);
}

/** Computing that a supply on the site can carry together with its cooling, MW. */
export function carriedHeatMw({ cooling, ratedMw }: SiteSupply, supplyMw: number, outsideC: number): number {
  return heatWithinMw(cooling, ratedMw, supplyMw, outsideC);
}

function hasGenerators({ generators }: Backup, stored: Stored): boolean {
  return generators.powerMw > 0 && stored.fuelMwh > 0;
}

/** A training run when its campus leaves the grid. */
export interface RunOnSite {
  readonly index: number;
  readonly powerMw: number;
  readonly saveSeconds: number;
}

/** What becomes of a run: carried on, saved and switched off while the UPS lasts, or cut with the work since its last checkpoint. */
export interface RunFate {
  readonly index: number;
  readonly fate: 'carried' | 'saved' | 'cut';
  /** When it draws nothing any more; null: it goes on. */
  readonly offAtMs: number | null;
}

/**
 * Shares out what the site can carry after the UPS: inference first, then whole runs, those first that could not be saved in time, else in
 * the order given. `carriedMw` is the computing that can be carried.
 */
export function runFates(
  runs: readonly RunOnSite[],
  { carriedMw, inferenceMw, onSite }: { readonly carriedMw: number; readonly inferenceMw: number; readonly onSite: OnSite },
): readonly RunFate[] {
  const upsSeconds = (onSite.upsUntilMs - onSite.sinceMs) / 1000;
  const isSavable = ({ saveSeconds }: RunOnSite): boolean => saveSeconds <= upsSeconds;
  let leftMw = carriedMw - inferenceMw;
  const carried = new Set<number>();
  for (const run of [...runs.filter((one) => !isSavable(one)), ...runs.filter(isSavable)]) {
    if (run.powerMw > leftMw + 1e-9) continue;
    leftMw -= run.powerMw;
    carried.add(run.index);
  }
  return runs.map((run): RunFate => {
    if (carried.has(run.index)) return { index: run.index, fate: 'carried', offAtMs: null };
    if (!isSavable(run)) return { index: run.index, fate: 'cut', offAtMs: onSite.sinceMs };
    return { index: run.index, fate: 'saved', offAtMs: onSite.sinceMs + Math.round(run.saveSeconds * 1000) };
  });
}
