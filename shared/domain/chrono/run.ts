import type { World } from '../../scenario/schema.js';
import { erasOf } from '../grid/changes.js';
import type { DcConvention } from '../grid/convention.js';
import { floatAt } from '../grid/dense.js';
import type { DispatchedHour } from '../grid/hourly.js';
import { hoursOf } from '../grid/hours.js';
import type { Security } from '../grid/limits.js';
import type { LinearSolver, Solve } from '../grid/solver.js';
import { fromWire, hourMs, minuteMs } from '../ticks.js';
import { askableHours, type AskableHours } from './asking.js';
import { budgetOf, fullBudget, type CallState } from './calls.js';
import { horizonHours, keptHours, planDay, type DayPlan } from './days.js';
import { hourKernel, type HourKernel } from './hour.js';
import { settleDay } from './settleDay.js';

/** Which hours of a world to dispatch in their order, and how. */
export interface ChronoRun {
  /** Counted from the start of the world; `toHour` is not included. */
  readonly fromHour: number;
  readonly toHour: number;
  /** Hours that may be looked at, the last not included; at least `toHour`. */
  readonly seesToHour: number;
  readonly convention: DcConvention;
  readonly security: Security;
  readonly outageSeed: number | null;
  readonly solve: Solve;
  /** For days in which ramps bite. */
  readonly solver: LinearSolver;
  readonly foresight: Foresight;
  /** Where a former run left off; null: storages as the network says, budgets of contracts whole. */
  readonly start: ChronoState | null;
}

/** What storages are planned on: the very hours that come, or those of the day before. */
export const foresights = ['perfect', 'day-before'] as const;
export type Foresight = (typeof foresights)[number];

/** What one hour hands on to the next; plain JSON. */
export interface ChronoState {
  /** [storages], MWh. */
  readonly storedMwh: readonly number[];
  /** [units of the network] by id, MW; null before the first hour. */
  readonly outputMw: Readonly<Record<string, number>> | null;
  /** [contracts] */
  readonly calls: readonly CallState[];
}

/** One hour of a run; `input` is as if storages kept still, `dispatch` has what they did, `costUsd` in it is fuel and lost load alone. */
export interface ChronoHour extends DispatchedHour {
  /** [storages]: at the end of the hour, MWh. */
  readonly storedMwh: Float64Array;
  /** Reserve missing, MW. */
  readonly shortageMw: number;
  /** Whether its day was dispatched as one problem, for its ramps. */
  readonly isTied: boolean;
  /** The state after the last hour of a day that was planned; null inside of it. */
  readonly state: ChronoState | null;
}

/**
 * Dispatches hours in their order at least cost under line limits: with storages, ramps, reserve that may be missed at its price, and
 * flexible load that bids. Storages and calls are planned over 48 h, 24 h are kept; a plan ends with no less in store than it began with.
 */
export function* chronoHours(world: World, run: ChronoRun): Generator<ChronoHour> {
  const startMs = fromWire(world.clock.startTime);
  const hourAt = (ms: number, otherwise: number): number => (Number.isFinite(ms) ? Math.ceil((ms - startMs) / hourMs) : otherwise);
  let state: ChronoState = run.start ?? {
    storedMwh: world.network.storages.map(({ initialMwh }) => initialMwh),
    outputMw: null,
    calls: world.contracts.map(fullBudget),
  };
  const span = { fromMs: startMs + run.fromHour * hourMs, toMs: startMs + run.seesToHour * hourMs };
  for (const era of erasOf(world, span)) {
    const own = { ...world, network: era.network };
    const kernel = hourKernel(own, run);
    const fromHour = Math.max(run.fromHour, hourAt(era.fromMs, run.fromHour));
    const seesToHour = Math.min(run.seesToHour, hourAt(era.toMs, run.seesToHour));
    const hours = hoursOf(world, kernel.grid, era, { fromHour, toHour: seesToHour, outageSeed: run.outageSeed });
    const asked = askableHours(own, kernel, hours);
    for (let day = fromHour; day < Math.min(seesToHour, run.toHour); day += keptHours) {
      const sees = { fromHour, day, toHour: Math.min(seesToHour, day + horizonHours) };
      if (yearAt(world, day) !== yearAt(world, day - keptHours)) state = inNewYear(world, state);
      state = yield* oneDay({ world: own, kernel, asked, run, sees, state });
      asked.forgetBefore(day);
    }
  }
}

