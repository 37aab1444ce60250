import type { World } from '../../scenario/schema.js';
import type { DaySet } from '../adequacy/days.js';
import { spreadOf, type Spread } from '../adequacy/report.js';
import { yearsOf, type AdequacySystem } from '../adequacy/system.js';
import { at } from '../grid/dense.js';
import type { CaseRisks, ShownRisk } from './caseRisks.js';
import type { DispatchedYear } from './dispatchedYear.js';
import type { BuiltName } from './newSources.js';
import { fixedUsdOf, stepMwOf, type BuildOption, type Sizes } from './options.js';
import type { MixQuestion } from './report.js';
import { alone, bestMix } from './search.js';

/** Which options a case may hold. */
export type CaseKind =
  | { readonly kind: 'alone'; readonly name: BuiltName }
  | { readonly kind: 'mix'; readonly withNuclear: boolean; readonly carbonFree: boolean };

/** A build, what it reaches, and what it costs. */
export interface MixCase extends ShownRisk {
  readonly of: CaseKind;
  /** `out-of-reach`: the most allowed is not enough; its risk is shown. */
  readonly kind: 'sized' | 'out-of-reach';
  readonly parts: readonly { readonly name: BuiltName; readonly nameplateMw: number; readonly units: number | null }[];
  readonly nameplateMw: number;
  /** Null where the target is out of reach. */
  readonly cost: CaseCost | null;
}

/** What the added load costs, per MWh of it, and what else changes with it. */
export interface CaseCost {
  readonly usdPerMwh: number;
  readonly fixedUsdPerMwh: number;
  /** Running the whole network with the addition, less without it. */
  readonly runningUsdPerMwh: number;
  /** `usdPerMwh` over the resampled weather years. */
  readonly usdPerMwhOverYears: Spread;
  readonly carbonTonnesPerMwh: number;
  /** In the whole network with the addition, in the recorded year. */
  readonly curtailedMwh: number;
  readonly unservedMwh: number;
}

/** All that builds are searched with. */
export interface CaseMaterial extends MixQuestion {
  readonly system: AdequacySystem;
  readonly units: World['network']['units'];
  readonly lostLoadUsdPerMwh: number;
  readonly options: readonly BuildOption[];
  readonly weather: readonly DaySet[];
  readonly toTargetMw: number;
}

/** A case before it is dispatched: options it may hold, and the build that was found; null when the most of all is too little. */
export interface FoundCase {
  readonly of: CaseKind;
  readonly allowed: readonly number[];
  readonly sizesMw: Sizes | null;
}

/** Each source alone, then the cheapest mixes of all and of the carbon-free sources, with nuclear allowed and without it. */
export function searchCases({ options, say }: CaseMaterial, risks: CaseRisks): FoundCase[] {
  const alones = options.map((option, place): FoundCase => {
    say(`${option.name} alone`);
    const found = alone(risks.problem, place);
    return { of: { kind: 'alone', name: option.name }, allowed: [place], sizesMw: found === null ? null : risks.refined(found) };
  });
  // Without nuclear first, so that a search with it starts from there too and cannot end dearer.
  const known: Sizes[] = [];
  const mixes = mixKinds.map((of): FoundCase => {
    const allowed = allowedIn(options, of);
    const said = { ...risks.problem, say: (line: string) => say(`${nameOf(of)}, ${line}`) };
    const best = bestMix(said, allowed, heldBy(known, allowed));
    if (best !== null) known.push(best);
    return { of, allowed, sizesMw: best === null ? null : risks.refined(best) };
  });
  return [...alones, ...mixes.reverse()];
}

/** The different builds that were found. */
export function buildsOf(found: readonly FoundCase[]): Sizes[] {
  const builds = new Map(found.flatMap(({ sizesMw }) => (sizesMw === null ? [] : [[sizesMw.join(), sizesMw] as const])));
  return [...builds.values()];
}

