import { describe, expect, it } from 'vitest';
import type { Fact } from '../../shared/domain/fact.js';
import { weakest } from '../../shared/domain/ledger/evidence.js';
import { breakEven, ledgerRow, overallVerdict, type Figure, type Input, type Workload } from '../../shared/domain/ledger/ledger.js';
import { emptyEnergyLedger, hearEnergy } from '../../shared/domain/ledger/twinEnergy.js';
import { withGiven, workloads } from '../../shared/domain/ledger/workloads.js';
import { minuteMs } from '../../shared/domain/ticks.js';
import { audit, flexibleWorld, minute, of, riverbend, said } from '../support/clusterWorld.js';

function input(value: number, least = value, most = value, rest: Partial<Input> = {}): Input {
  return { name: 'x', unit: 'Wh', value, least, most, evidence: 'calibrated', source: 'test', ...rest };
}

function workload(training: Figure, inference: Figure, replaced: Figure): Workload {
  const texts = { name: 'test', task: 'a', replaced: 'b', limits: '' };
  return { ...texts, trainingMwh: training, inferenceWh: inference, replacedWh: replaced };
}

const one = (...inputs: readonly Input[]): Figure => ({ inputs, scale: 1 });

describe('break-even of training', () => {
  it('is training over what a task saves, and never where it saves nothing', () => {
    expect(breakEven({ trainingMwh: 5, inferenceWh: 2, replacedWh: 12 })).toBe(500_000);
    expect(breakEven({ trainingMwh: 5, inferenceWh: 12, replacedWh: 12 })).toBeNull();
    expect(breakEven({ trainingMwh: 5, inferenceWh: 13, replacedWh: 12 })).toBeNull();
    expect(breakEven({ trainingMwh: 0, inferenceWh: 1, replacedWh: 12 })).toBe(0);
  });
});

describe('a row of the ledger', () => {
  it('is supported when every end of every range pays back and nothing is assumed', () => {
    const row = ledgerRow(workload(one(input(5)), one(input(2, 1, 4)), one(input(10, 5, 20))));
    expect(row).toMatchObject({ verdict: 'supported', evidence: 'calibrated', breakEvenTasks: 625_000, netSavedWh: 8 });
    const assumed = ledgerRow(workload(one(input(5, 5, 5, { evidence: 'assumed' })), one(input(2)), one(input(10))));
    expect(assumed).toMatchObject({ verdict: 'mixed', evidence: 'assumed' });
  });

  it('is contradicted when no end pays back, whatever it rests on', () => {
    const row = ledgerRow(workload(one(input(5)), one(input(40, 20, 40)), one(input(0.3, 0.1, 3, { evidence: 'assumed' }))));
    expect(row).toMatchObject({ verdict: 'contradicted', breakEvenTasks: null });
    expect(row.netSavedWh).toBeCloseTo(-39.7, 12);
  });

  it('is mixed when one input turns it, names that input and where it turns', () => {
    const row = ledgerRow(workload(one(input(5)), one(input(2, 1, 4), input(3, 3, 3)), one(input(10, 4, 20))));
    expect(row.verdict).toBe('mixed');
    const turns = row.sensitivity.map(({ turnsAt, isDecisive }) => [turnsAt === null ? null : Number(turnsAt.toFixed(9)), isDecisive]);
    expect(turns).toEqual([
      [null, false],
      [3.333333333, true],
      [5, false],
      [6, true],
    ]);
    expect(row.sensitivity[3]).toMatchObject({ tasksAtLeast: null, tasksAtMost: 5e6 / 14 });
  });

  it('moves an input that stands on both sides on both', () => {
    const watts = input(100, 50, 400, { name: 'watts' });
    const row = ledgerRow(workload(one(input(5)), one(watts), one(watts, input(10, 2, 20, { name: 'ratio' }))));
    const [, own, ratio] = row.sensitivity;
    expect(own).toMatchObject({ sides: ['inference', 'replaced'], turnsAt: null, isDecisive: false, tasksAtLeast: 5e6 / 450 });
    expect(ratio?.turnsAt).toBeCloseTo(1, 12);
    expect(row.verdict).toBe('supported');
  });

  it('rests on the weakest of its inputs', () => {
    expect(weakest(['measured', 'calibrated'])).toBe('calibrated');
    expect(weakest(['calibrated', 'assumed', 'measured'])).toBe('assumed');
    expect(weakest([])).toBe('measured');
  });
});

