import type { Run } from '../../scenario/schema.js';
import { heatLimitMw, initialFacility } from '../facility/site.js';
import { nothingInForce } from '../flexibility/inForce.js';
import { nothingBent } from './bentInference.js';
import { clocked, failureAhead } from './hazard.js';
import { flatPath } from './powerPath.js';
import { aheadOf, changed } from './progress.js';
import type { ClusterState, Frame, Order, RunWork } from './state.js';

const nothingAsked: Order = { epoch: 0, reductionMw: 0, mandatoryMw: 0, fromMs: 0, untilMs: null, rampMs: 0, contracts: [] };

/** Campuses and runs at the start: runs that wait for no block run at full power, as far as the limits of their campuses allow. */
export function initialCluster(frame: Frame): ClusterState {
  const { startMs } = frame;
  const campuses = frame.sites.map(({ campus, facility, inferenceMw }) => ({
    campus: campus.id,
    limitMw: campus.limitMw,
    isTripped: false,
    isSilent: false,
    inference: flatPath(startMs, Math.min(heatLimitMw(facility, campus.limitMw), inferenceMw(startMs))),
    order: nothingAsked,
    heard: null,
    asked: nothingInForce,
    inForce: nothingInForce,
    blocks: [],
    ...(campus.inferenceFlex === undefined ? {} : { bent: nothingBent }),
    ...(facility === null ? {} : { facility: initialFacility(facility, startMs) }),
  }));
  const runs = frame.runs.map((run) => initialRun(run, frame));
  for (const site of frame.sites) {
    let leftMw = Math.max(0, heatLimitMw(site.facility, site.campus.limitMw) - site.campus.inferenceMaxMw);
    for (const index of site.runs) {
      const run = frame.runs[index];
      const work = runs[index];
      if (run === undefined || work === undefined || work.mode !== 'running') continue;
      const levelMw = Math.min(run.facilityMw, leftMw);
      leftMw -= levelMw;
      const rise = levelMw < run.facilityMw ? { goalMw: run.facilityMw, sinceMs: startMs, mwPerMs: null } : null;
      runs[index] = changed(run, work, startMs, { path: flatPath(startMs, levelMw), rise });
    }
  }
  return { campuses, runs, moves: [], moved: [], queue: [], scriptDone: 0 };
}

function initialRun(run: Run, { startMs, seed }: Frame): RunWork {
  const failure = failureAhead(seed, run, 1);
  const work = {
    run: run.id,
    mode: run.startWithBlock === null ? ('running' as const) : ('waiting' as const),
    path: flatPath(startMs, 0),
    capRatio: 1,
    rise: null,
    pending: [],
    workFromMs: startMs,
    workUntilMs: null,
    stand: { atMs: startMs, steps: run.initialSteps, checkpointedSteps: run.initialSteps, checkpointAtMs: startMs },
    curtailment: null,
    reference: null,
    isHeldByPerson: false,
    failingSaves: 0,
    commands: [],
    ...(failure === null ? {} : { failure: clocked(failure, run.startWithBlock === null, startMs) }),
  };
  return { ...work, ahead: aheadOf(run, work) };
}
