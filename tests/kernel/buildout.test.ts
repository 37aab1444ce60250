import { describe, expect, it } from 'vitest';
import { buildoutRules } from '../../shared/domain/buildout/rules.js';
import { buildoutStart } from '../../shared/domain/buildout/start.js';
import type { BuildoutState } from '../../shared/domain/buildout/state.js';
import type { Saying } from '../../shared/domain/fact.js';
import type { Report } from '../../shared/domain/sequence.js';
import type { World } from '../../shared/scenario/schema.js';
import { block, permit, projectWorld, startMs } from '../support/projectWorld.js';

const hourMs = 3_600_000;
const transformer = { id: 'transformer', leadDays: 100, orderedDaysAgo: null, costUsd: 4_000_000 };

interface Told {
  readonly day: number;
  readonly ended?: readonly (readonly [permit: string, outcome: string])[];
}

/** Advances a project through what its permits report; answers what it says as short lines, its children, and its next wake in days. */
function follow(world: World, told: readonly Told[], isRestored = true) {
  const start = buildoutStart(world, 'mesa');
  if (start === null) throw new Error('no project');
  let state: BuildoutState = buildoutRules.begin(start);
  const said: string[] = [];
  const sayings: Saying[] = [];
  const started: string[] = [];
  const cancelled: string[] = [];
  let wakeDay: number | null = null;
  let isFinished = false;
  for (const { day, ended = [] } of told) {
    const nowMs = startMs + day * 24 * hourMs;
    const reports: Report[] = ended.map(([id, outcome]) => ({ from: `permit-${id}`, atMs: nowMs, outcome }));
    const next = buildoutRules.advance(state, { tick: Math.round(day * 24), nowMs, facts: [], reports });
    state = isRestored ? (JSON.parse(JSON.stringify(next.state)) as BuildoutState) : next.state;
    sayings.push(...next.sayings);
    said.push(...next.sayings.map((saying) => line(day, saying)));
    started.push(...next.start.map((child) => child.id));
    cancelled.push(...next.cancel);
    wakeDay = next.nextWakeMs === null ? null : (next.nextWakeMs - startMs) / hourMs / 24;
    isFinished = next.finished;
  }
  return { said, sayings, started, cancelled, wakeDay, isFinished };
}

function line(day: number, { type, data }: Saying): string {
  switch (type) {
    case 'buildout.stage.v1':
      return `${day}: ${data.block} ${data.stage} <${data.waitingFor.join(' ')}>`;
    case 'buildout.block.v1':
      return `${day}: ${data.block} energized ${data.capacityMw} of ${data.energizedMw} MW at ${data.campus}`;
    case 'buildout.order.v1':
      return `${day}: ${data.block} ${data.equipment} ${data.step} ${data.costUsd}`;
    case 'buildout.site.v1':
      return `${day}: ${data.block} ${data.fromSite} -> ${data.toSite} for ${data.campus}, ${data.writtenOffUsd} written off: ${data.reason}`;
  }
  return `${day}: ${type}`;
}

const oneHour = 1 / 24;

