import type { Contract, Run, World } from '../../scenario/schema.js';
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
  readonly wish: Wish | null;
}

/** Campuses with contracts and contracts, in the order of the desk. */
export interface FlexibilityState {
  readonly campuses: readonly CampusDesk[];
  /** [campuses]: mean power of the last tick. */
  readonly powerMw: readonly number[];
  /** [campuses]: what its runs could still give by pausing, mean of the last tick. */
  readonly giveMw: readonly number[];
  readonly contracts: readonly ContractDesk[];
  /** [contracts]: offered in this tick. */
  readonly offeredMw: readonly number[];
  /** Runs that went elsewhere than they began; nowhere until they go on there. */
  readonly moved: readonly Moved[];
  /** Audits and arrivals heard and not in effect. */
  readonly queue: readonly Fact[];
  readonly scriptDone: number;
}

/** A campus with contracts, as far as it never changes. */
export interface DeskSite {
  readonly campus: string;
  /** Places of its contracts. */
  readonly contracts: readonly number[];
  /** Its runs in the order of the world, and what each draws standing still, MW. */
  readonly runs: readonly string[];
  readonly idleMw: readonly number[];
}

/** What is known of the world; changes only by who has moved. */
export interface DeskFrame {
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
  /** [contracts]: largest reduction that fits the runs of its campus, MW. */
  readonly fittingMw: readonly number[];
  readonly script: readonly { readonly atMs: number; readonly action: World['script'][number]['action']; readonly target: string }[];
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
    campuses: order.map((campus) => {
      const runs = placed.filter((run) => run.campus === campus);
      return {
        campus,
        contracts: contracts.flatMap((contract, place) => (contract.campus === campus ? [place] : [])),
        runs: runs.map(({ id }) => id),
        idleMw: runs.map((run) => run.facilityMw * run.idleRatio),
      };
    }),
    contracts,
    placeOfCampus,
    placeOfContract: new Map(contracts.map(({ id }, place) => [id, place])),
    fittingMw: contracts.map(({ campus, tranche, capRatio, maxReductionMw }) => {
      const runs = placed.filter((run) => run.campus === campus);
      return tranche === 'pause' ? maxReductionMw : fittingMw(runs, capRatio, maxReductionMw);
    }),
    script: script.map(({ atTime, action, target }) => ({ atMs: fromWire(atTime), action, target })).sort((a, b) => a.atMs - b.atMs),
  };
}

/** The desk before the first tick: nothing asked, budgets full, every run that needs no block at full power. */
export function initialDesk(world: World, frame: DeskFrame): FlexibilityState {
  const startMs = fromWire(world.clock.startTime);
  const year = localYear(frame, startMs);
  const campuses = frame.campuses.map(
    ({ campus }): CampusDesk => ({
      campus,
      target: { epoch: 0, reductionMw: 0, fromMs: startMs, untilMs: null, rampMinutes: 0, contracts: [], reason: 'nothing asked' },
      inForce: nothingInForce,
      promisedRatio: 1,
      isRefused: false,
      isTripped: false,
      wish: null,
    }),
  );
  const atWork = (campus: string): readonly Run[] => world.runs.filter((run) => run.campus === campus && run.startWithBlock === null);
  const powerMw = frame.campuses.map(({ campus: id }) => {
    const campus = world.campuses.find((other) => other.id === id);
    const drawMw =
      campus === undefined ? 0 : inferenceMw({ seed: world.seed, utcOffsetMinutes: world.clock.utcOffsetMinutes }, campus, startMs);
    return drawMw + atWork(id).reduce((sum, run) => sum + run.facilityMw, 0);
  });
  const giveMw = frame.campuses.map(({ campus }) => atWork(campus).reduce((sum, run) => sum + run.facilityMw * (1 - run.idleRatio), 0));
  const contracts = frame.contracts.map(({ id }) => ({
    contract: id,
    year,
    hoursUsed: 0,
    eventsUsed: 0,
    call: null,
    restUntilMs: startMs,
    cleared: null,
  }));
  return { campuses, powerMw, giveMw, contracts, offeredMw: contracts.map(() => 0), moved: [], queue: [], scriptDone: 0 };
}

/** Calendar year of an instant in local standard time. */
export function localYear(frame: Pick<DeskFrame, 'utcOffsetMs'>, atMs: number): number {
  return new Date(atMs + frame.utcOffsetMs).getUTCFullYear();
}
