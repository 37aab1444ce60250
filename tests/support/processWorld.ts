import type { Agency, Project, Stage, World } from '../../shared/scenario/schema.js';
import { agency, block, projectWorld } from './projectWorld.js';

/** A stage with no more than what is said of it. */
export function stage(id: string, kind: Stage['kind'], rest: Partial<Stage> = {}): Stage {
  return { id, kind, needs: [], ...rest };
}

const fixed = (days: number): NonNullable<Stage['duration']> => ({ kind: 'fixed', days });

/**
 * A process that can be followed by hand: 10 days for the site; an air permit (5 days to draft, 10 of work), a study without an agency of
 * 40 days and a transformer of 100 days side by side; a gate for a person; 30 days of construction; an hour of switching.
 */
export function plainStages(rest: { readonly air?: Partial<Stage>; readonly gate?: Partial<Stage> } = {}): Stage[] {
  return [
    stage('site', 'site-control', { duration: fixed(10), feeUsd: 100, atRiskUsd: 1_000, refundRatio: 0.25 }),
    stage('air', 'permit', {
      agency: 'board',
      needs: ['site'],
      applicantDays: 5,
      answerDays: 7,
      feeUsd: 10,
      onDenial: 'move-site',
      ...rest.air,
    }),
    stage('study', 'study', { needs: ['site'], duration: fixed(40), feeUsd: 5 }),
    stage('go', 'gate', { needs: ['air', 'study'], ...rest.gate }),
    stage('transformer', 'equipment', { block: 1, needs: ['site'], duration: fixed(100), feeUsd: 50, atRiskUsd: 500 }),
    stage('build', 'construction', { block: 1, needs: ['go'], duration: fixed(30) }),
    stage('power', 'energization', { block: 1, needs: ['build', 'transformer'] }),
  ];
}

/** The built-in world in ticks of an hour with one project of stages. */
export function processWorld(rest: {
  readonly stages?: Stage[];
  readonly blocks?: Project['blocks'];
  readonly agencies?: Agency[];
  readonly nextSites?: Project['nextSites'];
  readonly script?: World['script'];
  readonly seed?: number;
}): World {
  const { stages = plainStages(), blocks = [block(1, [], { constructionDays: 0 })], ...others } = rest;
  const world = projectWorld({ agencies: [agency()], ...others, blocks });
  return { ...world, projects: world.projects.map((project) => ({ ...project, stages })) };
}