describe('a project', () => {
  it('goes from permits and equipment through construction to power, one block fact per block', () => {
    const world = projectWorld({ blocks: [block(1, [permit('air'), permit('water', { after: ['air'] })], { equipment: [transformer] })] });
    const told = [
      { day: 0 },
      { day: 20, ended: [['air', 'granted']] },
      { day: 60, ended: [['water', 'granted']] },
      { day: 100 },
      { day: 130 },
      { day: 130 + oneHour },
    ] as const;
    const followed = follow(world, told);
    expect(followed.said).toEqual([
      '0: 1 transformer ordered 4000000',
      '0: 1 permitting <air water transformer>',
      '20: 1 permitting <water transformer>',
      '60: 1 procurement <transformer>',
      '100: 1 transformer delivered 4000000',
      '100: 1 construction <construction>',
      '130: 1 energization <energization>',
      `${130 + oneHour}: 1 energized 100 of 100 MW at mesa`,
      `${130 + oneHour}: 1 energized <>`,
    ]);
    expect(followed.started).toEqual(['permit-air', 'permit-water']);
    expect(followed.isFinished).toBe(true);
  });

  it('starts a permit only when the one it comes after is granted', () => {
    const world = projectWorld({ blocks: [block(1, [permit('air'), permit('water', { after: ['air'] })])] });
    expect(follow(world, [{ day: 0 }, { day: 19 }]).started).toEqual(['permit-air']);
  });

  it('says when its equipment is expected, and wakes for it', () => {
    const equipment = [{ ...transformer, orderedDaysAgo: 40 }];
    const followed = follow(projectWorld({ blocks: [block(1, [permit('air', { initialPhase: 'granted' })], { equipment })] }), [
      { day: 0 },
    ]);
    expect(followed.wakeDay).toBe(60);
    expect(followed.sayings[0]?.data).toMatchObject({ stage: 'procurement', expectedTime: '2027-09-11T17:00:00.000Z' });
  });

  it('energizes a built block one hour after its last permit', () => {
    const standing = permit('signature', { initialPhase: 'under-review', initialPosition: 0 });
    const running = block(1, [], { initialStage: 'energized', constructionDays: 0 });
    const world = projectWorld({ blocks: [running, block(2, [standing], { initialStage: 'energization', constructionDays: 0 })] });
    const told = [{ day: 0 }, { day: 2, ended: [['signature', 'granted']] }, { day: 2 + oneHour }] as const;
    expect(follow(world, told).said).toEqual([
      '0: 1 energized <>',
      '0: 2 energization <signature>',
      '2: 2 energization <energization>',
      `${2 + oneHour}: 2 energized 200 of 300 MW at mesa`,
      `${2 + oneHour}: 2 energized <>`,
    ]);
  });

  it('energizes blocks of a campus in their order, however fast the later one is', () => {
    const slow = block(1, [permit('slow')], { initialStage: 'energization', constructionDays: 0 });
    const fast = block(2, [], { initialStage: 'construction', constructionDays: 10 });
    const told = [
      { day: 0 },
      { day: 10 },
      { day: 50, ended: [['slow', 'granted']] },
      { day: 50 + oneHour },
      { day: 50 + 2 * oneHour },
    ] as const;
    const followed = follow(projectWorld({ blocks: [slow, fast] }), told);
    expect(followed.said.filter((text) => text.includes('energization'))).toEqual([
      '0: 1 energization <slow>',
      '10: 2 energization <block-1>',
      '50: 1 energization <energization>',
      `${50 + oneHour}: 2 energization <energization>`,
    ]);
    expect(followed.said.filter((text) => text.includes(' MW '))).toEqual([
      `${50 + oneHour}: 1 energized 100 of 100 MW at mesa`,
      `${50 + 2 * oneHour}: 2 energized 200 of 300 MW at mesa`,
    ]);
  });

  it('begins a planned block once the one before is being built', () => {
    const first = block(1, [permit('air')], { constructionDays: 30 });
    const second = block(2, [permit('line')], { initialStage: 'planned' });
    const followed = follow(projectWorld({ blocks: [first, second] }), [{ day: 0 }, { day: 9, ended: [['air', 'granted']] }]);
    expect(followed.said).toEqual([
      '0: 1 permitting <air>',
      '0: 2 planned <block-1>',
      '9: 1 construction <construction>',
      '9: 2 permitting <line>',
    ]);
    expect(followed.started).toEqual(['permit-air', 'permit-line']);
  });

  it('moves a denied block to the next site: other permits given up, equipment kept, deposits written off', () => {
    const blocks = [block(1, [], { initialStage: 'energized' }), block(2, [permit('air'), permit('water')], { equipment: [transformer] })];
    const told = [
      { day: 0 },
      { day: 40, ended: [['air', 'denied']] },
      { day: 41, ended: [['water', 'withdrawn']] },
      { day: 100 },
      { day: 140 },
      { day: 190 },
      { day: 191 },
    ] as const;
    const followed = follow(projectWorld({ blocks }), told);
    expect(followed.cancelled).toEqual(['permit-water']);
    expect(followed.said.slice(3)).toEqual([
      '40: 2 mesa -> harbor for harbor, 500000 written off: air denied',
      '40: 2 permitting <transformer site-permits>',
      '100: 2 transformer delivered 4000000',
      '100: 2 permitting <site-permits>',
      '140: 2 construction <construction>',
      '190: 2 energization <energization>',
      '191: 2 energized 200 of 200 MW at harbor',
      '191: 2 energized <>',
    ]);
    expect(followed.isFinished).toBe(true);
  });

  it('abandons a denied block when no site is left or the scenario says so, and writes its equipment off too', () => {
    const ways = [
      { nextSites: [], onDenial: 'move-site' as const },
      { nextSites: undefined, onDenial: 'abandon' as const },
    ];
    for (const { nextSites, onDenial } of ways) {
      const blocks = [block(2, [permit('air', { onDenial })], { equipment: [transformer] })];
      const followed = follow(projectWorld(nextSites === undefined ? { blocks } : { blocks, nextSites }), [
        { day: 0 },
        { day: 40, ended: [['air', 'denied']] },
      ]);
      expect(followed.said.slice(2)).toEqual([
        '40: 2 transformer cancelled 4000000',
        '40: 2 mesa -> mesa for mesa, 4250000 written off: air denied',
        '40: 2 abandoned <>',
      ]);
      expect(followed.isFinished).toBe(true);
    }
  });

  it('waits with its end until the permits it gave up have ended', () => {
    const blocks = [block(1, [permit('air', { onDenial: 'abandon' }), permit('water')])];
    expect(follow(projectWorld({ blocks }), [{ day: 0 }, { day: 4, ended: [['air', 'denied']] }]).isFinished).toBe(false);
    const told = [{ day: 0 }, { day: 4, ended: [['air', 'denied']] }, { day: 5, ended: [['water', 'granted']] }] as const;
    expect(follow(projectWorld({ blocks }), told)).toMatchObject({ isFinished: true, cancelled: ['permit-water'] });
  });

  it('gives a next site to one block only', () => {
    const blocks = [block(1, [permit('air')]), block(2, [permit('line')])];
    const followed = follow(projectWorld({ blocks }), [
      { day: 0 },
      { day: 3, ended: [['air', 'denied']] },
      { day: 8, ended: [['line', 'denied']] },
    ]);
    expect(followed.said.filter((text) => text.includes('->'))).toEqual([
      '3: 1 mesa -> harbor for harbor, 150000 written off: air denied',
      '8: 2 mesa -> mesa for mesa, 250000 written off: line denied',
    ]);
  });

  it('takes reports of permits once, and none it does not know', () => {
    const world = projectWorld({ blocks: [block(1, [permit('air')])] });
    const once = [{ day: 0 }, { day: 3, ended: [['air', 'granted']] }, { day: 33 }, { day: 34 }] as const;
    const often = [
      { day: 0, ended: [['nobody', 'denied']] },
      {
        day: 3,
        ended: [
          ['air', 'granted'],
          ['air', 'granted'],
          ['air', 'denied'],
        ],
      },
      { day: 33, ended: [['air', 'denied']] },
      { day: 34 },
    ] as const;
    expect(follow(world, often).said).toEqual(follow(world, once).said);
    expect(follow(world, often).said.filter((text) => text.includes(' MW '))).toHaveLength(1);
  });

  it('does the same from saved state as without, and passes through everything due in one long tick', () => {
    const world = projectWorld({ blocks: [block(1, [permit('air')], { equipment: [transformer] })] });
    const told = [{ day: 0 }, { day: 10, ended: [['air', 'granted']] }, { day: 100 }, { day: 140 }] as const;
    expect(follow(world, told, true).sayings).toEqual(follow(world, told, false).sayings);
    expect(follow(world, told).isFinished).toBe(true);
    expect(follow(world, told).said.filter((text) => text.includes(' MW '))).toEqual(['140: 1 energized 100 of 100 MW at mesa']);
  });
});
