import type { Unit } from '../../scenario/schema.js';
import type { DaySet } from './days.js';
import { flatLoadToTarget, riskModelOf } from './risk.js';
import type { AdequacySystem } from './system.js';

/** Units of one source, or of one technology within it. */
export interface SupplyGroup {
  readonly source: Unit['source'];
  /** Null: every technology of the source. */
  readonly technology: string | null;
}

/** What a group adds to the load that can be carried at the target, as share of its nameplate. */
export interface CapacityCredit extends SupplyGroup {
  readonly units: number;
  readonly nameplateMw: number;
  /** Added after everything else. */
  readonly lastInRatio: number;
  /** Added to the firm units alone, before anything that depends on weather. */
  readonly firstInRatio: number;
}

/** At what level credits are taken. */
export interface CreditLevel {
  readonly days: DaySet;
  readonly targetDays: number;
}

/** Groups of a system: each source, and where it has several technologies each of them too. */
export function groupsOf(system: AdequacySystem): SupplyGroup[] {
  const supplies = [...system.firm, ...system.weather].filter(({ capacityMw }) => capacityMw > 0);
  return [...new Set(supplies.map(({ source }) => source))].flatMap((source): SupplyGroup[] => {
    const technologies = [...new Set(supplies.filter((supply) => supply.source === source).map(({ technology }) => technology))];
    const whole: SupplyGroup = { source, technology: null };
    return technologies.length > 1 ? [whole, ...technologies.map((technology) => ({ source, technology }))] : [whole];
  });
}

/**
 * Effective load carrying capability of a group: the flat load the system carries at the target with it, less that without it.
 * Source: Garver, IEEE Trans. Power Apparatus and Systems PAS-85(8), 1966; last-in and first-in as in NERC's and ISOs' ELCC studies.
 */
export function capacityCreditOf(system: AdequacySystem, group: SupplyGroup, { days, targetDays }: CreditLevel): CapacityCredit {
  const inGroup = (supply: { readonly source: Unit['source']; readonly technology: string }): boolean =>
    supply.source === group.source && (group.technology === null || supply.technology === group.technology);
  const outside = (supply: Parameters<typeof inGroup>[0]): boolean => !inGroup(supply);
  const carriedMw = (part: Pick<AdequacySystem, 'firm' | 'weather'>): number =>
    flatLoadToTarget(riskModelOf({ ...system, ...part }), days, targetDays);
  const { firm, weather } = system;
  const members = [...firm, ...weather].filter(inGroup);
  const nameplateMw = members.reduce((sumMw, { capacityMw }) => sumMw + capacityMw, 0);
  const lastInMw = carriedMw({ firm, weather }) - carriedMw({ firm: firm.filter(outside), weather: weather.filter(outside) });
  const firstInMw = carriedMw({ firm, weather: weather.filter(inGroup) }) - carriedMw({ firm: firm.filter(outside), weather: [] });
  return {
    ...group,
    units: members.length,
    nameplateMw,
    lastInRatio: nameplateMw > 0 ? lastInMw / nameplateMw : 0,
    firstInRatio: nameplateMw > 0 ? firstInMw / nameplateMw : 0,
  };
}
