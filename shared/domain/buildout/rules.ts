import type { Advance, Advanced, Report, SequenceRules, SequenceStart } from '../sequence.js';
import { gatesOf } from './gates.js';
import { deny, followScript, grant, hearFact } from './inputs.js';
import { settle, type Work } from './progress.js';
import { gatesOfStages } from './stages.js';
import { isEnded, stageOf, type BlockState, type BuildoutConfig, type BuildoutState } from './state.js';
import { tellPlans, tellStages } from './telling.js';

/**
 * A campus project from its permits to power, block by block. Each block runs through its own graph of gates (`gatesOf`, `gatesOfStages`);
 * stages of a process that name no block are gone through once for all of them. A planned block begins once the one before it is being
 * built; blocks of one campus are energized in their order. A denied permit moves its block to the next site not yet taken, or ends it.
 * How a permit ended is heard from the report of its sequence, go/no-go and slips from a person or the script, a grant that is taken back
 * from its agency; repeats change nothing.
 */
export const buildoutRules: SequenceRules<BuildoutConfig, BuildoutState> = {
  kind: 'buildout',
  begin: beginBuildout,
  advance: advanceBuildout,
  attributes: ({ config, blocks }) => {
    const current = blocks.find((block) => !isEnded(block)) ?? blocks.at(-1);
    return {
      region: config.region,
      campus: current?.campus ?? config.project.campus,
      phase: current === undefined ? 'energized' : stageOf(current),
    };
  },
};

function beginBuildout({ id, startMs, config }: SequenceStart<BuildoutConfig>): BuildoutState {
  const { project } = config;
  const blocks = [...project.blocks]
    .sort((a, b) => a.block - b.block)
    .map((block): BlockState => {
      const state: BlockState = {
        block: block.block,
        capacityMw: block.capacityMw,
        site: project.campus,
        campus: project.campus,
        stage: 'planned',
        isBegun: block.initialStage !== 'planned',
        isAbandoned: false,
        sinceMs: startMs,
        gates: project.stages === undefined ? gatesOf(block, startMs) : gatesOfStages(project, config.seed ?? 0, block, startMs),
        saidWaiting: '',
      };
      return { ...state, stage: stageOf(state) };
    });
  return { config, sequence: id, blocks, sitesTaken: 0, leaving: [], isTold: false };
}

function advanceBuildout(state: BuildoutState, { nowMs, facts, reports }: Advance): Advanced<BuildoutState> {
  const work: Work = {
    config: state.config,
    sequence: state.sequence,
    nowMs,
    blocks: [...state.blocks],
    sayings: [],
    start: [],
    cancel: [],
    leaving: [...state.leaving],
    sitesTaken: [...(state.takenSites ?? state.config.project.nextSites.slice(0, state.sitesTaken).map(({ site }) => site))],
    causes: [],
  };
  for (const report of reports) take(work, report);
  const scriptAt = followScript(work, state.scriptAt ?? 0);
  for (const fact of facts) hearFact(work, fact);
  settle(work);
  tellStages(work, !state.isTold);
  tellPlans(work, !state.isTold);
  const finished = work.blocks.every(isEnded) && work.leaving.length === 0;
  return {
    state: {
      ...state,
      blocks: work.blocks,
      sitesTaken: work.sitesTaken.length,
      ...(work.sitesTaken.length === 0 ? {} : { takenSites: work.sitesTaken }),
      leaving: work.leaving,
      isTold: true,
      ...(state.config.script === undefined ? {} : { scriptAt }),
    },
    sayings: work.sayings,
    nextWakeMs: finished ? null : nextDueMs(work.blocks, state.config.script?.[scriptAt]?.atMs ?? Infinity),
    start: work.start,
    cancel: work.cancel,
    reports: [],
    finished,
  };
}

/** Takes note of how a permit ended; one that was given up, or is known already, changes nothing more. */
function take(work: Work, { from, outcome, atMs }: Report): void {
  const permit = from.replace(/^permit-/, '');
  const leavingAt = work.leaving.indexOf(permit);
  if (leavingAt >= 0) work.leaving.splice(leavingAt, 1);
  if (outcome === 'granted') grant(work, permit, atMs);
  else if (outcome === 'denied' || outcome === 'withdrawn') deny(work, permit, `${permit} ${outcome}`);
}

/** Earliest instant at which an open gate ends by itself, or the script does something; null: all of them wait for somebody. */
function nextDueMs(blocks: readonly BlockState[], scriptMs: number): number | null {
  const dueMs = blocks
    .filter((block) => !isEnded(block))
    .flatMap((block) => block.gates)
    .map((gate) => (gate.status === 'open' && gate.dueMs !== null ? gate.dueMs : Infinity));
  const soonestMs = Math.min(scriptMs, ...dueMs);
  return soonestMs === Infinity ? null : soonestMs;
}
