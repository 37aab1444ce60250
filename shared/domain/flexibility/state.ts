import type { Contract, World } from '../../scenario/schema.js';
import { compareText, type Fact } from '../fact.js';
import { contractRegions } from '../phases.js';
import { fromWire, minuteMs } from '../ticks.js';
import { inferenceMw } from '../cluster/inference.js';
import { fittingMw } from '../cluster/plan.js';
import { runsWhereTheyAre, type Moved } from '../fleet/moved.js';
import { nothingInForce, type InForce } from './inForce.js';

/** An event once called stands at least this long; a choice of this model against thrash. */
export const minimumHoldMinutes = 60;
/** A contract rests this long after an event, and a campus without a call as long as any of its contracts. */
export const restMinutes = 30;
/** Steps by which a standing target is lowered at least. */
export const lowerStepMw = 5;
/** Smallest clearing that is worth an order, and smallest raise of one. */
export const raiseStepMw = 1;

/** An event of a contract that has been called and not ended. */
export interface Call {
  readonly mw: number;
  readonly startMs: number;
  /** Latest end by event length and budget. */
  readonly untilMs: number;
  /** Until when what cleared speaks. */
  readonly wantedUntilMs: number;
  /** What the campus would have drawn when it was called: bounds its share of the site. */
  readonly baseMw: number;
  readonly isByPerson: boolean;
  readonly reason: string;
}

/** What the grid cleared of a contract in this tick. */
export interface Cleared {
  readonly tick: number;
  readonly mw: number;
  readonly priceUsdPerMwh: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A contract with its budget used in the calendar year, local standard time. */
export interface ContractDesk {
  readonly contract: string;
  readonly year: number;
  readonly hoursUsed: number;
  readonly eventsUsed: number;
  readonly call: Call | null;
  readonly restUntilMs: number;
  readonly cleared: Cleared | null;
}

/** What is asked of a campus, as said last. */
export interface Target {
  readonly epoch: number;
  readonly reductionMw: number;
  readonly fromMs: number;
  readonly untilMs: number | null;
  readonly rampMinutes: number;
  readonly contracts: readonly string[];
  readonly reason: string;
}

/** What a person wants of a campus and has not been ordered yet. */
export interface Wish {
  readonly kind: 'curtail' | 'release';
  readonly amountMw: number | null;
  readonly reason: string;
}

/** A campus with contracts. */
export interface CampusDesk {
  readonly campus: string;
  readonly target: Target;
  readonly inForce: InForce;
  /** Share of what is asked that the campus promised. */
  readonly promisedRatio: number;
  readonly isRefused: boolean;
  readonly isTripped: boolean;
  /** Mean power of its last tick. */
  readonly powerMw: number;
  /** What its runs could still give by pausing, mean of its last tick. */
  readonly giveMw: number;
  readonly wish: Wish | null;
}

/** Campuses with contracts and contracts, in the order of the desk. */
export interface FlexibilityState {
  readonly campuses: readonly CampusDesk[];
  readonly contracts: readonly ContractDesk[];
  /** [contracts]: offered in this tick. */
  readonly offeredMw: readonly number[];
  /** Runs that have arrived elsewhere than they began. */
  readonly moved: readonly Moved[];
  /** Audits and arrivals heard and not in effect. */
  readonly queue: readonly Fact[];
  readonly scriptDone: number;
}

/** What is known of the world; changes only by who has moved. */
export interface DeskFrame {
  readonly tickMs: number;
  readonly utcOffsetMs: number;
  /** Regions with contracts, and the places of their campuses. */
  readonly regions: readonly { readonly region: string; readonly campuses: readonly number[] }[];
  /** Campuses with contracts, by region, with the places of their contracts. */
  readonly campuses: readonly { readonly campus: string; readonly contracts: readonly number[] }[];
  /** By campus, then strike, then name. */
  readonly contracts: readonly Contract[];
  readonly placeOfCampus: ReadonlyMap<string, number>;
  readonly placeOfContract: ReadonlyMap<string, number>;
  /** [contracts]: largest reduction that fits the runs of its campus, MW. */
  readonly fittingMw: readonly number[];
  readonly script: readonly { readonly atMs: number; readonly action: World['script'][number]['action']; readonly target: string }[];
  /** Idle power of each run by name, MW. */
  readonly idleMw: ReadonlyMap<string, number>;
}

export const deskActions: readonly string[] = ['curtail-campus', 'release-campus', 'trip-campus', 'return-campus'];

/** The frame of a world in which some runs have moved. */
export function deskFrameOf(world: World, moved: readonly Moved[]): DeskFrame {
  const placed = runsWhereTheyAre(world.runs, moved);
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
    tickMs: world.clock.tickMinutes * minuteMs,
    utcOffsetMs: world.clock.utcOffsetMinutes * minuteMs,
    regions: contractRegions(world).map((region) => ({
      region,
      campuses: order.flatMap((id, place) => (regionOf.get(id) === region ? [place] : [])),
    })),
    campuses: order.map((campus) => ({
      campus,
      contracts: contracts.flatMap((contract, place) => (contract.campus === campus ? [place] : [])),
    })),
    contracts,
    placeOfCampus,
    placeOfContract: new Map(contracts.map(({ id }, place) => [id, place])),
    fittingMw: contracts.map(({ campus, tranche, capRatio, maxReductionMw }) => {
      const runs = placed.filter((run) => run.campus === campus);
      return tranche === 'pause' ? maxReductionMw : fittingMw(runs, capRatio, maxReductionMw);
    }),
    script: script.map(({ atTime, action, target }) => ({ atMs: fromWire(atTime), action, target })).sort((a, b) => a.atMs - b.atMs),
    idleMw: new Map(world.runs.map((run) => [run.id, run.facilityMw * run.idleRatio])),
  };
}

/** The desk before the first tick: nothing asked, budgets full, every run that needs no block at full power. */
export function initialDesk(world: World, frame: DeskFrame): FlexibilityState {
  const startMs = fromWire(world.clock.startTime);
  const year = localYear(frame, startMs);
  const campuses = frame.campuses.map(({ campus: id }): CampusDesk => {
    const runs = world.runs.filter((run) => run.campus === id && run.startWithBlock === null);
    const campus = world.campuses.find((other) => other.id === id);
    const drawMw =
      campus === undefined ? 0 : inferenceMw({ seed: world.seed, utcOffsetMinutes: world.clock.utcOffsetMinutes }, campus, startMs);
    return {
      campus: id,
      target: { epoch: 0, reductionMw: 0, fromMs: startMs, untilMs: null, rampMinutes: 0, contracts: [], reason: 'nothing asked' },
      inForce: nothingInForce,
      promisedRatio: 1,
      isRefused: false,
      isTripped: false,
      powerMw: drawMw + runs.reduce((sum, run) => sum + run.facilityMw, 0),
      giveMw: runs.reduce((sum, run) => sum + run.facilityMw * (1 - run.idleRatio), 0),
      wish: null,
    };
  });
  const contracts = frame.contracts.map(({ id }) => ({
    contract: id,
    year,
    hoursUsed: 0,
    eventsUsed: 0,
    call: null,
    restUntilMs: startMs,
    cleared: null,
  }));
  return { campuses, contracts, offeredMw: contracts.map(() => 0), moved: [], queue: [], scriptDone: 0 };
}

/** Calendar year of an instant in local standard time. */
export function localYear(frame: Pick<DeskFrame, 'utcOffsetMs'>, atMs: number): number {
  return new Date(atMs + frame.utcOffsetMs).getUTCFullYear();
}
