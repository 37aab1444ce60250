import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/dispatch.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import type { DispatchAnswer } from '../../services/cli/dispatch/answer.js';
import { runCommand } from '../support/commandLine.js';

async function answerOf(...words: string[]): Promise<DispatchAnswer> {
  const { out } = await runCommand(register, ['dispatch', 'three-areas', '--problem', 'chrono', '--json', ...words]);
  return JSON.parse(out) as DispatchAnswer;
}

describe('`dispatch --problem chrono` of a built-in scenario', () => {
  it('takes it with its storages, campuses, reserve and contracts, and answers as its schema says', async () => {
    const answer = await answerOf('--hours', '0:168', '--detail');
    expect(answer.hours).toBe(168);
    expect(answer.chrono?.reserveMw).toBe(950);
    expect(answer.chrono?.dischargedMwh).toBeGreaterThan(0);
    expect(answer.chrono?.chargedMwh).toBeGreaterThan(answer.chrono?.dischargedMwh ?? Infinity);
    expect(answer.chrono?.contracts.map(({ contract }) => contract)).toEqual(['riverbend-a', 'riverbend-b']);
    expect(answer.detail?.length).toBe(168);
    const { out } = await runCommand(registerSchema, ['schema', 'dispatch']);
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(out) as object);
    expect(validate(answer), JSON.stringify(validate.errors)).toBe(true);
  });

  it('costs more without storages and without foresight', async () => {
    const plain = await answerOf('--hours', '0:168', '--reserve', '0');
    const without = await answerOf('--hours', '0:168', '--reserve', '0', '--without-storage');
    const blind = await answerOf('--hours', '0:168', '--reserve', '0', '--foresight', 'day-before');
    expect(without.costUsd).toBeGreaterThan(plain.costUsd);
    expect(blind.costUsd).toBeGreaterThan(plain.costUsd);
    expect(without.chrono).toMatchObject({ chargedMwh: 0, dischargedMwh: 0 });
  });

  it('prices the reserve asked for in place of its own', async () => {
    const tight = await answerOf('--hours', '0:24', '--reserve', '3000', '--reserve-price', '50');
    expect(tight.chrono?.reserveMw).toBe(3_000);
    expect(tight.chrono?.shortageUsd).toBeCloseTo(50 * (tight.chrono?.shortageMwh ?? NaN), 3);
    expect(tight.chrono?.shortageMwh).toBeGreaterThan(0);
  });

  it('refuses other words for foresight, and foresight for other problems', async () => {
    await expect(answerOf('--foresight', 'week')).rejects.toThrow('--foresight: found week, allowed: perfect, day-before');
    const words = ['dispatch', 'three-areas', '--foresight', 'perfect'];
    await expect(runCommand(register, words)).rejects.toThrow('--foresight: found --problem hourly, allowed: with --problem chrono');
  });
});