/** Calendar year of an hour, in the time of the place. */
function yearAt({ clock }: World, hour: number): number {
  return new Date(fromWire(clock.startTime) + hour * hourMs + clock.utcOffsetMinutes * minuteMs).getUTCFullYear();
}

/** What contracts allow in a year is theirs again. */
function inNewYear({ contracts }: World, state: ChronoState): ChronoState {
  return {
    ...state,
    calls: contracts.map((contract, place) => ({ ...(state.calls[place] ?? fullBudget(contract)), ...budgetOf(contract) })),
  };
}

interface Day {
  readonly world: World;
  readonly kernel: HourKernel;
  readonly asked: AskableHours;
  readonly run: ChronoRun;
  readonly sees: { readonly fromHour: number; readonly day: number; readonly toHour: number };
  readonly state: ChronoState;
}

/** Plans a day and what follows it, settles it, and tells its hours. */
function* oneDay({ world, kernel, asked, run, sees, state }: Day): Generator<ChronoHour, ChronoState> {
  const { units } = world.network;
  const keeps = Math.min(keptHours, sees.toHour - sees.day, run.toHour - sees.day);
  // On its first day a run has no day before.
  const isBlind = run.foresight === 'day-before' && sees.day - keptHours >= sees.fromHour;
  const plan = planned({ world, kernel, asked, run, sees, state }, isBlind);
  let after = {
    storedMwh: Float64Array.from(state.storedMwh),
    beforeMw: state.outputMw === null ? null : Float64Array.from(units, ({ id }) => state.outputMw?.[id] ?? 0),
    calls: state.calls,
  };
  const { hours: settled, isTied } = settleDay(world, kernel, {
    solver: run.solver,
    asked,
    plan,
    isBlind,
    firstHour: sees.day,
    keeps,
    ...after,
  });
  const still = new Float64Array(kernel.reservoirs.length);
  for (const [k, { base, point, storedAfterMwh: storedMwh, calls }] of settled.entries()) {
    const { dispatch, netMw } = point;
    after = { storedMwh, beforeMw: Float64Array.from(dispatch.generationMw), calls };
    yield {
      hour: sees.day + k,
      grid: kernel.grid,
      input: kernel.inputOf(base, { netMw: still, storedMwh: still, ramps: null }),
      dispatch: { ...dispatch, chargeMw: netMw.map((mw) => Math.max(0, mw)), dischargeMw: netMw.map((mw) => Math.max(0, -mw)) },
      storedMwh,
      isTied,
      shortageMw: Math.max(0, world.reserve.requirementMw - dispatch.reserveMw),
      state: k === settled.length - 1 ? stateAfter(world, after) : null,
    };
  }
  return stateAfter(world, after);
}

function stateAfter(
  { network }: World,
  after: { readonly storedMwh: Float64Array; readonly beforeMw: Float64Array | null; readonly calls: readonly CallState[] },
): ChronoState {
  const { storedMwh, beforeMw, calls } = after;
  const outputMw = beforeMw === null ? null : Object.fromEntries(network.units.map(({ id }, unit) => [id, floatAt(beforeMw, unit)]));
  return { storedMwh: [...storedMwh], outputMw, calls };
}

/** The plan of a day on the hours that come, or on those of the day before in their place. */
function planned({ world, kernel, asked, run, sees, state }: Day, isBlind: boolean): DayPlan {
  const places = Array.from({ length: sees.toHour - sees.day }, (_, k) =>
    isBlind ? sees.day - keptHours + (k % keptHours) : sees.day + k,
  );
  return planDay(world, kernel, {
    solve: run.solve,
    hours: asked,
    places,
    storedMwh: Float64Array.from(state.storedMwh),
    calls: state.calls,
  });
}
