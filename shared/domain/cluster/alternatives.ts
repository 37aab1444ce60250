import type { ReductionWay, TrainingWay } from '../../events/cluster.js';
import { lowestThatSuffice, weightOf } from '../fleet/priority.js';
import { hourMs, minuteMs } from '../ticks.js';
import { capOf, planReduction, type Candidate, type ReductionPlan } from './plan.js';
import { leastMw, slowedMw } from './slowdown.js';
import { capAt, throughputRatio } from './throughput.js';

/** In the order in which equal ones are preferred. */
const ways: readonly TrainingWay[] = ['cap', 'pause', 'pause-and-cap', 'pause-by-checkpoint-age'];

/** What one way would free, and what it would cost. */
export interface Alternative {
  readonly way: ReductionWay;
  readonly freedMw: number;
  /** Work not done over the event: accelerators times hours at full speed. */
  readonly lostAcceleratorHours: number;
  readonly isChosen: boolean;
  /** Why it was not chosen; empty for the one that was. */
  readonly reason: string;
}

/** A run that can give power, and when it last saved a checkpoint. */
export interface Giver extends Candidate {
  readonly checkpointAtMs: number;
}

/** What is asked: power to free from an instant on, along a ramp, until another. */
export interface Ask {
  readonly wantedMw: number;
  readonly fromMs: number;
  readonly rampMs: number;
  readonly untilMs: number;
  /** Lowest cap that is allowed; 1: pauses only. */
  readonly capFloorRatio: number;
}

/** The plan that is carried out, and what else was looked at. */
export interface Choice {
  readonly plan: ReductionPlan;
  readonly alternatives: readonly Alternative[];
}

const toleranceMw = 1e-6;

/**
 * Chooses how to free power: of the ways that free enough the one that loses least work by priority, of equal ones the first of `ways`;
 * where none does, the one that frees most. Runs of higher priority are touched only when those of lower ones do not suffice.
 */
export function chooseReduction(all: readonly Giver[], ask: Ask): Choice {
  const givers = lowestThatSuffice(all, (some) => freedByPausing(some) >= ask.wantedMw - toleranceMw);
  const plans = ways.map((way) => ({ way, plan: planBy(way, givers, ask) }));
  const weighed = plans.map(({ way, plan }) => ({
    way,
    plan,
    lostAcceleratorHours: lostBy(plan, ask),
    weightedHours: lostBy(plan, ask, weightOf),
  }));
  const best = weighed.reduce((one, other) => (isBetter(other, one, ask) ? other : one));
  const alternatives = weighed.map(({ way, plan, lostAcceleratorHours, weightedHours }): Alternative => {
    const isChosen = way === best.way;
    const own = { way, freedMw: plan.freedMw, lostAcceleratorHours, isChosen };
    return { ...own, reason: isChosen ? '' : reasonAgainst({ ...own, weightedHours }, { best, givers, ask }) };
  });
  return { plan: best.plan, alternatives };
}

function freedByPausing(givers: readonly Giver[]): number {
  return givers.reduce((sum, { run, levelMw }) => sum + Math.max(0, levelMw - leastMw(run)), 0);
}

interface Weighed {
  readonly way: TrainingWay;
  readonly plan: ReductionPlan;
  readonly lostAcceleratorHours: number;
  /** By priority. */
  readonly weightedHours: number;
}

function isBetter(one: Weighed, other: Weighed, { wantedMw }: Ask): boolean {
  const [isEnough, wasEnough] = [one.plan.freedMw >= wantedMw - toleranceMw, other.plan.freedMw >= wantedMw - toleranceMw];
  if (isEnough !== wasEnough) return isEnough;
  if (!isEnough) return one.plan.freedMw > other.plan.freedMw + toleranceMw;
  return one.weightedHours < other.weightedHours * (1 - 1e-9);
}

function planBy(way: TrainingWay, givers: readonly Giver[], ask: Ask): ReductionPlan {
  const { wantedMw, capFloorRatio } = ask;
  switch (way) {
    case 'cap':
      return capAll(givers, ask);
    case 'pause':
      return planReduction(givers, wantedMw, 1);
    case 'pause-and-cap':
      return planReduction(givers, wantedMw, capFloorRatio);
    case 'pause-by-checkpoint-age': {
      const inTime = givers.filter((giver) => nextCheckpointMs(giver, ask) <= ask.fromMs + ask.rampMs);
      return planReduction(inTime, wantedMw, 1);
    }
  }
}

/** Every run capped, no run paused. */
function capAll(givers: readonly Giver[], { wantedMw, capFloorRatio }: Ask): ReductionPlan {
  const deepestMw = givers.reduce((sum, { run, levelMw }) => sum + Math.max(0, levelMw - slowedMw(run, capFloorRatio)), 0);
  if (deepestMw >= wantedMw) return planReduction(givers, wantedMw, capFloorRatio);
  return { measures: givers.flatMap((candidate) => capOf(candidate, capFloorRatio)), freedMw: deepestMw };
}

/** The first regular checkpoint of a run from the start of the event on. */
function nextCheckpointMs({ run, checkpointAtMs }: Giver, { fromMs }: Ask): number {
  const everyMs = run.checkpointMinutes * minuteMs;
  return checkpointAtMs + Math.max(1, Math.ceil((fromMs - checkpointAtMs) / everyMs)) * everyMs;
}

/** Accelerator-hours lost by a plan; each counts by the weight of its run. */
function lostBy({ measures }: ReductionPlan, { fromMs, untilMs }: Ask, weigh: (run: Giver['run']) => number = () => 1): number {
  const hours = Math.max(0, untilMs - fromMs) / hourMs;
  return measures.reduce((sum, { candidate: { run, levelMw }, kind, capRatio }) => {
    const speed = throughputRatio(run, capAt(run, levelMw));
    const lostHours =
      kind === 'pause' ? hours * speed + (run.saveSeconds + run.restartSeconds) / 3_600 : hours * (speed - throughputRatio(run, capRatio));
    return sum + weigh(run) * run.accelerators * lostHours;
  }, 0);
}

function reasonAgainst(
  own: Pick<Alternative, 'way' | 'freedMw' | 'lostAcceleratorHours'> & Pick<Weighed, 'weightedHours'>,
  against: { readonly best: Weighed; readonly givers: readonly Giver[]; readonly ask: Ask },
): string {
  const { best, givers, ask } = against;
  if (own.freedMw < ask.wantedMw - toleranceMw) {
    if (own.way === 'cap' && ask.capFloorRatio >= 1) return 'the contract allows pauses only';
    const late = givers.filter((giver) => nextCheckpointMs(giver, ask) > ask.fromMs + ask.rampMs);
    if (own.way === 'pause-by-checkpoint-age' && late.length > 0)
      return `${late.length} of ${givers.length} runs save their next checkpoint only after the way down`;
    return `frees ${round(own.freedMw)} of ${round(ask.wantedMw)} MW`;
  }
  const moreHours = own.lostAcceleratorHours - best.lostAcceleratorHours;
  if (moreHours > 0.5) return `loses ${Math.round(moreHours)} accelerator-hours more`;
  return own.weightedHours > best.weightedHours + 0.5 ? 'loses more of runs of higher priority' : 'comes to the same';
}

function round(mw: number): number {
  return Math.round(mw * 10) / 10;
}
