import { describe, expect, it } from 'vitest';
import { chainStart, emptyChain, followChain, hashAfter } from '../../shared/bus/auditChain.js';
import type { Fact, FactOf } from '../../shared/domain/fact.js';
import { exampleFact } from '../support/facts.js';

type Audit = FactOf<'control.audit.v1'>;

/** Audits that follow each other. */
function chainOf(count: number): readonly Audit[] {
  let previousHash = chainStart;
  return Array.from({ length: count }, (_, tick) => {
    const fact = exampleFact('control.audit.v1', 'api', tick, { reason: `number ${tick}` }) as Audit;
    const hash = hashAfter(previousHash, fact.id, fact.data);
    const chained = { ...fact, data: { ...fact.data, previousHash, hash } };
    previousHash = hash;
    return chained;
  });
}
const follow = (facts: readonly Audit[]) => (facts as readonly Fact[]).reduce(followChain, emptyChain);

describe('the chain of audits', () => {
  it('holds while each follows the one before, however often the newest is heard', () => {
    const facts = chainOf(4);
    expect(follow(facts)).toMatchObject({ links: 4, brokenAt: null });
    expect(follow([...facts, ...facts.slice(-1)])).toMatchObject({ links: 4, brokenAt: null });
  });

  it('names the first audit that was changed, follows one that was taken away, or stands where another stood', () => {
    const facts = chainOf(5);
    const changed = facts.map((fact, place) => (place === 2 ? { ...fact, data: { ...fact.data, actor: 'nobody' } } : fact));
    expect(follow(changed).brokenAt).toBe(`${facts[2]?.id} is not what its hash says`);
    expect(follow(facts.filter((_, place) => place !== 1)).brokenAt).toBe(`${facts[2]?.id} does not follow the audit before it`);
    expect(follow(facts.toSpliced(1, 2, ...facts.slice(1, 3).reverse())).brokenAt).not.toBeNull();
    const [{ previousHash: _before, hash: _own, ...bare } = { previousHash: '', hash: '' }] = facts.map(({ data }) => data);
    const stripped = facts.map((fact, place) =>
      place === 3 ? ({ ...fact, data: { ...fact.data, ...bare, previousHash: undefined, hash: undefined } } as unknown as Audit) : fact,
    );
    expect(follow(stripped).brokenAt).toBe(`${facts[3]?.id} has no hash`);
  });

  it('passes over what was recorded before there was a chain', () => {
    const old = exampleFact('control.audit.v1', 'api', 0, {}) as Audit;
    expect(follow([old, ...chainOf(2)])).toMatchObject({ links: 2, brokenAt: null });
  });

  it('does not depend on the order in which fields are written', () => {
    const [fact] = chainOf(1);
    if (fact === undefined) throw new Error('no audit');
    const turned = Object.fromEntries(Object.entries(fact.data).reverse()) as Audit['data'];
    expect(hashAfter(chainStart, fact.id, turned)).toBe(fact.data.hash);
  });
});
