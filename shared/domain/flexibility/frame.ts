import type { Contract, ScriptEntry, World } from '../../scenario/schema.js';
import { compareText } from '../fact.js';
import { contractRegions } from '../phases.js';
import { runsWhereTheyAre, type Moved } from '../fleet/moved.js';
import { fromWire, minuteMs } from '../ticks.js';
import { fittingMw } from '../cluster/plan.js';
import { leastMw } from '../cluster/slowdown.js';

/** How it is told what a campus would have drawn without an event. */
export type BaselineMethod = NonNullable<Contract['baselineMethod']>;

/** An order of the script. */
export type ScriptedOrder = Omit<ScriptEntry, 'atTime'> & { readonly atMs: number };

/** What never changes. */
export interface DeskFrame {
  readonly world: Pick<World, 'campuses' | 'runs' | 'contracts'>;
  readonly tickMs: number;
  readonly utcOffsetMs: number;
  /** Regions with contracts, and the places of their campuses. */
  readonly regions: readonly { readonly region: string; readonly campuses: readonly number[] }[];
  /** Campuses with contracts, by region. */
  readonly campuses: readonly DeskSite[];
  /** By campus, then strike, then name. */
  readonly contracts: readonly Contract[];
  readonly placeOfCampus: ReadonlyMap<string, number>;
  readonly placeOfContract: ReadonlyMap<string, number>;
  /** Region of each campus under contract. */
  readonly regionOf: ReadonlyMap<string, string>;
  /** Top of the inference of each campus under contract, MW. */
  readonly inferenceMaxMw: ReadonlyMap<string, number>;
  /** Campuses whose battery and generators carry what a mandatory load target leaves over. */
  readonly backed: ReadonlySet<string>;
  /** [contracts]: largest reduction that fits the runs of its campus, MW. */
  readonly fittingMw: readonly number[];
  readonly script: readonly ScriptedOrder[];
  /** From which chance of a surge the fleet is asked; null: never. */
  readonly ask: NonNullable<World['forecast']>['ask'] | null;
}

/** A campus with contracts, as far as it never changes. */
export interface DeskSite {
  readonly campus: string;
  /** Places of its contracts. */
  readonly contracts: readonly number[];
  readonly baselineMethod: BaselineMethod;
  /** Its runs in the order of the world, and the least power to which each may be brought, MW. */
  readonly runs: readonly string[];
  readonly leastMw: readonly number[];
}

export const deskActions: readonly string[] = [
  'curtail-campus',
  'extend-campus',
  'release-campus',
  'curtail-fleet',
  'release-fleet',
  'trip-campus',
  'return-campus',
];

/** The frame of a world in which some runs have moved. */
export function deskFrameOf(home: World, moved: readonly Moved[]): DeskFrame {
  const world = { ...home, runs: [...runsWhereTheyAre(home.runs, moved)] };
  const regionOfBus = new Map(world.network.buses.map((bus) => [bus.id, bus.region]));
  const flexible = world.campuses.filter((campus) => world.contracts.some((contract) => contract.campus === campus.id));
  const regionOf = new Map(flexible.map((campus) => [campus.id, regionOfBus.get(campus.bus) ?? '']));
  const order = contractRegions(world).flatMap((region) => [...regionOf].flatMap(([id, own]) => (own === region ? [id] : [])));
  const placeOfCampus = new Map(order.map((id, place) => [id, place]));
  const placeOf = (campus: string): number => placeOfCampus.get(campus) ?? -1;
  const contracts = world.contracts
    .filter((contract) => placeOfCampus.has(contract.campus))
    .sort((a, b) => placeOf(a.campus) - placeOf(b.campus) || a.strikeUsdPerMwh - b.strikeUsdPerMwh || compareText(a.id, b.id));
  const script = world.script.filter((entry) => deskActions.includes(entry.action));
  return {
    world,
    tickMs: world.clock.tickMinutes * minuteMs,
    utcOffsetMs: world.clock.utcOffsetMinutes * minuteMs,
    regions: contractRegions(world).map((region) => ({
      region,
      campuses: order.flatMap((id, place) => (regionOf.get(id) === region ? [place] : [])),
    })),
    campuses: order.map((campus) => {
      const runs = world.runs.filter((run) => run.campus === campus);
      return {
        campus,
        contracts: contracts.flatMap((contract, place) => (contract.campus === campus ? [place] : [])),
        baselineMethod: contracts.find((contract) => contract.campus === campus)?.baselineMethod ?? 'by-workload',
        runs: runs.map(({ id }) => id),
        leastMw: runs.map(leastMw),
      };
    }),
    contracts,
    placeOfCampus,
    regionOf,
    inferenceMaxMw: new Map(flexible.map(({ id, inferenceMaxMw }) => [id, inferenceMaxMw])),
    backed: new Set(flexible.flatMap(({ id, facility }) => (facility?.backupForTargets === true ? [id] : []))),
    placeOfContract: new Map(contracts.map(({ id }, place) => [id, place])),
    fittingMw: contracts.map(({ campus, tranche, capRatio, maxReductionMw }) => {
      const runs = world.runs.filter((run) => run.campus === campus);
      return tranche === 'pause' ? maxReductionMw : fittingMw(runs, capRatio, maxReductionMw);
    }),
    ask: home.forecast?.ask ?? null,
    script: script.map(({ atTime, ...rest }) => ({ ...rest, atMs: fromWire(atTime) })).sort((a, b) => a.atMs - b.atMs),
  };
}

/** Calendar year of an instant in local standard time. */
export function localYear(frame: Pick<DeskFrame, 'utcOffsetMs'>, atMs: number): number {
  return new Date(atMs + frame.utcOffsetMs).getUTCFullYear();
}