/** Cases with their risk and cost, from the dispatched year before and that with each of the builds. */
export function casesOf(
  material: CaseMaterial,
  risks: CaseRisks,
  by: { readonly found: readonly FoundCase[]; readonly before: DispatchedYear; readonly withBuild: (build: number) => DispatchedYear },
): MixCase[] {
  const { options, maxMw } = material;
  const builds = buildsOf(by.found);
  const costs = builds.map((sizesMw, build) => caseCostOf(material, sizesMw, { before: by.before, after: by.withBuild(build) }));
  const costOf = (sizesMw: Sizes): CaseCost => costs[builds.findIndex((each) => each.join() === sizesMw.join())] as CaseCost;
  return by.found.map(({ of, allowed }) => {
    // A search goes by order of merit; among all builds that were found, the dispatch decides.
    const best = heldBy(builds, allowed).reduce<Sizes | null>(
      (least, sizes) => (least === null || costOf(sizes).usdPerMwh < costOf(least).usdPerMwh ? sizes : least),
      null,
    );
    const most = options.map((option, place) =>
      allowed.includes(place) ? Math.floor(maxMw / stepMwOf(option) + 1e-9) * stepMwOf(option) : 0,
    );
    const sizesMw = best ?? most;
    const cost = best === null ? null : costOf(best);
    return { of, kind: best === null ? 'out-of-reach' : 'sized', ...partsOf(options, sizesMw), ...risks.shown(sizesMw), cost };
  });
}

/** Builds that hold nothing but what is allowed. */
function heldBy(builds: readonly Sizes[], allowed: readonly number[]): Sizes[] {
  return builds.filter((sizesMw) => sizesMw.every((mw, place) => mw === 0 || allowed.includes(place)));
}

const mixKinds = [
  { kind: 'mix', withNuclear: false, carbonFree: true },
  { kind: 'mix', withNuclear: true, carbonFree: true },
  { kind: 'mix', withNuclear: false, carbonFree: false },
  { kind: 'mix', withNuclear: true, carbonFree: false },
] as const satisfies readonly CaseKind[];

/** A case in words. */
export function nameOf(of: CaseKind): string {
  if (of.kind === 'alone') return `${of.name} alone`;
  return `best mix${of.carbonFree ? ' of carbon-free sources' : ''}${of.withNuclear ? '' : ' without nuclear'}`;
}

function allowedIn(options: readonly BuildOption[], of: Extract<CaseKind, { kind: 'mix' }>): number[] {
  return options.flatMap(({ name, isInMixes, carbonKgPerMwh }, place) =>
    isInMixes && (of.withNuclear || name !== 'nuclear') && (!of.carbonFree || carbonKgPerMwh === 0) ? [place] : [],
  );
}

function partsOf(options: readonly BuildOption[], sizesMw: Sizes): Pick<MixCase, 'parts' | 'nameplateMw'> {
  const parts = options.flatMap(({ name, supply }, place) => {
    const nameplateMw = sizesMw[place] ?? 0;
    return nameplateMw > 0
      ? [{ name, nameplateMw, units: supply.kind === 'two-state' ? Math.round(nameplateMw / supply.unitMw) : null }]
      : [];
  });
  return { parts, nameplateMw: parts.reduce((sum, { nameplateMw }) => sum + nameplateMw, 0) };
}

function caseCostOf(
  { system, options, weather, flatMw }: CaseMaterial,
  sizesMw: Sizes,
  { before, after }: { readonly before: DispatchedYear; readonly after: DispatchedYear },
): CaseCost {
  const days = system.hours / 24;
  const addedMwh = flatMw * system.hours;
  const more = (field: 'costUsd' | 'carbonKg') => (day: number) => at(after[field], day) - at(before[field], day);
  const everyDay = Int32Array.from({ length: days }, (_, day) => day);
  const sumOver = (each: Int32Array, of: (day: number) => number): number => each.reduce((sum, day) => sum + of(day), 0);
  const fixedUsdPerMwh = (fixedUsdOf(options, sizesMw) * yearsOf(days)) / addedMwh;
  const runningUsdPerMwh = sumOver(everyDay, more('costUsd')) / addedMwh;
  return {
    usdPerMwh: fixedUsdPerMwh + runningUsdPerMwh,
    fixedUsdPerMwh,
    runningUsdPerMwh,
    usdPerMwhOverYears: spreadOf(weather.map(({ weatherDay }) => fixedUsdPerMwh + sumOver(weatherDay, more('costUsd')) / addedMwh)),
    carbonTonnesPerMwh: sumOver(everyDay, more('carbonKg')) / 1_000 / addedMwh,
    curtailedMwh: after.curtailedMwh,
    unservedMwh: after.unservedMwh,
  };
}
