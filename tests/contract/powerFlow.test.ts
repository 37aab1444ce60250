import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { prepareGrid } from '../../shared/domain/grid/grid.js';
import { powerFlowOf } from '../../shared/domain/grid/powerFlow.js';
import { topologyOf } from '../../shared/domain/grid/topology.js';
import { bareWorld, readNetwork } from '../../shared/scenario/networkFile.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';

/** Angles in degrees by bus, as the solution log of the data prints them for its first run, the linear power flow. */
function loggedAngles(dir: string): Map<string, number> {
  const log = gunzipSync(readFileSync(join(dir, 'MATPOWER', 'MATPOWER-out.txt.gz'))).toString('utf8');
  const first = log.slice(log.indexOf('Bus Data'), log.indexOf('Branch Data'));
  return new Map([...first.matchAll(/^\s+(\d+)\s+\d\.\d+\s+(-?\d+\.\d+)/gm)].map(([, bus, degrees]) => [bus ?? '', Number(degrees)]));
}

describe.skipIf(rtsGmlcDir === null)(`the linear power flow of RTS-GMLC${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  it('has the angles of the solution log within 0.001 degree at all 73 buses, and no others with plain reactances', async () => {
    const dir = rtsGmlcDir ?? '';
    const grid = prepareGrid(bareWorld(await readNetwork(join(dir, 'MATPOWER', 'RTS_GMLC.m'))));
    const logged = loggedAngles(dir);
    expect(logged.size).toBe(73);
    const worstOf = (convention: 'matpower' | 'series'): number => {
      const { angleDegrees } = powerFlowOf(grid, topologyOf(grid, [], convention));
      return Math.max(
        ...grid.world.network.buses.map((bus, place) => Math.abs((angleDegrees[place] ?? NaN) - (logged.get(bus.id) ?? NaN))),
      );
    };
    expect(worstOf('matpower')).toBeLessThanOrEqual(0.001);
    expect(worstOf('series')).toBeGreaterThan(0.1);
  });

  it('balances at the reference bus alone', async () => {
    const grid = prepareGrid(bareWorld(await readNetwork(join(rtsGmlcDir ?? '', 'MATPOWER', 'RTS_GMLC.m'))));
    const { netBalancingMw } = powerFlowOf(grid, topologyOf(grid, []));
    const { units, buses } = grid.world.network;
    const scheduledMw = units.reduce((sum, unit) => sum + (unit.scheduledMw ?? 0), 0);
    const loadMw = buses.reduce((sum, bus) => sum + bus.fixedLoadMw + bus.shuntMw, 0);
    expect(netBalancingMw).toHaveLength(1);
    expect(netBalancingMw[0]).toBeCloseTo(loadMw - scheduledMw, 9);
  });
});
