import type { Permit, World } from '../../scenario/schema.js';
import { rulesVersion, type SequenceStart } from '../sequence.js';
import { permitsOfProject } from './ofProject.js';

/** What the applicant's side of one permit needs to know. */
export interface PermitConfig {
  readonly permit: string;
  readonly project: string;
  readonly agency: string;
  /** Region of the agency. */
  readonly region: string;
  readonly initialPhase: Permit['initialPhase'];
  readonly draftingDays: number;
  readonly answerDays: number;
  readonly onDenial: Permit['onDenial'];
  readonly onAppealLost?: NonNullable<Permit['onAppealLost']>;
  readonly redesignDays?: number;
  readonly escalateAfterDays?: number;
}

/** The start of the sequence of one permit of the world, or null when there is no such permit. */
export function permitStart(world: World, permitId: string, startMs: number): SequenceStart<PermitConfig> | null {
  for (const project of world.projects) {
    const permit = permitsOfProject(project).find((candidate) => candidate.id === permitId);
    if (permit === undefined) continue;
    const region = world.agencies.find((agency) => agency.id === permit.agency)?.region ?? 'all';
    return permitStartOf(project.id, region, permit, startMs);
  }
  return null;
}

/** The start of the sequence of a permit of a project. */
export function permitStartOf(project: string, region: string, permit: Permit, startMs: number): SequenceStart<PermitConfig> {
  const { id, agency, initialPhase, draftingDays, answerDays, onDenial, onAppealLost, redesignDays, escalateAfterDays } = permit;
  const config: PermitConfig = {
    permit: id,
    project,
    agency,
    region,
    initialPhase,
    draftingDays,
    answerDays,
    onDenial,
    ...(onAppealLost === undefined ? {} : { onAppealLost }),
    ...(redesignDays === undefined ? {} : { redesignDays }),
    ...(escalateAfterDays === undefined ? {} : { escalateAfterDays }),
  };
  return { kind: 'permit', id: `permit-${id}`, rulesVersion, startMs, parent: `buildout-${project}`, config };
}
