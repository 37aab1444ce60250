import { describe, expect, it } from 'vitest';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { definitionOf } from '../../shared/events/registry.js';
import { agency, audit, block, factsOf, ofType, permit, projectWorld, startMs } from '../support/projectWorld.js';

const hourMs = 3_600_000;

describe('agencies and projects together on the fast clock', () => {
  it('bring a block from its first draft to power, and the applicant and the agency agree on the way', () => {
    const world = projectWorld({ agencies: [agency({ noticeDays: 30 })], blocks: [block(1, [permit('mesa-air')])] });
    const facts = factsOf(world, 24 * 90);
    expect(ofType(facts, 'permit.phase.v1', 'mesa-air').map((fact) => fact.data.phase)).toEqual([
      'drafting',
      'filed',
      'queued',
      'under-review',
      'public-comment',
      'granted',
    ]);
    expect(ofType(facts, 'permit.filing.v1').map((fact) => [fact.data.step, fact.tick])).toEqual([['filed', 5 * 24]]);
    const [energized] = ofType(facts, 'buildout.block.v1');
    // Drafting 5, review 10, notice 30, construction 30 days, an hour of switching, and a tick for each word between applicant and agency.
    expect(energized?.timeMs).toBe(startMs + 75 * 24 * hourMs + 3 * hourMs);
    expect(ofType(facts, 'buildout.block.v1')).toHaveLength(1);
  });

  it('say one word per permit and block about how it ended, and only what the declarations allow', () => {
    const permits = ['a', 'b', 'c'].map((id) => permit(id, { draftingDays: 2, onDenial: 'appeal' }));
    const board = agency({ reviewers: 1, otherApplicationsPerYear: 10, denialRatio: 0.5, informationRequestRatio: 0.5, noticeDays: 10 });
    for (const seed of [1, 2, 3]) {
      const blocks = permits.map((one, index) => block(index + 1, [one]));
      const facts = factsOf(projectWorld({ agencies: [board], blocks, seed }), 24 * 450);
      const ends = ofType(facts, 'permit.phase.v1').filter((fact) => ['granted', 'denied', 'withdrawn'].includes(fact.data.phase));
      expect(ends.map((fact) => fact.entity).sort()).toEqual(['a', 'b', 'c']);
      const blocksSaid = ofType(facts, 'buildout.block.v1').map((fact) => fact.data.block);
      expect(new Set(blocksSaid).size).toBe(blocksSaid.length);
      const lastStages = new Map(ofType(facts, 'buildout.stage.v1').map((fact) => [fact.data.block, fact.data.stage]));
      expect([...lastStages.values()].every((stage) => stage === 'energized' || stage === 'abandoned')).toBe(true);
      expect(facts.flatMap((fact) => definitionOf(fact.type)?.violation(fact.data) ?? [])).toEqual([]);
    }
  });

  it('move the project to its second site when a person has its permit denied', () => {
    const facts = factsOf(threeAreasHourly(), 24 * 680, [audit('deny-permit', 'mesa-block-3-air', 24)]);
    const [moved] = ofType(facts, 'buildout.site.v1');
    expect(moved?.data).toMatchObject({
      block: 3,
      fromSite: 'mesa',
      toSite: 'harbor',
      campus: 'harbor',
      writtenOffUsd: 250_000,
      reason: 'mesa-block-3-air denied',
    });
    // Audit in hour 24, decision in 25, applicant and project in 26.
    expect(moved?.tick).toBe(26);
    const atHarbor = ofType(facts, 'buildout.block.v1').filter((fact) => fact.data.campus === 'harbor');
    expect(atHarbor.map((fact) => [fact.data.block, fact.data.energizedMw])).toEqual([[3, 300]]);
  });

  it('power the second block of three-areas about an hour after the scripted approval', () => {
    const facts = factsOf(threeAreas, 12 * 30);
    const [approved] = ofType(facts, 'permit.decision.v1', 'mesa-block-2-energization');
    const [energized] = ofType(facts, 'buildout.block.v1');
    expect(approved?.data).toMatchObject({ outcome: 'granted', effectiveTime: '2027-07-14T20:00:00.000Z' });
    expect(energized?.data).toEqual({ block: 2, campus: 'mesa', capacityMw: 200, energizedMw: 300 });
    expect((energized?.timeMs ?? 0) - (approved?.timeMs ?? 0)).toBe(65 * 60_000);
  });

  it('say the same facts in two runs of the same seed, and others in another', () => {
    const ids = (seed: number) => factsOf({ ...threeAreasHourly(), seed }, 24 * 120).map((fact) => JSON.stringify(fact));
    expect(ids(1)).toEqual(ids(1));
    expect(ids(2)).not.toEqual(ids(1));
  });
});

function threeAreasHourly() {
  return { ...threeAreas, clock: { ...threeAreas.clock, tickMinutes: 60 } };
}
