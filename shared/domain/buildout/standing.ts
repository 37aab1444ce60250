import type { Project } from '../../scenario/schema.js';
import type { Fact, FactOf } from '../fact.js';
import { permitsOfProject } from '../permit/ofProject.js';
import { equipmentOf, gatesToDecide } from './stages.js';

/** One thing a block waits for: since when, until when as far as that is known, and what would end it sooner. */
export interface Waiting {
  readonly stage: string;
  readonly kind: 'permit' | 'equipment' | 'gate' | 'block' | 'work';
  readonly sinceTime: string;
  readonly expectedTime: string | null;
  /** How it stands, in words. */
  readonly standing: string;
  readonly wouldHelp: string;
}

/** Where one block stands: what it waits for, when power is expected, by which chain, and what last moved that date. */
export interface BlockStanding {
  readonly block: number;
  readonly stage: FactOf<'buildout.stage.v1'>['data']['stage'];
  readonly site: string;
  readonly waitsFor: readonly Waiting[];
  readonly energizationTime: string | null;
  /** Stages that set that date, from the first to the last. */
  readonly chain: readonly { readonly stage: string; readonly expectedTime: string }[];
  readonly cause: string | null;
}

/** Facts about a project and its permits that a standing is told from, in order; queues only the newest of each agency. */
export interface StandingFacts {
  readonly stages: readonly FactOf<'buildout.stage.v1'>[];
  readonly plans: readonly FactOf<'buildout.plan.v1'>[];
  readonly orders: readonly FactOf<'buildout.order.v1'>[];
  readonly phases: readonly FactOf<'permit.phase.v1'>[];
  readonly queues: readonly FactOf<'permit.queue.v1'>[];
}

/** Sorts facts into what a standing is told from. */
export function standingFacts(facts: readonly Fact[]): StandingFacts {
  return {
    stages: facts.filter((fact) => fact.type === 'buildout.stage.v1'),
    plans: facts.filter((fact) => fact.type === 'buildout.plan.v1'),
    orders: facts.filter((fact) => fact.type === 'buildout.order.v1'),
    phases: facts.filter((fact) => fact.type === 'permit.phase.v1'),
    queues: facts.filter((fact) => fact.type === 'permit.queue.v1'),
  };
}

/** Where every block of a project stands that has said anything, in order. */
export function standingOf(project: Project, facts: StandingFacts): readonly BlockStanding[] {
  const own = facts.stages.filter((fact) => fact.entity === project.id);
  return project.blocks.flatMap(({ block }) => {
    const told = own.filter((fact) => fact.data.block === block);
    const newest = told.at(-1);
    if (newest === undefined) return [];
    const plan = facts.plans.findLast((fact) => fact.entity === project.id && fact.data.block === block)?.data;
    const isOver = newest.data.stage === 'energized' || newest.data.stage === 'abandoned';
    return [
      {
        block,
        stage: newest.data.stage,
        site: newest.data.site,
        waitsFor: newest.data.waitingFor.map((stage) => waitingOf(project, facts, { stage, sinceTime: sinceOf(told, stage), plan })),
        energizationTime: isOver ? null : (plan?.energizationTime ?? null),
        chain: isOver
          ? []
          : (plan?.stages ?? []).filter((each) => each.isOnChain).sort((a, b) => (a.expectedTime < b.expectedTime ? -1 : 1)),
        cause: plan?.cause ?? null,
      },
    ];
  });
}

/** When a block began to wait for a stage, as it has since. */
function sinceOf(told: readonly FactOf<'buildout.stage.v1'>[], stage: string): string {
  const lastWithout = told.findLastIndex((fact) => !fact.data.waitingFor.includes(stage));
  const first = told[lastWithout + 1] ?? told.at(-1);
  return new Date(first?.timeMs ?? 0).toISOString();
}

interface Asked {
  readonly stage: string;
  readonly sinceTime: string;
  readonly plan: FactOf<'buildout.plan.v1'>['data'] | undefined;
}

function waitingOf(project: Project, facts: StandingFacts, { stage, sinceTime, plan }: Asked): Waiting {
  const planned = plan?.stages.find((each) => each.stage === stage)?.expectedTime ?? null;
  const about = { stage, sinceTime };
  const permit = permitsOfProject(project).find((candidate) => candidate.id === stage);
  if (permit !== undefined) return { ...about, kind: 'permit', expectedTime: planned, ...permitWords(facts, stage, permit.agency) };
  if (equipmentOf(project).includes(stage)) {
    const order = facts.orders.findLast((fact) => fact.entity === project.id && fact.data.equipment === stage)?.data;
    const standing = order === undefined ? 'ordered before the start' : order.step;
    const wouldHelp = 'an earlier slot at the maker, or one meant for a later block';
    return { ...about, kind: 'equipment', expectedTime: order?.expectedTime ?? planned, standing, wouldHelp };
  }
  if (gatesToDecide(project).includes(stage)) {
    const wouldHelp = `a decision: project advance ${project.id} ${stage} --go (or --stop) --reason TEXT`;
    return { ...about, kind: 'gate', expectedTime: planned, standing: 'waits for a person', wouldHelp };
  }
  if (stage.startsWith('block-')) {
    return { ...about, kind: 'block', expectedTime: planned, standing: 'an earlier block of the campus', wouldHelp: `power of ${stage}` };
  }
  return { ...about, kind: 'work', expectedTime: planned, standing: 'under way', wouldHelp: 'nothing but the work itself' };
}

function permitWords(facts: StandingFacts, permit: string, agency: string): Pick<Waiting, 'standing' | 'wouldHelp'> {
  const newest = facts.phases.findLast((fact) => fact.entity === permit)?.data;
  const queue = facts.queues.findLast((fact) => fact.entity === agency)?.data;
  const place = queue?.positions.find((each) => each.permit === permit)?.position ?? null;
  const until = newest?.deadlineTime === null || newest === undefined ? '' : `, by ${newest.deadlineTime.slice(0, 10)}`;
  switch (newest?.phase) {
    case 'queued':
    case 'filed':
    case 'appealed': {
      const line =
        queue === undefined
          ? ''
          : `, place ${place ?? '-'} of ${queue.waitingApplications}, ${queue.busyReviewers} of ${queue.reviewers} reviewers busy`;
      return { standing: `${newest.phase} at ${agency}${line}`, wouldHelp: `another reviewer at ${agency}, or to be taken first` };
    }
    case 'incomplete':
    case 'information-requested':
      return { standing: `${newest.phase}: the applicant answers${until}`, wouldHelp: 'a quicker answer of the applicant' };
    case 'drafting':
      return { standing: `drafting${until}`, wouldHelp: 'a quicker draft of the applicant' };
    case 'in-court':
      return { standing: 'in court', wouldHelp: 'nothing before the court decides' };
    case 'under-review':
    case 'public-comment':
      return { standing: `${newest.phase} at ${agency}`, wouldHelp: 'nothing but the review itself' };
    case 'granted':
    case 'denied':
    case 'withdrawn':
    case undefined:
      return { standing: newest === undefined ? `at ${agency}` : `decided again at ${agency}`, wouldHelp: `a decision of ${agency}` };
  }
}
