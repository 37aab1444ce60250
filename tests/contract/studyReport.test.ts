import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../shared/domain/study/cells.js';
import type { Study } from '../../shared/scenario/study/schema.js';
import type { KeptCell } from '../../services/cli/study/folder.js';
import { driversOf, fansOf } from '../../services/cli/study/report/figures.js';
import { resultsParquet } from '../../services/cli/study/parquet.js';
import { resultsTable } from '../../services/cli/study/results.js';
import { reportPage } from '../../services/cli/study/report/page.js';
import { scaleOver, short } from '../../services/cli/study/report/svg.js';

const study: Study = {
  schema: 'loadstone.study/1',
  name: 'by-hand',
  title: 'A <title> & more',
  base: { scenario: 'three-areas' },
  horizon: { untilTime: '2027-07-15T17:00:00.000Z' },
  seeds: [1, 2],
  axes: [{ id: 'strike', keys: ['contracts.*.strikeUsdPerMwh'], values: [400, 700] }],
  draws: { count: 3, of: [{ kind: 'uniform', key: 'lostLoadUsdPerMwh', min: 0, max: 300 }] },
};
const cells = cellsOf(study);

/** Cost of a cell: 1,000 more with the dearer strike, ten times what was drawn, and its seed; half of it half way. */
function costOf({ axes, drawn, seed }: (typeof cells)[number]): number {
  return (axes[0]?.label === '700' ? 1_000 : 0) + 10 * (drawn[0]?.value ?? 0) + seed;
}

function kept(index: number): KeptCell {
  const cell = cells[index];
  if (cell === undefined) throw new Error(`no cell ${index}`);
  const costUsd = costOf(cell);
  const samples = { ticks: [24, 48], figures: { costUsd: [costUsd / 2, costUsd], hoursShort: [0, 0] } };
  const { key, group } = cell;
  return {
    index,
    key,
    group,
    ticks: 48,
    reachedTime: study.horizon.untilTime,
    stoppedBy: null,
    figures: { costUsd, hoursShort: 0 },
    samples,
  };
}

const outcomes = { study, cells, finished: new Map(cells.map(({ index }) => [index, kept(index)])) };
const manifest = {
  schema: 'loadstone.manifest/1',
  loadstone: '0.1.0',
  nodeMajor: 20,
  study,
  baseHash: 'b',
  cells: cells.length,
  ticksPerCell: 48,
  hash: '0123456789abcdef',
} as const;
const clock = { startTime: '2027-07-13T17:00:00.000Z', tickMinutes: 60 };
const page = reportPage({ ...outcomes, manifest, clock });

function csvOf(name: string): readonly string[] {
  const found = new RegExp(`download="${name}\\.csv" href="data:text/csv;base64,([^"]*)"`).exec(page)?.[1];
  if (found === undefined) throw new Error(`no CSV ${name}`);
  return Buffer.from(found, 'base64').toString('utf8').trimEnd().split('\r\n');
}

describe('the figures of a report', () => {
  it('are quantiles over the cells of a group at each sample', () => {
    const [cheap, dear] = fansOf(outcomes, 'costUsd');
    const costs = cells
      .filter(({ group }) => group === dear?.group)
      .map(costOf)
      .sort((a, b) => a - b);
    expect([cheap?.cells, dear?.cells, dear?.ticks]).toEqual([6, 6, [24, 48]]);
    expect(dear?.p50[1]).toBeCloseTo(((costs[2] ?? 0) + (costs[3] ?? 0)) / 2, 9);
    expect(dear?.p50[0]).toBeCloseTo((dear?.p50[1] ?? 0) / 2, 9);
    expect(dear?.p90[1]).toBeCloseTo((costs[4] ?? 0) + 0.5 * ((costs[5] ?? 0) - (costs[4] ?? 0)), 9);
  });

  it('name what moves a column, most first: what is drawn, the axis, and the seed least', () => {
    const drivers = driversOf(outcomes, 'costUsd');
    expect(drivers.map(({ input }) => input)).toEqual(['lostLoadUsdPerMwh', 'strike', 'seed']);
    expect((drivers[1]?.high ?? 0) - (drivers[1]?.low ?? 0)).toBeCloseTo(1_000, 9);
    expect([drivers[1]?.lowLabel, drivers[1]?.highLabel]).toEqual(['400', '700']);
    expect((drivers[2]?.high ?? 0) - (drivers[2]?.low ?? 0)).toBeCloseTo(1, 9);
    expect(driversOf(outcomes, 'hoursShort')).toEqual([]);
  });

  it('leave out a cell that failed', () => {
    const finished = new Map([...outcomes.finished].filter(([index]) => index !== 11));
    expect(fansOf({ ...outcomes, finished }, 'costUsd')[1]?.cells).toBe(5);
    expect(reportPage({ ...outcomes, finished, manifest, clock })).toContain('1 cells failed: base/strike=700/draw=2/seed=2');
  });
});

