import type { Fact, FactOf } from '../../shared/domain/fact.js';
import { bad, caution, good, mw, percent, plain, round, type Words } from './phrases.js';

type ControlFact = Exclude<
  Extract<Fact, { readonly type: `control.${string}` }>,
  { readonly type: 'control.offer.v1' | 'control.loadtarget.v1' }
>;

/** What was asked of campuses and runs, and how it was answered, as one plain sentence. */
export function controlWords(fact: ControlFact): Words {
  switch (fact.type) {
    case 'control.command.v1': {
      const { action, capRatio, stage } = fact.data;
      return plain(`${fact.entity} is told to ${action === 'resume' ? 'resume' : 'raise its cap'} to ${percent(capRatio)}, step ${stage}`);
    }
    case 'control.outcome.v1':
      return outcomeWords(fact);
    case 'control.audit.v1': {
      const { actor, action, target, accepted, reason, destination } = fact.data;
      const where = destination === undefined ? '' : ` to ${destination}`;
      const asked = `${actor} asks: ${action.replaceAll('-', ' ')} ${target}${where}${reason === '' ? '' : ` (${reason})`}`;
      return accepted ? caution(asked) : caution(`${asked}; refused`);
    }
    case 'control.proposal.v1': {
      const { state, action, target, actor, by, effect } = fact.data;
      const what = `${action.replaceAll('-', ' ')} ${target}`;
      if (state === 'proposed') return caution(`${actor} proposes: ${what}, a second person is needed (${effect})`);
      return state === 'confirmed' ? plain(`${by} confirms what ${actor} proposed: ${what}`) : plain(`${by} withdraws: ${what}`);
    }
    case 'control.note.v1':
      return plain(`${fact.data.actor} notes: ${fact.data.note}`);
    case 'control.request.v1':
      return requestWords(fact);
    case 'control.breach.v1': {
      const { state, cause, shortMw, askedMw, reason } = fact.data;
      if (state === 'resolved') return good(`Campus ${fact.entity} is no longer short: ${reason}`);
      const what = cause === 'no-answer' ? `does not answer, ${mw(shortMw)}` : `gives ${mw(shortMw)} less than the ${mw(askedMw)}`;
      return bad(`Campus ${fact.entity} ${what} asked for${state === 'escalated' ? ', for a quarter of an hour now' : ''}: ${reason}`);
    }
    case 'control.compliance.v1': {
      const { deliveredMwh, askedMwh, complianceRatio, reboundMw } = fact.data;
      const back = reboundMw > 1 ? `, and came back ${mw(reboundMw)} above its baseline` : '';
      return plain(
        `Campus ${fact.entity} gave ${round(deliveredMwh)} of ${round(askedMwh)} MWh asked for, ${percent(complianceRatio)}${back}`,
      );
    }
  }
}

function requestWords({ entity, data }: FactOf<'control.request.v1'>): Words {
  const { request, state, kind, amountMw, actor, reason } = data;
  const what = `${kind === 'limit' ? `a limit of ${mw(amountMw)}` : `${mw(amountMw)} less`} for campus ${entity} (${request}, ${actor})`;
  switch (state) {
    case 'scheduled':
      return plain(`Load target planned: ${what}`);
    case 'active':
      return caution(`Load target begins: ${what}: ${reason}`);
    case 'extended':
      return caution(`Load target has a new end: ${what}: ${reason}`);
    case 'released':
    case 'ended':
      return good(`Load target is over: ${what}: ${reason}`);
    case 'refused':
      return bad(`Load target is refused: ${what}: ${reason}`);
  }
}

function outcomeWords(fact: FactOf<'control.outcome.v1'>): Words {
  const { order, result, reason, setPointMw, reductionMw } = fact.data;
  const why = reason === '' ? '' : `: ${reason}`;
  const epoch = order.startsWith('loadtarget/') ? order.slice('loadtarget/'.length) : null;
  const asked = order.startsWith('move/') ? 'its move' : 'its command';
  const [who, what] = epoch === null ? [`Run ${fact.entity}`, asked] : [`Campus ${fact.entity}`, `load target ${epoch}`];
  if (result === 'refused') return bad(`${who} refuses ${what}${why}`);
  const takes = `${who} accepts ${result === 'partial' ? 'part of ' : ''}${what}`;
  return plain(`${takes}${reductionMw > 0 ? `, gives ${mw(reductionMw)}` : ''}; the campus goes to ${mw(setPointMw)}${why}`);
}
