import { describe, expect, it } from 'vitest';
import { runProjectsFast } from '../../shared/domain/buildout/fastProjects.js';
import type { Fact } from '../../shared/domain/fact.js';
import { definitionOf } from '../../shared/events/registry.js';
import type { World } from '../../shared/scenario/schema.js';
import { audit, block, factAt, factsOf, ofType, startMs } from '../support/projectWorld.js';
import { plainStages, processWorld, stage } from '../support/processWorld.js';

const dayMs = 24 * 3_600_000;
const never = startMs + 3_650 * dayMs;

function factsOfProcess(world: World, inputs: readonly Fact[] = [], untilMs = never): readonly Fact[] {
  return runProjectsFast(world, { untilMs, inputs });
}

/** `day: words` of what a project said of its blocks, its gates and its equipment. */
function told(facts: readonly Fact[]): readonly string[] {
  return facts.flatMap((fact) => {
    const day = Math.floor((fact.timeMs - startMs) / dayMs);
    switch (fact.type) {
      case 'buildout.stage.v1':
        return [`${day}: ${fact.data.block} ${fact.data.stage} <${fact.data.waitingFor.join(' ')}>`];
      case 'buildout.gate.v1':
        return [`${day}: ${fact.data.gate} ${fact.data.state}`];
      case 'buildout.order.v1':
        return [`${day}: ${fact.data.equipment} ${fact.data.step}`];
      case 'buildout.block.v1':
        return [`${day}: ${fact.data.block} energized`];
      case 'buildout.site.v1':
        return [`${day}: ${fact.data.block} ${fact.data.fromSite} -> ${fact.data.toSite}`];
      default:
        return [];
    }
  });
}

const go = (hour: number, action: 'go-gate' | 'no-go-gate' = 'go-gate') => audit(action, 'go', hour);

