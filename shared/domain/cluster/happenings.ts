import { compareFacts, type Fact, type FactOf } from '../fact.js';
import { nothingInForce } from '../flexibility/inForce.js';
import { hourMs } from '../ticks.js';
import { unbend } from './bending.js';
import { idleRise, takeCommand } from './commands.js';
import { pauseNow } from './descent.js';
import { beginMove, cancelMovesFrom } from './moving.js';
import { flatPath, powerAt, steer } from './powerPath.js';
import { expectedStepsPerMs, progressAt } from './progress.js';
import {
  campusIndex,
  runIndex,
  runsAt,
  setCampus,
  setRun,
  type ClusterState,
  type Draft,
  type RunAt,
  type ScriptStep,
  type Site,
} from './state.js';
import { returning, tellDips, transfer } from './transfer.js';

/**
 * Lets happen at the start of a tick what was scripted for before it, and what sequences and people said in earlier ticks, in the order of
 * facts.
 */
export function takeQueued(draft: Draft, tick: number, state: ClusterState): Pick<ClusterState, 'queue' | 'scriptDone'> {
  const scripted = draft.frame.script.slice(state.scriptDone).filter((step) => step.atMs <= draft.startMs);
  for (const step of scripted) happen(draft, { ...step, reason: 'script', order: `script/${step.target}` });
  if (state.queue.length === 0) return { queue: state.queue, scriptDone: state.scriptDone + scripted.length };
  const due = new Map(state.queue.flatMap((fact) => (fact.tick < tick ? [[fact.id, fact] as const] : [])));
  for (const fact of [...due.values()].sort(compareFacts)) takeFact(draft, fact);
  return { queue: state.queue.filter((fact) => fact.tick >= tick), scriptDone: state.scriptDone + scripted.length };
}

function takeFact(draft: Draft, fact: Fact): void {
  if (fact.type === 'control.command.v1') takeCommand(draft, fact);
  if (fact.type === 'control.audit.v1') {
    const { action, target, reason, atSeconds, destination = '' } = fact.data;
    if (action === 'dip-campus') tellDips(draft, target, atSeconds ?? [0]);
    else happen(draft, { action, target, reason, destination, order: fact.id });
  }
  if (fact.type === 'buildout.block.v1') energize(draft, fact);
}

/** What a script or a person lets happen; `order` names it in an answer. */
type Happening = Omit<ScriptStep, 'atMs'> & { readonly reason: string; readonly order: string };

function happen(draft: Draft, { action, target, destination, reason, order }: Happening): void {
  if (action === 'move-run') beginMove(draft, { run: target, to: destination, reason, order });
  if (action === 'trip-campus') trip(draft, target, reason);
  if (action === 'return-campus') comeBack(draft, target, reason);
  if (action === 'silence-campus') setCampus(draft, campusIndex(draft, target), { isSilent: true });
  if (action === 'restore-campus') setCampus(draft, campusIndex(draft, target), { isSilent: false });
  if (action === 'fail-checkpoint') {
    const index = runIndex(draft, target);
    setRun(draft, index, { failingSaves: (draft.runs[index]?.failingSaves ?? 0) + 1 });
  }
  if (action === 'pause-run') pauseAtOnce(draft, target);
  if (action === 'resume-run') {
    setRun(draft, runIndex(draft, target), { isHeldByPerson: false });
  }
}

/** The connection is gone. Without a facility: no power, and the work since the last checkpoint is lost. */
function trip(draft: Draft, target: string, reason: string): void {
  const index = campusIndex(draft, target);
  const site = draft.frame.sites[index];
  const campus = draft.campuses[index];
  if (site === undefined || campus === undefined || campus.isTripped) return;
  const { startMs } = draft;
  if (site.facility !== null) {
    transfer(draft, index, startMs, { cause: 'connection', reason });
    return;
  }
  unbend(draft, index, startMs);
  setCampus(draft, index, { isTripped: true, inference: flatPath(startMs, 0), asked: nothingInForce, inForce: nothingInForce });
  draft.sayings.push({
    type: 'cluster.limit.v1',
    region: site.region,
    entity: target,
    data: { limitMw: 0, previousLimitMw: campus.limitMw, reason: `tripped: ${reason}` },
  });
  for (const at of runsAt(draft, site)) {
    const dark = steer(at.work.path, startMs, startMs, 0);
    setRun(draft, at.index, { path: dark, rise: null, pending: [], workUntilMs: null, reference: null });
    if (at.work.mode === 'running') loseWork(draft, site, campus.order.epoch, at);
  }
  cancelMovesFrom(draft, site, campus);
}

