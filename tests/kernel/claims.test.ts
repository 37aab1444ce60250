import { describe, expect, it } from 'vitest';
import { claims, judged } from '../../services/cli/claims/claim.js';
import { experiments, runClaims } from '../../services/cli/claims/run.js';

describe('the claims', () => {
  it('have an experiment each, in their order', () => {
    const numbers = experiments.map(({ claim }) => claim);
    expect([...new Set(numbers)].map(String)).toEqual(Object.keys(claims));
    expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
  });

  it('are never supported by what is assumed', () => {
    const found = { figure: '1', verdict: 'supported', flips: 'x' } as const;
    expect(judged({ ...found, evidence: 'assumed' }).verdict).toBe('open');
    expect(judged({ ...found, evidence: 'calibrated' }).verdict).toBe('supported');
    expect(judged({ ...found, verdict: 'mixed', evidence: 'assumed' }).verdict).toBe('mixed');
  });

  it('whose data is not there are open, name the file, and stop no other', async () => {
    const told: number[] = [];
    const own = experiments.filter(({ claim }) => claim === 8).slice(0, 1);
    const { rows } = await runClaims({ experiments: own, dataDir: '/nowhere', lanes: 2, say: ({ claim }) => told.push(claim) });
    expect(rows).toMatchObject([
      { claim: 8, verdict: 'open', failure: '/nowhere/iso-queues/ERCOT_Queue.csv.gz: not there; --data names the folder of data' },
    ]);
    expect(told).toEqual([8]);
  });
});
