import type { World } from '../../scenario/schema.js';
import type { Fact, FactOf } from '../fact.js';
import { forgetInForce } from '../flexibility/inForce.js';
import type { Model, Turn } from '../model.js';
import { awaitedTargets } from '../phases.js';
import { fromWire, minuteMs, type Instant } from '../ticks.js';
import { deeds, wants } from './facts.js';
import { takeQueued } from './happenings.js';
import { answerTargets } from './orders.js';
import { forget } from './powerPath.js';
import { layRises } from './rise.js';
import { clusterActions, frameOf, initialCluster, runsAt, type CampusWork, type ClusterState, type Draft, type Frame } from './state.js';
import { workThrough } from './work.js';

/**
 * The campuses of a world: what they want in phase 1, and in phase 3 what they do about load targets and what they drew. Goes down by
 * itself; goes up only on a command of a training sequence, or when a block starts a run. Facts per region are about the region; plans,
 * limits and answers to load targets about the campus; throttle, checkpoint, pause, resume and answers to commands about the run. Commands
 * name the run as their entity.
 */
export function createClusterModel(world: World): Model<ClusterState> {
  const frame = frameOf(world);
  const targets = awaitedTargets(world);
  return {
    component: 'cluster-demand',
    hears: ['control.loadtarget.v1', 'control.command.v1', 'control.audit.v1', 'buildout.block.v1'],
    speaksIn: [1, 3, 4],
    awaits: (phase) => (phase === 1 ? [] : targets),
    initial: () => initialCluster(frame, fromWire(world.clock.startTime)),
    observe: (state, fact) => ({ state: hear(state, fact), sayings: [] }),
    speak: (state, instant) => {
      if (instant.phase === 1) return speakWants(frame, state, instant);
      return instant.phase === 4 ? speakBetween(frame, state, instant) : speakDeeds(frame, state, instant);
    },
  };
}

function hear(state: ClusterState, fact: Fact): ClusterState {
  if (fact.type === 'control.loadtarget.v1') return { ...state, campuses: state.campuses.map((campus) => hearTarget(campus, fact)) };
  if (!isQueued(fact) || state.queue.some(({ id }) => id === fact.id)) return state;
  return { ...state, queue: [...state.queue, fact] };
}

function hearTarget(campus: CampusWork, { data }: FactOf<'control.loadtarget.v1'>): CampusWork {
  const target = data.targets.find((other) => other.campus === campus.campus);
  if (target === undefined || campus.isSilent || target.epoch <= Math.max(campus.order.epoch, campus.heard?.epoch ?? 0)) return campus;
  const { epoch, reductionMw, contracts } = target;
  const untilMs = target.untilTime === null ? null : fromWire(target.untilTime);
  return {
    ...campus,
    heard: { epoch, reductionMw, contracts, untilMs, fromMs: fromWire(target.fromTime), rampMs: target.rampMinutes * minuteMs },
  };
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

function speakWants(frame: Frame, state: ClusterState, instant: Instant): Turn<ClusterState> {
  const { startMs } = instant;
  const campuses = state.campuses.map((campus) => ({
    ...campus,
    asked: forgetInForce(campus.asked, startMs),
    inForce: forgetInForce(campus.inForce, startMs),
  }));
  const runs = state.runs.map((work) => ({ ...work, path: forget(work.path, startMs) }));
  const draft: Draft = { frame, startMs, endMs: startMs + instant.tickMs, campuses, runs, sayings: [] };
  const rest = takeQueued(draft, instant.tick, state);
  layRises(draft);
  return { state: { campuses: draft.campuses, runs: draft.runs, ...rest }, sayings: [...draft.sayings, ...wants(draft)] };
}

/** Acts on load targets that came after the tick was done: plan, answer and set point at once, the way down from the next tick on. */
function speakBetween(frame: Frame, state: ClusterState, instant: Instant): Turn<ClusterState> {
  const nextMs = instant.startMs + instant.tickMs;
  const draft: Draft = { frame, startMs: nextMs, endMs: nextMs, campuses: [...state.campuses], runs: [...state.runs], sayings: [] };
  answerTargets(draft);
  return { state: { ...state, campuses: draft.campuses, runs: draft.runs }, sayings: draft.sayings };
}

function speakDeeds(frame: Frame, state: ClusterState, instant: Instant): Turn<ClusterState> {
  const endMs = instant.startMs + instant.tickMs;
  const draft: Draft = { frame, startMs: instant.startMs, endMs, campuses: [...state.campuses], runs: [...state.runs], sayings: [] };
  answerTargets(draft);
  for (const site of frame.sites) for (const at of runsAt(draft, site)) workThrough(draft, site, at);
  return { state: { ...state, campuses: draft.campuses, runs: draft.runs }, sayings: [...draft.sayings, ...deeds(draft)] };
}
