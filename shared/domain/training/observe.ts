import { finishedReason } from '../cluster/commands.js';
import { cappedMw, idleMw } from '../cluster/throughput.js';
import type { Fact, FactOf } from '../fact.js';
import { fromWire, minuteMs } from '../ticks.js';
import { settleNow } from './settle.js';
import { enter, noEvent, type TrainingState, type TrainingTurn } from './state.js';

/** Ids of facts remembered against repeats: a repeat comes with the facts of its own tick or the next, and there are only a few in each. */
const rememberedFacts = 16;
const toleranceMw = 1e-6;

/** Takes facts in the order given; what is repeated, late or about somebody else changes nothing. */
export function observeFacts(turn: TrainingTurn, facts: readonly Fact[]): void {
  const { seen } = turn.state;
  const fresh: string[] = [];
  for (const fact of facts) {
    if (turn.state.phase === 'finished') break;
    if (seen.includes(fact.id) || fresh.includes(fact.id)) continue;
    fresh.push(fact.id);
    observeFact(turn, fact);
  }
  if (fresh.length > 0) turn.state = { ...turn.state, seen: seen.concat(fresh).slice(-rememberedFacts) };
}

function observeFact(turn: TrainingTurn, fact: Fact): void {
  const { state } = turn;
  const { run, campus } = state.config;
  if (fact.type === 'control.loadtarget.v1') observeTarget(turn, fact);
  if (fact.type === 'cluster.plan.v1' && fact.entity === campus) observePlan(turn, fact);
  if (fact.type === 'cluster.limit.v1' && fact.entity === campus) observeLimit(turn, fact);
  if (fact.type === 'control.audit.v1' && fact.data.accepted && fact.data.target === run) observeAudit(turn, fact);
  if (fact.entity !== run) return;
  if (fact.type === 'cluster.move.v1') observeMove(turn, fact);
  if (fact.type === 'control.outcome.v1') observeOutcome(turn, fact);
  if (fact.type === 'cluster.resume.v1') observeResume(turn, fact);
  // A step down from before the newest way up has been overtaken by it.
  if (fact.timeMs < state.lastUpMs) return;
  if (fact.type === 'cluster.throttle.v1') observeDown(turn, turn.state.standing, state.standing === 'cap' || state.targetMw === 0);
  if (fact.type === 'cluster.checkpoint.v1') observeDown(turn, turn.state.standing, false);
  if (fact.type === 'cluster.pause.v1') observeDown(turn, 'pause', true);
}

function observeTarget(turn: TrainingTurn, { data }: FactOf<'control.loadtarget.v1'>): void {
  const target = data.targets.find((other) => other.campus === turn.state.config.campus);
  if (target === undefined || target.epoch <= turn.state.epoch) return;
  const fromMs = fromWire(target.fromTime);
  const untilMs = target.untilTime === null ? null : fromWire(target.untilTime);
  const rampMs = target.rampMinutes * minuteMs;
  const isAsked = target.reductionMw > 0 && untilMs !== null;
  const isExtended = isAsked && turn.state.phase === 'holding' && untilMs !== turn.state.untilMs;
  const promises = turn.state.promises.map((promise) => {
    if (!isAsked) return promise.endMs === null ? { ...promise, endMs: fromMs } : promise;
    return promise.epoch === target.epoch && promise.fromMs === null
      ? { ...promise, fromMs, rampMs, contracts: target.contracts }
      : promise;
  });
  turn.state = {
    ...turn.state,
    epoch: target.epoch,
    targetMw: isAsked ? target.reductionMw : 0,
    targetFromMs: fromMs,
    targetRampMs: rampMs,
    untilMs: isAsked ? untilMs : null,
    contracts: isAsked ? target.contracts : turn.state.contracts,
    releasedMs: isAsked ? null : fromMs,
    promises,
    hasGivenUp: false,
  };
  if (isAsked && turn.state.phase === 'resuming') goBack(turn);
  else if (isExtended) enter(turn, 'holding', untilMs);
}

/** A new order in the middle of a resume undoes it: the run counts as curtailed again, from where it is. */
function goBack(turn: TrainingTurn): void {
  turn.state = { ...turn.state, command: null, attempts: 0, measured: null, isSettledDown: false };
  enter(turn, 'curtailed', turn.state.untilMs);
}

function observePlan(turn: TrainingTurn, { data, timeMs }: FactOf<'cluster.plan.v1'>): void {
  const measure = data.measures.find((other) => other.run === turn.state.config.run);
  if (measure === undefined || data.epoch < turn.state.epoch || timeMs < turn.state.lastUpMs) return;
  if (turn.state.phase === 'verifying' || turn.state.phase === 'settled') settleNow(turn);
  const { state } = turn;
  const levelMw = measure.measure === 'pause' ? idleMw(state.config) : cappedMw(state.config, measure.capRatio);
  const mw = Math.min(measure.reductionMw, Math.max(0, measure.baselineMw - levelMw));
  turn.state = {
    ...state,
    standing: measure.measure,
    wasPaused: state.wasPaused || measure.measure === 'pause',
    promises: withPromise(state, data.epoch, mw),
    baselineMw: state.baselineMw ?? measure.baselineMw,
    isSettledDown: state.isSettledDown && state.standing === 'pause' && measure.measure === 'pause',
  };
  if (turn.state.phase === 'running') enter(turn, 'curtailed', turn.state.untilMs);
  else if (turn.state.phase === 'resuming') goBack(turn);
}

