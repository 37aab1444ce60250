import { describe, expect, it } from 'vitest';
import { runProjectsFast } from '../../shared/domain/buildout/fastProjects.js';
import type { Fact } from '../../shared/domain/fact.js';
import type { Project, Stage, World } from '../../shared/scenario/schema.js';
import { checkedWorld } from '../../shared/scenario/validate.js';
import { block, factsOf, ofType, startMs } from '../support/projectWorld.js';
import { plainStages, processWorld, stage } from '../support/processWorld.js';

const dayMs = 24 * 3_600_000;
const days = (count: number): NonNullable<Stage['duration']> => ({ kind: 'fixed', days: count });

/** 20 days for the site, an air permit of its own (3 days to draft), 40 days of construction. */
const harborStages: Stage[] = [
  stage('harbor-site', 'site-control', { duration: days(20) }),
  stage('harbor-air', 'permit', { agency: 'board', needs: ['harbor-site'], applicantDays: 3, denialRatio: 0, onDenial: 'move-site' }),
  stage('harbor-build', 'construction', { needs: ['harbor-air'], duration: days(40) }),
  stage('harbor-power', 'energization', { needs: ['harbor-build'] }),
];
const harbor: Project['nextSites'][number] = { site: 'harbor', campus: 'harbor', stages: harborStages };
const denied = plainStages({ air: { denialRatio: 1 }, gate: { duration: days(0) } });

function follow(nextSites: Project['nextSites'], rest: Parameters<typeof processWorld>[0] = {}): readonly Fact[] {
  return runProjectsFast(processWorld({ stages: denied, nextSites, ...rest }), { untilMs: startMs + 3_650 * dayMs });
}

const dayOf = ({ timeMs }: Fact): number => Math.floor((timeMs - startMs) / dayMs);
const moves = (facts: readonly Fact[]) => ofType(facts, 'buildout.site.v1').map(({ data }) => [data.block, data.fromSite, data.toSite]);

describe('a next site with a process of its own', () => {
  it('is gone through stage by stage, its permit by the agency, its construction once the equipment brought along is there', () => {
    const facts = follow([harbor]);
    // Site 10 days, air 5 to draft and 10 of work: denied on day 25, when the move begins.
    expect(moves(facts)).toEqual([[1, 'mesa', 'harbor']]);
    expect(ofType(facts, 'permit.filing.v1', 'harbor-air').map((fact) => [fact.data.step, dayOf(fact)])).toEqual([['filed', 25 + 20 + 3]]);
    expect(ofType(facts, 'permit.decision.v1', 'harbor-air').map((fact) => [fact.data.outcome, dayOf(fact)])).toEqual([['granted', 58]]);
    // The transformer ordered on day 10 comes on day 110: construction from then on, 40 days, an hour of switching.
    expect(ofType(facts, 'buildout.order.v1').map((fact) => [fact.data.step, dayOf(fact)])).toEqual([
      ['ordered', 10],
      ['delivered', 110],
    ]);
    const [powered] = ofType(facts, 'buildout.block.v1');
    expect([powered?.data.campus, powered && dayOf(powered)]).toEqual(['harbor', 150]);
  });

  it('says the same facts as tick by tick', () => {
    const world = processWorld({ stages: denied, nextSites: [harbor] });
    const byTick = (facts: readonly Fact[]) =>
      facts
        .filter((fact) => fact.component !== 'test' && fact.type !== 'permit.queue.v1' && fact.type !== 'buildout.expectation.v1')
        .map((fact) => JSON.stringify(fact));
    expect(byTick(follow([harbor]))).toEqual(byTick(factsOf(world, 24 * 151)));
  });

  it('takes blocks that leave together through what they share once', () => {
    const more = [
      stage('build-2', 'construction', { block: 2, needs: ['go'], duration: days(1) }),
      stage('power-2', 'energization', { block: 2, needs: ['build-2'] }),
    ];
    const blocks = [block(1, [], { constructionDays: 0 }), block(2, [], { constructionDays: 0 })];
    const facts = follow([harbor], { stages: [...denied, ...more], blocks });
    expect(moves(facts)).toEqual([
      [1, 'mesa', 'harbor'],
      [2, 'mesa', 'harbor'],
    ]);
    expect(ofType(facts, 'permit.filing.v1', 'harbor-air')).toHaveLength(1);
    expect(ofType(facts, 'buildout.block.v1').map((fact) => [fact.data.block, fact.data.campus, dayOf(fact)])).toEqual([
      [1, 'harbor', 150],
      [2, 'harbor', 150],
    ]);
  });

  it('is left for the one after it when its permit is denied too, and given up after the last', () => {
    const strict = harborStages.map((each) => (each.id === 'harbor-air' ? { ...each, denialRatio: 1 } : each));
    const prairie = { site: 'prairie', campus: 'prairie', permitDays: 30, constructionDays: 10 };
    expect(moves(follow([{ ...harbor, stages: strict }, prairie]))).toEqual([
      [1, 'mesa', 'harbor'],
      [1, 'harbor', 'prairie'],
    ]);
    const last = follow([{ ...harbor, stages: strict }]);
    expect(ofType(last, 'buildout.stage.v1').at(-1)?.data.stage).toBe('abandoned');
  });
});

