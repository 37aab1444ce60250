import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCampaign, type Campaign } from './campaign.js';
import type { Planted } from './stream.js';

/** Faults of the program that are planted on purpose, and how many seeds may pass before the first of them finds it. */
const plants: readonly (readonly [Planted, number])[] = [
  ['no-dedupe', 20],
  ['ack-before-store', 20],
  ['snapshot-ahead', 200],
  ['silent-recovery', 20],
  ['disorder', 20],
];

let campaign: Campaign;
beforeAll(async () => {
  campaign = await openCampaign();
}, 60_000);
afterAll(() => campaign.close());

describe('a simulated twin whose processes are killed and frozen, whose messages, answers and snapshots are lost', () => {
  test('says in each of 1,000 seeds what the kernel says, each fact once, and comes to its end', async () => {
    const struck: Record<string, number> = {};
    const wrong: string[] = [];
    for (let seed = 1; seed <= 1_000 && wrong.length < 3; seed++) {
      const { outcome, found } = await campaign.try(seed);
      for (const [kind, times] of Object.entries(outcome.struck)) struck[kind] = (struck[kind] ?? 0) + times;
      if (found.length > 0) wrong.push(`npm run test:simulation -- --first ${seed} --seeds 1: ${found[0]}`);
    }
    expect(wrong).toEqual([]);
    // Faults that never happened would prove nothing.
    for (const kind of [
      'kill',
      'freeze',
      'clockJump',
      'outage',
      'lostPublish',
      'lostAck',
      'lostDone',
      'doubleDone',
      'fullDisk',
      'malformed',
    ])
      expect(struck[kind] ?? 0, kind).toBeGreaterThan(100);
  }, 300_000);

  test('does the same to the bit when a seed is played again, and something else for another seed', async () => {
    for (const seed of [7, 8, 9]) expect((await campaign.try(seed)).digest).toBe((await campaign.try(seed)).digest);
    expect((await campaign.try(7)).digest).not.toBe((await campaign.try(16)).digest);
  });

  test.each(plants)('is found out by its facts when it has %s planted in it, within %i seeds', async (planted, most) => {
    let seed = 1;
    while (seed <= most && (await campaign.try(seed, planted)).found.length === 0) seed++;
    expect(seed).toBeLessThanOrEqual(most);
  });
});
