import { describe, expect, it } from 'vitest';
import { runProjectsFast } from '../../shared/domain/buildout/fastProjects.js';
import type { Fact, FactOf } from '../../shared/domain/fact.js';
import { dayMs } from '../../shared/domain/ticks.js';
import { definitionOf } from '../../shared/events/registry.js';
import { expectationSayings, withExpected, type ExpectedBlock } from '../../shared/domain/permit/expectation.js';
import { plainStages, processWorld } from '../support/processWorld.js';
import { agency, block, ofType, projectWorld, startMs } from '../support/projectWorld.js';

const untilMs = startMs + 400 * dayMs;

describe('what is expected of a project', () => {
  const slip = {
    atTime: new Date(startMs + 20 * dayMs).toISOString(),
    action: 'slip-equipment' as const,
    target: 'transformer',
    reason: 'strike',
    days: 60,
  };
  const world = processWorld({ stages: plainStages({ gate: { duration: { kind: 'fixed', days: 1 } } }), script: [slip] });
  const facts: readonly Fact[] = runProjectsFast(world, { untilMs });
  const told = ofType(facts, 'buildout.expectation.v1');
  const first = ofType(facts, 'buildout.plan.v1')[0];
  const energized = ofType(facts, 'buildout.block.v1')[0];
  const at = (ms: number): FactOf<'buildout.expectation.v1'> | undefined => told.findLast((fact) => fact.timeMs <= ms);

  it('is said from its first plan on when it changes, at most once a day, and once a month, as the declaration has it', () => {
    expect(first && energized).toBeTruthy();
    const days = told.map(({ timeMs }) => Math.floor(timeMs / dayMs));
    expect(days).toEqual([...new Set(days)]);
    for (const [place, day] of days.entries()) expect(day - (days[place - 1] ?? day)).toBeLessThanOrEqual(30);
    expect(told[0]?.timeMs).toBeLessThanOrEqual((first?.timeMs ?? 0) + 2 * dayMs);
    expect(told.flatMap((fact) => definitionOf(fact.type)?.violation(fact.data) ?? [])).toEqual([]);
  });

  it('is a gap from the day of the first plan to the day of power, and none before and after', () => {
    const plannedMs = Date.parse(first?.data.energizationTime ?? '');
    const poweredMs = energized?.timeMs ?? 0;
    expect(poweredMs - plannedMs).toBeGreaterThan(10 * dayMs);
    const mw = energized?.data.capacityMw ?? 0;
    expect(at(plannedMs - dayMs)?.data).toMatchObject({ plannedMw: mw, expectedMw: 0, energizedMw: 0, gapMw: 0, behindDays: 0 });
    expect(at(plannedMs + 5 * dayMs)?.data).toMatchObject({ expectedMw: mw, energizedMw: 0, gapMw: mw, behindDays: null });
    const blocks = facts.reduce<readonly ExpectedBlock[]>(withExpected, []);
    const after = expectationSayings(world, blocks, { told: {}, atMs: poweredMs + 3 * dayMs }).sayings[0]?.data;
    expect(after).toMatchObject({ expectedMw: mw, energizedMw: mw, gapMw: 0, behindDays: 0, slipDays: 60, droppedMw: 0 });
  });

  it('says nothing of a project without a plan', () => {
    const bare = projectWorld({ agencies: [agency()], blocks: [block(1, [])] });
    expect(ofType(runProjectsFast(bare, { untilMs: startMs + 90 * dayMs }), 'buildout.expectation.v1')).toEqual([]);
  });
});
