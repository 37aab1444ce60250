import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDispatcher, type Dispatch } from '../../shared/domain/grid/dispatch.js';
import { prepareGrid } from '../../shared/domain/grid/grid.js';
import { solveByPivots } from '../../shared/domain/grid/simplex/solve.js';
import { topologyOf } from '../../shared/domain/grid/topology.js';
import { frequencyAfter, type SuddenLoss } from '../../shared/domain/security/frequency.js';
import { isOnline } from '../../shared/domain/security/governors.js';
import { outageFactorsOf, type OutageFactors } from '../../shared/domain/security/outageFactors.js';
import { screenOutages, type Screening } from '../../shared/domain/security/screen.js';
import type { FrequencySystem } from '../../shared/domain/security/swing.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { readRtsHourly, type RtsHourly } from '../support/rtsHourly.js';

/** Every seventh hour of the year: all hours of the day, all days of the week. */
const sampledHours = Array.from({ length: 1_254 }, (_, place) => place * 7);
const gas = 'gas' as const;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

/** MW s by unit: inertia constant times base. */
function readInertia(folder: string): ReadonlyMap<string, number> {
  const rows = parse(readFileSync(join(folder, 'SourceData/gen.csv')), { columns: true, bom: true }) as Record<string, string>[];
  return new Map(rows.map((row) => [row['GEN UID'] ?? '', Number(row['Inertia MJ/MW']) * Number(row['Base MVA'])]));
}

describe.skipIf(rtsGmlcDir === null)(`security of RTS-GMLC${rtsGmlcDir === null ? ` (${noRtsGmlc})` : ''}`, () => {
  let rts: RtsHourly;
  let factors: OutageFactors;
  let screenings: readonly Screening[];
  let systems: readonly FrequencySystem[];

  beforeAll(() => {
    rts = readRtsHourly(rtsGmlcDir ?? '');
    const { lines, buses } = rts.world.network;
    const grid = prepareGrid(rts.world);
    const topology = topologyOf(grid, []);
    const placeOf = new Map(buses.map(({ id }, place) => [id, place]));
    factors = outageFactorsOf({
      busCount: buses.length,
      firstBus: Int32Array.from(lines, ({ fromBus }) => placeOf.get(fromBus) ?? -1),
      secondBus: Int32Array.from(lines, ({ toBus }) => placeOf.get(toBus) ?? -1),
      susceptance: Float64Array.from(lines, ({ reactancePu, tapRatio }) => 1 / (reactancePu * tapRatio)),
    });
    const inertia = readInertia(rtsGmlcDir ?? '');
    const dispatcher = createDispatcher(grid, solveByPivots(null));
    const costUsdPerMwh = Float64Array.from(grid.groups, (group) => group.costUsdPerMwh);
    const fixed = { hours: 1, costUsdPerMwh, requirementMw: 0, reserveInUseMw: 0, storages: [], bids: [] };
    let warm: Dispatch['warm'] | null = null;
    const hours = sampledHours.map((hour) => {
      const [availableMw, loadMw] = [rts.availableMw(hour), rts.loadMw(hour)];
      const dispatch = dispatcher(topology, { ...fixed, availableMw, loadMw }, warm);
      warm = dispatch.warm;
      return { dispatch, availableMw, loadMw };
    });
    const emergencyRatingMw = lines.map((line) => line.emergencyRatingMw);
    screenings = hours.map(({ dispatch, loadMw }) => screenOutages(factors, { netFlowMw: dispatch.netFlowMw, emergencyRatingMw, loadMw }));
    systems = hours.map(({ dispatch, availableMw, loadMw }) => ({
      units: rts.unitName.flatMap((name, unit) => {
        const outputMw = dispatch.generationMw[unit] ?? NaN;
        if (!isOnline(outputMw, null)) return [];
        return [{ outputMw, availableMw: availableMw[unit] ?? NaN, minMw: 0, inertiaMws: inertia.get(name) ?? NaN, governor: gas }];
      }),
      loadMw: loadMw.reduce((sum, mw) => sum + mw, 0),
      outside: null,
    }));
  }, 60_000);

  it('finds lines B11 and C11 radial, with a bus behind each, and no other', () => {
    const { lines, buses } = rts.world.network;
    const radial = lines.flatMap(({ id }, line) =>
      factors.isRadial[line] === 1 ? [[id, ...factors.cutOffBuses(line).map((bus) => buses[bus]?.id)]] : [],
    );
    expect(radial).toEqual([
      ['B11', '207'],
      ['C11', '307'],
    ]);
    for (const { islanding } of screenings) expect(islanding.map(({ outage }) => lines[outage]?.id).sort()).toEqual(['B11', 'C11']);
  });

  it('breaks a long-term emergency rating after some outage in about four hours of five, by a quarter at the median', () => {
    const insecure = screenings.filter(({ isSecure }) => !isSecure);
    expect(insecure.length / screenings.length).toBeGreaterThan(0.7);
    expect(insecure.length / screenings.length).toBeLessThan(0.85);
    const worst = median(screenings.map((screening) => screening.worst?.loadingRatio ?? NaN));
    expect(worst).toBeGreaterThan(1.19);
    expect(worst).toBeLessThan(1.33);
  });

  it('has 13.9 GW s online at the median: 0.87 Hz/s as an island for 400 MW lost, 2.2 Hz/s for a campus of 1,000 MW', () => {
    const inertia = systems.map(({ units }) => units.reduce((sum, { inertiaMws }) => sum + inertiaMws, 0));
    expect(Math.min(...inertia)).toBeGreaterThan(3_300);
    expect(Math.max(...inertia)).toBeLessThan(36_000);
    expect(median(inertia) / 13_900).toBeCloseTo(1, 1);
    const rateOf = (loss: SuddenLoss): number =>
      median(
        systems.map((system) => {
          const answer = frequencyAfter(system, loss, { horizonSeconds: 0.02 });
          return answer.kind === 'course' ? answer.rateHzPerSecond : NaN;
        }),
      );
    expect(Math.abs(rateOf({ kind: 'generation', mw: 400 }) - 0.87)).toBeLessThan(0.05);
    expect(Math.abs(rateOf({ kind: 'load', mw: 1_000 }) - 2.2)).toBeLessThan(0.12);
  });
});