/**
 * What is promised once a plan asks the run for `mw` in all: the same goes on, less or more takes its place; who called for more is who
 * pays.
 */
function withPromise(state: TrainingState, epoch: number, mw: number): TrainingState['promises'] {
  const last = state.promises.at(-1);
  const isOpen = last !== undefined && last.endMs === null;
  if (isOpen && Math.abs(last.mw - mw) < toleranceMw) return state.promises;
  const isOrdered = epoch === state.epoch && state.targetMw > 0 && !state.isHeldByPerson;
  const fromMs = isOrdered ? state.targetFromMs : null;
  const contracts = isOpen && mw < last.mw ? last.contracts : isOrdered ? state.contracts : [];
  const earlier = state.promises.map((promise) => (promise.endMs === null && fromMs !== null ? { ...promise, endMs: fromMs } : promise));
  return [...earlier, { epoch, mw, fromMs, rampMs: isOrdered ? state.targetRampMs : 0, contracts, endMs: null }];
}

function observeDown(turn: TrainingTurn, standing: 'cap' | 'pause', isSettledDown: boolean): void {
  if (turn.state.phase === 'verifying' || turn.state.phase === 'settled') settleNow(turn);
  const wasPaused = turn.state.wasPaused || standing === 'pause';
  turn.state = { ...turn.state, isDown: true, standing, wasPaused, isSettledDown: turn.state.isSettledDown || isSettledDown };
  if (turn.state.phase === 'running') enter(turn, 'curtailed', turn.state.untilMs);
  else if (turn.state.phase === 'resuming') goBack(turn);
}

/** Power is back for good only with the connection; what was running then stands at its checkpoint. */
function observeLimit(turn: TrainingTurn, { data }: FactOf<'cluster.limit.v1'>): void {
  turn.state = { ...turn.state, isTripped: data.limitMw === 0 };
}

function observeAudit(turn: TrainingTurn, { data }: FactOf<'control.audit.v1'>): void {
  if (data.action === 'pause-run') turn.state = { ...turn.state, isHeldByPerson: true };
  if (data.action === 'resume-run') turn.state = { ...turn.state, isHeldByPerson: false, hasGivenUp: false };
}

/** From its arrival on, the run belongs to the destination: its region, contracts, epochs and load target. */
function observeMove(turn: TrainingTurn, { region, data }: FactOf<'cluster.move.v1'>): void {
  const { config } = turn.state;
  turn.state = { ...turn.state, isMoving: data.step === 'begun' };
  if (data.step !== 'arrived') return;
  const elsewhere = { ...config.contractsElsewhere, ...(config.contracts.length > 0 ? { [config.campus]: config.contracts } : {}) };
  const contracts = elsewhere[data.campus] ?? [];
  turn.state = {
    ...turn.state,
    config: { ...config, campus: data.campus, region, contracts, contractsElsewhere: elsewhere },
    epoch: data.epoch,
    targetMw: data.orderMw,
    untilMs: data.orderUntilTime === null ? null : fromWire(data.orderUntilTime),
    contracts: [],
    releasedMs: null,
    isTripped: false,
    command: null,
    hasGivenUp: false,
  };
}

function observeOutcome(turn: TrainingTurn, { data }: FactOf<'control.outcome.v1'>): void {
  const { command, config } = turn.state;
  if (command === null || data.order !== command.id) return;
  if (data.result !== 'refused') {
    turn.state = { ...turn.state, command: { ...command, isAccepted: true } };
  } else if (data.reason === finishedReason) {
    turn.state = { ...turn.state, ...noEvent };
    enter(turn, 'finished', null);
  } else {
    turn.state = { ...turn.state, command: null, resumeAtMs: turn.nowMs + config.retryMs };
  }
}

function observeResume(turn: TrainingTurn, { data, timeMs }: FactOf<'cluster.resume.v1'>): void {
  const { command, lastUpMs, phase } = turn.state;
  if (timeMs < lastUpMs || phase !== 'resuming' || command === null || data.epoch !== turn.state.epoch) return;
  const measured = {
    fromMs: fromWire(data.curtailedFromTime),
    toMs: timeMs,
    meanMw: data.meanCurtailedMw,
    missedSteps: data.missedSteps,
    epoch: data.epoch,
  };
  const isWhole = data.capRatio >= 1;
  turn.state = {
    ...turn.state,
    lastUpMs: timeMs,
    command: { ...command, isAccepted: true, readyMs: fromWire(data.readyTime) },
    standing: 'cap',
    measured: turn.state.measured ?? (isWhole ? measured : null),
  };
}
