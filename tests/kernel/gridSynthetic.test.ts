import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assertBalance } from '../../shared/domain/grid/dispatch.js';
import { prepareHourly } from '../../shared/domain/grid/hourly.js';
import { noCounts, solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { loadHighsSolver, type HighsSolver } from '../../shared/runtime/highs.js';
import { bareWorld } from '../../shared/scenario/networkFile.js';
import { syntheticNetwork } from '../../shared/scenario/synthetic.js';
import { angleProblem } from '../support/angleProblem.js';

describe('made-up networks', () => {
  let highs: HighsSolver;
  beforeAll(async () => {
    highs = await loadHighsSolver();
  });
  afterAll(() => highs.close());

  it('are the same for the same seed, meshed with a mean degree of 2.8, and a fifth of their lines are tight', () => {
    const made = syntheticNetwork({ buses: 500, seed: 3 });
    expect(syntheticNetwork({ buses: 500, seed: 3 })).toEqual(made);
    expect(syntheticNetwork({ buses: 500, seed: 4 })).not.toEqual(made);
    expect(made.network.lines).toHaveLength(700);
    const pairs = new Set(made.network.lines.map(({ fromBus, toBus }) => [fromBus, toBus].sort().join(' ')));
    expect(pairs.size).toBe(700);
  });

  it.each([
    [500, [0, 8, 17, 23]],
    [2_000, [17]],
  ])(
    'of %s buses cost what HiGHS finds with angles, within 1e-6, in hours %j',
    (buses, hours) => {
      const world = bareWorld(syntheticNetwork({ buses, seed: 1 }));
      const counts = noCounts();
      for (const hour of hours) {
        const run = { fromHour: hour, toHour: hour + 1, convention: 'matpower', security: 'none', outageSeed: null } as const;
        const next = prepareHourly(world, { ...run, solve: solveByPivots(null, counts) })().next();
        if (next.done === true) throw new Error('no hour');
        const { input, dispatch } = next.value;
        assertBalance(input, dispatch);
        const theirs = highs.solve(
          angleProblem(world, { loadMw: () => input.loadMw, availableMw: () => input.availableMw, shedMw: input.loadMw })(hour),
          null,
        );
        expect(theirs.status).toBe('optimal');
        expect(Math.abs(dispatch.costUsd / theirs.objective - 1)).toBeLessThan(1e-6);
      }
      expect(counts.fallbacks).toBe(0);
    },
    120_000,
  );
});
