import { createClusterModel } from '../../shared/domain/cluster/model.js';
import { stamp, type Fact, type FactDataOf, type FactOf, type FactType, type RepeatCounts, type Saying } from '../../shared/domain/fact.js';
import { createFlexibilityModel } from '../../shared/domain/flexibility/model.js';
import type { HostedRules } from '../../shared/domain/hostedSequence.js';
import type { Model } from '../../shared/domain/model.js';
import { observeFact } from '../../shared/domain/sequenceDesk.js';
import { advanceSequences, holdSequences, type RulesOf } from '../../shared/domain/sequenceHost.js';
import { fromWire, minuteMs, tickStartMs, toWire, type Phase } from '../../shared/domain/ticks.js';
import { addressOnce, runsOfCampus } from '../../shared/domain/training/addressees.js';
import { trainingRules } from '../../shared/domain/training/rules.js';
import { trainingStart } from '../../shared/domain/training/state.js';
import { createFastWorld, holdModel, type FastWorld } from '../../shared/domain/world.js';
import type { World } from '../../shared/scenario/schema.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';

export const startMs = fromWire(threeAreas.clock.startTime);
export type Command = FactDataOf['control.command.v1'];
export type LoadTarget = FactDataOf['control.loadtarget.v1']['targets'][number];

/** Riverbend alone: four runs of 131, 131, 66 and 33 MW, limit 600 MW, no inference unless asked for, contracts A and B. */
export function riverbend(overrides: Partial<World> = {}): World {
  return {
    ...threeAreas,
    campuses: threeAreas.campuses
      .filter(({ id }) => id === 'riverbend')
      .map((campus) => ({ ...campus, inferenceMinMw: 0, inferenceMaxMw: 0 })),
    runs: threeAreas.runs.filter(({ campus }) => campus === 'riverbend'),
    contracts: threeAreas.contracts.map((contract) => ({ ...contract, maxSiteRatio: 1 })),
    projects: [],
    script: [],
    ...overrides,
  };
}

/** UTC ms of a number of minutes after the start. */
export function minute(minutes: number): number {
  return startMs + minutes * minuteMs;
}

/** A fact said by somebody else in a tick of five minutes. */
export function said<Type extends FactType>(
  type: Type,
  entity: string,
  at: { tick: number; phase?: Phase },
  data: FactDataOf[Type],
): FactOf<Type> {
  const saying = { type, region: 'central', entity, data } as unknown as Saying;
  const place = { tick: at.tick, phase: at.phase ?? 1, startMs: minute(5 * at.tick) };
  const [fact] = stamp([saying], { component: 'test', ...place, counts: {} }).facts;
  return fact as unknown as FactOf<Type>;
}

/** A load target for Riverbend: `fromMinute` and `untilMinute` count from the start; no end means released. */
export function loadTarget(
  target: { epoch: number; mw: number; from: number; until?: number; ramp?: number; contracts?: readonly string[] },
  tick: number,
): Fact {
  const data: LoadTarget = {
    campus: 'riverbend',
    epoch: target.epoch,
    reductionMw: target.mw,
    fromTime: toWire(minute(target.from)),
    untilTime: target.until === undefined ? null : toWire(minute(target.until)),
    rampMinutes: target.ramp ?? 15,
    contracts: [...(target.contracts ?? ['riverbend-a'])],
    reason: 'test',
  };
  return said('control.loadtarget.v1', 'central', { tick, phase: 3 }, { targets: [data] });
}

/** A command of the training sequence of a run. */
export function command(run: string, n: number, overrides: Partial<Command>, tick: number): Fact {
  const data: Command = {
    commandId: `training-${run}/${n}`,
    epoch: 0,
    campus: 'riverbend',
    action: 'raise-cap',
    capRatio: 1,
    stage: 1,
    ...overrides,
  };
  return said('control.command.v1', run, { tick }, data);
}

/** What a person asked for. */
export function audit(
  action: FactDataOf['control.audit.v1']['action'],
  target: string,
  tick: number,
  amountMw: number | null = null,
): Fact {
  return said('control.audit.v1', target, { tick }, { action, target, actor: 'operator', amountMw, reason: 'drill', accepted: true });
}