describe('room at the next sites', () => {
  const prairie = { site: 'prairie', campus: 'prairie', permitDays: 30, constructionDays: 10 };

  it('lets a block pass over a site that cannot host it, and a smaller one take it later', () => {
    const wide = { ...prairie, hostingMw: 500 };
    const narrow = { ...harbor, hostingMw: 99 };
    expect(moves(follow([narrow, wide]))).toEqual([[1, 'mesa', 'prairie']]);
    const own = (number: number, denialDays: number): Stage[] => [
      stage(`air-${number}`, 'permit', {
        block: number,
        agency: 'board',
        applicantDays: denialDays,
        denialRatio: 1,
        onDenial: 'move-site',
      }),
      stage(`build-${number}`, 'construction', { block: number, needs: [`air-${number}`], duration: days(1) }),
      stage(`power-${number}`, 'energization', { block: number, needs: [`build-${number}`] }),
    ];
    const blocks = [block(1, [], { capacityMw: 50, constructionDays: 0 }), block(2, [], { constructionDays: 0 })];
    const facts = follow([narrow, wide], { stages: [...own(1, 30), ...own(2, 5)], blocks });
    expect(moves(facts)).toContainEqual([1, 'mesa', 'harbor']);
    expect(moves(facts)).toContainEqual([2, 'mesa', 'prairie']);
  });

  it('is shared out in the order of the blocks that leave together, the rest goes on to the site after it', () => {
    const more = [3, 2].flatMap((number) => [
      stage(`build-${number}`, 'construction', { block: number, needs: ['go'], duration: days(1) }),
      stage(`power-${number}`, 'energization', { block: number, needs: [`build-${number}`] }),
    ]);
    const blocks = [1, 2, 3].map((number) => block(number, [], { constructionDays: 0 }));
    const facts = follow(
      [
        { ...harbor, hostingMw: 400 },
        { ...prairie, hostingMw: 350 },
      ],
      { stages: [...denied, ...more], blocks },
    );
    expect(moves(facts)).toEqual([
      [1, 'mesa', 'harbor'],
      [2, 'mesa', 'harbor'],
      [3, 'mesa', 'prairie'],
    ]);
  });

  it('ends a block for which there is room nowhere', () => {
    const facts = follow([{ ...prairie, hostingMw: 10 }]);
    expect(ofType(facts, 'buildout.stage.v1').at(-1)?.data.stage).toBe('abandoned');
  });
});

describe('a next site that cannot be', () => {
  const lineOf = (site: Record<string, unknown>): string => {
    const world: World = processWorld({});
    const projects = world.projects.map((project) => ({ ...project, nextSites: [{ site: 'harbor', campus: 'harbor', ...site }] }));
    try {
      checkedWorld({ ...world, projects, runs: [], contracts: [] }, 'world.json');
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
    return 'fits';
  };

  it.each<[string, Record<string, unknown>, string]>([
    ['fits with stages', { stages: harborStages }, 'fits'],
    [
      'says nothing of its time',
      { permitDays: 3 },
      'world.json: projects[0].nextSites[0].constructionDays: found nothing, allowed: days, or `stages`',
    ],
    [
      'has days and stages',
      { permitDays: 3, stages: harborStages },
      'world.json: projects[0].nextSites[0].permitDays: found 3 days, allowed: nothing, where the site has `stages`',
    ],
    [
      'needs a stage of the first site',
      { stages: harborStages.map((each) => (each.id === 'harbor-air' ? { ...each, needs: ['site'] } : each)) },
      'world.json: projects[0].nextSites[0].stages[1].needs[0]: found "site", an unknown stage that all blocks share, allowed: harbor-air, harbor-build, harbor-power, harbor-site',
    ],
    [
      'never has power',
      { stages: harborStages.slice(0, 1) },
      'world.json: projects[0].nextSites[0].stages[0]: found "harbor-site", which no energization needs, directly or through others, allowed: stages that lead to an energization',
    ],
    [
      'has no room',
      { stages: harborStages, hostingMw: -1 },
      'world.json: projects[0].nextSites[0].hostingMw: found -1, allowed: a number in MW from 0',
    ],
  ])('when it %s', (_what, site, line) => {
    expect(lineOf(site)).toBe(line);
  });
});
