import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallDelay } from '../../shared/runtime/clock.js';
import type { Fact, FactOf } from '../../shared/domain/fact.js';
import { hourMs } from '../../shared/domain/ticks.js';
import { checkAgainstKernel } from '../chaos/check.js';
import { demandDir, noDemand } from '../support/data.js';
import { ercotWorld, ercotZones } from '../support/ercot.js';
import { startTwin, type TestTwin } from '../support/twin.js';

const startTime = '2021-02-14T00:00:00.000Z';
const untilTime = '2021-02-16T00:00:00.000Z';
/** Rows after this are written while the twin runs. */
const writtenLater = '2021-02-14 03:00:00';
const isDrill = process.env['LOADSTONE_DRILL'] === 'all';
const [tickMinutes, rate] = isDrill ? ([5, 600] as const) : ([15, 7_200] as const);

describe.skipIf(demandDir === null)(`Texas in February 2021 as telemetry${demandDir === null ? ` (${noDemand})` : ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'loadstone-mirror-'));
  const file = join(folder, 'zones.csv');
  const rows =
    demandDir === null ? [] : readFileSync(join(demandDir, 'events/ercot_zones_2021-02-07_2021-02-24.csv'), 'utf8').split(/\r?\n/);
  const world = ercotWorld({ path: 'zones.csv', startTime, tickMinutes, rate });
  let twin: TestTwin;
  let facts: readonly Fact[] = [];
  const of = <Type extends Fact['type']>(type: Type): readonly FactOf<Type>[] =>
    facts.filter((fact): fact is Extract<Fact, { readonly type: Type }> => fact.type === type) as unknown as readonly FactOf<Type>[];

  beforeAll(async () => {
    const isLater = (row: string): boolean => row.slice(0, writtenLater.length) > writtenLater;
    writeFileSync(file, `${[rows[0] ?? '', ...rows.slice(1).filter((row) => row !== '' && !isLater(row))].join('\n')}\n`);
    writeFileSync(join(folder, 'ercot.json'), JSON.stringify(world));
    twin = await startTwin('--scenario', join(folder, 'ercot.json'), '--hold-at', untilTime);
    // Half a row first: it is read once it is whole.
    const [next = '', ...others] = rows.slice(1).filter((row) => row !== '' && isLater(row));
    appendFileSync(file, next.slice(0, 20));
    await wallDelay(1_500);
    appendFileSync(file, `${next.slice(20)}\n${others.join('\n')}\n`);
    await twin.untilPaused(isDrill ? 400_000 : 120_000);
    // What the last ticks brought may still be on its way.
    await wallDelay(1_500);
    facts = await twin.facts();
  }, 500_000);

  afterAll(async () => {
    await twin?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is told hour by hour as it stands in the file, nothing left out and nothing cleaned away', () => {
    const told = of('telemetry.demand.v1');
    const [fromMs, untilMs] = [Date.parse(startTime) - 7 * 24 * hourMs, Date.parse(untilTime)];
    const wanted = rows.slice(1).flatMap((row) => {
      const [time = '', area = '', raw = ''] = row.split(',');
      const toMs = Date.parse(`${time.replace(' ', 'T')}Z`);
      const zone = ercotZones.find((each) => each.area === area);
      // The last hours are told with the tick after them, which is not run any more.
      return zone !== undefined && toMs - hourMs >= fromMs && toMs <= untilMs - hourMs ? [`${zone.id} ${toMs} ${raw} ${Number(raw)}`] : [];
    });
    const found = new Set(told.map(({ entity, data }) => `${entity} ${Date.parse(data.toTime)} ${data.rawText} ${data.demandMw}`));
    expect(wanted.length).toBeGreaterThan(1_600);
    expect(wanted.filter((line) => !found.has(line))).toEqual([]);
    expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
    expect(told.every(({ quality, data }) => quality === 'measured' && data.verdict === 'usable')).toBe(true);
  });

  it('is followed by the twin, shed load too', () => {
    const atHour = (time: string): number => {
      const ms = Date.parse(time);
      return of('grid.demand.v1')
        .filter(({ timeMs }) => timeMs === ms)
        .reduce((sum, { data }) => sum + data.nativeMw, 0);
    };
    // Sums of the raw column of the hours that ended an hour before: what could be known by then.
    const measured = (time: string): number =>
      of('telemetry.demand.v1')
        .filter(({ data }) => data.toTime === time)
        .reduce((sum, { data }) => sum + (data.demandMw ?? 0), 0);
    for (const [now, known] of [
      ['2021-02-14T13:00:00.000Z', '2021-02-14T12:00:00.000Z'],
      ['2021-02-15T03:00:00.000Z', '2021-02-15T02:00:00.000Z'],
      ['2021-02-15T19:00:00.000Z', '2021-02-15T18:00:00.000Z'],
    ] as const) {
      expect(Math.abs(atHour(now) / measured(known) - 1)).toBeLessThan(0.08);
    }
    expect(measured('2021-02-15T02:00:00.000Z')).toBe(69_223);
    expect(measured('2021-02-15T20:00:00.000Z')).toBe(45_372);
  });

  it('brings alarms, scarcity and load targets with it', () => {
    const raised = of('alarm.raised.v1');
    const named = (start: string): number => raised.filter(({ entity }) => entity.startsWith(start)).length;
    expect(named('divergence-')).toBeGreaterThan(0);
    expect(named('unserved-')).toBeGreaterThan(0);
    expect(named('reserve-')).toBeGreaterThan(0);
    const scarce = of('grid.price.v1').filter(({ data }) => data.priceUsdPerMwh >= 2_000);
    expect(Math.min(...scarce.map(({ timeMs }) => timeMs))).toBeGreaterThanOrEqual(Date.parse('2021-02-14T18:00:00.000Z'));
    const asked = of('control.loadtarget.v1').flatMap(({ data, timeMs }) =>
      data.targets.map(({ reductionMw }) => ({ reductionMw, timeMs })),
    );
    expect(asked.filter(({ reductionMw }) => reductionMw >= 50).length).toBeGreaterThan(0);
    const first = of('grid.divergence.v1').find(({ data }) => data.isDivergent && data.errorMw < 0);
    expect(first?.data.fromTime.slice(0, 10)).toBe('2021-02-15');
  });

  it('is the same world when it is run again from its stream', async () => {
    const ticks = Math.max(...of('clock.tick.v1').map(({ data }) => data.tick));
    const placed = { ...world, mirror: world.mirror?.map((source) => ({ ...source, path: file })) };
    expect(await checkAgainstKernel(placed as typeof world, facts, ticks)).toEqual({ 'the stream is what the kernel says': [] });
  });
});
