import { beforeAll, describe, expect, it } from 'vitest';
import { commit, dispatchSchedule, type CommittedWindow } from '../../shared/domain/commitment/commit.js';
import { createCommitment, plainOptions, type Commitment, type CommitmentOptions } from '../../shared/domain/commitment/model.js';
import type { CommittedHour } from '../../shared/domain/commitment/read.js';
import type { MixedIntegerSolver } from '../../shared/domain/commitment/solver.js';
import { longHours, type CommitmentState } from '../../shared/domain/commitment/state.js';
import type { WindowHour } from '../../shared/domain/commitment/windowProblem.js';
import { at } from '../../shared/domain/grid/dense.js';
import { loadHighsMixedInteger } from '../../shared/runtime/highs.js';
import { importRtsGmlc, type ImportedNetwork } from '../../shared/scenario/rtsGmlc/import.js';
import { denseFlows } from '../support/commitmentCase.js';
import { noRtsGmlc, rtsGmlcDir } from '../support/data.js';
import { publishedAllLines, publishedFirstHour, publishedNoLines, type PublishedSolution } from '../support/rtsPublished.js';

if (rtsGmlcDir === null) console.warn(noRtsGmlc);

let imported: ImportedNetwork;
let solver: MixedIntegerSolver;

/** Load and availability of an hour of the data. `mustTake`: water and rooftop sun are taken whole, as the published solutions do. */
function inputOf(hour: number, mustTake: boolean): WindowHour {
  const { network, series } = imported;
  const value = (name: string): number => series[name]?.values[hour] ?? NaN;
  const loadMw = Float64Array.from(network.buses, (bus) => bus.loadShareRatio * value(`load-${bus.region}`));
  const availableMw = Float64Array.from(network.units, ({ availability, capacityMw }) =>
    availability?.kind === 'series' ? value(availability.series) : capacityMw,
  );
  network.units.forEach((unit, place) => {
    if (!mustTake || (unit.source !== 'hydro' && unit.technology !== 'rtpv')) return;
    const bus = network.buses.findIndex(({ id }) => id === unit.bus);
    loadMw[bus] = at(loadMw, bus) - at(availableMw, place);
    availableMw[place] = 0;
  });
  return { loadMw, availableMw, reserveMw: new Float64Array(0) };
}

function ready(options: Partial<CommitmentOptions>): Commitment {
  return createCommitment(imported.network, { ...plainOptions, withStorages: false, flows: null, ...options });
}

/** Whether a unit was on in an hour of the published weeks. */
function isPublishedOn(published: PublishedSolution, unit: number, hour: number): boolean {
  const { name } = imported.network.units[unit] ?? { name: '' };
  return published.alwaysOn.includes(name) || (published.sometimesOn[name] ?? []).some(([from, to]) => hour >= from && hour < to);
}

/** The published state before an hour. Without an hour before it outputs are half way, from where no ramp of this data binds. */
function publishedState(
  published: PublishedSolution,
  { committed }: Commitment,
  before: { readonly hour: number; readonly last: CommittedHour | undefined },
): CommitmentState {
  return {
    units: committed.map(({ unit, minMw, capacityMw }) => {
      const isOn = isPublishedOn(published, unit, Math.max(0, before.hour - 1));
      const outputMw = before.last === undefined ? (minMw + capacityMw) / 2 : at(before.last.generationMw, unit);
      return { isOn, hoursInState: longHours, outputMw: isOn ? outputMw : 0 };
    }),
    storedMwh: [],
  };
}

/** Operates the published commitment, a day at a time. */
function operatePublished(published: PublishedSolution, options: Partial<CommitmentOptions>): CommittedHour[] {
  const commitment = ready({ ...options, stopCostRatio: 1 });
  const { committed } = commitment;
  const all: CommittedHour[] = [];
  for (let hour = 0; hour < 14 * 24; hour += 24) {
    const hours = Array.from({ length: 24 }, (_, ahead) => inputOf(publishedFirstHour + hour + ahead, true));
    const isOn = Uint8Array.from({ length: 24 * committed.length }, (_, index) => {
      const unit = committed[index % committed.length]?.unit ?? -1;
      return isPublishedOn(published, unit, hour + Math.floor(index / committed.length)) ? 1 : 0;
    });
    const state = publishedState(published, commitment, { hour, last: all.at(-1) });
    all.push(...dispatchSchedule(commitment, { solver, state, firstHour: hour, hours, schedule: { isOn, isCharging: new Uint8Array(0) } }));
  }
  return all;
}

