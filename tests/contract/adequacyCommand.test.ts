import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { register } from '../../services/cli/commands/adequacy.js';
import type { AdequacyReport } from '../../shared/domain/adequacy/report.js';
import { readNetwork, writeNetwork } from '../../shared/scenario/networkFile.js';

let folder = '';
let network = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-adequacy-'));
  network = join(folder, 'failing.json');
  const { network: grid, ...rest } = await readNetwork('three-areas');
  const units = grid.units.map((unit) => ({ ...unit, forcedOutage: { meanHoursToFailure: 950, meanHoursToRepair: 50 } }));
  await writeNetwork(network, { ...rest, network: { ...grid, units } });
});
afterAll(() => rm(folder, { recursive: true }));

/** What the command prints, on standard output and on standard error. */
async function run(...words: string[]): Promise<{ readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((written.out += String(text)), true));
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((written.err += String(text)), true));
  try {
    const program = new Command('loadstone').exitOverride();
    register(program);
    await program.parseAsync(['adequacy', ...words], { from: 'user' });
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
  return written;
}

describe('loadstone adequacy', () => {
  it('prints one document with risk, flat load to the target, credits, sampled and resampled years', async () => {
    const { out } = await run(network, '--monte-carlo', '300', '--resample', '20', '--seed', '2', '--json');
    const report = JSON.parse(out) as AdequacyReport & { readonly network: string; readonly notes: readonly string[] };
    expect(report.network).toBe('three-areas');
    expect(report.years).toBe(1);
    expect(report.risk.lossDays).toBeGreaterThan(0);
    expect(report.credits.map(({ source }) => source)).toContain('wind');
    expect(report.monteCarlo?.flatMw).toBe(report.flatMwToTarget);
    expect(report.monteCarlo?.analytic.lossDays).toBeLessThanOrEqual(0.1);
    expect(report.resampled).toMatchObject({ years: 20, windowDays: 10, label: 'resampled from the days recorded: no new extremes' });
    expect(report.notes).toContain('storage takes no part (300 MW)');
  });

  it('is the same for the same seed, and takes years at --flat where it is given', async () => {
    const words = [network, '--flat', '250.5', '--monte-carlo', '20', '--json'];
    const [first, again, other] = [await run(...words), await run(...words), await run(...words, '--seed', '9')];
    expect(again).toEqual(first);
    expect(other.out).not.toBe(first.out);
    const report = JSON.parse(first.out) as AdequacyReport;
    expect([report.flatMw, report.monteCarlo?.flatMw]).toEqual([250.5, 250.5]);
    const calm = await run(network, '--flat', '-3000', '--monte-carlo', '2');
    expect(calm.err).toContain('note: no sampled year had a shortfall: their intervals say nothing');
  });

  it('prints tables for people, notes beside them on standard error', async () => {
    const { out, err } = await run(network);
    expect(out).toMatch(/^LOLE {2}\S+ days a year$/m);
    expect(out).toMatch(/^wind +all +1 +3000 +\S+ +\S+$/m);
    expect(err).toContain('note: lines, links and interfaces do not limit: one copper plate');
  });

  it.each([
    [['--flat', 'much'], '--flat: found "much", allowed: a number in MW'],
    [['--target-days', '0'], '--target-days: found "0", allowed: days a year above 0 and below 365'],
    [['--monte-carlo', '1'], '--monte-carlo: found "1", allowed: 0, or a whole number of years from 2 to 1000000'],
    [['--resample', '1.5'], '--resample: found "1.5", allowed: 0, or a whole number of years from 1 to 1000000'],
    [['--seed', '-1'], '--seed: found "-1", allowed: a whole number from 0'],
  ])('refuses %j in one line', async (words, message) => {
    await expect(run(network, ...words)).rejects.toThrow(message);
  });

  it('refuses series that cover no whole day', async () => {
    const place = join(folder, 'short.json');
    const short = await readNetwork(network);
    const series = { calm: { startTime: '2027-07-13T17:00:00.000Z', stepMinutes: 60, values: [1, 2.5] } };
    await writeNetwork(place, { ...short, series });
    await expect(run(place)).rejects.toThrow(`${place}: series: found no whole day that all of them cover, allowed: one day or more`);
  });
});
