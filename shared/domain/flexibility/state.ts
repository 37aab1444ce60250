import type { Contract, World } from '../../scenario/schema.js';
import { compareText, type Fact } from '../fact.js';
import { contractRegions } from '../phases.js';
import { fromWire, minuteMs } from '../ticks.js';
import { inferenceMw } from '../cluster/inference.js';
import { fittingMw } from '../cluster/plan.js';
import type { Breach } from './breach.js';
import type { EventAccount } from './compliance.js';
import { nothingInForce, type InForce } from './inForce.js';
import { noLikeDays, type LikeDays } from './likeDays.js';
import type { StandingRequest } from './requests.js';

/** An event once called stands at least this long; a choice of this model against thrash. */
export const minimumHoldMinutes = 60;
/**
 * A contract rests this long after an event, and a campus without a call as long as any of its contracts; twice as long each time it is
 * called again within `returnHours` of an event, up to `restDoublingsMax` times. Choices of this model against thrash.
 */
export const restMinutes = 30;
export const returnHours = 6;
export const restDoublingsMax = 3;
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
  /** Part of what somebody asked for beyond the calls that rests on this contract, MW. */
  readonly drawnMw: number;
  readonly restUntilMs: number;
  /** How often in a row it was called again soon after an event; each time doubles its rest. */
  readonly returns: number;
  readonly endedMs: number | null;
  readonly cleared: Cleared | null;
  /** Offered in this tick. */
  readonly offeredMw: number;
}

/** What is asked of a campus, as said last. */
export interface Target {
  readonly epoch: number;
  readonly reductionMw: number;
  /** Part of it that is more than a wish for the best effort. */
  readonly mandatoryMw: number;
  readonly fromMs: number;
  readonly untilMs: number | null;
  readonly rampMinutes: number;
  readonly contracts: readonly string[];
  readonly reason: string;
}

/** What a campus drew in its last tick, MW means but for `endMw`; zeros before the first. */
export interface LastPower {
  readonly startMs: number;
  readonly meanMw: number;
  readonly endMw: number;
  readonly trainingMw: number;
  readonly inferenceMw: number;
  /** Reduction asked for, and the part of it not delivered. */
  readonly askedMw: number;
  readonly shortMw: number;
}

/** A campus with contracts. */
export interface CampusDesk {
  readonly campus: string;
  readonly target: Target;
  readonly inForce: InForce;
  /** Share of what is asked that the campus promised. */
  readonly promisedRatio: number;
  readonly isRefused: boolean;
  /** Why, in its words; empty when it accepted. */
  readonly answer: string;
  /** Newest load target it has answered. */
  readonly answeredEpoch: number;
  readonly isTripped: boolean;
  readonly power: LastPower;
  /** Means of training in the ticks of the last hour, oldest first, MW. */
  readonly hourMw: readonly number[];
  /** What its runs could still give by pausing, mean of its last tick. */
  readonly giveMw: number;
  /** In the order in which they were asked. */
  readonly requests: readonly StandingRequest[];
  /** Who released something since the last load target; null: nobody. */
  readonly releasedBy: string | null;
  /** Whether that ends the calls of its contracts too. */
  readonly endsCalls: boolean;
  readonly breach: Breach | null;
  readonly event: EventAccount | null;
  readonly likeDays: LikeDays | null;
}

/** Campuses with contracts and contracts, in the order of the desk. */
export interface FlexibilityState {
  readonly campuses: readonly CampusDesk[];
  readonly contracts: readonly ContractDesk[];
  /** Audits heard and not in effect. */
  readonly queue: readonly Fact[];
  readonly scriptDone: number;
}

/** An order of the script. */
export interface ScriptedOrder {
  readonly atMs: number;
  readonly action: World['script'][number]['action'];
  readonly target: string;
  readonly reason: string;
}

/** What never changes. */
export interface DeskFrame {
  readonly tickMs: number;
  readonly utcOffsetMs: number;
  /** Region of each campus under contract. */
  readonly regionOf: ReadonlyMap<string, string>;
  /** Top of the inference of each campus under contract, MW. */
  readonly inferenceMaxMw: ReadonlyMap<string, number>;
  readonly regions: readonly { readonly region: string; readonly campuses: readonly string[] }[];
  /** By campus, then strike, then name. */
  readonly contracts: readonly Contract[];
  /** Largest reduction of each contract that fits the runs of its campus, by name, MW. */
  readonly fittingMw: ReadonlyMap<string, number>;
  readonly script: readonly ScriptedOrder[];
  /** Idle power of each run by name, MW. */
  readonly idleMw: ReadonlyMap<string, number>;
}

export const deskActions: readonly string[] = ['curtail-campus', 'extend-campus', 'release-campus', 'trip-campus', 'return-campus'];

