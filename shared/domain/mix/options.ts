import type { Unit } from '../../scenario/networkSchema.js';
import type { AdequacySystem } from '../adequacy/system.js';
import { at } from '../grid/dense.js';
import type { TwoState } from '../grid/outages.js';
import { fixedUsdPerMwYear } from './annuity.js';
import { battery, type BuiltName, type NewSource, type PlainUnit } from './newSources.js';

/** How something that is built delivers. */
export type BuiltSupply =
  | {
      readonly kind: 'two-state';
      /** Only whole units of this size are built, MW. */
      readonly unitMw: number;
      /** Null: never fails. */
      readonly twoState: TwoState | null;
      readonly rampMwPerMinute: number | null;
    }
  | {
      readonly kind: 'weather';
      /** [hours]: output per MW of nameplate. */
      readonly outputRatio: Float64Array;
    }
  | {
      readonly kind: 'storage';
      /** Energy it holds, in hours at full power. */
      readonly storedHours: number;
      readonly chargeEfficiencyRatio: number;
      readonly dischargeEfficiencyRatio: number;
    };

/** Something of which any number of MW can be built. */
export interface BuildOption {
  readonly name: BuiltName;
  readonly supply: BuiltSupply;
  /** Capital over its life and keeping it. */
  readonly fixedUsdPerMwYear: number;
  readonly costUsdPerMwh: number;
  readonly carbonKgPerMwh: number;
  readonly isInMixes: boolean;
}

/** Nameplate of each option, MW, in their order. */
export type Sizes = readonly number[];

/** Steps that sizes of an option move in, MW: whole units, or 10 MW. */
export function stepMwOf({ supply }: BuildOption): number {
  return supply.kind === 'two-state' ? supply.unitMw : 10;
}

/** A build in words: `wind 2400 + battery 800`. */
export function wordsOf(options: readonly BuildOption[], sizesMw: Sizes): string {
  return options.flatMap(({ name }, place) => ((sizesMw[place] ?? 0) > 0 ? [`${name} ${sizesMw[place]}`] : [])).join(' + ');
}

/** What a build costs a year whether it runs or not, USD. */
export function fixedUsdOf(options: readonly BuildOption[], sizesMw: Sizes): number {
  return options.reduce((sum, option, place) => sum + option.fixedUsdPerMwYear * (sizesMw[place] ?? 0), 0);
}

/**
 * What can be built in a network: a firm unit like the largest of its source there, else like the plain one; wind, sun and water by the
 * mean profile of those there, else not at all; a battery.
 */
export function buildOptionsOf(
  system: AdequacySystem,
  units: readonly Unit[],
  { sources, discountRatio }: { readonly sources: readonly NewSource[]; readonly discountRatio: number },
): BuildOption[] {
  return sources.flatMap((source): BuildOption[] => {
    const { name, isInMixes, plain } = source;
    const built = name === 'battery' ? storageLike() : plain === null ? weatherLike(system, name) : firmLike(units, name, plain);
    return built === null ? [] : [{ name, isInMixes, fixedUsdPerMwYear: fixedUsdPerMwYear(source, discountRatio), ...built }];
  });
}

type Running = Pick<BuildOption, 'supply' | 'costUsdPerMwh' | 'carbonKgPerMwh'>;

function storageLike(): Running {
  const { storedHours, oneWayEfficiencyRatio: ratio } = battery;
  const supply = { kind: 'storage', storedHours, chargeEfficiencyRatio: ratio, dischargeEfficiencyRatio: ratio } as const;
  return { supply, costUsdPerMwh: 0, carbonKgPerMwh: 0 };
}

function firmLike(units: readonly Unit[], name: BuiltName, plain: PlainUnit): Running {
  const largest = units
    .filter((unit) => unit.source === name && unit.availability === null && unit.capacityMw > 0)
    .reduce<Unit | null>((most, unit) => (most === null || unit.capacityMw > most.capacityMw ? unit : most), null);
  if (largest === null) {
    const { unitMw, twoState, rampMwPerMinute, costUsdPerMwh, carbonKgPerMwh } = plain;
    return { supply: { kind: 'two-state', unitMw, twoState, rampMwPerMinute }, costUsdPerMwh, carbonKgPerMwh };
  }
  const { capacityMw: unitMw, forcedOutage: twoState, rampMwPerMinute, costUsdPerMwh, carbonKgPerMwh } = largest;
  return { supply: { kind: 'two-state', unitMw, twoState, rampMwPerMinute }, costUsdPerMwh, carbonKgPerMwh };
}

/** Rooftops are no choice of a planner: where a source has other technologies, they are left out. */
function weatherLike(system: AdequacySystem, name: BuiltName): Running | null {
  const all = system.weather.filter(({ source, capacityMw }) => source === name && capacityMw > 0);
  const large = all.filter(({ technology }) => technology !== 'rtpv');
  const units = large.length > 0 ? large : all;
  const nameplateMw = units.reduce((sumMw, { capacityMw }) => sumMw + capacityMw, 0);
  if (nameplateMw === 0) return null;
  const outputRatio = new Float64Array(system.hours);
  for (const { outputMw } of units)
    for (let hour = 0; hour < outputRatio.length; hour++) outputRatio[hour] = at(outputRatio, hour) + at(outputMw, hour) / nameplateMw;
  return { supply: { kind: 'weather', outputRatio }, costUsdPerMwh: 0, carbonKgPerMwh: 0 };
}
