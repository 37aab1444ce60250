import { draw } from '../random.js';
import { minuteMs } from '../ticks.js';
import { close, settle, verify } from './settle.js';
import { enter, isFree, type SentCommand, type TrainingState, type TrainingTurn } from './state.js';

/** Does everything that is due by now, one phase after the other. */
export function actUntilQuiet(turn: TrainingTurn): void {
  for (let before = null as TrainingState | null; before !== turn.state; ) {
    before = turn.state;
    act(turn);
  }
}

/** Next instant at which the sequence wants to look again; null: only when told something. */
export function nextWakeMs(state: TrainingState, nowMs: number): number | null {
  const scripted = state.config.scriptResumesMs[state.scriptDone] ?? null;
  const own = ownWakeMs(state);
  const wakes = [scripted, own].flatMap((atMs) => (atMs === null || atMs <= nowMs ? [] : [atMs]));
  return wakes.length === 0 ? null : Math.min(...wakes);
}

function ownWakeMs(state: TrainingState): number | null {
  const { config, command } = state;
  switch (state.phase) {
    case 'running':
    case 'finished':
      return null;
    case 'curtailed':
      return downByMs(state);
    case 'holding':
      return state.targetMw > 0 && !state.isHeldByPerson && !state.isTripped && !state.hasGivenUp ? state.untilMs : null;
    case 'resuming':
      if (command === null) return state.resumeAtMs;
      return command.isAccepted ? (command.readyMs ?? command.sentMs) + config.stageGapMs : command.sentMs + config.answerMs;
    case 'verifying':
    case 'settled':
      return state.nextPhaseMs;
  }
}

function act(turn: TrainingTurn): void {
  const { state, nowMs } = turn;
  const scriptedMs = state.config.scriptResumesMs[state.scriptDone];
  if (scriptedMs !== undefined && scriptedMs <= nowMs) {
    turn.state = { ...state, scriptDone: state.scriptDone + 1, isHeldByPerson: false, hasGivenUp: false };
    return;
  }
  switch (state.phase) {
    case 'running':
    case 'finished':
      return;
    case 'curtailed':
      return beCurtailed(turn);
    case 'holding':
      return hold(turn);
    case 'resuming':
      return resume(turn);
    case 'verifying':
      if (state.nextPhaseMs <= nowMs && state.measured !== null) settle(turn, state.measured);
      return;
    case 'settled':
      if (state.nextPhaseMs <= nowMs) close(turn);
  }
}

function beCurtailed(turn: TrainingTurn): void {
  const { state, nowMs } = turn;
  const isReleasedBefore = !state.isDown && isFree(state, nowMs);
  if (isReleasedBefore && nowMs >= Math.max(state.releasedMs ?? 0, state.untilMs ?? 0)) close(turn);
  else if (state.isDown && (state.isSettledDown || isFree(state, nowMs) || nowMs >= downByMs(state))) enter(turn, 'holding', state.untilMs);
}

/** By when the way down is over, whatever was heard of it. */
function downByMs(state: TrainingState): number {
  return state.targetFromMs + state.targetRampMs + state.config.descentGraceMs;
}

function hold(turn: TrainingTurn): void {
  const { state, nowMs } = turn;
  if (state.hasGivenUp || !isFree(state, nowMs)) return;
  const endMs = state.releasedMs ?? state.untilMs ?? nowMs;
  const resumeAtMs = Math.max(nowMs, endMs) + Math.round(delayRatio(state) * delayMinutesMax(state) * minuteMs);
  const promises = state.promises.map((promise) => (promise.endMs === null ? { ...promise, endMs } : promise));
  turn.state = { ...state, promises, resumeAtMs, attempts: 0, command: null };
  enter(turn, 'resuming', resumeAtMs);
}

/** Runs released together start at different times, so that the load does not jump back. */
function delayRatio({ config, epoch }: TrainingState): number {
  return draw({ seed: config.seed, component: 'training', entity: config.run, purpose: 'resume-delay', n: epoch });
}

function delayMinutesMax({ config, contracts }: TrainingState): number {
  const called = config.contracts.filter(({ id }) => contracts.includes(id));
  return Math.max(0, ...called.map(({ resumeDelayMinutesMax }) => resumeDelayMinutesMax));
}

function resume(turn: TrainingTurn): void {
  const { state, nowMs } = turn;
  const { command, config } = state;
  if (!isFree(state, nowMs)) {
    turn.state = { ...state, command: null };
    enter(turn, 'holding', state.untilMs);
  } else if (command === null) {
    if (nowMs < state.resumeAtMs) return;
    if (state.attempts >= config.attemptsMax) giveUp(turn);
    else send(turn);
  } else if (command.isAccepted) {
    goOn(turn, command);
  } else if (nowMs >= command.sentMs + config.answerMs) {
    turn.state = { ...state, command: null, resumeAtMs: nowMs };
  }
}

/** The next stage once the run computes again; after the last one, what it gave is measured. */
function goOn(turn: TrainingTurn, command: SentCommand): void {
  const { state, nowMs } = turn;
  if (command.isLast) {
    if (state.measured !== null) verify(turn, state.measured);
    return;
  }
  if (command.readyMs === null || nowMs < command.readyMs + state.config.stageGapMs) return;
  turn.state = { ...state, command: null, attempts: 0, resumeAtMs: nowMs };
}

/** A paused run comes back at a low cap first; a capped run goes to full power at once. */
function send(turn: TrainingTurn): void {
  const { state, nowMs } = turn;
  const { config, epoch, sentCount } = state;
  const isPaused = state.standing === 'pause';
  const id = `training-${config.run}/${sentCount + 1}`;
  const capRatio = isPaused ? config.firstCapRatio : 1;
  const stage = isPaused || !state.wasPaused ? 1 : 2;
  const command = { id, stage, isLast: capRatio >= 1, capRatio, sentMs: nowMs, isAccepted: false, readyMs: null };
  turn.state = { ...state, command, sentCount: sentCount + 1, attempts: state.attempts + 1 };
  turn.sayings.push({
    type: 'control.command.v1',
    region: config.region,
    entity: config.run,
    data: { commandId: id, epoch, campus: config.campus, action: isPaused ? 'resume' : 'raise-cap', capRatio, stage },
  });
}

/** The run stays at its safe level until a person, or a newer load target, says otherwise. */
function giveUp(turn: TrainingTurn): void {
  turn.state = { ...turn.state, hasGivenUp: true, command: null };
  enter(turn, 'holding', null);
}
