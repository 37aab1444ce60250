import type { TrainingPhase } from '../../events/training.js';
import type { Contract, World } from '../../scenario/schema.js';
import type { Saying } from '../fact.js';
import { rulesVersion, type SequenceStart } from '../sequence.js';
import { fromWire, minuteMs, toWire } from '../ticks.js';

export type ContractTerms = Pick<Contract, 'id' | 'tranche' | 'strikeUsdPerMwh' | 'penaltyUsdPerMwh' | 'resumeDelayMinutesMax'>;

/** Everything the sequence of a run is told at its start; durations are input, so that a change of defaults alters no recorded history. */
export interface TrainingConfig {
  readonly run: string;
  readonly campus: string;
  readonly region: string;
  readonly seed: number;
  readonly accelerators: number;
  readonly facilityMw: number;
  readonly idleRatio: number;
  readonly staticRatio: number;
  readonly capExponent: number;
  readonly stepSeconds: number;
  /** Contracts of the campus, lowest strike first. */
  readonly contracts: readonly ContractTerms[];
  readonly valueOfComputeUsdPerMwh: number;
  /** What a MWh not drawn saves: mean marginal cost of the units of the world, by capacity. */
  readonly energyUsdPerMwh: number;
  /** Cap of the first stage of a resume from a pause. */
  readonly firstCapRatio: number;
  readonly stageGapMs: number;
  readonly answerMs: number;
  readonly retryMs: number;
  readonly attemptsMax: number;
  /** Without word of the way down, the run counts as down this long after the ramp. */
  readonly descentGraceMs: number;
  readonly verifyMs: number;
  readonly settledMs: number;
  /** Instants at which the script lets a person release the run. */
  readonly scriptResumesMs: readonly number[];
}

/** What was promised of the run under one epoch. */
export interface PromisedReduction {
  readonly epoch: number;
  readonly mw: number;
  /** From the load target of the epoch; null: no load target stands behind it. */
  readonly fromMs: number | null;
  readonly rampMs: number;
  /** Contracts called by that load target. */
  readonly contracts: readonly string[];
  readonly endMs: number | null;
}

/** The command that waits for its answer, or for the run to be ready. */
export interface SentCommand {
  readonly id: string;
  readonly stage: number;
  readonly isLast: boolean;
  readonly capRatio: number;
  readonly sentMs: number;
  readonly isAccepted: boolean;
  readonly readyMs: number | null;
}

/** What the last resume said about the curtailment it ended. */
export interface Measured {
  readonly fromMs: number;
  readonly toMs: number;
  readonly meanMw: number;
  readonly missedSteps: number;
  readonly epoch: number;
}

/** State of the sequence of a run; plain JSON, and what queries show. */
export interface TrainingState {
  readonly config: TrainingConfig;
  readonly phase: TrainingPhase;
  /** Newest epoch of the campus it has heard of. */
  readonly epoch: number;
  readonly targetMw: number;
  readonly targetFromMs: number;
  readonly targetRampMs: number;
  readonly untilMs: number | null;
  /** Contracts of the newest load target that asked for something. */
  readonly contracts: readonly string[];
  readonly releasedMs: number | null;
  readonly standing: 'cap' | 'pause';
  /** Whether it was paused, or was to be, at any time of this event. */
  readonly wasPaused: boolean;
  readonly promises: readonly PromisedReduction[];
  readonly baselineMw: number | null;
  /** Whether a step down has been seen, and whether it was the last one of the plan. */
  readonly isDown: boolean;
  readonly isSettledDown: boolean;
  readonly isHeldByPerson: boolean;
  readonly isTripped: boolean;
  readonly hasGivenUp: boolean;
  readonly lastUpMs: number;
  /** When the next command may go out. */
  readonly resumeAtMs: number;
  readonly command: SentCommand | null;
  readonly sentCount: number;
  readonly attempts: number;
  readonly measured: Measured | null;
  /** Contract that pays; null: none. */
  readonly payer: string | null;
  readonly nextPhaseMs: number;
  readonly scriptDone: number;
  /** Newest facts heard, so that a repeat has no effect. */
  readonly seen: readonly string[];
}

/** One advance being worked on. */
export interface TrainingTurn {
  state: TrainingState;
  readonly nowMs: number;
  readonly sayings: Saying[];
}

/** How a run that was paused comes back: first at a cap, a while after it computes again at full power. */
export const resumeStages = { firstCapRatio: 0.5, gapMs: 5 * minuteMs } as const;

