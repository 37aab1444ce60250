import { createHash, randomUUID } from 'node:crypto';
import type { FactDataOf } from '../../shared/domain/fact.js';
import { shown } from '../../shared/domain/shown.js';
import { TwinError } from '../../shared/runtime/errors.js';

type Intent = Omit<FactDataOf['control.audit.v1'], 'accepted'>;

/** Something one person proposes and another has to confirm. */
export interface Proposal {
  readonly id: string;
  readonly intent: Intent;
  readonly effect: string;
  /** Of what was shown: intent and effect. Who confirms says it back. */
  readonly hash: string;
  readonly untilMs: number;
}

/** How long a proposal waits for its second person, wall ms. */
const waitsMs = 10 * 60_000;

/** Proposals that wait; they are of this process, so that after a restart nothing old can be confirmed. */
export interface Proposals {
  propose(intent: Intent, effect: string, nowMs: number): Proposal;
  /**
   * What was proposed, once; it waits no longer.
   * @throws TWIN_REFUSED for a proposal that does not wait, the same person, or anything else than what was shown.
   */
  confirm(asked: { readonly id: unknown; readonly hash: unknown; readonly actor: string }, nowMs: number): Proposal;
  /** Takes a proposal back. @throws TWIN_REFUSED when it does not wait. */
  withdraw(id: unknown, nowMs: number): Proposal;
  waiting(nowMs: number): readonly Proposal[];
}

export function createProposals(): Proposals {
  const known = new Map<string, Proposal>();
  const found = (id: unknown, nowMs: number): Proposal => {
    const proposal = typeof id === 'string' ? known.get(id) : undefined;
    if (proposal === undefined || proposal.untilMs <= nowMs)
      throw new TwinError('TWIN_REFUSED', `proposal: found ${shown(id)}, which does not wait any more, allowed: propose it anew`);
    return proposal;
  };
  return {
    propose: (intent, effect, nowMs) => {
      const proposal = { id: randomUUID(), intent, effect, hash: hashOf(intent, effect), untilMs: nowMs + waitsMs };
      known.set(proposal.id, proposal);
      return proposal;
    },
    confirm: ({ id, hash, actor }, nowMs) => {
      const proposal = found(id, nowMs);
      if (actor === proposal.intent.actor)
        throw new TwinError('TWIN_REFUSED', `proposal: found ${actor}, who proposed it, allowed: another operator`);
      if (hash !== proposal.hash)
        throw new TwinError('TWIN_REFUSED', 'proposal: found something else than was shown, allowed: exactly what was proposed');
      known.delete(proposal.id);
      return proposal;
    },
    withdraw: (id, nowMs) => {
      const proposal = found(id, nowMs);
      known.delete(proposal.id);
      return proposal;
    },
    waiting: (nowMs) => [...known.values()].filter(({ untilMs }) => untilMs > nowMs),
  };
}

function hashOf(intent: Intent, effect: string): string {
  const fields = Object.entries(intent).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([fields, effect]))
    .digest('hex');
}
