import { Type } from 'typebox';
import { defineEvent, record } from './define.js';
import { count, flag, instant, megawatts, oneOf, optionalInstant, slug, text, usd } from './fields.js';

/** Stages of a block of a campus project, in the order they are usually reached. */
export const blockStages = [
  'planned',
  'site-control',
  'permitting',
  'procurement',
  'construction',
  'energization',
  'energized',
  'abandoned',
] as const;
export type BlockStage = (typeof blockStages)[number];

export const buildoutStage = defineEvent({
  type: 'buildout.stage.v1',
  kind: 'milestone',
  summary: 'A block of a campus project entered a stage.',
  data: record({
    block: count('Number of the block, from 1.'),
    stage: oneOf(blockStages, 'From now on.'),
    previousStage: oneOf(blockStages, 'Until now.'),
    site: slug('Where the block stands.'),
    waitingFor: Type.Array(slug('Permit, equipment or work it waits for.')),
    expectedTime: optionalInstant('When the stage ends if all goes as planned; null: not known.'),
  }),
  example: {
    block: 3,
    stage: 'permitting',
    previousStage: 'site-control',
    site: 'mesa',
    waitingFor: ['mesa-block-3-air'],
    expectedTime: null,
  },
});

export const buildoutOrder = defineEvent({
  type: 'buildout.order.v1',
  kind: 'milestone',
  summary: 'A project ordered, received or cancelled long-lead equipment, or its delivery slipped.',
  data: record({
    block: count('Number of the block it is for.'),
    equipment: slug('What was ordered.'),
    step: oneOf(['ordered', 'slipped', 'delivered', 'cancelled'], 'What happened; slipped: delivery is promised for later.'),
    costUsd: usd('Money committed, or written off on a cancellation.'),
    expectedTime: optionalInstant('Delivery as promised now.'),
  }),
  example: { block: 3, equipment: 'transformer', step: 'ordered', costUsd: 4_000_000, expectedTime: '2028-04-01T00:00:00.000Z' },
});

export const buildoutBlock = defineEvent({
  type: 'buildout.block.v1',
  kind: 'milestone',
  summary: 'A block was energized: the power limit of its campus rises at the next tick.',
  data: record({
    block: count('Number of the block, from 1.'),
    campus: slug('Campus whose limit rises.'),
    capacityMw: megawatts('Capacity of the block.'),
    energizedMw: megawatts('Capacity of all energized blocks of the campus by this project.'),
    firmMw: Type.Optional(megawatts('Part of the block that is firm; absent: all of it.')),
  }),
  example: { block: 2, campus: 'mesa', capacityMw: 200, energizedMw: 300 },
});

export const buildoutSite = defineEvent({
  type: 'buildout.site.v1',
  kind: 'milestone',
  summary: 'What is left of a project moved to its next site after a denial.',
  data: record({
    block: count('Block that was denied.'),
    fromSite: slug('Site left.'),
    toSite: slug('Site taken; the same as `fromSite` when no other is left.'),
    campus: slug('Campus the block will feed from now on.'),
    writtenOffUsd: usd('Money spent at the old site that is lost.'),
    releasedUsd: Type.Optional(usd('Money committed for later and no longer needed; absent: 0.')),
    reason: text('Permit that was denied.'),
  }),
  example: { block: 3, fromSite: 'mesa', toSite: 'harbor', campus: 'harbor', writtenOffUsd: 1_200_000, reason: 'mesa-block-3-air denied' },
});

export const buildoutGate = defineEvent({
  type: 'buildout.gate.v1',
  kind: 'milestone',
  summary: 'A go/no-go gate of a project waits for a person, or was decided.',
  data: record({
    gate: slug('Gate.'),
    blocks: Type.Array(count('Block it holds back.')),
    state: oneOf(['waiting', 'go', 'no-go'], 'From now on.'),
    actor: text('Who decided; empty while it waits.'),
    reason: text('Why, in the words of who decided.'),
    spentUsd: usd('Spent by the project so far.'),
    atRiskUsd: usd('Lost if it is given up now.'),
  }),
  example: {
    gate: 'investment',
    blocks: [1, 2],
    state: 'go',
    actor: 'board',
    reason: 'study and zoning done',
    spentUsd: 3_400_000,
    atRiskUsd: 21_000_000,
  },
});

export const buildoutPlan = defineEvent({
  type: 'buildout.plan.v1',
  kind: 'milestone',
  summary:
    'When a block is expected to have power, by which chain of stages, and what moved that date; said when it moves by a day or more.',
  data: record({
    block: count('Number of the block.'),
    energizationTime: optionalInstant('Expected power; null: never.'),
    previousTime: optionalInstant('Expected until now; null: not known.'),
    cause: text('What moved it.'),
    stages: Type.Array(
      record({
        stage: slug('Stage not done yet.'),
        expectedTime: instant('When it is expected to be done.'),
        waitsFor: Type.Array(slug('Stage it waits for, the latest first.')),
        isOnChain: flag('On the chain that sets the date.'),
      }),
    ),
  }),
  example: {
    block: 1,
    energizationTime: '2030-04-01T00:00:00.000Z',
    previousTime: '2030-01-01T00:00:00.000Z',
    cause: 'transformer slipped by 90 days: port strike',
    stages: [{ stage: 'transformer', expectedTime: '2029-06-01T00:00:00.000Z', waitsFor: [], isOnChain: true }],
  },
});

export const buildoutExpectation = defineEvent({
  type: 'buildout.expectation.v1',
  kind: 'state',
  summary: 'Power a project was expected to have by now, as first planned, against what it has; said when it changes, and once a month.',
  data: record({
    plannedMw: megawatts('Blocks with a plan.'),
    expectedMw: megawatts('Blocks that were to have power by now by their first plan.'),
    energizedMw: megawatts('Blocks with a plan that have power.'),
    gapMw: Type.Number({ unit: 'MW', description: 'Expected less energized; below 0: ahead of the first plan.' }),
    behindDays: Type.Union([
      Type.Integer({ minimum: 0, unit: 'd', description: 'Since the last day for which no more was expected than there is.' }),
      Type.Null(),
    ]),
    slipDays: Type.Union([
      Type.Integer({ unit: 'd', description: 'By how much power comes later than first planned, mean by MW; null: it never comes.' }),
      Type.Null(),
    ]),
    droppedMw: megawatts('Blocks that are not expected any more.'),
  }),
  example: { plannedMw: 800, expectedMw: 400, energizedMw: 200, gapMw: 200, behindDays: 140, slipDays: 210, droppedMw: 0 },
});
