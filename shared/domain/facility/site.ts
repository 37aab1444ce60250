import type { FacilityPlan } from '../../scenario/facilitySchema.js';
import type { Carrier } from '../../events/facility.js';
import type { World } from '../../scenario/schema.js';
import { assert } from '../assert.js';
import { flatPath, type PowerPath } from '../cluster/powerPath.js';
import { fromWire, minuteMs } from '../ticks.js';
import type { Stored } from './backup.js';
import { chillerCop, chillerShare, coolingPowerMw, heatWithinMw } from './cooling.js';
import type { OnSite, SiteSupply } from './onSite.js';
import { outsideOf, type Outside, type OutsideProfile } from './outside.js';

/** The facility of a campus as the world has it. */
export interface SiteFacility {
  readonly plan: FacilityPlan;
  readonly outside: Outside;
  /** Voltage dips of the script, UTC ms, in order of time. */
  readonly dipsMs: readonly number[];
  /** The connection at the start and what fits it, looked up rather than searched while no block is added. */
  readonly start: { readonly limitMw: number; readonly heatMw: number };
}

/** Means over a tick of a campus that lives on its own supply, MW; `endMw` is what it draws from the grid at the end. */
export interface Carriage {
  readonly coolingMw: number;
  readonly onSiteMw: number;
  readonly unservedMw: number;
  readonly endMw: number;
}

/** Power that battery and generators carry for a load target, over time, and when it begins to go back to the grid. */
export interface Support {
  readonly path: PowerPath;
  readonly endsMs: number;
}

/** A facility between two ticks. */
export interface FacilityWork {
  /** Dips that may still count, and dips that were told and not felt yet; UTC ms, oldest first. */
  readonly dipsMs: readonly number[];
  readonly dueDipsMs: readonly number[];
  readonly stored: Stored;
  /** Null: on the grid. */
  readonly onSite: OnSite | null;
  /** What recharging draws. */
  readonly charge: PowerPath;
  /** Of the tick under way; null: on the grid all through it. */
  readonly carriage: Carriage | null;
  /** What battery and generators carry for a load target; absent: nothing. */
  readonly support?: Support;
  /** As said last. */
  readonly carriers: readonly Carrier[];
}

/** The facility of a campus; null where it has none. */
export function siteFacilityOf(world: World, { id, facility: plan, limitMw }: World['campuses'][number]): SiteFacility | null {
  if (plan === undefined) return null;
  const told = world.script.flatMap(({ action, target, atTime }) => (action === 'dip-campus' && target === id ? [fromWire(atTime)] : []));
  const outside = outsideOf(profileOf(world, plan), world.clock.utcOffsetMinutes * minuteMs);
  const { cooling } = plan;
  const heatMw = heatWithinMw(cooling, cooling.ratedMw ?? limitMw, limitMw, outside.hottestC);
  return { plan, outside, dipsMs: told.sort((a, b) => a - b), start: { limitMw, heatMw } };
}

function profileOf(world: World, { outside }: FacilityPlan): OutsideProfile {
  if (outside.kind !== 'series') return outside;
  const series = world.series[outside.series];
  assert(series !== undefined, `series ${outside.series} is not in the world`);
  return { kind: 'series', series };
}

/** A facility before the first tick: on the grid, fuel full, the battery as the scenario says. */
export function initialFacility({ plan: { battery, generators } }: SiteFacility, startMs: number): FacilityWork {
  return {
    dipsMs: [],
    dueDipsMs: [],
    stored: { batteryMwh: battery.energyMwh * battery.initialRatio, fuelMwh: generators.powerMw * generators.fuelHours },
    onSite: null,
    charge: flatPath(startMs, 0),
    carriage: null,
    carriers: ['grid'],
  };
}

/** What feeds and cools a campus behind a connection in MW. */
export function supplyOf({ plan }: SiteFacility, limitMw: number): SiteSupply {
  const { battery, generators } = plan;
  return {
    cooling: plan.cooling,
    ratedMw: plan.cooling.ratedMw ?? limitMw,
    upsSeconds: plan.ups.minutes * 60,
    backup: { battery, generators },
  };
}

/** Training and inference that fit a connection in MW with their cooling, in the hottest hour there is. */
export function heatLimitMw(site: SiteFacility | null, limitMw: number): number {
  if (site === null) return limitMw;
  if (limitMw === site.start.limitMw) return site.start.heatMw;
  const { cooling, ratedMw } = supplyOf(site, limitMw);
  return heatWithinMw(cooling, ratedMw, limitMw, site.outside.hottestC);
}

/** Share of an upward ramp that is left for training and inference, so that cooling can follow them within it even where it is steepest. */
export function heatRampRatio(site: SiteFacility | null, limitMw: number): number {
  if (site === null) return 1;
  const { cooling, ratedMw } = supplyOf(site, limitMw);
  const flowRatio = Math.max(cooling.leastFlowRatio, ratedMw > 0 ? limitMw / ratedMw : 0);
  const { hottestC } = site.outside;
  return 1 / (1 + 3 * cooling.movingRatio * flowRatio ** 2 + chillerShare(cooling, hottestC) / chillerCop(cooling, hottestC));
}

/** Cooling of training and inference in MW at an outside temperature in C. */
export function siteCoolingMw(site: SiteFacility, limitMw: number, heatMw: number, outsideC: number): number {
  const { cooling, ratedMw } = supplyOf(site, limitMw);
  return coolingPowerMw(cooling, { ratedMw, itMw: heatMw, heatMw }, outsideC);
}
