import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { stamp, type Fact, type FactDataOf, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import type { Model } from '../../shared/domain/model.js';
import { createFastWorld, holdModel } from '../../shared/domain/world.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { minute, noSequences, of, riverbend, startMs } from './clusterWorld.js';

export type CampusPower = FactDataOf['cluster.power.v1']['campuses'][number];
type Audit = Partial<FactDataOf['control.audit.v1']>;
type Campus = World['campuses'][number];

/** Riverbend with 100 MW of inference, of which fewer nodes free 0.1 and Mesa may serve 0.2; Mesa has 34 MW of room and 20 MW of its own. */
export function bendingWorld(about: Partial<Campus> = {}, host: Partial<Campus> = {}, more: Partial<World> = {}): World {
  const plain = riverbend();
  const mesa = threeAreas.campuses.filter(({ id }) => id === 'mesa');
  const inferenceFlex = { consolidationRatio: 0.1, moveTo: 'mesa', moveRatio: 0.2 };
  return {
    ...plain,
    campuses: [
      ...plain.campuses.map((campus) => ({ ...campus, inferenceMinMw: 100, inferenceMaxMw: 100, inferenceFlex, ...about })),
      ...mesa.map((campus) => ({ ...campus, limitMw: 120, inferenceMinMw: 20, inferenceMaxMw: 20, ...host })),
    ],
    runs: threeAreas.runs.filter(({ id }) => id !== 'ember'),
    ...more,
  };
}

/** A model whose state is written and read again before it speaks. */
function restored<State>(model: Model<State>): Model<State> {
  return { ...model, speak: (state, instant) => model.speak(JSON.parse(JSON.stringify(state)) as State, instant) };
}

/** Clusters and desk of a world without a market; `ask` records an order in the tick that ran last. */
export function bendingDesk(world: World, { isRestored = false } = {}) {
  const hold = <State>(model: Model<State>) => holdModel(isRestored ? restored(model) : model);
  const fast = createFastWorld({
    clock: { startMs, tickMinutes: 5 },
    models: [hold(createClusterModel(world)), hold(createFlexibilityModel(world))],
    sequences: noSequences,
  });
  const all: Fact[] = [];
  let counts: RepeatCounts = {};
  const keep = (facts: readonly Fact[]): readonly Fact[] => {
    all.push(...facts);
    return facts;
  };
  const ask = (data: Audit): void => {
    const audit = { action: 'curtail-campus', target: 'riverbend', actor: 'ada', amountMw: null, reason: 'heat', accepted: true } as const;
    const tick = fast.nextTick - 1;
    const saying: Saying = { type: 'control.audit.v1', region: 'central', entity: 'riverbend', data: { ...audit, ...data } };
    const stamped = stamp([saying], { component: 'api', tick, phase: 3, startMs: minute(5 * tick), counts });
    counts = stamped.counts;
    for (const fact of stamped.facts) fast.inject(fact);
  };
  const run = (ticks: number): readonly Fact[] => Array.from({ length: ticks }, () => keep(fast.tick())).flat();
  return { run, ask, between: (minutes: number) => keep(fast.between(minute(minutes))), all };
}

/** What a campus drew, tick by tick. */
export function powersOf(facts: readonly Fact[], id: string): readonly CampusPower[] {
  return of(facts, 'cluster.power.v1').flatMap(({ data }) => data.campuses.filter(({ campus }) => campus === id));
}

/** Wants of a campus, tick by tick. */
export function wantsOf(facts: readonly Fact[], id: string): FactDataOf['cluster.demand.v1']['campuses'] {
  return of(facts, 'cluster.demand.v1').flatMap(({ data }) => data.campuses.filter(({ campus }) => campus === id));
}

/** What the offers of a campus have in force, tick by tick. */
export function inForceOf(facts: readonly Fact[], id: string): readonly number[] {
  return of(facts, 'control.offer.v1').flatMap(({ data }) => {
    const own = data.offers.filter(({ campus }) => campus === id);
    return own.length === 0 ? [] : [own.reduce((sum, { inForceMw }) => sum + inForceMw, 0)];
  });
}
