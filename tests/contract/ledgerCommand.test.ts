import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/power.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { LedgerAnswer } from '../../services/cli/power/ledgerAnswer.js';
import { runCommand } from '../support/commandLine.js';

async function answerOf(...words: string[]): Promise<LedgerAnswer> {
  return JSON.parse((await runCommand(register, ['power', 'ledger', ...words, '--json'])).out) as LedgerAnswer;
}

describe('power ledger', () => {
  it('prints all four workloads with their verdicts, as its schema says', async () => {
    const answer = await answerOf();
    expect(answer).toMatchObject({ verdict: 'mixed', evidence: 'assumed' });
    expect(answer.rows.map(({ name, breakEvenTasks }) => [name, breakEvenTasks === null])).toEqual([
      ['weather', false],
      ['chat', true],
      ['long-prompt', true],
      ['code', false],
    ]);
    const { out } = await runCommand(registerSchema, ['schema', 'power-ledger']);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  });

  it('says for people what speaks against the claim and what would turn it', async () => {
    const { out } = await runCommand(register, ['power', 'ledger']);
    expect(out).toMatch(/over all of them: mixed \(evidence: assumed\)/);
    expect(out).toMatch(/against it: chat saves nothing; long-prompt takes 39.7 Wh more a task/);
    expect(out).toMatch(/minutes saved +89.7 min +-13.5 to 89.7 +never to .* 49.2 +calibrated +yes/);
  });

  it('takes figures in place of its own', async () => {
    const answer = await answerOf(
      '--workload',
      'chat',
      '--infer-wh',
      '0.1',
      '--replaced-wh',
      '0.3',
      '--train-mwh',
      '2',
      '--evidence',
      'measured',
    );
    expect(answer.rows).toHaveLength(1);
    expect(answer.rows[0]?.breakEvenTasks).toBeCloseTo(1e7, 3);
    expect(answer).toMatchObject({ verdict: 'supported', evidence: 'measured' });
    expect((await answerOf('--workload', 'chat', '--infer-wh', '0.1', '--replaced-wh', '0.3', '--train-mwh', '2')).verdict).toBe('mixed');
  });

  it.each([
    [['--workload', 'poetry'], /--workload: found poetry, allowed: weather, chat, long-prompt, code/],
    [['--infer-wh', '1'], /--workload: found none, allowed with a figure: weather/],
    [['--workload', 'chat', '--infer-wh', '-1'], /--infer-wh: found -1, allowed: a number from 0/],
    [['--workload', 'chat', '--train-mwh', 'much'], /--train-mwh: found much/],
    [['--workload', 'chat', '--infer-wh', '1', '--evidence', 'sure'], /--evidence: found sure, allowed: measured, calibrated, assumed/],
    [['--workload', 'chat', '--train-mwh', '1', '--run', 'atlas'], /--run: found beside --train-mwh, allowed: one of them/],
  ])('refuses %j', async (words, message) => {
    await expect(runCommand(register, ['power', 'ledger', ...words])).rejects.toThrow(message);
  });
});
