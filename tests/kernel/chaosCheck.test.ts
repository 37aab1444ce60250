import { beforeAll, describe, expect, it } from 'vitest';
import { checkAgainstKernel, checkFacts, checkOrders } from '../chaos/check.js';
import { faultKinds, faultOf, ordersOf } from '../chaos/plan.js';
import type { Fact } from '../../shared/domain/fact.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { exampleFact } from '../support/facts.js';

const processes = ['alarms', 'api', 'clock', 'cluster-demand', 'grid-supply', 'influxd', 'nats-server', 'temporal', 'worker'];
const ticks = 100;
let facts: readonly Fact[];
beforeAll(async () => {
  const solver = await loadHighsSolver();
  const fast = createWholeWorld(threeAreas, solver);
  facts = Array.from({ length: ticks }, (_, tick) => [
    ...fast.tick(),
    exampleFact('clock.tick.v1', 'clock', tick, { tick, missing: [] }),
  ]).flat();
  solver.close();
}, 60_000);

const brokenOf = (changed: readonly Fact[]): readonly string[] =>
  Object.entries(checkFacts(changed)).flatMap(([name, found]) => (found.length > 0 ? [name] : []));
const kernelOf = async (changed: readonly Fact[]): Promise<readonly string[]> =>
  (await checkAgainstKernel(threeAreas, changed, ticks))['the stream is what the kernel says'] ?? [];

describe('the plan of a fault campaign', () => {
  it('is the same for the same seed, strikes at least six times a minute, and over a thousand faults does everything', () => {
    const plan = (seed: number) => Array.from({ length: 1_000 }, (_, number) => faultOf(seed, number, processes));
    expect(plan(7)).toEqual(plan(7));
    expect(plan(8)).not.toEqual(plan(7));
    const takes = plan(7).reduce((sum, { pauseMs, freezeMs }) => sum + pauseMs + freezeMs, 0);
    expect(takes / 1_000).toBeLessThan(10_000);
    expect(new Set(plan(7).map(({ kind }) => kind))).toEqual(new Set(faultKinds));
    expect(new Set(plan(7).flatMap(({ victims }) => victims))).toEqual(new Set(processes));
    for (const { kind, victims } of plan(7)) if (kind === 'two-killed') expect(new Set(victims).size).toBe(2);
  });

  it('asks for something after most stretches, by ids of its own', () => {
    const world = { campus: 'riverbend', runs: ['atlas', 'cinder'], units: ['central-cc-1'] };
    const orders = Array.from({ length: 500 }, (_, stretch) => ordersOf(7, stretch, world)).flat();
    expect(orders).toEqual(Array.from({ length: 500 }, (_, stretch) => ordersOf(7, stretch, world)).flat());
    const requests = orders.flatMap((order) => (order.kind === 'curtail' ? [order.request] : []));
    expect(requests.length).toBeGreaterThan(100);
    expect(new Set(requests).size).toBe(requests.length);
  });
});

describe('the checker of a fault campaign', () => {
  it('finds nothing in a world that was left alone', async () => {
    expect(brokenOf(facts)).toEqual([]);
    expect(await kernelOf(facts)).toEqual([]);
  });

  it('finds a fact that is there twice, one that is missing, and one that says something else', async () => {
    const place = facts.findIndex(({ type, tick }) => type === 'grid.price.v1' && tick === 40);
    const doubled = facts.toSpliced(place, 0, facts[place] as Fact);
    expect(brokenOf(doubled)).toEqual(['every fact once']);
    expect((await kernelOf(doubled))[0]).toMatch(/^tick 40: /);
    expect((await kernelOf(facts.toSpliced(place, 1)))[0]).toMatch(/^tick 40: /);
    const price = facts[place];
    if (price?.type !== 'grid.price.v1') throw new Error('no price at tick 40');
    const other = { ...price, data: { ...price.data, priceUsdPerMwh: price.data.priceUsdPerMwh + 0.01 } };
    expect((await kernelOf(facts.with(place, other)))[0]).toMatch(/^tick 40: /);
  });

  it('finds a tick that was left out, closed twice or closed without somebody, and energy out of balance', () => {
    const close = facts.findIndex(({ type, tick }) => type === 'clock.tick.v1' && tick === 30);
    const balanceOnly = (names: readonly string[]) => names.filter((name) => name !== 'every fact once');
    expect(brokenOf(facts.toSpliced(close, 1))).toEqual(['every tick closed once, none left out']);
    expect(balanceOnly(brokenOf(facts.toSpliced(close, 0, facts[close] as Fact)))).toEqual(['every tick closed once, none left out']);
    const without = exampleFact('clock.tick.v1', 'clock', 30, { tick: 30, missing: ['grid-supply'] });
    expect(brokenOf(facts.with(close, without))).toEqual(['every tick closed once, none left out']);
    const supply = facts.findIndex(({ type, tick }) => type === 'grid.supply.v1' && tick === 50);
    const fact = facts[supply];
    if (fact?.type !== 'grid.supply.v1') throw new Error('no supply at tick 50');
    const more = { ...fact, data: { ...fact.data, generationMw: fact.data.generationMw + 0.01 } };
    expect(brokenOf(facts.with(supply, more))).toEqual(['energy balances in every region']);
  });

  it('finds a run below its checkpoint, a permit that nobody filed, and orders without their one effect', () => {
    const place = facts.findLastIndex((said) => said.type === 'cluster.progress.v1' && said.data.runs.length > 0);
    const fact = facts[place];
    if (fact?.type !== 'cluster.progress.v1') throw new Error('no progress');
    const runs = fact.data.runs.map((run, at) => (at === 0 ? { ...run, completedSteps: run.checkpointedSteps - 1 } : run));
    expect(brokenOf(facts.with(place, { ...fact, data: { ...fact.data, runs } }))).toEqual(['training never below its checkpoint']);
    const decided = { ...exampleFact('permit.decision.v1', 'permit-office', 99, {}), entity: 'nobody-asked' } as Fact;
    expect(brokenOf([...facts, decided])).toEqual(['no permit decided before it was filed']);
    const audit = exampleFact('control.audit.v1', 'api', 3, { action: 'pause-run', target: 'atlas', accepted: true });
    const order = { action: 'pause-run', target: 'atlas' };
    const broken = (orders: Parameters<typeof checkOrders>[1], of: readonly Fact[]) => Object.values(checkOrders(of, orders)).flat().length;
    expect(broken([{ ...order, answer: 'accepted' }], [audit])).toBe(0);
    expect(broken([{ ...order, answer: 'accepted' }], [audit, audit])).toBe(1);
    expect(broken([{ ...order, answer: 'accepted' }], [])).toBe(1);
    expect(broken([{ ...order, answer: 'refused' }], [audit])).toBe(1);
    expect(broken([{ ...order, answer: 'unknown' }], [audit])).toBe(0);
  });
});
