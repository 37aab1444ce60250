import { describe, expect, it } from 'vitest';
import { rowsOf, type Table } from '../../shared/scenario/csv.js';
import { runningOf, type Running } from '../../shared/scenario/rtsGmlc/running.js';

const unit = {
  'GEN UID': '107_CC_1',
  'MW Inj': '355',
  'PMax MW': '100',
  'PMin MW': '40',
  'Min Up Time Hr': '8',
  'Min Down Time Hr': '4.5',
  'Ramp Rate MW/Min': '4',
  'Start Heat Cold MBTU': '7000',
  'Start Heat Hot MBTU': '3000',
  'Non Fuel Start Cost $': '50',
  'Fuel Price $/MMBTU': '4',
  VOM: '1',
  Output_pct_0: '0.4',
  Output_pct_1: '0.7',
  Output_pct_2: '1',
  Output_pct_3: 'NA',
  Output_pct_4: 'NA',
  HR_avg_0: '10000',
  HR_incr_1: '6000',
  HR_incr_2: '7000',
  HR_incr_3: 'NA',
  HR_incr_4: 'NA',
};

function running(changes: Partial<typeof unit>): Running {
  const cells = { ...unit, ...changes };
  const table: Table = { file: 'gen.csv', header: Object.keys(cells), rows: [Object.values(cells)], lines: Int32Array.of(2) };
  const [row] = rowsOf(table);
  if (row === undefined) throw new Error('no row');
  return runningOf(table, row);
}

describe('how a unit of RTS-GMLC runs', () => {
  it('costs its average heat rate at the first output, and incremental rates from there on', () => {
    const { commitment } = running({});
    // 10,000 BTU/kWh at 4 $/MMBTU and 1 $/MWh are 41 $/MWh at 40 MW; the first block at 25 $/MWh drawn down to 0 leaves 640 $/h.
    expect(commitment?.noLoadUsdPerHour).toBeCloseTo(41 * 40 - 25 * 40, 9);
    expect(commitment?.blocks).toEqual([
      { upToMw: 70, usdPerMwh: 25 },
      { upToMw: 100, usdPerMwh: 29 },
    ]);
  });

  it('starts with the heat of a cold start', () => {
    expect(running({}).commitment?.startUsd).toBe(7_000 * 4 + 50);
  });

  it('has one block at its average rate when it has no incremental ones', () => {
    const { commitment } = running({ HR_incr_1: '0', HR_incr_2: '0' });
    expect(commitment?.blocks).toEqual([{ upToMw: 100, usdPerMwh: 41 }]);
    expect(commitment?.noLoadUsdPerHour).toBeCloseTo(0, 9);
  });

  it('has no commitment costs without heat rates', () => {
    expect(running({ HR_avg_0: '0' }).commitment).toBeNull();
  });

  it('refuses rates that fall, naming file, line and column', () => {
    expect(() => running({ HR_incr_2: '5000' })).toThrow(
      'gen.csv:2: HR_incr_2: found 5000, below the 6000 of the block before, allowed: a rate that rises',
    );
    expect(running({ HR_incr_2: '6000' }).commitment?.blocks.length).toBe(2);
  });
});
