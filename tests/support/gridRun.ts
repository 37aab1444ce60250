import { stamp, type Fact, type FactDataOf, type FactType, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { createGridModelWith, type GridState } from '../../shared/domain/grid/model.js';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import type { LinearSolver, Solve } from '../../shared/domain/grid/solver.js';
import { minuteMs, tickStartMs } from '../../shared/domain/ticks.js';
import type { World } from '../../shared/scenario/schema.js';

/** What others say around the grid in a tick: before it speaks, and after. */
export interface Around {
  readonly before?: readonly Saying[];
  readonly after?: readonly Saying[];
}

/**
 * Runs a new grid model alone until tick `ticks`, from the start or from a saved state; answers its facts by tick and its last state.
 * `eachState` sees every state.
 */
export function runGrid(
  world: World,
  solver: LinearSolver | { readonly solve: Solve; readonly isOwn: true },
  options: {
    readonly ticks: number;
    readonly around?: (tick: number) => Around;
    readonly eachState?: (nextTick: number, state: GridState) => void;
    readonly from?: { readonly tick: number; readonly state: GridState };
  },
): { readonly ticks: readonly (readonly Fact[])[]; readonly state: GridState } {
  const model = createGridModelWith(world, 'isOwn' in solver ? solver.solve : solveByPivots(solver));
  const clock = { startMs: Date.parse(world.clock.startTime), tickMinutes: world.clock.tickMinutes };
  let state = options.from?.state ?? model.initial();
  let counts: RepeatCounts = {};
  const ticks: Fact[][] = [];
  for (let tick = options.from?.tick ?? 0; tick < options.ticks; tick++) {
    const startMs = tickStartMs(clock, tick);
    const around = options.around?.(tick) ?? {};
    for (const fact of facts(around.before ?? [], { tick, phase: 1, startMs })) state = model.observe(state, fact).state;
    const turn = model.speak(state, { tick, phase: 2, startMs, tickMs: world.clock.tickMinutes * minuteMs });
    const stamped = stamp(turn.sayings, { component: model.component, tick, phase: 2, startMs, counts });
    ({ state, counts } = { state: turn.state, counts: stamped.counts });
    ticks.push([...stamped.facts]);
    for (const fact of facts(around.after ?? [], { tick, phase: 3, startMs })) state = model.observe(state, fact).state;
    options.eachState?.(tick + 1, state);
  }
  return { ticks, state };
}

function facts(
  sayings: readonly Saying[],
  at: { readonly tick: number; readonly phase: 1 | 3; readonly startMs: number },
): readonly Fact[] {
  return stamp(sayings, { component: 'test', counts: {}, ...at }).facts;
}

/** The data of the first fact of a type (and region) among facts. */
export function dataOf<Type extends FactType>(among: readonly Fact[] | undefined, type: Type, region?: string): FactDataOf[Type] {
  const found = among?.find((fact) => fact.type === type && (region === undefined || fact.region === region));
  if (found === undefined) throw new Error(`no ${type} of ${region ?? 'any region'}`);
  return found.data as FactDataOf[Type];
}

/** What a campus wants, as cluster-demand says it. */
export function want(region: string, campus: string, wantMw: number): Saying {
  return {
    type: 'cluster.demand.v1',
    region,
    entity: region,
    data: { campuses: [{ campus, wantMw, trainingMw: wantMw, inferenceMw: 0, limitMw: wantMw }] },
  };
}

/** An offer of flexible load, as flexibility says it. */
export function offer(region: string, rest: Partial<FactDataOf['control.offer.v1']['offers'][number]> = {}): Saying {
  const offers = [
    {
      campus: 'campus-1',
      contract: 'contract-1',
      offerMw: 20,
      inForceMw: 0,
      strikeUsdPerMwh: 500,
      noticeMinutes: 15,
      rampMinutes: 15,
      hoursLeft: 100,
      eventsLeft: 10,
      ...rest,
    },
  ];
  return { type: 'control.offer.v1', region, entity: region, data: { offers } };
}

/** The three areas with campuses that want what they do on a usual day and offer what they have under contract. */
export function aroundThreeAreas(tick: number): { readonly before: readonly Saying[] } {
  const inferenceMw = 125 + 35 * Math.cos((2 * Math.PI * (tick - 48)) / 288);
  const terms = { campus: 'riverbend', rampMinutes: 15 };
  const offers = [
    { ...terms, contract: 'riverbend-a', offerMw: 120, strikeUsdPerMwh: 500, noticeMinutes: 15 },
    { ...terms, contract: 'riverbend-b', offerMw: 173, strikeUsdPerMwh: 900, noticeMinutes: 30 },
  ].map((terms) => ({ inForceMw: 0, hoursLeft: 100, eventsLeft: 10, ...terms }));
  return {
    before: [
      want('central', 'riverbend', 361 + inferenceMw),
      want('west', 'mesa', 82),
      { type: 'control.offer.v1', region: 'central', entity: 'central', data: { offers } },
    ],
  };
}
