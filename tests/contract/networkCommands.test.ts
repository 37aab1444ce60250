import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi, type MockInstance } from 'vitest';
import { register as registerNetwork } from '../../services/cli/commands/network.js';
import { answers } from '../../services/cli/answers.js';
import { register as registerSchema } from '../../services/cli/commands/schema.js';
import { registry } from '../../shared/events/registry.js';
import { readNetwork } from '../../shared/scenario/networkFile.js';
import { ringCase } from '../support/caseFile.js';

let folder = '';
let stdout: MockInstance<typeof process.stdout.write>;
let stderr: MockInstance<typeof process.stderr.write>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-network-'));
  await writeFile(join(folder, 'ring.m'), `${ringCase}mpc.extra = 1;\n`);
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => vi.restoreAllMocks());

/** What a command printed on standard output. */
async function run(...words: string[]): Promise<string> {
  const program = new Command('loadstone').exitOverride();
  registerNetwork(program);
  registerSchema(program);
  await program.parseAsync(words, { from: 'user' });
  return stdout.mock.calls.map(([text]) => String(text)).join('');
}

const place = (name: string): string => join(folder, name);

describe('loadstone network', () => {
  it('imports a case, and a packed network file of it is the same network', async () => {
    const printed = JSON.parse(await run('network', 'import', 'matpower', place('ring.m'), '--out', place('ring.json.gz'), '--json')) as {
      readonly name: string;
      readonly counts: object;
      readonly out: string;
    };
    expect(printed).toMatchObject({ name: 'ring', out: place('ring.json.gz'), fixedLoadMw: 130, warnings: ['mpc.extra is left out'] });
    expect(printed.counts).toMatchObject({ regions: 2, buses: 3, lines: 3, units: 2, series: 0 });
    expect(await readNetwork(place('ring.json.gz'))).toEqual(await readNetwork(place('ring.m')));
  });

  it('shows a case as it is, with its warnings on standard error', async () => {
    const printed = await run('network', 'show', place('ring.m'));
    expect(printed).toContain('ring: 2 regions, 3 buses, 3 lines');
    expect(printed).toContain('fixed load: 130 MW');
    expect(printed).toContain('islands: 1, all buses hang together');
    expect(printed).toContain('radial lines: none');
    expect(stderr.mock.calls.map(([text]) => text)).toEqual(['warning: mpc.extra is left out\n']);
  });

  it('shows the buses a radial line cuts off, twelve lines at most', async () => {
    const stars = Array.from({ length: 15 }, (_, index) => 100 + index);
    const text = ringCase
      .replace('mpc.bus = [', `mpc.bus = [\n${stars.map((bus) => `${bus} 1 1 0 0 0 1 1 0 230 1 1.1 0.9`).join('\n')}`)
      .replace('mpc.branch = [', `mpc.branch = [\n${stars.map((bus) => `1 ${bus} 0 0.1 0 0 0 0 0 0 1 0 0`).join('\n')}`);
    await writeFile(place('star.m'), text);
    const printed = await run('network', 'show', place('star.m'));
    expect(printed).toContain('radial lines: 15: line-1-100-1 (cuts off 100 with 0 MW); ');
    expect(printed).toContain('; and 3 more');
  });

  it('exports a network as a case that is read back as the same network', async () => {
    const printed = JSON.parse(await run('network', 'export', 'matpower', place('ring.m'), '--out', place('back.m'), '--json')) as object;
    expect(printed).toMatchObject({ name: 'ring', hour: 0, loadMw: 130, unitsInService: 2, out: place('back.m') });
    expect((await readFile(place('back.m'), 'utf8')).startsWith('function mpc = ring\n')).toBe(true);
    expect((await readNetwork(place('back.m'))).network).toEqual((await readNetwork(place('ring.m'))).network);
  });

  it('refuses formats and hours it does not know', async () => {
    await expect(run('network', 'import', 'excel', folder)).rejects.toThrow('format: found "excel", allowed: rts-gmlc, matpower');
    await expect(run('network', 'export', 'excel', place('ring.m'), '--out', place('x'))).rejects.toThrow(
      'format: found "excel", allowed: matpower',
    );
    const exported = ['network', 'export', 'matpower', place('ring.m'), '--out', place('x.m'), '--hour'];
    await expect(run(...exported, '-1')).rejects.toThrow('hour: found "-1", allowed: a whole number from 0');
    await expect(run(...exported, '1')).rejects.toThrow('hour: found 1, allowed: a whole number from 0 to 0');
  });
});

describe('loadstone schema', () => {
  it('lists the files beside the events', async () => {
    const rows = JSON.parse(await run('schema', '--json')) as readonly { readonly type: string; readonly kind: string }[];
    expect(rows.length).toBe(registry.length + 3 + answers.length);
    expect(rows.filter(({ kind }) => kind === 'file').map(({ type }) => type)).toEqual([
      'loadstone.network/1',
      'loadstone.scenario/1',
      'loadstone.study/1',
    ]);
  });

  it('prints the schema of a network file, where fields with a default are not required', async () => {
    const schema = JSON.parse(await run('schema', 'loadstone.network/1')) as {
      readonly $id: string;
      readonly properties: {
        readonly network: {
          readonly properties: { readonly units: { readonly items: { readonly required: readonly string[] } } };
        };
      };
    };
    expect(schema.$id).toBe('loadstone.network/1');
    const { required } = schema.properties.network.properties.units.items;
    expect(required).toContain('capacityMw');
    expect(required).not.toContain('minMw');
  });

  it('prints the schema of a scenario file', async () => {
    const schema = JSON.parse(await run('schema', 'loadstone.scenario/1')) as { readonly properties: object };
    expect(Object.keys(schema.properties)).toContain('campuses');
  });

  it('refuses a word that is neither', async () => {
    await expect(run('schema', 'loadstone.network/2')).rejects.toThrow('found type "loadstone.network/2"');
  });
});
