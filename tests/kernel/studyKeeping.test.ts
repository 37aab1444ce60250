import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parquetReadObjects } from 'hyparquet';
import { eventLines, hourlyParquet, keepingOf } from '../../services/cli/study/kept.js';
import type { Manifest } from '../../services/cli/study/manifest.js';
import type { Fact } from '../../shared/domain/fact.js';
import { startCell, type CellInput, type CellResult, type SavedCell } from '../../shared/domain/study/cell.js';
import { cellsOf } from '../../shared/domain/study/cells.js';
import { hourMs, toWire } from '../../shared/domain/ticks.js';
import { createWholeWorld } from '../../shared/domain/wholeWorld.js';
import { registry } from '../../shared/events/registry.js';
import { loadHighsSolver } from '../../shared/runtime/highs.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import type { Study } from '../../shared/scenario/study/schema.js';

const world = { ...threeAreas, clock: { ...threeAreas.clock, tickMinutes: 15 } };
const startMs = Date.parse(world.clock.startTime);
const untilMs = startMs + 30 * hourMs;
const study: Study = {
  schema: 'loadstone.study/1',
  name: 'keeping',
  title: 'Keeping',
  base: { scenario: 'three-areas' },
  horizon: { untilTime: toWire(untilMs) },
  seeds: [world.seed],
  keep: { hourly: true, events: true },
};
const input: CellInput = { world, untilMs, metrics: ['costUsd'], stop: [], keep: keepingOf(study) };

let solver: Awaited<ReturnType<typeof loadHighsSolver>>;
let facts: readonly Fact[];
let result: CellResult;
beforeAll(async () => {
  solver = await loadHighsSolver();
  const fast = createWholeWorld(world, solver);
  facts = Array.from({ length: 120 }, () => fast.tick()).flat();
  const whole = startCell(input, solver).advance(10_000);
  if (whole === null) throw new Error('the cell did not end');
  result = whole;
});
afterAll(() => solver.close());

describe('what a cell keeps beside its figures', () => {
  it('is every milestone of its world, and hourly means of what the world says', () => {
    const milestones = new Set(registry.flatMap(({ kind, type }) => (kind === 'milestone' ? [type as string] : [])));
    expect(result.kept?.events).toEqual(facts.filter(({ type }) => milestones.has(type)));
    expect(result.kept?.events.length).toBeGreaterThan(20);
    const hours = result.kept?.hours ?? {};
    expect(result.kept?.fromMs).toBe(startMs);
    for (const hour of [0, 7, 29]) {
      const own = facts.flatMap((fact) => {
        const isThen = Math.floor((fact.timeMs - startMs) / hourMs) === hour;
        return isThen && fact.type === 'grid.demand.v1' && fact.region === 'west' ? [fact.data.demandMw] : [];
      });
      expect(own).toHaveLength(4);
      expect(hours['demandMw.west']?.[hour]).toBeCloseTo(own.reduce((sum, mw) => sum + mw, 0) / 4, 5);
    }
    expect(Object.keys(hours)).toEqual(
      expect.arrayContaining(['priceUsdPerMwh.south', 'generationMw.wind', 'reserveMw', 'campusMw.riverbend']),
    );
    for (const values of Object.values(hours)) expect(values).toHaveLength(30);
  });

  it('adds up the output of a source over regions within the tick', () => {
    const ofHour = facts.filter(({ timeMs }) => timeMs < startMs + hourMs);
    const gas = ofHour.reduce((sum, fact) => {
      if (fact.type !== 'grid.supply.v1') return sum;
      return sum + (fact.data.sources.find(({ source }) => source === 'gas-cc')?.generationMw ?? 0);
    }, 0);
    expect(result.kept?.hours['generationMw.gas-cc']?.[0]).toBeCloseTo(gas / 4, 4);
  });

  it('is the same however the cell is cut, in the middle of an hour too', () => {
    let saved: string | null = null;
    let ended: CellResult | null = null;
    while (ended === null) {
      const cell = startCell(input, solver, saved === null ? undefined : (JSON.parse(saved) as SavedCell));
      ended = cell.advance(7);
      if (ended === null) saved = JSON.stringify(cell.save());
    }
    expect(JSON.stringify(ended)).toBe(JSON.stringify(result));
  });

  it('is written as one line an event and one row an hour, read back by another library', async () => {
    const cells = cellsOf(study);
    const finished = new Map(cells.map(({ index, key, group }) => [index, { index, key, group, ...result }]));
    const lines = eventLines({ study, cells, finished }).trimEnd().split('\n');
    expect(lines.length).toBe(result.kept?.events.length);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ cell: 0, key: cells[0]?.key, type: result.kept?.events[0]?.type });
    const bytes = hourlyParquet({ study, cells, finished }, { loadstone: '0', hash: 'h' } as Manifest);
    const rows = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
    expect(rows).toHaveLength(30);
    expect(rows[7]).toMatchObject({
      cell: 0,
      fromTime: toWire(startMs + 7 * hourMs),
      'demandMw.west': result.kept?.hours['demandMw.west']?.[7],
    });
  });
});

describe('a cell that goes on from a state', () => {
  it('says what the world would have said, with figures of its own time only', () => {
    const first = createWholeWorld(world, solver);
    for (let tick = 0; tick < 40; tick++) first.tick();
    const begin = JSON.parse(JSON.stringify(first.save())) as ReturnType<typeof first.save>;
    const branch = startCell({ ...input, begin }, solver).advance(10_000);
    expect(branch?.ticks).toBe(80);
    expect(branch?.kept?.events).toEqual(result.kept?.events.filter(({ tick }) => tick >= 40));
    expect(branch?.kept?.hours['demandMw.west']).toEqual(result.kept?.hours['demandMw.west']?.slice(10));
    expect(Number(branch?.figures['costUsd'])).toBeLessThan(Number(result.figures['costUsd']));
  });

  it('lets acts happen in the tick that begins at their instant', () => {
    const atTime = toWire(startMs + 12 * hourMs);
    const act = { atTime, action: 'trip-unit' as const, target: 'central-nuclear-1', reason: 'drill' };
    const acted = startCell({ ...input, acts: [act] }, solver).advance(10_000);
    const trip = acted?.kept?.events.find(({ type, entity }) => type === 'grid.contingency.v1' && entity === 'central-nuclear-1');
    expect([trip?.tick, trip?.timeMs]).toEqual([48, startMs + 12 * hourMs]);
  });
});
