import type { Permit, Project, Stage } from '../../scenario/schema.js';

/** Days an applicant takes for an answer where the scenario names none. Assumed. */
const answerDays = 21;

/** The permit behind a stage an agency decides; null for any other stage. */
export function permitOfStage(stage: Stage): Permit | null {
  if (stage.agency === undefined) return null;
  return {
    ...termsOf(stage),
    id: stage.id,
    agency: stage.agency,
    after: [],
    initialPhase: stage.isDone === true ? 'granted' : (stage.initialPhase ?? 'drafting'),
    initialPosition: stage.initialPosition ?? null,
    draftingDays: stage.applicantDays ?? 0,
    answerDays: stage.answerDays ?? answerDays,
    onDenial: stage.onDenial ?? 'appeal',
  };
}

/** Stages of a project: at its first site, then at each of the next sites. */
export function stagesOfProject({ stages = [], nextSites }: Project): readonly Stage[] {
  return [...stages, ...nextSites.flatMap((site) => site.stages ?? [])];
}

/** Permits of a project: those its blocks name, then those of its stages, in order. */
export function permitsOfProject(project: Project): readonly Permit[] {
  const named = project.blocks.flatMap((block) => block.permits);
  return [...named, ...stagesOfProject(project).flatMap((stage) => permitOfStage(stage) ?? [])];
}

/** Number of the block a permit belongs to; null: of none, or of all. */
export function blockOfPermit(project: Project, permit: string): number | null {
  const named = project.blocks.find((block) => block.permits.some((candidate) => candidate.id === permit));
  return named?.block ?? stagesOfProject(project).find((stage) => stage.id === permit)?.block ?? null;
}

type Terms = Omit<Permit, 'id' | 'agency' | 'after' | 'initialPhase' | 'initialPosition' | 'draftingDays' | 'answerDays' | 'onDenial'>;

/** The terms a stage shares with a permit, those it leaves out left out. */
function termsOf(stage: Stage): Terms {
  return {
    ...(stage.effort === undefined ? {} : { effort: stage.effort }),
    ...(stage.noticeDays === undefined ? {} : { noticeDays: stage.noticeDays }),
    ...(stage.deadlineDays === undefined ? {} : { deadlineDays: stage.deadlineDays }),
    ...(stage.onDeadline === undefined ? {} : { onDeadline: stage.onDeadline }),
    ...(stage.incompleteRatio === undefined ? {} : { incompleteRatio: stage.incompleteRatio }),
    ...(stage.informationRequestRatio === undefined ? {} : { informationRequestRatio: stage.informationRequestRatio }),
    ...(stage.denialRatio === undefined ? {} : { denialRatio: stage.denialRatio }),
    ...(stage.appealSuccessRatio === undefined ? {} : { appealSuccessRatio: stage.appealSuccessRatio }),
    ...(stage.litigation === undefined ? {} : { litigation: stage.litigation }),
    ...(stage.restudy === undefined ? {} : { restudy: stage.restudy }),
    ...(stage.onAppealLost === undefined ? {} : { onAppealLost: stage.onAppealLost }),
    ...(stage.redesignDays === undefined ? {} : { redesignDays: stage.redesignDays }),
    ...(stage.escalateAfterDays === undefined ? {} : { escalateAfterDays: stage.escalateAfterDays }),
    ...(stage.flexible === undefined ? {} : { flexible: stage.flexible }),
  };
}
