import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, describe, expect, it } from 'vitest';
import type { ClaimsAnswer } from '../../services/cli/claims/answer.js';
import { dataDir, noQueues, queuesDir } from '../support/data.js';
import { createHome } from '../support/loadstone.js';

const home = createHome();
afterAll(() => home.remove());

describe.skipIf(queuesDir === null)(`the claims${queuesDir === null ? ` (${noQueues})` : ''}`, () => {
  it('that take seconds each have a figure, and what is assumed supports none of them', async () => {
    const answer = (await home.json(['claims', '--data', dataDir, '--claim', '1,2,6,9,10,11'])) as ClaimsAnswer;
    const validate = new Ajv2020({ strict: false }).compile((await home.json(['schema', 'claims'])) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
    expect(answer.rows.map(({ claim }) => claim)).toEqual([1, 2, 6, 9, 10, 11, 11]);
    for (const { failure, figure, verdict, evidence } of answer.rows) {
      expect(failure).toBeNull();
      expect(figure).not.toMatch(/undefined|NaN|none/);
      if (evidence === 'assumed') expect(verdict).not.toBe('supported');
    }
    // The same file by the command alone: 5 % and 95 % do not depend on who asks.
    const gap = (await home.json(['queue', 'gap', `${dataDir}/iso-queues/caiso_snapshot_2025-08-11.csv.gz`])) as {
      readonly days: readonly { readonly gapMw: { readonly p5: number; readonly p95: number } }[];
    };
    const { p5 = 0, p95 = 0 } = gap.days.at(-1)?.gapMw ?? {};
    expect(answer.rows[4]?.figure).toContain(`[${(p5 / 1_000).toFixed(0)}, ${(p95 / 1_000).toFixed(0)}]`);
  }, 120_000);

  it('of which one fails are all told, and the command says so by its code', async () => {
    const { code, stdout } = await home.loadstone(['claims', '--data', home.home, '--claim', '2,10', '--json']);
    expect(code).toBe(1);
    const { rows } = JSON.parse(stdout) as ClaimsAnswer;
    expect(rows.map(({ claim, failure }) => [claim, failure === null])).toEqual([
      [2, true],
      [10, false],
    ]);
  }, 60_000);
});
