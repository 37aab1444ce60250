import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { assertBalance } from '../../shared/domain/grid/dispatch.js';
import { prepareHourly, type DispatchedHour } from '../../shared/domain/grid/hourly.js';
import { noCounts, solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { bareWorld, readNetwork } from '../../shared/scenario/networkFile.js';
import { noPglib, pglibDir } from '../support/data.js';

const dir = pglibDir ?? '';
const folders: Readonly<Record<string, string>> = { TYP: '', API: 'api', SAD: 'sad' };

/** Cases with their published least cost, $/h, with five digits. */
function published(): { readonly name: string; readonly file: string; readonly costUsd: number }[] {
  if (pglibDir === null) return [];
  const [, ...lines] = readFileSync(join(dir, 'baseline.csv'), 'utf8').trim().split(/\r?\n/);
  return lines.map((line) => {
    const [name = '', condition = '', , , costUsd] = line.split(',');
    return { name, file: join(dir, folders[condition] ?? '', `${name}.m`), costUsd: Number(costUsd) };
  });
}

async function solved(file: string, convention: 'matpower' | 'series'): Promise<DispatchedHour> {
  const world = bareWorld(await readNetwork(file));
  const run = { fromHour: 0, toHour: 1, convention, security: 'none', outageSeed: null, solve: solveByPivots(null, noCounts()) } as const;
  const first = prepareHourly(world, run)().next();
  if (first.done === true) throw new Error('no hour');
  return first.value;
}

describe.skipIf(pglibDir === null)(`the published cases of PGLib-OPF${pglibDir === null ? ` (${noPglib})` : ''}`, () => {
  it.each(published())('$name costs $costUsd $/h within 1e-4 in the series convention', async ({ file, costUsd }) => {
    const { input, dispatch, grid } = await solved(file, 'series');
    expect(Math.abs(dispatch.costUsd / costUsd - 1)).toBeLessThan(1e-4);
    assertBalance(input, dispatch);
    grid.world.network.lines.forEach((line, place) =>
      expect(Math.abs(dispatch.netFlowMw[place] ?? NaN)).toBeLessThanOrEqual((line.ratingMw ?? Infinity) + 1e-5),
    );
  });

  describe('with quadratic costs', () => {
    let hour: DispatchedHour;
    beforeAll(async () => {
      hour = await solved(join(dir, 'pglib_opf_case24_ieee_rts.m'), 'series');
    });

    it('pays every unit between its ends its marginal cost', () => {
      const { grid, dispatch } = hour;
      let checked = 0;
      grid.groups.forEach(({ curve, units, bus }) => {
        const unit = grid.world.network.units[units[0] ?? -1];
        const mw = dispatch.generationMw[units[0] ?? -1] ?? NaN;
        if (curve?.kind !== 'quadratic' || unit === undefined || mw < unit.minMw + 1e-3 || mw > unit.capacityMw - 1e-3) return;
        expect(2 * curve.quadraticUsdPerMw2h * mw + curve.linearUsdPerMwh).toBeCloseTo(dispatch.busPriceUsdPerMwh[bus] ?? NaN, 5);
        checked++;
      });
      expect(checked).toBeGreaterThan(3);
    });
  });
});