describe('the four workloads', () => {
  const rows = workloads.map(ledgerRow);
  const of4 = (name: string) => rows.find((row) => row.name === name);

  it('differ: weather pays back, a long prompt never does, so that the claim is mixed', () => {
    expect(rows.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['weather', 'supported'],
      ['chat', 'mixed'],
      ['long-prompt', 'contradicted'],
      ['code', 'mixed'],
    ]);
    expect(overallVerdict(rows)).toBe('mixed');
    expect(overallVerdict(rows.slice(0, 1))).toBe('supported');
    expect(overallVerdict(rows.slice(2, 3))).toBe('contradicted');
  });

  it('have energies that follow from what is published, by hand', () => {
    // 21,504 device hours x 192 W x 1.1; a minute of 192 W x 1.1, and 1,000 times that.
    expect(of4('weather')?.trainingMwh).toBeCloseTo(4.541645, 6);
    expect(of4('weather')?.inferenceWh).toBeCloseTo(3.52, 9);
    expect(of4('weather')?.breakEvenTasks).toBeCloseTo(4_541_645 / (3_520 - 3.52), 0);
    expect(of4('chat')?.trainingMwh).toBeCloseTo(30.84e6 * 0.83e-3 * 1.1, 6);
    expect(of4('code')?.replacedWh).toBeCloseTo((89.7 / 60) * 50, 9);
  });

  it('turn for chat at the energy of a search, for code at the minutes saved', () => {
    const decisive = (name: string) => of4(name)?.sensitivity.flatMap(({ input: each, isDecisive }) => (isDecisive ? [each] : []));
    expect(decisive('chat')).toEqual(['energy of a prompt']);
    expect(decisive('code')).toContain('minutes saved');
    expect(decisive('weather')).toEqual([]);
    expect(decisive('long-prompt')).toEqual([]);
  });

  it('name a source for every number, with a value inside its range', () => {
    const inputs = workloads.flatMap(({ trainingMwh, inferenceWh, replacedWh }) =>
      [trainingMwh, inferenceWh, replacedWh].flatMap((figure) => figure.inputs),
    );
    for (const { source, value, least, most } of inputs) {
      expect(source.length).toBeGreaterThan(10);
      expect(least).toBeLessThanOrEqual(value);
      expect(value).toBeLessThanOrEqual(most);
    }
  });

  it('take figures that are given, and their evidence', () => {
    const chat = workloads.find(({ name }) => name === 'chat');
    if (chat === undefined) throw new Error('no chat');
    const row = ledgerRow(withGiven(chat, { trainingMwh: 60, inferenceWh: 0.24, replacedWh: 0.3, evidence: 'measured', source: 'given' }));
    expect(row).toMatchObject({ verdict: 'supported', evidence: 'measured' });
    expect(row.breakEvenTasks).toBeCloseTo(1e9, 0);
  });
});

describe('energy of a run of the twin', () => {
  const world = flexibleWorld(riverbend(), () => []);
  const ticks = Array.from({ length: 24 }, (_, tick) => {
    if (tick === 6) world.inject(audit('pause-run', 'cinder', 5));
    return world.tick();
  });
  const facts = ticks.flat();
  const ledger = facts.reduce((before, fact) => hearEnergy(before, fact, 5 * minuteMs), emptyEnergyLedger);
  const cinder = ledger.accounts.get('training/cinder');

  it('is the sum of its mean powers, with what it drew while it stood still', () => {
    const powers = of(facts, 'cluster.progress.v1').map(({ data }) => data.runs.find(({ run }) => run === 'cinder'));
    expect(powers).toHaveLength(24);
    expect(cinder?.mwh).toBeCloseTo(
      powers.reduce((sum, run) => sum + (run?.powerMw ?? 0) / 12, 0),
      9,
    );
    const still = powers.filter((run) => run?.state !== 'running' && run?.state !== 'throttled');
    expect(still.length).toBeGreaterThan(10);
    expect(cinder?.stillMwh).toBeCloseTo(
      still.reduce((sum, run) => sum + (run?.powerMw ?? 0) / 12, 0),
      9,
    );
    expect(cinder).toMatchObject({ heardMs: 120 * minuteMs, fromMs: minute(0), toMs: minute(120), campus: 'riverbend' });
  });

  it('does not count a run that works under a cap as standing still, nor one that waits or is done at all', () => {
    const run = { run: 'cinder', campus: 'riverbend', powerMw: 12, capRatio: 1, completedSteps: 5, checkpointedSteps: 5, totalSteps: 9 };
    const states = ['waiting', 'throttled', 'restoring', 'running', 'finished'] as const;
    const heard = states
      .map((state, tick) => said('cluster.progress.v1', 'central', { tick, phase: 3 }, { runs: [{ ...run, state }] }) as unknown as Fact)
      .reduce((before, fact) => hearEnergy(before, fact, 5 * minuteMs), emptyEnergyLedger);
    expect(heard.accounts.get('training/cinder')).toMatchObject({ mwh: 3, stillMwh: 1, fromMs: minute(5), toMs: minute(20) });
  });

  it('counts a tick that is heard twice once', () => {
    const again = facts.reduce((before, fact) => hearEnergy(before, fact, 5 * minuteMs), ledger);
    expect(again.accounts).toEqual(ledger.accounts);
  });
});
