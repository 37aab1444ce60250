import { describe, expect, it } from 'vitest';
import { runProjectsFast } from '../../shared/domain/buildout/fastProjects.js';
import { standingFacts, standingOf } from '../../shared/domain/buildout/standing.js';
import type { Fact } from '../../shared/domain/fact.js';
import { definitionOf } from '../../shared/events/registry.js';
import { ofType, startMs } from '../support/projectWorld.js';
import { tenYearFacts, tenYearWorld } from '../support/tenYears.js';

const facts = tenYearFacts().flat();

const dayOf = (fact: Fact): string => new Date(fact.timeMs).toISOString().slice(0, 10);

describe('ten years of a campus', () => {
  it('hold a denial, an appeal lost, a move to the next site, and a grant that is taken back and given again', () => {
    const decided = (permit: string) => ofType(facts, 'permit.decision.v1', permit).map((fact) => fact.data.outcome);
    expect(decided('mesa-3-line-certificate')).toEqual(['denied', 'denied']);
    expect(ofType(facts, 'permit.filing.v1', 'mesa-3-line-certificate').map((fact) => fact.data.step)).toContain('appealed');
    expect(ofType(facts, 'buildout.site.v1').map((fact) => [fact.data.block, fact.data.toSite, fact.data.reason])).toEqual([
      [3, 'harbor', 'mesa-3-line-certificate denied'],
    ]);
    expect(decided('mesa-air')).toEqual(['granted', 'revoked', 'granted']);
    const stages = ofType(facts, 'buildout.stage.v1').filter((fact) => fact.data.block === 2);
    const back = stages.find((fact) => fact.data.stage === 'permitting' && fact.data.previousStage === 'construction');
    expect(back && dayOf(back)).toBe('2029-09-01');
    expect(stages.at(-1)?.data.stage).toBe('energized');
  });

  it('give power to each block once, those of a campus in their order', () => {
    const powered = ofType(facts, 'buildout.block.v1');
    expect(powered.map((fact) => fact.data.block).sort()).toEqual([...new Set(powered.map((fact) => fact.data.block))].sort());
    const atMesa = powered.filter((fact) => fact.data.campus === 'mesa').map((fact) => fact.data.block);
    expect(atMesa).toEqual([...atMesa].sort());
    expect(powered.length).toBeGreaterThanOrEqual(3);
  });

  it('say when a slip moved which dates, and what each block waits for at the end', () => {
    const slipped = ofType(facts, 'buildout.plan.v1').filter((fact) => fact.data.cause.includes('slipped'));
    expect(slipped.map((fact) => [fact.data.block, dayOf(fact)])).toContainEqual([2, '2029-03-01']);
    const project = tenYearWorld.projects[0];
    if (project === undefined) throw new Error('no project');
    const standing = standingOf(project, standingFacts(facts));
    expect(standing.map((each) => each.block)).toEqual([1, 2, 3, 4, 5]);
    const last = standing.find((each) => each.block === 5);
    expect(last?.stage === 'energized' || (last?.waitsFor.length ?? 0) > 0).toBe(true);
    for (const { waitsFor } of standing) for (const waiting of waitsFor) expect(waiting.wouldHelp).not.toBe('');
  });

  it('hold what the declarations allow, and few words: under 60 of the project a year', () => {
    expect(facts.flatMap((fact) => definitionOf(fact.type)?.violation(fact.data) ?? [])).toEqual([]);
    const ofProject = facts.filter((fact) => fact.type.startsWith('buildout.'));
    expect(ofProject.length / 10).toBeLessThan(60);
  });

  it('are the same in two runs of a seed and other in another', () => {
    const short = startMs + 900 * 24 * 3_600_000;
    const text = (seed: number) => JSON.stringify(runProjectsFast({ ...tenYearWorld, seed }, { untilMs: short, tellsQueues: false }));
    expect(text(1)).toBe(text(1));
    expect(text(2)).not.toBe(text(1));
  });
});

describe('where a block stands', () => {
  it('names what it waits for, since when, how that stands and what would help', () => {
    const project = tenYearWorld.projects[0];
    if (project === undefined) throw new Error('no project');
    const until = startMs + 400 * 24 * 3_600_000;
    const standing = standingOf(project, standingFacts(runProjectsFast(tenYearWorld, { untilMs: until })));
    const block2 = standing.find((each) => each.block === 2);
    expect(block2?.stage).toBe('permitting');
    const air = block2?.waitsFor.find((waiting) => waiting.stage === 'mesa-air');
    expect(air).toMatchObject({ kind: 'permit', sinceTime: expect.stringContaining('2027-11-12') });
    expect(air?.standing).toMatch(/state-air-board|applicant/);
    const transformer = block2?.waitsFor.find((waiting) => waiting.stage === 'mesa-2-transformer');
    expect(transformer).toMatchObject({ kind: 'equipment', standing: 'ordered' });
    expect(block2?.chain.at(-1)?.stage).toBe('mesa-2-energization');
    expect(block2?.chain.at(-1)?.expectedTime).toBe(block2?.energizationTime);
  });
});
