import type { Run, World } from '../../scenario/schema.js';
import type { Fact, FactDataOf } from '../fact.js';
import type { Moved } from '../fleet/moved.js';
import { fromWire } from '../ticks.js';
import { inferenceMw } from '../cluster/inference.js';
import { leastMw } from '../cluster/slowdown.js';
import { localYear, type DeskFrame } from './frame.js';
import type { Breach } from './breach.js';
import type { EventAccount } from './compliance.js';
import { nothingInForce, type InForce } from './inForce.js';
import { noLikeDays, type LikeDays } from './likeDays.js';
import type { StandingRequest } from './requests.js';
import type { SeenTick } from './seen.js';

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
  /** What inference gives, what it could give beyond that, and what it serves for others. */
  readonly inferenceCutMw: number;
  readonly inferenceGiveMw: number;
  readonly arrivedMw: number;
  /** Reduction asked for, and the part of it not delivered. */
  readonly askedMw: number;
  readonly shortMw: number;
}

/** Power of the campuses of a region as it was said. */
export interface HeardPower {
  readonly startMs: number;
  readonly campuses: FactDataOf['cluster.power.v1']['campuses'];
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
  /** Like days of training, where baselines rest on them; absent: they do not. */
  readonly trainingDays?: LikeDays;
}

/** Campuses with contracts and contracts, in the order of the desk. */
export interface FlexibilityState {
  readonly campuses: readonly CampusDesk[];
  readonly contracts: readonly ContractDesk[];
  /** [campuses]: what each drew in the tick that was looked at last. */
  readonly powers: readonly LastPower[];
  /** What they drew before, oldest first, see `seeTick`. */
  readonly ticks: readonly SeenTick[];
  /** [contracts]: offered in this tick. */
  readonly offeredMw: readonly number[];
  /** What campuses drew, as it was heard in this tick and not yet looked at. */
  readonly heard: readonly HeardPower[];
  /** What the runs of each region told last. */
  readonly progress: readonly { readonly region: string; readonly runs: FactDataOf['cluster.progress.v1']['runs'] }[];
  /** Part of the blocks with power that is not firm, MW, by `<project>/<block>`; absent: no such block has power. */
  readonly notFirmMw?: Readonly<Record<string, number>>;
  /** Runs that went elsewhere than they began; nowhere until they go on there. */
  readonly moved: readonly Moved[];
  /** Load targets asked of the fleet that stand, as they were said. */
  readonly fleet: readonly FactDataOf['control.request.v1'][];
  /** Audits heard and not in effect. */
  readonly queue: readonly Fact[];
  readonly scriptDone: number;
}

/** The desk before the first tick: nothing asked, budgets full, every run that needs no block at full power. */
export function initialDesk(world: World, frame: DeskFrame): FlexibilityState {
  const startMs = fromWire(world.clock.startTime);
  const year = localYear(frame, startMs);
  const runsOf = (id: string): readonly Run[] => world.runs.filter((run) => run.campus === id && run.startWithBlock === null);
  const powers = frame.campuses.map(({ campus: id }) => {
    const campus = world.campuses.find((other) => other.id === id);
    const key = { seed: world.seed, utcOffsetMinutes: world.clock.utcOffsetMinutes, series: world.series };
    const drawMw = campus === undefined ? 0 : inferenceMw(key, campus, startMs);
    const trainingMw = runsOf(id).reduce((sum, run) => sum + run.facilityMw, 0);
    return firstPower(startMs - frame.tickMs, trainingMw, drawMw);
  });
  const campuses = frame.campuses.map(({ campus: id, baselineMethod }): CampusDesk => {
    return {
      campus: id,
      target: nothingWanted(startMs),
      inForce: nothingInForce,
      promisedRatio: 1,
      isRefused: false,
      answer: '',
      answeredEpoch: 0,
      isTripped: false,
      giveMw: runsOf(id).reduce((sum, run) => sum + run.facilityMw - leastMw(run), 0),
      requests: [],
      releasedBy: null,
      endsCalls: false,
      breach: null,
      event: null,
      likeDays: (frame.inferenceMaxMw.get(id) ?? 0) > 0 && baselineMethod !== 'meter-before' ? noLikeDays : null,
      ...(baselineMethod === 'like-days' ? { trainingDays: noLikeDays } : {}),
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
  }));
  return {
    campuses,
    contracts,
    powers,
    ticks: [],
    offeredMw: contracts.map(() => 0),
    heard: [],
    progress: [],
    moved: [],
    fleet: [],
    queue: [],
    scriptDone: 0,
  };
}

function nothingWanted(fromMs: number): Target {
  return { epoch: 0, reductionMw: 0, mandatoryMw: 0, fromMs, untilMs: null, rampMinutes: 0, contracts: [], reason: 'nothing asked' };
}

/** What a campus is taken to draw before its first tick is known. */
function firstPower(startMs: number, trainingMw: number, inferenceMw: number): LastPower {
  const allMw = trainingMw + inferenceMw;
  const inference = { inferenceMw, inferenceCutMw: 0, inferenceGiveMw: 0, arrivedMw: 0 };
  return { startMs, meanMw: allMw, endMw: allMw, trainingMw, ...inference, askedMw: 0, shortMw: 0 };
}