describe('the page of a report', () => {
  it('is one file without scripts or anything from elsewhere, its words escaped', () => {
    expect(page).not.toMatch(/<script|https?:|src=|@import|url\(/);
    expect(page).toContain('<h1>A &lt;title&gt; &amp; more</h1>');
    expect(page).toContain('evidence: assumed');
  });

  it('has a CSV of every chart, with the points that are drawn', () => {
    const fans = csvOf('costUsd on the way');
    expect(fans[0]).toBe('group,time,p10,p50,p90');
    expect(fans).toHaveLength(1 + 2 * 2);
    const [, dear] = fansOf(outcomes, 'costUsd');
    expect(fans.at(-1)).toBe(`base/strike=700,2027-07-15T17:00:00.000Z,${dear?.p10[1]},${dear?.p50[1]},${dear?.p90[1]}`);
    expect(csvOf('what moves costUsd')).toHaveLength(4);
    expect(csvOf('comparison')[0]).toBe(
      'column,unit,base/strike=400,base/strike=400 low,base/strike=400 high,base/strike=700,base/strike=700 low,base/strike=700 high',
    );
    expect((page.match(/<svg/g) ?? []).length).toBe(3);
  });

  it('says in one line what never changes', () => {
    expect(page).toContain('hoursShort 0 h');
    expect(page).not.toContain('id="hoursShort"');
  });
});

describe('the results as Parquet', () => {
  const finished = new Map([...outcomes.finished].filter(([index]) => index !== 4));
  const bytes = resultsParquet({ ...outcomes, finished }, manifest);

  it('are the rows and columns of the CSV, read back by another program', async () => {
    const { head, rows } = resultsTable({ ...outcomes, finished });
    const read = await parquetReadObjects({ file: bytes.buffer as ArrayBuffer });
    expect(read.map((row) => head.map((name) => row[name]))).toEqual(rows);
    expect(read[4]).toMatchObject({ state: 'failed', costUsd: null });
  });

  it('say what made them, and are the same bytes every time', () => {
    const metadata = parquetMetadata(bytes.buffer as ArrayBuffer);
    expect(metadata.created_by).toBe('loadstone version 0.1.0');
    expect(metadata.key_value_metadata).toEqual([{ key: 'loadstone.manifest', value: manifest.hash }]);
    expect(resultsParquet({ ...outcomes, finished }, manifest)).toEqual(bytes);
  });
});

describe('the axes of a report', () => {
  it.each<[readonly number[], readonly number[]]>([
    [
      [0, 97],
      [0, 50, 100],
    ],
    [
      [3.2, 3.9],
      [3.2, 3.4, 3.6, 3.8, 4],
    ],
    [
      [-5, 12],
      [-5, 0, 5, 10, 15],
    ],
    [
      [7, 7],
      [6, 6.5, 7, 7.5, 8],
    ],
  ])('of %j have round ticks around it', (values, ticks) => {
    const found = scaleOver(values, [0, 100]).ticks;
    expect(found[0]).toBeLessThanOrEqual(Math.min(...values));
    expect(found.at(-1)).toBeGreaterThanOrEqual(Math.max(...values));
    expect(found.map((tick) => Number(tick.toPrecision(9)))).toEqual(ticks);
  });

  it('shorten numbers to three digits', () => {
    expect([0, 0.0531, 12.34, 9_999, 25_300_000, -4_543_210, 1.5e12].map(short)).toEqual([
      '0',
      '0.0531',
      '12.3',
      '9999',
      '25.3M',
      '-4.54M',
      '1.5T',
    ]);
  });
});
