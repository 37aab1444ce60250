import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fits } from '../../services/cli/power/fits.js';
import { register } from '../../services/cli/commands/power.js';
import { register as registerTraining } from '../../services/cli/commands/training.js';
import { runCommand } from '../support/commandLine.js';

const dataDir = process.env['LOADSTONE_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const powerDir = join(dataDir, 'gpu-power');
const isThere = existsSync(join(powerDir, 'zeus'));
const noData = 'accelerator power data not found: set LOADSTONE_DATA to the folder that holds gpu-power';

const header = 'dataset,network,batch_size,optimizer,power_limit,time_per_epoch,average_power';

function fileOf(lines: readonly string[]): string {
  const path = join(mkdtempSync(join(tmpdir(), 'loadstone-power-')), 'summary_power_x.csv');
  writeFileSync(path, `${lines.join('\n')}\n`);
  return path;
}

describe.skipIf(!isThere)(`fits of the measured power${isThere ? '' : ` (${noData})`}`, () => {
  it('prints each with its error, no worse than published here before', async () => {
    const { out } = await runCommand(register, ['power', 'fit', powerDir, '--json']);
    const fits = JSON.parse(out) as Fits & { readonly leftOut: readonly string[] };
    const byGpu = new Map(fits.caps.map((fit) => [fit.gpu, fit]));
    expect(byGpu.get('v100')).toMatchObject({ jobs: 68, points: 476 });
    expect(byGpu.get('v100')?.rmse).toBeLessThan(0.0445);
    expect(byGpu.get('v100')?.staticRatio).toBeCloseTo(0.4, 2);
    expect(byGpu.get('rtx6000')?.rmse).toBeLessThan(0.0648);
    expect(fits.inference.map((fit) => fit.form)).toEqual(['clipped-line', 'clipped-line', 'clipped-line']);
    expect(fits.idleActive.map((fit) => Math.round(fit.meanW))).toEqual([169, 2_930]);
    const largest = fits.training[0]?.measured.find((run) => run.benchmark === 'gpt3' && run.system.includes('DC'));
    expect(largest?.kwPerAccelerator).toBeCloseTo(1_676_757.08 / (56.869 * 60) / 512, 9);
    expect(fits.dips[0]?.rhythm).toMatchObject({ dips: 161, startOrEnd: 2, areSteps: true, longStops: 5 });
    expect(fits.dips[0]?.rhythm?.periodSeconds).toBeCloseTo(10.4, 6);
    expect(fits.swings[0]?.bands.map((band) => Math.round(band.deviationW))).toEqual([1_179, 4_352, 2_930]);
    expect(fits.leftOut).toHaveLength(3);
  });
});

describe('power fit with other input', () => {
  const row = (limit: string, seconds: string, watts: string): string => `cifar,net,32,adam,${limit},${seconds},${watts}`;
  it.each([
    ['a limit that is no number', [header, row('much', '10', '90')], /:2: power_limit: found "much", allowed: a number/],
    ['milliwatts', [header, row('100000', '10', '90')], /:2: power_limit: found 100000, allowed: W, above 0 up to 5000/],
    ['no time', [header, row('100', '10', '90'), row('200', '0', '90')], /:3: time_per_epoch: found 0, allowed: a number above 0/],
    ['one limit alone', [header, row('100', '10', '90')], /power_limit: found 100 W alone, allowed: two limits or more/],
    ['other columns', ['a,b', '1,2'], /found columns a, b, allowed: columns dataset,network/],
    ['quantiles that fall', ['series,percentile,watts', 'g,0,50', 'g,1,40'], /:3: watts: found 40, allowed: at least 50/],
  ])('refuses %s', async (_, lines, message) => {
    await expect(runCommand(register, ['power', 'fit', fileOf(lines)])).rejects.toThrow(message);
  });

  it('refuses a sweep in which no job reaches the highest limit and another', async () => {
    const path = fileOf([header, 'c,a,1,x,100,10,90', 'c,b,1,x,200,10,150']);
    await expect(runCommand(register, ['power', 'fit', path])).rejects.toThrow(/found no job .* allowed:/);
  });

  it('refuses a temperature and a size that cannot be', async () => {
    await expect(runCommand(register, ['power', 'facility', '--outside', 'warm'])).rejects.toThrow(/--outside: found "warm", allowed/);
    await expect(runCommand(registerTraining, ['training', 'goodput', '--accelerators', '0'])).rejects.toThrow(/--accelerators: found "0"/);
    await expect(runCommand(registerTraining, ['training', 'goodput', '--accelerators', '10000000'])).rejects.toThrow(
      /allowed: work and save/,
    );
  });
});
