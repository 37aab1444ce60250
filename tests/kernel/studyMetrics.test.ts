import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fact, FactDataOf, FactType } from '../../shared/domain/fact.js';
import { metricCatalogue, metricsNamed } from '../../shared/domain/study/catalogue.js';
import { startCell, type CellInput, type CellResult, type SavedCell } from '../../shared/domain/study/cell.js';
import { tallying, type Figures } from '../../shared/domain/study/tally.js';
import { dayMs } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { exampleFact } from '../support/facts.js';

const startMs = Date.parse(threeAreas.clock.startTime);
const measured = { world: threeAreas, startMs, tickMs: 300_000 };

/** A fact of the three areas at a 5-minute tick. */
function said<Type extends FactType>(type: Type, tick: number, data: Partial<FactDataOf[Type]>, of: Partial<Fact> = {}): Fact {
  return { ...exampleFact(type, 'test', tick, data), ...of } as Fact;
}

function figuresOf(ids: readonly string[], facts: readonly Fact[], atMs = startMs): Figures {
  const meters = tallying(metricsNamed(ids), measured);
  const tally = meters.start();
  meters.hear(tally, facts);
  return meters.figures(tally, atMs);
}

describe('the metrics of a study', () => {
  it('have each an id, a unit and a definition of their own', () => {
    expect(new Set(metricCatalogue.map(({ id }) => id)).size).toBe(metricCatalogue.length);
    expect(metricCatalogue.length).toBeGreaterThanOrEqual(16);
    for (const { unit, definition } of metricCatalogue) expect([unit.length > 0, definition.endsWith('.')]).toEqual([true, true]);
  });

  it('take the cost and the carbon of each unit at its own cost, over the length of the tick', () => {
    const units = [
      { unit: 'central-nuclear-1', generationMw: 600, availableMw: 800 },
      { unit: 'central-coal-1', generationMw: 120, availableMw: 300 },
    ];
    const coal = threeAreas.network.units.find(({ id }) => id === 'central-coal-1');
    const figures = figuresOf(['costUsd', 'carbonTonnes'], [said('grid.supply.v1', 0, { units }), said('grid.supply.v1', 1, { units })]);
    expect(figures['costUsd']).toBeCloseTo((2 * (600 * 9 + 120 * 26)) / 12, 6);
    expect(figures['carbonTonnes']).toBeCloseTo((2 * 120 * (coal?.carbonKgPerMwh ?? 0)) / 12_000, 6);
    expect(figures['carbonTonnes']).toBeGreaterThan(0);
  });

  it('weight the price with the load of its region, and count an hour short once however many regions are', () => {
    const facts = [
      said('grid.demand.v1', 0, { demandMw: 100, unservedMw: 6 }, { region: 'west' }),
      said('grid.price.v1', 0, { priceUsdPerMwh: 30 }, { region: 'west' }),
      said('grid.demand.v1', 0, { demandMw: 300, unservedMw: 12 }, { region: 'south' }),
      said('grid.price.v1', 0, { priceUsdPerMwh: 50 }, { region: 'south' }),
      said('grid.demand.v1', 1, { demandMw: 300, unservedMw: 0 }, { region: 'south' }),
    ];
    const figures = figuresOf(['meanPriceUsdPerMwh', 'unservedMwh', 'hoursShort'], facts);
    expect(figures).toEqual({ meanPriceUsdPerMwh: 45, unservedMwh: 1.5, hoursShort: Number((1 / 12).toPrecision(12)) });
    expect(figuresOf(['meanPriceUsdPerMwh', 'leastReserveMw'], [])).toEqual({ meanPriceUsdPerMwh: null, leastReserveMw: null });
  });

  it('keep the least reserve, and share curtailed energy out by source', () => {
    const reserve = (tick: number, availableMw: number, shortageMw: number) =>
      said('grid.reserve.v1', tick, { availableMw, shortageMw, requirementMw: availableMw + shortageMw });
    const units = [
      { unit: 'west-wind-1', curtailedMw: 240 },
      { unit: 'south-solar-1', curtailedMw: 12 },
    ];
    const facts = [reserve(0, 900, 50), reserve(1, 700, 250), reserve(2, 1_200, 0), said('grid.curtailment.v1', 2, { units })];
    expect(figuresOf(['leastReserveMw', 'reserveShortHours', 'meanRequiredReserveMw', 'curtailedMwh'], facts)).toEqual({
      leastReserveMw: 700,
      reserveShortHours: Number((2 / 12).toPrecision(12)),
      meanRequiredReserveMw: 1_033.33333333,
      'curtailedMwh.wind': 20,
      'curtailedMwh.hydro': 0,
      'curtailedMwh.solar': 1,
    });
  });

  it('follow permits back and forth through their phases, open ones up to the end, reminders counted once', () => {
    const phase = (
      day: number,
      now: FactDataOf['permit.phase.v1']['phase'],
      before: FactDataOf['permit.phase.v1']['phase'],
      entity = 'air',
    ) => said('permit.phase.v1', day * 288, { phase: now, previousPhase: before }, { entity });
    const facts = [
      phase(0, 'queued', 'queued'),
      phase(3, 'queued', 'queued'),
      phase(10, 'under-review', 'queued'),
      phase(14, 'information-requested', 'under-review'),
      phase(15, 'under-review', 'information-requested'),
      phase(20, 'granted', 'under-review'),
      phase(2, 'drafting', 'drafting', 'water'),
    ];
    const figures = figuresOf(['permitDays'], facts, startMs + 30 * dayMs);
    expect(figures).toMatchObject({
      'permitDays.queued': 10,
      'permitDays.under-review': 9,
      'permitDays.information-requested': 1,
      'permitDays.drafting': 28,
      'permitDays.filed': 0,
    });
  });

  it('count energized blocks from the start of the world, and their mean over its time', () => {
    const block = said('buildout.block.v1', 288, { capacityMw: 200, energizedMw: 300 });
    expect(figuresOf(['energizedMw', 'meanEnergizedMw'], [block], startMs + 4 * dayMs)).toEqual({ energizedMw: 300, meanEnergizedMw: 250 });
  });
});