/** The start of the sequence of a training run of a world; throws when the world has no such run. */
export function trainingStart(world: World, runId: string): SequenceStart<TrainingConfig> {
  const run = world.runs.find((other) => other.id === runId);
  const campus = world.campuses.find((other) => other.id === run?.campus);
  const bus = world.network.buses.find((other) => other.id === campus?.bus);
  if (run === undefined || campus === undefined || bus === undefined)
    throw new Error(`run ${runId}: not in world ${world.name}, or without campus and bus`);
  const contracts = world.contracts
    .filter((contract) => contract.campus === campus.id)
    .sort((a, b) => a.strikeUsdPerMwh - b.strikeUsdPerMwh);
  const capacityMw = world.network.units.reduce((sum, unit) => sum + unit.capacityMw, 0);
  const costUsd = world.network.units.reduce((sum, unit) => sum + unit.capacityMw * unit.costUsdPerMwh, 0);
  const tickMs = world.clock.tickMinutes * minuteMs;
  const config: TrainingConfig = {
    run: run.id,
    campus: campus.id,
    region: bus.region,
    seed: world.seed,
    accelerators: run.accelerators,
    facilityMw: run.facilityMw,
    idleRatio: run.idleRatio,
    staticRatio: run.staticRatio,
    capExponent: run.capExponent,
    stepSeconds: run.stepSeconds,
    contracts: contracts.map(({ id, tranche, strikeUsdPerMwh, penaltyUsdPerMwh, resumeDelayMinutesMax }) => ({
      id,
      tranche,
      strikeUsdPerMwh,
      penaltyUsdPerMwh,
      resumeDelayMinutesMax,
    })),
    valueOfComputeUsdPerMwh: world.valueOfComputeUsdPerMwh,
    energyUsdPerMwh: capacityMw > 0 ? costUsd / capacityMw : 0,
    firstCapRatio: resumeStages.firstCapRatio,
    stageGapMs: resumeStages.gapMs,
    answerMs: Math.max(15 * minuteMs, 3 * tickMs),
    retryMs: Math.max(10 * minuteMs, tickMs),
    attemptsMax: 6,
    descentGraceMs: Math.max(15 * minuteMs, 2 * tickMs),
    verifyMs: 5 * minuteMs,
    settledMs: 5 * minuteMs,
    scriptResumesMs: world.script
      .filter((entry) => entry.action === 'resume-run' && entry.target === run.id)
      .map((entry) => fromWire(entry.atTime))
      .sort((a, b) => a - b),
  };
  return { kind: 'training', id: `training-${run.id}`, rulesVersion, startMs: fromWire(world.clock.startTime), parent: null, config };
}

/** The sequence before its first advance. */
export function beginTraining(start: SequenceStart<TrainingConfig>): TrainingState {
  return {
    config: start.config,
    phase: 'running',
    epoch: 0,
    targetMw: 0,
    targetFromMs: start.startMs,
    targetRampMs: 0,
    untilMs: null,
    contracts: [],
    ...noEvent,
    releasedMs: null,
    isHeldByPerson: false,
    isTripped: false,
    lastUpMs: start.startMs,
    resumeAtMs: start.startMs,
    sentCount: 0,
    nextPhaseMs: start.startMs,
    scriptDone: 0,
    seen: [],
  };
}

/** What is forgotten when a curtailment is over. */
export const noEvent = {
  standing: 'cap',
  wasPaused: false,
  promises: [],
  baselineMw: null,
  isDown: false,
  isSettledDown: false,
  hasGivenUp: false,
  command: null,
  attempts: 0,
  measured: null,
  payer: null,
} as const;

/** Goes to a phase and says so. */
export function enter(turn: TrainingTurn, phase: TrainingPhase, untilMs: number | null): void {
  const { config, epoch, phase: previousPhase } = turn.state;
  turn.state = { ...turn.state, phase };
  turn.sayings.push({
    type: 'training.phase.v1',
    region: config.region,
    entity: config.run,
    data: { campus: config.campus, phase, previousPhase, epoch, untilTime: untilMs === null ? null : toWire(untilMs) },
  });
}

/** Whether nothing stands in the way of going up: no load target, no person, no trip. */
export function isFree({ isHeldByPerson, isTripped, targetMw, untilMs }: TrainingState, nowMs: number): boolean {
  return !isHeldByPerson && !isTripped && (targetMw <= 0 || (untilMs !== null && untilMs <= nowMs));
}