/** The frame of a world. */
export function deskFrameOf(world: World): DeskFrame {
  const regionOfBus = new Map(world.network.buses.map((bus) => [bus.id, bus.region]));
  const flexible = world.campuses.filter((campus) => world.contracts.some((contract) => contract.campus === campus.id));
  const regions = contractRegions(world).map((region) => ({
    region,
    campuses: flexible.filter((campus) => regionOfBus.get(campus.bus) === region).map((campus) => campus.id),
  }));
  const order = regions.flatMap(({ campuses }) => campuses);
  const contracts = world.contracts
    .filter((contract) => order.includes(contract.campus))
    .sort((a, b) => order.indexOf(a.campus) - order.indexOf(b.campus) || a.strikeUsdPerMwh - b.strikeUsdPerMwh || compareText(a.id, b.id));
  const fitting = contracts.map(({ id, campus, tranche, capRatio, maxReductionMw }) => {
    const runs = world.runs.filter((run) => run.campus === campus);
    return [id, tranche === 'pause' ? maxReductionMw : fittingMw(runs, capRatio, maxReductionMw)] as const;
  });
  const script = world.script.filter((entry) => deskActions.includes(entry.action));
  return {
    tickMs: world.clock.tickMinutes * minuteMs,
    utcOffsetMs: world.clock.utcOffsetMinutes * minuteMs,
    regionOf: new Map(regions.flatMap(({ region, campuses }) => campuses.map((campus) => [campus, region] as const))),
    inferenceMaxMw: new Map(flexible.map(({ id, inferenceMaxMw }) => [id, inferenceMaxMw])),
    regions,
    contracts,
    fittingMw: new Map(fitting),
    script: script
      .map(({ atTime, action, target, reason }) => ({ atMs: fromWire(atTime), action, target, reason }))
      .sort((a, b) => a.atMs - b.atMs),
    idleMw: new Map(world.runs.map((run) => [run.id, run.facilityMw * run.idleRatio])),
  };
}

/** The desk before the first tick: nothing asked, budgets full, every run that needs no block at full power. */
export function initialDesk(world: World, frame: DeskFrame): FlexibilityState {
  const startMs = fromWire(world.clock.startTime);
  const year = localYear(frame, startMs);
  const campuses = frame.regions
    .flatMap(({ campuses: ids }) => ids)
    .map((id): CampusDesk => {
      const runs = world.runs.filter((run) => run.campus === id && run.startWithBlock === null);
      const campus = world.campuses.find((other) => other.id === id);
      const drawMw =
        campus === undefined ? 0 : inferenceMw({ seed: world.seed, utcOffsetMinutes: world.clock.utcOffsetMinutes }, campus, startMs);
      const trainingMw = runs.reduce((sum, run) => sum + run.facilityMw, 0);
      return {
        campus: id,
        target: nothingWanted(startMs),
        inForce: nothingInForce,
        promisedRatio: 1,
        isRefused: false,
        answer: '',
        answeredEpoch: 0,
        isTripped: false,
        power: firstPower(startMs - frame.tickMs, trainingMw, drawMw),
        hourMw: [],
        giveMw: runs.reduce((sum, run) => sum + run.facilityMw * (1 - run.idleRatio), 0),
        requests: [],
        releasedBy: null,
        endsCalls: false,
        breach: null,
        event: null,
        likeDays: (campus?.inferenceMaxMw ?? 0) > 0 ? noLikeDays : null,
      };
    });
  const contracts = frame.contracts.map(({ id }) => ({
    contract: id,
    year,
    hoursUsed: 0,
    eventsUsed: 0,
    call: null,
    drawnMw: 0,
    restUntilMs: startMs,
    returns: 0,
    endedMs: null,
    cleared: null,
    offeredMw: 0,
  }));
  return { campuses, contracts, queue: [], scriptDone: 0 };
}

function nothingWanted(fromMs: number): Target {
  return { epoch: 0, reductionMw: 0, mandatoryMw: 0, fromMs, untilMs: null, rampMinutes: 0, contracts: [], reason: 'nothing asked' };
}

/** What a campus is taken to draw before its first tick is known. */
function firstPower(startMs: number, trainingMw: number, inferenceMw: number): LastPower {
  const allMw = trainingMw + inferenceMw;
  return { startMs, meanMw: allMw, endMw: allMw, trainingMw, inferenceMw, askedMw: 0, shortMw: 0 };
}

/** Calendar year of an instant in local standard time. */
export function localYear(frame: Pick<DeskFrame, 'utcOffsetMs'>, atMs: number): number {
  return new Date(atMs + frame.utcOffsetMs).getUTCFullYear();
}