/** One model that is told facts and asked to speak tick by tick; `hear` gives what is said before its phase 3. */
export function solo<State>(model: Model<State>, options: { tickMinutes?: number; isRestored?: boolean } = {}) {
  const tickMs = (options.tickMinutes ?? 5) * minuteMs;
  let state = model.initial();
  let counts: RepeatCounts = {};
  let tick = 0;
  const hear = (facts: readonly Fact[]): void => {
    for (const fact of facts) state = model.observe(state, fact).state;
  };
  const speak = (phase: Phase): readonly Fact[] => {
    if (options.isRestored === true) state = JSON.parse(JSON.stringify(state)) as State;
    const turn = model.speak(state, { tick, phase, startMs: startMs + tick * tickMs, tickMs });
    const stamped = stamp(turn.sayings, { component: model.component, tick, phase, startMs: startMs + tick * tickMs, counts });
    state = turn.state;
    counts = stamped.counts;
    return stamped.facts;
  };
  const run = (heard: readonly Fact[] = []): readonly Fact[] => {
    const first = speak(1);
    hear(heard);
    const facts = [...first, ...speak(3)];
    tick++;
    return facts;
  };
  return {
    run,
    hear,
    speak,
    get state() {
      return state;
    },
    get tick() {
      return tick;
    },
    next: () => {
      tick++;
    },
  };
}

/** Facts of one type. */
export function of<Type extends FactType>(facts: readonly Fact[], type: Type): readonly FactOf<Type>[] {
  return facts.filter((fact): fact is FactOf<Type> & Fact => fact.type === type) as unknown as readonly FactOf<Type>[];
}

/** The only campus in the newest `cluster.power` of some facts. */
export function powerOf(facts: readonly Fact[]): FactDataOf['cluster.power.v1']['campuses'][number] {
  const campus = of(facts, 'cluster.power.v1').at(-1)?.data.campuses[0];
  if (campus === undefined) throw new Error('no cluster.power');
  return campus;
}

/** A run in the newest `cluster.progress` of some facts. */
export function progressOf(facts: readonly Fact[], run: string): FactDataOf['cluster.progress.v1']['runs'][number] {
  const progress = of(facts, 'cluster.progress.v1')
    .at(-1)
    ?.data.runs.find((other) => other.run === run);
  if (progress === undefined) throw new Error(`no progress of ${run}`);
  return progress;
}

export type Clearing = FactDataOf['grid.clearing.v1']['offers'][number];

/** A grid that clears what a test has written down for each tick, for the instant of the contract's notice. */
function writtenGrid(
  clear: (tick: number, offers: FactDataOf['control.offer.v1']['offers']) => Clearing[],
): Model<{ readonly offers: FactDataOf['control.offer.v1']['offers'] }> {
  return {
    component: 'grid-supply',
    hears: ['control.offer.v1'],
    speaksIn: [2],
    initial: () => ({ offers: [] }),
    observe: (state, fact) => ({ state: fact.type === 'control.offer.v1' ? { offers: fact.data.offers } : state, sayings: [] }),
    speak: (state, { tick }) => ({
      state,
      sayings: [{ type: 'grid.clearing.v1', region: 'central', entity: 'central', data: { offers: clear(tick, state.offers) } }],
    }),
  };
}

/** A world without sequences. */
export const noSequences = { observe: () => undefined, advance: () => [], save: () => null, restore: () => undefined };

/** Clusters, flexibility and training sequences of a world against a written sequence of clearings. */
export function flexibleWorld(world: World, clear: Parameters<typeof writtenGrid>[0]): FastWorld {
  const runs = runsOfCampus(world);
  const rulesOf: RulesOf = () => trainingRules as unknown as HostedRules;
  let hosts = holdSequences(
    rulesOf,
    world.runs.map((run) => trainingStart(world, run.id)),
  );
  return createFastWorld({
    clock: { startMs, tickMinutes: world.clock.tickMinutes },
    models: [holdModel(createClusterModel(world)), holdModel(createFlexibilityModel(world)), holdModel(writtenGrid(clear))],
    sequences: {
      save: () => hosts,
      restore: () => undefined,
      observe: (fact) => {
        hosts = { ...hosts, desk: observeFact(hosts.desk, fact, (delivered, heard) => addressOnce(runs, delivered, heard)) };
      },
      advance: (tick) => {
        const advanced = advanceSequences(rulesOf, hosts, {
          tick,
          atMs: tickStartMs({ startMs, tickMinutes: world.clock.tickMinutes }, tick),
        });
        hosts = advanced.hosts;
        return advanced.facts;
      },
    },
  });
}

/** Clears the whole offer of some contracts at a price, at the notice of each. */
export function clearAll(
  offers: FactDataOf['control.offer.v1']['offers'],
  contracts: readonly string[],
  priceUsdPerMwh: number,
  tick: number,
): Clearing[] {
  return offers
    .filter((offer) => contracts.includes(offer.contract) && offer.offerMw > 0)
    .map((offer) => ({
      campus: offer.campus,
      contract: offer.contract,
      clearedMw: offer.offerMw,
      priceUsdPerMwh,
      fromTime: toWire(minute(5 * tick + offer.noticeMinutes)),
      toTime: toWire(minute(5 * tick + offer.noticeMinutes + 5)),
    }));
}