describe('a cell', () => {
  const input: CellInput = {
    world: { ...threeAreas, clock: { ...threeAreas.clock, tickMinutes: 15 } },
    untilMs: startMs + 2 * dayMs,
    metrics: undefined,
    stop: [],
    samples: 7,
  };
  let solver: Awaited<ReturnType<typeof loadHighsSolver>>;
  let whole: CellResult | null;
  beforeAll(async () => {
    solver = await loadHighsSolver();
    whole = startCell(input, solver).advance(10_000);
  }, 60_000);
  afterAll(() => solver.close());

  it('gives the same however it is cut into pieces and saved as JSON in between', () => {
    let saved: string | null = null;
    let result: CellResult | null = null;
    for (let piece = 0; result === null; piece++) {
      expect(piece).toBeLessThan(20);
      const cell = startCell(input, solver, saved === null ? undefined : (JSON.parse(saved) as SavedCell));
      result = cell.advance(31);
      saved = JSON.stringify(cell.save());
    }
    expect(whole).toMatchObject({ ticks: 192, reachedTime: '2027-07-15T17:00:00.000Z', stoppedBy: null });
    expect(JSON.stringify(result)).toBe(JSON.stringify(whole));
    expect(whole?.samples?.ticks).toEqual([28, 55, 83, 110, 138, 165, 192]);
    for (const [column, values] of Object.entries(whole?.samples?.figures ?? {})) expect(values.at(-1)).toBe(whole?.figures[column]);
  });

  it('misses the steps that its settlements count, and a few more while runs come back', () => {
    const world = createWholeWorld(input.world, solver);
    const facts = Array.from({ length: 192 }, () => world.tick()).flat();
    const settled = facts.flatMap((fact) => (fact.type === 'training.settlement.v1' ? [fact.data] : []));
    const lostSteps = settled.reduce((sum, { lostSteps: steps }) => sum + steps, 0);
    const lostHours = settled.reduce((sum, { lostAcceleratorHours }) => sum + lostAcceleratorHours, 0);
    expect(lostSteps).toBeGreaterThan(1_000);
    const figures = whole?.figures ?? {};
    expect(figures['stepsMissed']).toBeGreaterThanOrEqual(lostSteps);
    expect(figures['stepsMissed']).toBeLessThan(1.25 * lostSteps);
    expect(figures['lostAcceleratorHours']).toBeGreaterThanOrEqual(0.99 * lostHours);
    expect(figures['settlementsUsd.net']).toBeCloseTo(
      settled.reduce((sum, { netUsd }) => sum + netUsd, 0),
      2,
    );
  });

  it('is ended on the day on which a rule is broken, wherever it is cut', () => {
    const stopping: CellInput = { ...input, stop: [{ column: 'curtailedHours', above: 0 }] };
    const straight = startCell(stopping, solver).advance(10_000);
    expect(straight).toMatchObject({ ticks: 96, stoppedBy: 'curtailedHours above 0', reachedTime: '2027-07-14T17:00:00.000Z' });
    const cell = startCell(stopping, solver);
    let pieces = cell.advance(7);
    while (pieces === null) pieces = cell.advance(7);
    expect(pieces).toEqual(straight);
  });
});
