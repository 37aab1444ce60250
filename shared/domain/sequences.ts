import type { AuditAction } from '../events/control.js';
import type { World } from '../scenario/schema.js';
import { assert } from './assert.js';
import { buildoutRules } from './buildout/rules.js';
import { buildoutStart } from './buildout/start.js';
import { equipmentOf, gatesToDecide } from './buildout/stages.js';
import type { FactType } from './fact.js';
import type { HostedRules } from './hostedSequence.js';
import { permitsOfProject } from './permit/ofProject.js';
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
 * what has been handed on is part of the desk that asks. A project hears what is done to its equipment and gates, and grants that are
 * taken back and decided again; of every other decision its permits tell it.
 */
export function createAddress(world: World): Address {
  const runs = runsOfCampus(world);
  const projects = projectOfTarget(world);
  return (delivered, fact) => {
    if (fact.type === 'permit.review.v1') return { ids: [`permit-${fact.entity}`], delivered };
    if (fact.type === 'permit.decision.v1') {
      const project = fact.data.outcome === 'revoked' || fact.data.isRenewed === true ? projects.get(fact.entity) : undefined;
      return { ids: [`permit-${fact.entity}`, ...(project === undefined ? [] : [project])], delivered };
    }
    if (fact.type === 'control.audit.v1' && projectActions.includes(fact.data.action)) {
      const project = projects.get(fact.data.target);
      return { ids: project === undefined ? [] : [project], delivered };
    }
    return addressOnce(runs, delivered, fact);
  };
}

/** What a person may do to a project itself. */
const projectActions: readonly AuditAction[] = ['slip-equipment', 'go-gate', 'no-go-gate'];

/** The sequence of the project that each permit, equipment and gate belongs to. */
function projectOfTarget(world: World): ReadonlyMap<string, string> {
  return new Map(
    world.projects.flatMap((project) => {
      const ids = [...permitsOfProject(project).map((permit) => permit.id), ...equipmentOf(project), ...gatesToDecide(project)];
      return ids.map((id): [string, string] => [id, `buildout-${project.id}`]);
    }),
  );
}
