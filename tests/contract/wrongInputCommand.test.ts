import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { register } from '../../services/cli/commands/dispatch.js';
import { register as registerNetwork } from '../../services/cli/commands/network.js';
import type { DispatchAnswer } from '../../services/cli/dispatch/answer.js';
import { TwinError } from '../../shared/runtime/errors.js';
import { readNetwork } from '../../shared/scenario/networkFile.js';
import { ringCase } from '../support/caseFile.js';
import { runCommand, runFromSource } from '../support/commandLine.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'loadstone-wrong-'));
});
afterAll(() => rm(folder, { recursive: true }));

const put = async (name: string, content: string | Buffer): Promise<string> => {
  await writeFile(join(folder, name), content);
  return join(folder, name);
};

/** The ring with a part of its text changed. */
const change = (from: string, to: string): string => {
  expect(ringCase).toContain(from);
  return ringCase.replace(from, to);
};

async function answerOf(name: string, content: string | Buffer, ...words: string[]): Promise<DispatchAnswer> {
  return JSON.parse((await runCommand(register, ['dispatch', await put(name, content), '--json', ...words])).out) as DispatchAnswer;
}

const cutOffBus = '80	20	0	0	2	1	0	0	1	1.1	0.9;\n	8	1	3	0	0	0	2	1	0	230	1	1.1	0.9;\n';

describe('a case that is wrong ends every command in one line', () => {
  it.each<[string, string, string]>([
    [
      'with an island',
      change('80	20	0	0	2	1	0	0	1	1.1	0.9;\n', cutOffBus),
      'wrong.m:8: bus.bus_i: found bus 8 cut off from the other 3 (2 islands)',
    ],
    ['with zero reactance', change('0.03	0.3', '0.03	0'), 'wrong.m:20: branch.x: found 0, allowed: a reactance other than 0'],
    ['with a line to a missing bus', change('	1	7	0.03', '	1	9	0.03'), 'wrong.m:20: branch.tbus: found 9, an unknown bus'],
    ['with Pmin above Pmax', change('100	1	200	10', '100	1	200	210'), 'wrong.m:10: gen.Pmin: found 210, allowed: up to Pmax, 200'],
    [
      'with a cost that is not convex',
      change('0.01	20	5', '-0.01	20	5'),
      'wrong.m:14: gencost.c2: found -0.01, allowed: a number from 0',
    ],
    ['cut off in the middle', ringCase.slice(0, ringCase.indexOf('0.03	0.3')), 'wrong.m:20: mpc.branch: found the end of the file inside'],
    ['with NA for a number', change('	7	1	80', '	7	1	NA'), 'wrong.m:7: bus.Pd: found "NA", allowed: a number'],
  ])('%s', async (_what, text, line) => {
    for (const words of [['dispatch'], ['network', 'show'], ['network', 'flow'], ['network', 'screen'], ['network', 'frequency']]) {
      const error: unknown = await runCommand(words[0] === 'dispatch' ? register : registerNetwork, [
        ...words,
        await put('wrong.m', text),
      ]).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(TwinError);
      const { code, message } = error as TwinError;
      expect([code, message.replace(`${folder}/`, '').slice(0, line.length)]).toEqual(['TWIN_WRONG_INPUT', line]);
      expect(message).not.toContain('\n');
    }
  });

  it('and the process with exit code 2', async () => {
    const file = await put('wrong.m', change('0.03	0.3', '0.03	0'));
    expect(await runFromSource(['network', 'show', file])).toEqual({
      code: 2,
      stdout: '',
      stderr: `loadstone: ${file}:20: branch.x: found 0, allowed: a reactance other than 0\n`,
    });
  });
});

describe('what a command is asked wrongly', () => {
  it.each<[string, readonly string[], string]>([
    [
      'an option it does not have',
      ['dispatch', 'three-areas', '--hous', '0:1'],
      "loadstone: unknown option '--hous' (Did you mean --hours?); allowed:",
    ],
    ['nothing where a network is needed', ['dispatch'], "loadstone: missing required argument 'network'; allowed:"],
    ['a command there is not', ['dispach'], "loadstone: unknown command 'dispach' (Did you mean dispatch?); allowed:"],
  ])('is one line and exit code 2: %s', async (_what, words, line) => {
    const { code, stdout, stderr } = await runFromSource(words);
    expect([code, stdout, stderr.slice(0, line.length)]).toEqual([2, '', line]);
    expect(stderr.trimEnd()).not.toContain('\n');
  });

  it.each(['0x10', '1e400', 'NaN', '', '-1'])('a value of lost load of %j', async (found) => {
    await expect(answerOf('ring.m', ringCase, '--lost-load', found)).rejects.toThrow('--lost-load: found');
  });
});

