import type { World } from '../../scenario/schema.js';
import type { Fact, FactDataOf, FactOf } from '../fact.js';
import { byMoved } from '../fleet/moved.js';
import type { Model, Turn } from '../model.js';
import { awaitedTargets } from '../phases.js';
import { fromWire, minuteMs, type Instant } from '../ticks.js';
import { clusterActions } from './actions.js';
import { deeds, wants } from './facts.js';
import { frameOf } from './frame.js';
import { takeQueued } from './happenings.js';
import { arrive } from './moving.js';
import { returnInference } from './inferenceReturn.js';
import { answerTargets, bringHome } from './orders.js';
import { returnSupport, useSupport } from './support.js';
import { layOwnSupply } from './ownSupply.js';
import { restTable, type RestTable } from './restTable.js';
import { layRises } from './rise.js';
import { initialCluster } from './initial.js';
import type { CampusWork, ClusterState, Draft, Frame, Order } from './state.js';
import { feelDips } from './transfer.js';
import { workThrough } from './work.js';

type FrameFor = (moved: ClusterState['moved']) => Frame;
type LoadTarget = FactDataOf['control.loadtarget.v1']['targets'][number];

/**
 * The campuses of a world: what they want in phase 1, and in phase 3 what they do about load targets and what they drew. Goes down by
 * itself; goes up only on a command of a training sequence, or when a block starts a run. Facts per region are about the region; plans,
 * limits and answers to load targets about the campus; throttle, checkpoint, pause, resume and answers to commands about the run. Commands
 * name the run as their entity.
 */
export function createClusterModel(world: World): Model<ClusterState> {
  const frameFor = byMoved((moved) => frameOf(world, moved));
  const frame = frameFor([]);
  const table = restTable(frame);
  const targets = awaitedTargets(world);
  return {
    component: 'cluster-demand',
    hears: ['control.loadtarget.v1', 'control.command.v1', 'control.audit.v1', 'buildout.block.v1'],
    speaksIn: [1, 3, 4],
    awaits: (phase) => (phase === 1 ? [] : targets),
    initial: () => initialCluster(frame),
    observe: (state, fact) => ({ state: hear(frame, state, fact), sayings: [] }),
    speak: (state, instant) => {
      if (instant.phase === 1) return speakWants(frameFor, table, state, instant);
      const now = frameFor(state.moved);
      return instant.phase === 4 ? speakBetween(now, state, instant) : speakDeeds(now, table, state, instant);
    },
  };
}

function hear(frame: Frame, state: ClusterState, fact: Fact): ClusterState {
  if (fact.type === 'control.loadtarget.v1') return hearTargets(frame, state, fact);
  return isQueued(fact) ? { ...state, queue: state.queue.concat(fact) } : state;
}

function hearTargets(frame: Frame, state: ClusterState, { data }: FactOf<'control.loadtarget.v1'>): ClusterState {
  let campuses: CampusWork[] | null = null;
  for (const target of data.targets) {
    const place = frame.placeOfCampus.get(target.campus) ?? -1;
    const campus = state.campuses[place];
    if (campus === undefined || campus.isSilent || target.epoch <= Math.max(campus.order.epoch, campus.heard?.epoch ?? 0)) continue;
    campuses ??= [...state.campuses];
    campuses[place] = { ...campus, heard: heardOrder(target) };
  }
  return campuses === null ? state : { ...state, campuses };
}

function heardOrder({ epoch, reductionMw, mandatoryMw = reductionMw, fromTime, untilTime, rampMinutes, contracts }: LoadTarget): Order {
  const untilMs = untilTime === null ? null : fromWire(untilTime);
  return { epoch, reductionMw, mandatoryMw, contracts, untilMs, fromMs: fromWire(fromTime), rampMs: rampMinutes * minuteMs };
}

function isQueued(fact: Fact): boolean {
  switch (fact.type) {
    case 'control.command.v1':
    case 'buildout.block.v1':
      return true;
    case 'control.audit.v1':
      return fact.data.accepted && clusterActions.includes(fact.data.action);
    default:
      return false;
  }
}

function speakWants(frameFor: FrameFor, table: RestTable, state: ClusterState, instant: Instant): Turn<ClusterState> {
  const before = draftOf(frameFor(state.moved), state, instant);
  const moved = arrive(before, state.moved);
  const draft = { ...before, frame: frameFor(moved) };
  const rest = takeQueued(draft, instant.tick, state);
  returnSupport(draft);
  returnInference(draft);
  layRises(draft, table);
  feelDips(draft);
  layOwnSupply(draft);
  const { campuses, runs, moves, sayings } = draft;
  return { state: { campuses, runs, moves, moved, ...rest }, sayings: [...sayings, ...wants(draft, table)] };
}

/** Acts on load targets that came after the tick was done: plan, answer and set point at once, the way down from the next tick on. */
function speakBetween(frame: Frame, state: ClusterState, instant: Instant): Turn<ClusterState> {
  const nextMs = instant.startMs + instant.tickMs;
  const draft = draftOf(frame, state, { startMs: nextMs, tickMs: 0 });
  answerTargets(draft);
  return { state: { ...state, campuses: draft.campuses, runs: draft.runs }, sayings: draft.sayings };
}

function speakDeeds(frame: Frame, table: RestTable, state: ClusterState, instant: Instant): Turn<ClusterState> {
  const draft = draftOf(frame, state, instant);
  answerTargets(draft);
  bringHome(draft);
  useSupport(draft);
  workThrough(draft, table);
  return { state: { ...state, campuses: draft.campuses, runs: draft.runs }, sayings: [...draft.sayings, ...deeds(draft, table)] };
}

function draftOf(frame: Frame, state: ClusterState, { startMs, tickMs }: Pick<Instant, 'startMs' | 'tickMs'>): Draft {
  const { campuses, runs, moves } = state;
  return { frame, startMs, endMs: startMs + tickMs, campuses: [...campuses], runs, ownRuns: null, moves: [...moves], sayings: [] };
}