describe('a project with stages', () => {
  it('goes through its graph side by side, waits for a person at its gate, and has power after the last of construction and equipment', () => {
    const facts = factsOfProcess(processWorld({}), [go(60 * 24)]);
    expect(told(facts)).toEqual([
      '0: 1 site-control <site>',
      '10: transformer ordered',
      '10: 1 permitting <air study transformer>',
      '25: 1 permitting <study transformer>',
      '50: go waiting',
      '50: 1 permitting <go transformer>',
      '60: go go',
      '60: 1 construction <transformer build>',
      '90: 1 energization <transformer>',
      '110: transformer delivered',
      '110: 1 energization <power>',
      '110: 1 energized',
      '110: 1 energized <>',
    ]);
    expect(facts.flatMap((fact) => definitionOf(fact.type)?.violation(fact.data) ?? [])).toEqual([]);
  });

  it('says the same facts as tick by tick', () => {
    const world = processWorld({});
    const inputs = [go(60 * 24), audit('slip-equipment', 'transformer', 70 * 24)];
    const slow = factsOf(world, 24 * 111, inputs);
    const fast = factsOfProcess(world, inputs);
    const byTick = (facts: readonly Fact[]) =>
      facts
        .filter((fact) => fact.component !== 'test' && fact.type !== 'permit.queue.v1' && fact.type !== 'buildout.expectation.v1')
        .map((fact) => JSON.stringify(fact));
    expect(byTick(fast)).toEqual(byTick(slow));
  });

  it('does stages that blocks share once, and keeps the blocks of a campus in their order', () => {
    const stages = [
      ...plainStages({ gate: { duration: { kind: 'fixed', days: 3 } } }),
      stage('build-2', 'construction', { block: 2, needs: ['go'], duration: { kind: 'fixed', days: 1 } }),
      stage('power-2', 'energization', { block: 2, needs: ['build-2'] }),
    ];
    const facts = factsOfProcess(
      processWorld({ stages, blocks: [block(1, [], { constructionDays: 0 }), block(2, [], { constructionDays: 0 })] }),
    );
    expect(ofType(facts, 'permit.filing.v1')).toHaveLength(1);
    expect(ofType(facts, 'buildout.gate.v1').map((fact) => [fact.data.state, fact.data.blocks, fact.data.actor])).toEqual([
      ['waiting', [1, 2], ''],
      ['go', [1, 2], 'nobody'],
    ]);
    expect(ofType(facts, 'buildout.block.v1').map((fact) => [fact.data.block, fact.data.energizedMw])).toEqual([
      [1, 100],
      [2, 300],
    ]);
  });

  it('goes through shared stages although a block of the campus has power already', () => {
    const running = block(1, [], { initialStage: 'energized', constructionDays: 0 });
    const stages = plainStages({ gate: { duration: { kind: 'fixed', days: 0 } } }).map((each) =>
      each.block === 1 ? { ...each, block: 2 } : each,
    );
    const facts = factsOfProcess(processWorld({ stages, blocks: [running, block(2, [], { constructionDays: 0 })] }));
    expect(ofType(facts, 'permit.decision.v1')).toHaveLength(1);
    const [energized] = ofType(facts, 'buildout.block.v1');
    expect([energized?.data.block, energized?.data.energizedMw, Math.floor(((energized?.timeMs ?? 0) - startMs) / dayMs)]).toEqual([
      2, 300, 110,
    ]);
  });

  it('gives everything up at a no-go, with what is lost and what comes back', () => {
    const facts = factsOfProcess(processWorld({}), [go(60 * 24, 'no-go-gate')]);
    expect(told(facts).slice(-4)).toEqual(['60: go no-go', '60: transformer cancelled', '60: 1 mesa -> mesa', '60: 1 abandoned <>']);
    const [gone] = ofType(facts, 'buildout.site.v1');
    // Site 100 + 1,000 less a quarter, air 10, study 5, transformer 50 + 500.
    expect(gone?.data).toMatchObject({ writtenOffUsd: 100 + 750 + 10 + 5 + 550, releasedUsd: 250, reason: 'go no-go by operator: drill' });
    expect(ofType(facts, 'buildout.gate.v1')[1]?.data).toMatchObject({
      spentUsd: 165,
      atRiskUsd: 1_415,
      actor: 'operator',
      reason: 'drill',
    });
  });

  it('ignores a decision on a gate that does not wait, a second one, and one that was refused', () => {
    const once = told(factsOfProcess(processWorld({}), [go(60 * 24)]));
    const often = [go(20 * 24, 'no-go-gate'), audit('no-go-gate', 'go', 58 * 24, false), go(60 * 24), go(62 * 24, 'no-go-gate')];
    expect(told(factsOfProcess(processWorld({}), often))).toEqual(once);
  });

  it('moves every dependent date in the tick after a slip, with the chain that sets the date and what moved it', () => {
    const slip = factAt('control.audit.v1', 'transformer', 70 * 24, {
      action: 'slip-equipment',
      target: 'transformer',
      actor: 'operator',
      amountMw: null,
      days: 45,
      reason: 'port strike',
      accepted: true,
    });
    const facts = factsOfProcess(processWorld({}), [go(60 * 24), slip]);
    const plan = ofType(facts, 'buildout.plan.v1').find((fact) => fact.data.cause.includes('slipped'));
    expect(plan?.tick).toBe(70 * 24 + 1);
    expect(plan?.data.cause).toBe('transformer slipped by 45 days: port strike');
    const movedMs = Date.parse(plan?.data.energizationTime ?? '') - Date.parse(plan?.data.previousTime ?? '');
    expect(movedMs).toBe(45 * dayMs);
    expect(plan?.data.stages.filter((each) => each.isOnChain).map((each) => [each.stage, each.waitsFor])).toEqual([
      ['transformer', []],
      ['power', ['transformer', 'build']],
    ]);
    expect(ofType(facts, 'buildout.block.v1')[0]?.data.block).toBe(1);
    expect(Math.floor(((ofType(facts, 'buildout.block.v1')[0]?.timeMs ?? 0) - startMs) / dayMs)).toBe(155);
  });

  it('leaves out a stage that does not apply, as often as the scenario says', () => {
    const withReview = (seed: number) =>
      processWorld({ seed, stages: plainStages({ air: { appliesRatio: 0.15 }, gate: { duration: { kind: 'fixed', days: 0 } } }) });
    const applied = Array.from({ length: 200 }, (_, seed) => ofType(factsOfProcess(withReview(seed)), 'permit.filing.v1').length);
    const ratio = applied.filter((filings) => filings > 0).length / applied.length;
    expect(Math.abs(ratio - 0.15)).toBeLessThan(0.05);
  });

  it('stands still when a grant is taken back, and goes on with the days it had left when it is granted again', () => {
    const inputs = [go(60 * 24), audit('revoke-permit', 'air', 70 * 24), audit('revoke-permit', 'air', 71 * 24)];
    const facts = factsOfProcess(processWorld({}), inputs);
    expect(ofType(facts, 'permit.decision.v1').map((fact) => [fact.data.outcome, fact.data.isRenewed ?? false])).toEqual([
      ['granted', false],
      ['revoked', false],
      ['granted', true],
    ]);
    expect(told(facts).slice(-8)).toEqual([
      '60: 1 construction <transformer build>',
      '70: 1 permitting <air transformer>',
      // A quarter of the 10 days of work is done again.
      '72: 1 construction <transformer build>',
      '92: 1 energization <transformer>',
      '110: transformer delivered',
      '110: 1 energization <power>',
      '110: 1 energized',
      '110: 1 energized <>',
    ]);
  });

  it('moves together when a permit that all blocks share is denied, to one next site, and counts its money once', () => {
    const stages = [
      ...plainStages({ air: { denialRatio: 1 } }),
      stage('build-2', 'construction', { block: 2, needs: ['go'], duration: { kind: 'fixed', days: 1 } }),
      stage('power-2', 'energization', { block: 2, needs: ['build-2'] }),
    ];
    const blocks = [block(1, [], { constructionDays: 0 }), block(2, [], { constructionDays: 0 })];
    const facts = factsOfProcess(processWorld({ stages, blocks }));
    expect(ofType(facts, 'buildout.site.v1').map((fact) => [fact.data.block, fact.data.toSite, fact.data.writtenOffUsd])).toEqual([
      [1, 'harbor', 865],
      [2, 'harbor', 0],
    ]);
    expect(ofType(facts, 'buildout.block.v1').map((fact) => [fact.data.block, fact.data.campus])).toEqual([
      [1, 'harbor'],
      [2, 'harbor'],
    ]);
  });
});