describe('a file in another alphabet', () => {
  it('is refused with the line, as data', async () => {
    const text = JSON.stringify(await readNetwork(await put('ring.m', ringCase)), null, 1).replace('"Area 1"', '"Gr\u00fcn"');
    const file = await put('latin.json', Buffer.from(text, 'latin1'));
    await expect(readNetwork(file)).rejects.toThrow(/latin\.json:\d+: found bytes that are not UTF-8, allowed: text in UTF-8$/);
  });

  it('is taken in the comments of a case', async () => {
    const { costUsd } = await answerOf('ring.m', ringCase);
    expect((await answerOf('latin.m', Buffer.from(`% Gr\u00fcn\n${ringCase}`, 'latin1'))).costUsd).toBe(costUsd);
  });
});

describe('a network that is written', () => {
  it('stands whole in its place, and what was there stays when it cannot be', async () => {
    const from = await put('ring.m', ringCase);
    const to = await put('out.json', 'before');
    await runCommand(registerNetwork, ['network', 'import', 'matpower', from, '--out', to]);
    expect((await readNetwork(to)).network.buses.length).toBe(3);
    expect((await readdir(folder)).filter((name) => name.endsWith('.part'))).toEqual([]);
    await expect(
      runCommand(registerNetwork, ['network', 'import', 'matpower', from, '--out', join(folder, 'none', 'out.json')]),
    ).rejects.toThrow('allowed: a path that can be written');
  });
});

describe('a case is the same', () => {
  it('with the line ends of Windows, a byte-order mark, and packed', async () => {
    const { kernelMs: _ms, msPerHour: _mean, ...plain } = await answerOf('ring.m', ringCase);
    for (const [name, content] of [
      ['windows.m', `\uFEFF${ringCase.replaceAll('\n', '\r\n')}`],
      ['packed.m.gz', gzipSync(ringCase)],
      ['PACKED.M.GZ', gzipSync(`\uFEFF${ringCase}`)],
    ] as const)
      expect(await answerOf(name, content)).toMatchObject(plain);
  });

  it('as a network file, packed or not, with a byte-order mark', async () => {
    const { kernelMs: _ms, msPerHour: _mean, ...plain } = await answerOf('ring.m', ringCase);
    const text = JSON.stringify(await readNetwork(join(folder, 'ring.m')));
    expect(await answerOf('ring.json', `\uFEFF${text}`)).toMatchObject(plain);
    expect(await answerOf('ring.json.gz', gzipSync(text))).toMatchObject(plain);
  });
});

describe('an hour that cannot be served is a result', () => {
  const starved = change('	7	1	80', '	7	1	580');

  it.each(['hourly', 'chrono', 'full'])('with what is not served, by bus (%s)', async (problem) => {
    const answer = await answerOf('starved.m', starved, '--problem', problem);
    // 300 MW of units against 630 MW, and a line of 90 MW with what goes over the one without a rating.
    expect(answer.unservedMwh).toBeGreaterThanOrEqual(330 - 1e-6);
    const byBus = Object.values(answer.unservedMwhByBus).reduce((sum, mwh) => sum + mwh, 0);
    expect(byBus).toBeCloseTo(answer.unservedMwh, 6);
    expect(answer.costUsd).toBeGreaterThan(330 * 10_000);
  });

  it.each(['hourly', 'chrono', 'full'])(
    'with what cannot be put anywhere, when units that must run give too much (%s)',
    async (problem) => {
      const idle = change('	2	2	50', '	2	2	2').replace('	7	1	80', '	7	1	3');
      const answer = await answerOf('idle.m', idle, '--problem', problem);
      expect(answer.unservedMwh).toBeCloseTo(0, 6);
      expect(answer.surplusMwh).toBeCloseTo(5, 6);
    },
  );

  it('for the other commands too', async () => {
    const file = await put('starved.m', starved);
    for (const command of ['screen', 'frequency'])
      expect((await runCommand(registerNetwork, ['network', command, file])).out).toContain('ring: 1 hours');
    expect((await runCommand(registerNetwork, ['network', 'flow', file, '--hour', '0'])).out).toContain('hour 0 at least cost');
  });
});
