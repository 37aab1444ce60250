import type { Fact } from '../../shared/domain/fact.js';
import type { ReviewStep } from '../../shared/events/permit.js';
import { bad, caution, good, mw, plain, round, type Words } from './phrases.js';

type ProjectFact = Exclude<
  Extract<Fact, { readonly type: `buildout.${string}` | `permit.${string}` }>,
  { readonly type: 'permit.queue.v1' | 'buildout.expectation.v1' }
>;

/** What became of projects and permits, as one plain sentence. */
export function projectWords(fact: ProjectFact): Words {
  switch (fact.type) {
    case 'buildout.stage.v1': {
      const { block, stage, previousStage, waitingFor } = fact.data;
      const waits = waitingFor.length === 0 ? '' : `, waits for ${waitingFor.join(', ')}`;
      const text = `Project ${fact.entity}, block ${block}: ${previousStage} → ${stage}${waits}`;
      return stage === 'energized' ? good(text) : stage === 'abandoned' ? bad(text) : plain(text);
    }
    case 'buildout.order.v1':
      return plain(
        `Project ${fact.entity}, block ${fact.data.block}: ${fact.data.equipment} ${fact.data.step}, ${round(fact.data.costUsd)} USD`,
      );
    case 'buildout.block.v1': {
      const { block, campus, capacityMw, energizedMw } = fact.data;
      return good(`Block ${block} of ${fact.entity} is energized: ${mw(capacityMw)} for campus ${campus}, ${mw(energizedMw)} in all`);
    }
    case 'buildout.site.v1': {
      const { block, fromSite, toSite, writtenOffUsd, reason } = fact.data;
      const moved = fromSite === toSite ? `stays at ${toSite}, no other site is left` : `moves from ${fromSite} to ${toSite}`;
      return bad(`Block ${block} of ${fact.entity} ${moved}: ${reason}; ${round(writtenOffUsd)} USD written off`);
    }
    case 'buildout.gate.v1': {
      const { gate, state, actor, reason } = fact.data;
      const text = `Project ${fact.entity}, gate ${gate}: ${state}${actor === '' ? '' : ` by ${actor}: ${reason}`}`;
      return state === 'go' ? good(text) : state === 'no-go' ? bad(text) : caution(text);
    }
    case 'buildout.plan.v1': {
      const { block, energizationTime, cause } = fact.data;
      const power = energizationTime === null ? 'has no date for power any more' : `expects power on ${energizationTime.slice(0, 10)}`;
      return plain(`Block ${block} of ${fact.entity} ${power}: ${cause}`);
    }
    case 'permit.review.v1': {
      const { agency, step } = fact.data;
      const text = `${agency}, ${fact.entity}: ${reviewSteps[step]}`;
      return cautiousSteps.includes(step) ? caution(text) : plain(text);
    }
    case 'permit.decision.v1': {
      const { agency, outcome, reason } = fact.data;
      const does = { granted: 'grants', denied: 'denies', revoked: 'takes back' } as const;
      const text = `${agency} ${does[outcome]} ${fact.entity} (${reason})`;
      return outcome === 'granted' ? good(text) : bad(text);
    }
    case 'permit.filing.v1': {
      const { project, agency, step, attempt } = fact.data;
      return plain(`${project} has ${step} ${fact.entity} at ${agency}${attempt > 1 ? `, attempt ${attempt}` : ''}`);
    }
    case 'permit.phase.v1':
      return plain(`Permit ${fact.entity}: ${fact.data.previousPhase} → ${fact.data.phase}`);
  }
}

const reviewSteps = {
  received: 'application received',
  incomplete: 'application is incomplete',
  started: 'review started',
  'information-requested': 'asks for more information',
  'comment-opened': 'public comment opens',
  'comment-closed': 'public comment closes',
  restudied: 'is studied again: others withdrew',
  overdue: 'is not decided in the time the law gives',
  'court-opened': 'is taken to court',
  'court-closed': 'the court has decided',
} as const;

/** Steps that put a project at risk. */
const cautiousSteps: readonly ReviewStep[] = ['incomplete', 'information-requested', 'restudied', 'overdue', 'court-opened'];
