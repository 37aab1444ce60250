import type { World } from '../scenario/schema.js';
import { assert } from './assert.js';
import { buildoutRules } from './buildout/rules.js';
import { buildoutStart } from './buildout/start.js';
import type { FactType } from './fact.js';
import type { HostedRules } from './hostedSequence.js';
import { permitRules } from './permit/rules.js';
import type { SequenceKind, SequenceStart } from './sequence.js';
import type { Address } from './sequenceDesk.js';
import { addressOnce, runsOfCampus, trainingHears } from './training/addressees.js';
import { trainingRules } from './training/rules.js';
import { trainingStart } from './training/state.js';

const rules: readonly HostedRules[] = [trainingRules, buildoutRules, permitRules];

/** The rules of a kind of sequence. */
export function rulesOf(kind: SequenceKind): HostedRules {
  const found = rules.find((candidate) => candidate.kind === kind);
  assert(found !== undefined, `no rules for sequences of kind ${kind}`);
  return found;
}

/** Sequences that stand at the start of a world: one per training run and one per project, which starts its permits itself. */
export function sequenceStarts(world: World): readonly SequenceStart[] {
  return [
    ...world.runs.map((run) => trainingStart(world, run.id)),
    ...world.projects.flatMap((project) => buildoutStart(world, project.id) ?? []),
  ];
}

/** Types of fact that some sequence has to hear. */
export const sequenceHears: readonly FactType[] = ['permit.review.v1', 'permit.decision.v1', ...trainingHears];

/**
 * Says which sequences of a world have to hear a fact. Load targets are repeated every tick and reach the runs of a campus once per epoch;
 * what has been handed on is part of the desk that asks.
 */
export function createAddress(world: World): Address {
  const runs = runsOfCampus(world);
  return (delivered, fact) => {
    const isPermit = fact.type === 'permit.review.v1' || fact.type === 'permit.decision.v1';
    return isPermit ? { ids: [`permit-${fact.entity}`], delivered } : addressOnce(runs, delivered, fact);
  };
}
