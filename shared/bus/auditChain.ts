import { createHash } from 'node:crypto';
import type { Fact, FactDataOf } from '../domain/fact.js';

type Audit = FactDataOf['control.audit.v1'];

/** What the first audit of a chain follows. */
export const chainStart: string = '0'.repeat(64);

/** A chain of audits as far as it was followed. */
export interface AuditChain {
  /** Hash the next audit has to follow. */
  readonly newest: string;
  readonly newestId: string;
  readonly links: number;
  /** The first audit that does not follow the one before it, or is not what its hash says, in words; null: none. */
  readonly brokenAt: string | null;
}

export const emptyChain: AuditChain = { newest: chainStart, newestId: '', links: 0, brokenAt: null };

/** Hash of an audit that follows another. */
export function hashAfter(previousHash: string, id: string, { previousHash: _before, hash: _own, ...data }: Audit): string {
  const fields = Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([previousHash, id, fields]))
    .digest('hex');
}

/** The chain with one more fact of its stream; audits from before there were chains, and a repeat of the newest, are passed over. */
export function followChain(chain: AuditChain, fact: Fact): AuditChain {
  if (fact.type !== 'control.audit.v1' || fact.component !== 'api' || fact.id === chain.newestId) return chain;
  const { previousHash, hash } = fact.data;
  if (previousHash === undefined || hash === undefined)
    return chain.links === 0 || chain.brokenAt !== null ? chain : { ...chain, brokenAt: `${fact.id} has no hash` };
  const trouble =
    previousHash !== chain.newest
      ? `${fact.id} does not follow the audit before it`
      : hash !== hashAfter(previousHash, fact.id, fact.data)
        ? `${fact.id} is not what its hash says`
        : null;
  return { newest: hash, newestId: fact.id, links: chain.links + 1, brokenAt: chain.brokenAt ?? trouble };
}
