import { hourMs, toWire } from '../ticks.js';
import {
  enter,
  noEvent,
  type ContractTerms,
  type Measured,
  type PromisedReduction,
  type TrainingState,
  type TrainingTurn,
} from './state.js';

/** Says what the run gave, against its baseline. */
export function verify(turn: TrainingTurn, measured: Measured): void {
  const { config } = turn.state;
  const { baselineMw, deliveredMwh } = deliveryOf(turn.state, measured);
  enter(turn, 'verifying', turn.nowMs + config.verifyMs);
  turn.sayings.push({
    type: 'training.verification.v1',
    region: config.region,
    entity: config.run,
    data: {
      campus: config.campus,
      epoch: epochOf(turn.state, measured),
      baselineMw,
      meanMw: measured.meanMw,
      deliveredMwh,
      fromTime: toWire(measured.fromMs),
      toTime: toWire(measured.toMs),
    },
  });
  turn.state = { ...turn.state, nextPhaseMs: turn.nowMs + config.verifyMs, payer: payingContract(turn.state)?.id ?? null };
}

/** Says what it cost and earned. */
export function settle(turn: TrainingTurn, measured: Measured): void {
  const { config } = turn.state;
  enter(turn, 'settled', turn.nowMs + config.settledMs);
  const { deliveredMwh } = deliveryOf(turn.state, measured);
  const contract = config.contracts.find(({ id }) => id === turn.state.payer) ?? null;
  const lostHours = (measured.missedSteps * config.stepSeconds) / 3600;
  const hours = (measured.toMs - measured.fromMs) / hourMs;
  const shortMwh = Math.max(0, promisedMwh(turn.state.promises, measured.toMs) - deliveredMwh);
  const lines = [
    { line: 'progress-lost' as const, amountUsd: cents(-lostHours * config.facilityMw * config.valueOfComputeUsdPerMwh) },
    { line: 'energy-saved' as const, amountUsd: cents(deliveredMwh * config.energyUsdPerMwh) },
    { line: 'payment' as const, amountUsd: cents(deliveredMwh * (contract?.strikeUsdPerMwh ?? 0)) },
    { line: 'penalty' as const, amountUsd: cents(-shortMwh * (contract?.penaltyUsdPerMwh ?? 0)) },
  ].filter(({ amountUsd }) => amountUsd !== 0);
  turn.sayings.push({
    type: 'training.settlement.v1',
    region: config.region,
    entity: config.run,
    data: {
      campus: config.campus,
      contract: contract?.id ?? 'none',
      epoch: epochOf(turn.state, measured),
      lostSteps: measured.missedSteps,
      lostAcceleratorHours: lostHours * config.accelerators,
      progressLostRatio: hours > 0 ? Math.min(1, lostHours / hours) : 0,
      lines,
      netUsd: cents(lines.reduce((sum, { amountUsd }) => sum + amountUsd, 0)),
    },
  });
  turn.state = { ...turn.state, nextPhaseMs: turn.nowMs + config.settledMs };
}

/** Brings a settlement under way to its end, because the next curtailment is there. */
export function settleNow(turn: TrainingTurn): void {
  const { measured } = turn.state;
  if (turn.state.phase === 'verifying' && measured !== null) settle(turn, measured);
  close(turn);
}

/** The curtailment is over and forgotten. */
export function close(turn: TrainingTurn): void {
  turn.state = { ...turn.state, ...noEvent };
  enter(turn, 'running', null);
}

/**
 * The contract that pays a run: of those called when it was last told to go down, the first that fits what was done to it, a tranche of
 * pauses for a pause and one of caps for a cap, else the first. None without a load target behind the curtailment.
 */
export function payingContract({ config, promises, wasPaused }: TrainingState): ContractTerms | null {
  const ordered = promises.filter(({ fromMs }) => fromMs !== null).at(-1);
  const called = config.contracts.filter(({ id }) => ordered?.contracts.includes(id) === true);
  return called.find(({ tranche }) => (tranche === 'pause') === wasPaused) ?? called[0] ?? null;
}

/** Epoch of the load target under which the run last went down; of the command that ended it when there was none. */
function epochOf({ promises }: TrainingState, measured: Measured): number {
  return promises.at(-1)?.epoch ?? measured.epoch;
}

function deliveryOf(
  { baselineMw, config }: TrainingState,
  measured: Measured,
): { readonly baselineMw: number; readonly deliveredMwh: number } {
  const baseline = baselineMw ?? config.facilityMw;
  return { baselineMw: baseline, deliveredMwh: (Math.max(0, baseline - measured.meanMw) * (measured.toMs - measured.fromMs)) / hourMs };
}

/** Energy promised under load targets until each was released, the way down along its ramp. */
function promisedMwh(promises: readonly PromisedReduction[], toMs: number): number {
  return promises.reduce((sum, { mw, fromMs, rampMs, endMs }) => {
    if (fromMs === null) return sum;
    return sum + (mw * Math.max(0, Math.min(endMs ?? toMs, toMs) - fromMs - rampMs / 2)) / hourMs;
  }, 0);
}

function cents(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
