import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FactOf, FactType } from '../../shared/domain/fact.js';
import { startTwin, type TestTwin } from '../support/twin.js';

/** At real time a tick lasts five minutes, so whatever is answered here is answered between two ticks. */
let twin: TestTwin;
beforeAll(async () => {
  twin = await startTwin('--scenario', 'three-areas', '--rate', '1');
}, 120_000);
afterAll(() => twin.stop());

interface Answered {
  readonly tick: number;
  readonly answers: readonly {
    readonly campus: string;
    readonly epoch: number;
    readonly result: string;
    readonly reductionMw: number;
    readonly promisedMw: number;
    readonly setPointMw: number;
    readonly residualMw: number;
  }[];
}

async function order(...args: readonly string[]): Promise<Answered> {
  const { code, stdout, stderr } = await twin.cli('training', ...args, '--json');
  expect(`${code} ${stderr}`).toBe('0 ');
  return JSON.parse(stdout) as Answered;
}
const of = async <Type extends FactType>(type: Type): Promise<readonly FactOf<Type>[]> =>
  (await twin.facts()).filter((fact) => fact.type === type) as unknown as readonly FactOf<Type>[];

describe('load targets of a person at real time', () => {
  it('are accepted with the new set point before the tick is over', async () => {
    const { tick, answers } = await order('curtail', 'riverbend', '--mw', '80', '--minutes', '60', '--id', 'peak');
    expect(answers).toHaveLength(1);
    expect(answers[0]).toMatchObject({ campus: 'riverbend', epoch: 1, result: 'accepted', reductionMw: 80, promisedMw: 80, residualMw: 0 });
    const outcome = (await of('control.outcome.v1'))[0];
    expect(outcome).toMatchObject({ tick, phase: 4, data: { order: 'loadtarget/1', setPointMw: answers[0]?.setPointMw } });
    expect((await twin.clock()).tick).toBe(tick + 1);
  });

  it('are given what the campus can, and what is missing is named', async () => {
    const { answers } = await order('curtail', 'riverbend', '--mw', '350', '--minutes', '120', '--best-effort', '--id', 'deep');
    expect(answers[0]).toMatchObject({ result: 'partial', promisedMw: 288.8 });
    expect(answers[0]?.residualMw).toBeCloseTo(61.2, 6);
    const { answers: released } = await order('release', 'riverbend', '--id', 'deep');
    expect(released[0]).toMatchObject({ reductionMw: 80, result: 'accepted' });
  });

  it('are extended, limited, and released', async () => {
    const until = new Date(Date.parse((await twin.clock()).twinTime) + 3 * 3_600_000).toISOString();
    await order('extend', 'riverbend', '--id', 'peak', '--until', until);
    expect((await of('control.loadtarget.v1')).at(-1)?.data.targets[0]).toMatchObject({ reductionMw: 80, untilTime: until });
    const { answers } = await order('curtail', 'riverbend', '--limit', '400', '--minutes', '60', '--id', 'cap');
    expect(answers[0]?.setPointMw).toBeLessThanOrEqual(400);
    const { answers: released } = await order('release', 'riverbend');
    expect(released[0]).toMatchObject({ reductionMw: 0 });
    const states = (await of('control.request.v1')).map(({ data }) => `${data.request} ${data.state}`);
    expect(states).toEqual(['peak active', 'deep active', 'deep released', 'peak extended', 'cap active', 'peak released', 'cap released']);
  });

  it('are listed with what became of them', async () => {
    const { code, stdout } = await twin.cli('training', 'targets', 'riverbend', '--json');
    const { targets, breaches } = JSON.parse(stdout) as { targets: { request: string; state: string }[]; breaches: unknown[] };
    expect([code, breaches]).toEqual([0, []]);
    expect(targets.map(({ request, state }) => `${request} ${state}`).sort()).toEqual(['cap released', 'deep released', 'peak released']);
  });

  it('are split over the fleet', async () => {
    const { answers } = await order('curtail', 'fleet', '--mw', '50', '--minutes', '60', '--id', 'fleet-1');
    expect(answers.map(({ campus, promisedMw }) => [campus, promisedMw])).toEqual([['riverbend', 50]]);
    await order('release', 'fleet', '--id', 'fleet-1');
  });

  it('are answered while Temporal stands still', async () => {
    twin.kill('temporal', 'SIGSTOP');
    const { answers } = await order('curtail', 'riverbend', '--mw', '40', '--minutes', '60');
    twin.kill('temporal', 'SIGCONT');
    expect(answers[0]).toMatchObject({ result: 'accepted', promisedMw: 40 });
  });

  it('that make no sense are refused in one line', async () => {
    const refused = async (...args: readonly string[]): Promise<string> => {
      const { code, stdout, stderr } = await twin.cli('training', ...args);
      expect([code, stdout]).toEqual([code === 1 ? 1 : 2, '']);
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
      return stderr;
    };
    expect(await refused('curtail', 'riverbend', '--mw', '8000')).toContain(
      'amountMw: found 8000 for riverbend, allowed: above 0 up to the 600 MW',
    );
    expect(await refused('curtail', 'riverbend', '--mw', '80kW')).toContain('--mw: found 80kW');
    expect(await refused('curtail', 'nowhere', '--mw', '80')).toContain('found "nowhere", allowed: riverbend');
    expect(await refused('curtail', 'riverbend', '--mw', '8', '--until', '2020-01-01T00:00:00Z')).toContain('untilTime: found "2020-01-01');
    expect(await refused('curtail', 'riverbend', '--mw', '8', '--from', '2020-01-01T00:00:00Z')).toContain('fromTime: found "2020-01-01');
    expect(await refused('curtail', 'riverbend', '--mw', '8', '--id', 'peak')).toContain('request: peak was asked for already (released)');
  });
});