function loseWork(draft: Draft, site: Site, epoch: number, { index, run, work }: RunAt): void {
  const { startMs } = draft;
  const { steps, checkpointedSteps, checkpointAtMs } = progressAt(run, work, startMs);
  const begun = { fromMs: startMs, startSteps: steps, stepsPerMs: expectedStepsPerMs(run, powerAt(work.path, startMs)), energyMwMs: 0 };
  setRun(draft, index, {
    mode: 'tripped',
    capRatio: 0,
    stand: { atMs: startMs, steps: checkpointedSteps, checkpointedSteps, checkpointAtMs },
    ...(work.curtailment === null ? { curtailment: begun } : {}),
  });
  const lostSteps = Math.max(0, Math.floor(steps) - checkpointedSteps);
  const data = { campus: site.campus.id, epoch, checkpointedSteps, lostSteps };
  draft.sayings.push({ type: 'cluster.pause.v1', region: site.region, entity: run.id, data });
}

/** The connection is back: accelerators rise to idle; runs stay at their checkpoint until their sequences command them. */
function comeBack(draft: Draft, target: string, reason: string): void {
  const index = campusIndex(draft, target);
  const site = draft.frame.sites[index];
  const campus = draft.campuses[index];
  if (site === undefined || campus === undefined || !campus.isTripped) return;
  setCampus(draft, index, { isTripped: false, ...returning(campus, draft.startMs) });
  draft.sayings.push({
    type: 'cluster.limit.v1',
    region: site.region,
    entity: target,
    data: { limitMw: campus.limitMw, previousLimitMw: 0, reason: `returned: ${reason}` },
  });
  for (const { index: place, run, work } of runsAt(draft, site)) {
    if (work.mode === 'waiting' || (work.mode === 'running' && campus.facility !== undefined)) continue;
    setRun(draft, place, { mode: work.mode === 'tripped' ? 'paused' : work.mode, rise: idleRise(run, draft.startMs) });
  }
}

/** A person pauses a run: checkpoint and idle at once, without a ramp; only a person lets it go up again. */
function pauseAtOnce(draft: Draft, target: string): void {
  const index = runIndex(draft, target);
  const run = draft.frame.runs[index];
  const work = draft.runs[index];
  const place = run === undefined ? -1 : campusIndex(draft, run.campus);
  const site = draft.frame.sites[place];
  const campus = draft.campuses[place];
  if (run === undefined || work === undefined || site === undefined || campus === undefined) return;
  setRun(draft, index, { isHeldByPerson: true });
  if (work.mode !== 'running' || work.workUntilMs !== null) return;
  pauseNow(draft, site, index, campus.order.epoch);
}

/** A block feeds its campus from now on, and the runs that waited for it begin. */
function energize(draft: Draft, { entity: project, data: { block, campus: target, capacityMw } }: FactOf<'buildout.block.v1'>): void {
  const index = campusIndex(draft, target);
  const site = draft.frame.sites[index];
  const campus = draft.campuses[index];
  const name = `${project}/${block}`;
  if (site === undefined || campus === undefined || campus.blocks.includes(name)) return;
  const limitMw = campus.limitMw + capacityMw;
  setCampus(draft, index, { limitMw, blocks: [...campus.blocks, name] });
  if (!campus.isTripped) {
    const data = { limitMw, previousLimitMw: campus.limitMw, reason: `block ${block} energized` };
    draft.sayings.push({ type: 'cluster.limit.v1', region: site.region, entity: target, data });
  }
  for (const { index: place, run, work } of runsAt(draft, site)) {
    if (work.mode !== 'waiting' || run.startWithBlock?.project !== project || run.startWithBlock.block !== block) continue;
    const mwPerMs = run.rampUpHours > 0 ? run.facilityMw / (run.rampUpHours * hourMs) : null;
    const workFromMs = draft.startMs + Math.round(run.restartSeconds * 1000);
    const rise = { goalMw: run.facilityMw, sinceMs: draft.startMs, mwPerMs };
    const { steps, checkpointedSteps } = work.stand;
    setRun(draft, place, {
      mode: 'running',
      rise,
      workFromMs,
      stand: { atMs: draft.startMs, steps, checkpointedSteps, checkpointAtMs: workFromMs },
    });
  }
}
