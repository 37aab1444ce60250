import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register as registerNetwork } from '../../services/cli/commands/network.js';
import { register as registerScenario } from '../../services/cli/commands/scenario.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { readNetwork, writeNetwork } from '../../shared/scenario/networkFile.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-commands-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...words: string[]): Promise<void> {
  const program = new Command('loadstone').exitOverride();
  registerNetwork(program);
  registerScenario(program);
  await program.parseAsync(words, { from: 'user' });
}

describe('loadstone scenario new', () => {
  it('writes a scenario that is read back as the same world under its new name', async () => {
    const out = join(folder, 'mine.json');
    await run('scenario', 'new', 'mine', '--out', out, '--json');
    const { world } = await resolveWorld({ scenario: out });
    const { world: base } = await resolveWorld({ scenario: 'three-areas' });
    expect(world).toEqual({ ...base, name: 'mine', title: 'mine, from three-areas' });
  });

  it('leaves a file alone that is there already', async () => {
    const out = join(folder, 'kept.json');
    await run('scenario', 'new', 'kept', '--out', out, '--json');
    const before = await readFile(out);
    await expect(run('scenario', 'new', 'kept', '--from', 'three-areas', '--out', out)).rejects.toThrow('found a file of this name');
    expect(await readFile(out)).toEqual(before);
  });

  it('begins from a bare network with its series, and no campuses', async () => {
    const network = await readNetwork('three-areas');
    const series = { calm: { startTime: '2027-07-13T17:00:00.000Z', stepMinutes: 60, values: [1, 2.5] } };
    await writeNetwork(join(folder, 'net.json'), { ...network, series });
    await run('scenario', 'new', 'bare', '--network', join(folder, 'net.json'), '--out', join(folder, 'bare.json'), '--json');
    const { world } = await resolveWorld({ scenario: join(folder, 'bare.json') });
    expect(world.campuses).toEqual([]);
    expect(world.series).toEqual(series);
    expect(world.network).toEqual(network.network);
  });

  it('refuses a name that is no id, and the name of a built-in scenario', async () => {
    await expect(run('scenario', 'new', 'My World')).rejects.toThrow(
      'name: found "My World", allowed: lower-case letters, digits and dashes, like "my-world"',
    );
    await expect(run('scenario', 'new', 'three-areas')).rejects.toThrow('the name of a built-in scenario');
  });
});

describe('loadstone network', () => {
  it('refuses a format it does not know', async () => {
    await expect(run('network', 'import', 'excel', folder)).rejects.toThrow('format: found "excel", allowed: rts-gmlc');
  });

  it('refuses to show a file that is no network', async () => {
    await expect(run('network', 'show', join(folder, 'absent.json'))).rejects.toThrow(
      'absent.json: found no such file, allowed: a readable file',
    );
  });
});
