import { describe, expect, it } from 'vitest';
import { canonicalJson, worldHash } from '../../shared/scenario/canonical.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { readNetwork } from '../../shared/scenario/networkFile.js';
import { summaryOf } from '../../shared/scenario/networkSummary.js';
import type { World } from '../../shared/scenario/schema.js';
import { checkedWorld } from '../../shared/scenario/validate.js';

const { world, hash } = await resolveWorld({ scenario: 'three-areas' });

describe('the built-in scenario three-areas', () => {
  it('has the capacity of its three areas by source', async () => {
    const capacity = new Map(summaryOf(await readNetwork('three-areas')).capacityBySource.map((row) => [row.source, row.capacityMw]));
    expect(Object.fromEntries(capacity)).toEqual({
      wind: 3_000,
      'gas-cc': 3_150,
      solar: 2_200,
      'gas-ct': 1_200,
      nuclear: 800,
      coal: 600,
      hydro: 300,
      oil: 100,
    });
  });

  it('gives riverbend 361 MW of training and keeps it within its limit at the top of inference', () => {
    const trainingMw = world.runs.filter((run) => run.campus === 'riverbend').reduce((sumMw, run) => sumMw + run.facilityMw, 0);
    const campus = world.campuses.find(({ id }) => id === 'riverbend');
    expect(trainingMw).toBe(361);
    expect(trainingMw + (campus?.inferenceMaxMw ?? 0)).toBeLessThanOrEqual(campus?.limitMw ?? 0);
  });

  it('scripts the trip at 16:20, the approval at 14:00 of the second day, and the return 46 hours after the first midnight', () => {
    const localMs = (time: string): number => Date.parse(time) + world.clock.utcOffsetMinutes * 60_000;
    expect(world.script.map((entry) => [entry.action, entry.target, new Date(localMs(entry.atTime)).toISOString().slice(0, 16)])).toEqual([
      ['trip-unit', 'central-cc-3', '2027-07-13T16:20'],
      ['grant-permit', 'mesa-block-2-energization', '2027-07-14T14:00'],
      ['return-unit', 'central-cc-3', '2027-07-15T22:00'],
    ]);
  });

  it('keeps the agencies as busy as the notes say', () => {
    const busy = world.agencies.map((agency) => {
      const { effort } = agency;
      const meanDays =
        effort.kind === 'fixed'
          ? effort.days
          : effort.kind === 'triangular'
            ? (effort.minDays + effort.modeDays + effort.maxDays) / 3
            : effort.kind === 'lognormal'
              ? effort.medianDays * Math.exp(effort.sigma ** 2 / 2)
              : Number.NaN;
      return [agency.id, Math.round(((agency.otherApplicationsPerYear * meanDays) / (365 * agency.reviewers)) * 100)];
    });
    expect(Object.fromEntries(busy)).toEqual({
      'state-air-board': 92,
      'county-zoning': 60,
      'utility-study-desk': 75,
      'state-utility-commission': 70,
      'water-board': 65,
    });
  });
});

describe('the canonical form of a world', () => {
  it('does not depend on the order in which keys were written', () => {
    const shuffled = reversedKeys(world) as World;
    expect(JSON.stringify(shuffled)).not.toBe(JSON.stringify(world));
    expect(canonicalJson(shuffled)).toBe(canonicalJson(world));
    expect(worldHash(shuffled)).toBe(hash);
  });

  it('reads back as the same world', () => {
    expect(checkedWorld(JSON.parse(canonicalJson(world)), 'canonical')).toEqual(world);
  });

  it('has another hash with another seed, and the same at another speed', async () => {
    const seeded = await resolveWorld({ scenario: 'three-areas', overrides: { seed: 2 } });
    const faster = await resolveWorld({ scenario: 'three-areas', overrides: { rate: 'max' } });
    expect(seeded.hash).not.toBe(hash);
    expect(faster.hash).toBe(hash);
    expect(faster.world.clock.rate).toBe('max');
  });

  it('changes its hash with the smallest change of a number', () => {
    expect(worldHash({ ...world, lostLoadUsdPerMwh: world.lostLoadUsdPerMwh + 1e-9 })).not.toBe(hash);
  });
});

function reversedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reversedKeys(each)]),
  );
}
