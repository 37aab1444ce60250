import type { FactOf } from '../fact.js';
import { toWire } from '../ticks.js';
import { powerAt } from './powerPath.js';
import { curtailedMwMs, progressAt } from './progress.js';
import { setPointMw } from './setPoint.js';
import { campusIndex, published, runIndex, setRun, type CampusWork, type Draft, type RunWork, type Site } from './state.js';
import { cappedMw, idleMw } from './throughput.js';
import type { Run } from '../../scenario/schema.js';

/** Why a command to a run that has made all its steps is refused; the sequence of the run ends on it. */
export const finishedReason = 'run is finished';
/** Commands remembered per run; a sequence waits for its answer, so a repeat is never older than this. */
const rememberedCommands = 8;

type Command = FactOf<'control.command.v1'>;

interface Addressee {
  readonly index: number;
  readonly run: Run;
  readonly work: RunWork;
  readonly site: Site;
  readonly campus: CampusWork;
}

/** Carries out a command of a training sequence at the start of the tick, or refuses it; a repeat does and says nothing. */
export function takeCommand(draft: Draft, command: Command): void {
  const addressee = addresseeOf(draft, command);
  if (addressee === null) {
    refuse(draft, command, command.region, `no run ${command.entity} at campus ${command.data.campus}`);
    return;
  }
  const { index, work, site } = addressee;
  if (work.commands.includes(command.data.commandId)) return;
  const commands = work.commands.concat(command.data.commandId).slice(-rememberedCommands);
  const reason = refusalOf(draft, addressee, command);
  if (reason === null) {
    accept(draft, addressee, command, commands);
  } else {
    setRun(draft, index, { commands });
    refuse(draft, command, site.region, reason);
  }
}

function addresseeOf(draft: Draft, command: Command): Addressee | null {
  const index = runIndex(draft, command.entity);
  const place = campusIndex(draft, command.data.campus);
  const run = draft.frame.runs[index];
  const work = draft.runs[index];
  const site = draft.frame.sites[place];
  const campus = draft.campuses[place];
  if (run === undefined || work === undefined || site === undefined || campus === undefined) return null;
  return run.campus === site.campus.id ? { index, run, work, site, campus } : null;
}

/** Why a command cannot be carried out now; null: it can. */
function refusalOf(draft: Draft, { run, work, campus }: Addressee, { data }: Command): string | null {
  if (work.mode === 'finished') return finishedReason;
  const move = draft.moves.find((other) => other.run === run.id);
  if (move !== undefined) return `run is on its way to ${move.to}`;
  if (data.epoch !== campus.order.epoch) return `epoch ${data.epoch} is void, ${campus.order.epoch} stands`;
  const { reductionMw, untilMs } = campus.order;
  if (reductionMw > 0 && untilMs !== null && untilMs > draft.startMs)
    return `load target ${campus.order.epoch} stands until ${toWire(untilMs)}`;
  if (campus.isTripped) return 'campus is tripped';
  if (work.isHeldByPerson) return 'run is held by a person';
  if (work.mode === 'waiting') return 'run has not begun';
  if (work.pending.length > 0) return 'run is on its way down';
  return data.action === 'raise-cap' && work.mode !== 'running' ? 'run is paused' : null;
}

function accept(draft: Draft, { index, run, work, site, campus }: Addressee, command: Command, commands: RunWork['commands']): void {
  const nowMs = draft.startMs;
  const isRestored = work.mode !== 'running';
  const levelMw = powerAt(work.path, nowMs);
  const capRatio = isRestored ? command.data.capRatio : Math.max(work.capRatio, command.data.capRatio);
  const readyMs = isRestored ? nowMs + Math.round(run.restartSeconds * 1000) : Math.max(nowMs, work.workFromMs);
  const goalMw = Math.max(levelMw, cappedMw(run, capRatio));
  const { curtailment } = work;
  const { steps, checkpointedSteps, checkpointAtMs } = progressAt(run, work, nowMs);
  setRun(draft, index, {
    commands,
    mode: 'running',
    capRatio,
    rise: { goalMw, sinceMs: nowMs, mwPerMs: null },
    workFromMs: readyMs,
    workUntilMs: null,
    reference: null,
    stand: { atMs: nowMs, steps, checkpointedSteps, checkpointAtMs: isRestored ? readyMs : checkpointAtMs },
    ...(capRatio >= 1 ? { curtailment: null } : {}),
  });
  draft.sayings.push({
    type: 'control.outcome.v1',
    region: site.region,
    entity: run.id,
    data: { order: command.data.commandId, result: 'accepted', reason: '', setPointMw: setPointMw(draft, site, campus), reductionMw: 0 },
  });
  const elapsedMs = curtailment === null ? 0 : nowMs - curtailment.fromMs;
  const missed = curtailment === null ? 0 : curtailment.stepsPerMs * elapsedMs - (steps - curtailment.startSteps);
  draft.sayings.push({
    type: 'cluster.resume.v1',
    region: site.region,
    entity: run.id,
    data: {
      campus: site.campus.id,
      epoch: command.data.epoch,
      capRatio,
      fromSteps: Math.floor(steps),
      readyTime: toWire(readyMs),
      curtailedFromTime: toWire(curtailment?.fromMs ?? nowMs),
      meanCurtailedMw: published(curtailment === null || elapsedMs <= 0 ? levelMw : curtailedMwMs(work, nowMs) / elapsedMs),
      missedSteps: Math.max(0, Math.round(missed)),
    },
  });
}

function refuse(draft: Draft, command: Command, region: string, reason: string): void {
  const data = { order: command.data.commandId, result: 'refused' as const, reason, setPointMw: 0, reductionMw: 0 };
  draft.sayings.push({ type: 'control.outcome.v1', region, entity: command.entity, data });
}

/** Power a run that stands still rises to once its connection is back, as a way up. */
export function idleRise(run: Run, sinceMs: number): { readonly goalMw: number; readonly sinceMs: number; readonly mwPerMs: null } {
  return { goalMw: idleMw(run), sinceMs, mwPerMs: null };
}