describe.skipIf(rtsGmlcDir === null)('unit commitment of RTS-GMLC', () => {
  beforeAll(async () => {
    imported = await importRtsGmlc(rtsGmlcDir ?? '');
    solver = await loadHighsMixedInteger({ gapRatio: 1e-3, nodes: 200 });
  });

  it.each([
    ['with all lines', publishedAllLines, true],
    ['without line limits', publishedNoLines, false],
  ] as const)('the published commitment of two July weeks %s costs what is published', (_, published, hasLines) => {
    const hours = operatePublished(published, { flows: hasLines ? denseFlows(imported.network) : null });
    const costUsd = hours.reduce((sum, hour) => sum + hour.costUsd, 0);
    expect(Math.abs(costUsd / published.costUsd - 1)).toBeLessThan(2e-5);
    const meanOf = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    const price = hours.reduce((sum, { busPriceUsdPerMwh }) => sum + meanOf(busPriceUsdPerMwh), 0) / hours.length;
    expect(Math.abs(price - published.priceUsdPerMwh)).toBeLessThan(1e-3);
    for (const source of ['coal', 'gas-cc', 'nuclear'] as const) {
      const mwh = hours.reduce(
        (sum, { generationMw }) =>
          sum + imported.network.units.reduce((mw, unit, place) => mw + (unit.source === source ? at(generationMw, place) : 0), 0),
        0,
      );
      expect(Math.abs(mwh / 1_000 - published.energyGwh[source])).toBeLessThan(0.02);
    }
  });

  describe('a day', () => {
    let windows: CommittedWindow[];
    let commitment: Commitment;
    const hourOfWeeks = 13 * 24;
    const firstHour = publishedFirstHour + hourOfWeeks;
    beforeAll(() => {
      commitment = ready({ flows: denseFlows(imported.network), windowHours: 24, keptHours: 24 });
      windows = [
        ...commit(commitment, {
          solver,
          firstHour,
          hourCount: 24,
          endHour: firstHour + 24,
          state: publishedState(publishedAllLines, commitment, { hour: hourOfWeeks, last: undefined }),
          inputOf: (hour) => inputOf(hour, false),
        }),
      ];
    }, 120_000);
    const hoursOf = (): CommittedHour[] => windows.flatMap((window) => window.hours);

    it('is within its gap of what no schedule can be below', () => {
      expect(windows.map(({ report }) => [report.firstHour, report.hourCount])).toEqual([[firstHour, 24]]);
      for (const { report } of windows) expect(report.gapRatio).toBeLessThan(0.002);
    });

    it('serves all load, and power balances in every hour', () => {
      for (const { hour, generationMw, shedMw, surplusMw } of hoursOf()) {
        const sum = (values: Float64Array): number => values.reduce((total, mw) => total + mw, 0);
        expect(sum(shedMw) + sum(surplusMw)).toBe(0);
        expect(Math.abs(sum(generationMw) - sum(inputOf(hour, false).loadMw))).toBeLessThan(1e-6);
      }
    });

    it('keeps outputs between least output and capacity, and flows within ratings', () => {
      for (const { isOn, generationMw, netFlowMw } of hoursOf()) {
        for (const { unit, minMw, capacityMw } of commitment.committed) {
          const [leastMw, mostMw] = at(isOn, unit) === 1 ? [minMw, capacityMw] : [0, 0];
          expect(at(generationMw, unit)).toBeGreaterThanOrEqual(leastMw - 1e-6);
          expect(at(generationMw, unit)).toBeLessThanOrEqual(mostMw + 1e-6);
        }
        imported.network.lines.forEach(({ ratingMw }, line) =>
          expect(Math.abs(at(netFlowMw, line))).toBeLessThanOrEqual((ratingMw ?? Infinity) + 2e-5),
        );
      }
    });

    it('keeps least times on and off inside the day', () => {
      const hours = hoursOf();
      for (const { unit, minUpHours, minDownHours } of commitment.committed) {
        const word = hours.map(({ isOn }) => at(isOn, unit)).join('');
        for (const [run] of word.slice(1).matchAll(/(?<=0)1+(?=0)/g)) expect(run.length).toBeGreaterThanOrEqual(minUpHours);
        for (const [run] of word.slice(1).matchAll(/(?<=1)0+(?=1)/g)) expect(run.length).toBeGreaterThanOrEqual(minDownHours);
      }
    });
  });
});
