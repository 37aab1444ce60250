import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDocument, readStudy } from '../../shared/scenario/study/read.js';
import { folderOfFiles } from '../support/badFiles.js';
import { anyBytes, anyValue, everyCaseLater, spoilt, spoiltText, triedLater } from '../support/badInput.js';
import { smallWorld } from '../support/worlds.js';

const folder = folderOfFiles();
writeFileSync(join(folder, 'small.json'), JSON.stringify(smallWorld()));

const study = {
  schema: 'loadstone.study/1',
  name: 'bad',
  title: 'What becomes of it?',
  base: { scenario: './small.json' },
  horizon: { untilTime: '2027-07-13T18:00:00.000Z' },
  seeds: [1, 2],
  variants: [
    { id: 'plain', overrides: {} },
    { id: 'more', overrides: { 'campuses.campus-1.limitMw': 200, 'reserve.requirementMw': { times: 1.1 } } },
  ],
  axes: [{ id: 'ramp', keys: ['contracts.*.rampMinutes'], values: [5, 15] }],
  draws: { count: 2, seed: 3, of: [{ kind: 'uniform', key: 'lostLoadUsdPerMwh', min: 1_000, max: 9_000 }] },
};
const yaml = `# a study
schema: loadstone.study/1
name: bad
title: What becomes of it?
base: { scenario: ./small.json }
horizon:
  untilTime: 2027-07-13T18:00:00.000Z
seeds: [1, 2]
variants:
  - id: plain
    overrides: {}
  - id: more
    overrides:
      campuses.campus-1.limitMw: 200
      reserve.requirementMw: { times: 1.1 }
axes:
  - id: ramp
    keys: [contracts.*.rampMinutes]
    values: [5, 15]
`;

describe('a study', () => {
  const read = (name: string, bytes: string | Buffer): Promise<string | null> => {
    const path = join(folder, name);
    writeFileSync(path, bytes);
    return triedLater(() => readStudy(path, undefined));
  };

  test('that is sound is read, in JSON as in YAML', async () => {
    writeFileSync(join(folder, 'sound.json'), JSON.stringify(study));
    writeFileSync(join(folder, 'sound.yaml'), yaml);
    expect((await readStudy(join(folder, 'sound.json'), undefined)).study.name).toBe('bad');
    expect((await readStudy(join(folder, 'sound.yaml'), undefined)).study.name).toBe('bad');
  });

  test('with something wrong in it is refused in one line', async () => {
    await everyCaseLater(spoilt(study), (odd) => read('study.json', JSON.stringify(odd) ?? ''));
  });

  test.each(['__proto__', 'constructor', 'toString.x', 'reserve.constructor', 'campuses.constructor'])('may not set %s', async (key) => {
    const path = join(folder, 'own.json');
    const { axes: _axes, draws: _draws, ...rest } = study;
    writeFileSync(path, JSON.stringify({ ...rest, variants: [{ id: 'odd', overrides: { [key]: 1 } }] }));
    await expect(readStudy(path, undefined)).rejects.toThrow(/overrides\..*: found no "\w+" in /);
  });

  test('with settings of any name and value is refused in one line', async () => {
    const part = fc.constantFrom(
      'campuses',
      'campus-1',
      '*',
      '0',
      'limitMw',
      '__proto__',
      'constructor',
      'length',
      'toString',
      'series',
      'clock',
      '',
      'network',
      'lines',
      'projects',
      'a\nb',
    );
    const key = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('.'));
    await everyCaseLater(fc.record({ key, value: anyValue }), ({ key: name, value }) =>
      read(
        'keys.json',
        JSON.stringify({ ...study, variants: [{ id: 'odd', overrides: { [name]: value } }], axes: undefined, draws: undefined }),
      ),
    );
  });

  test.each([
    ['json', JSON.stringify(study, null, 1)],
    ['yaml', yaml],
  ])('as a %s file that is cut, doubled or changed somewhere is refused in one line', async (form, text) => {
    await everyCaseLater(spoiltText(text), (bytes) => read(`study.${form}`, bytes));
    await everyCaseLater(anyBytes, (bytes) => read(`study.${form}`, bytes), 0.2);
  });

  test.each(['json', 'yaml'])('as a %s file of lists in lists, or of very many lines, is refused in one line and at once', async (form) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(await read(`deep.${form}`, deep)).toBeNull();
    expect(await read(`deeper.${form}`, JSON.stringify({ ...study, title: 'HERE' }).replace('"HERE"', deep))).toBeNull();
    const seeds = Array.from({ length: form === 'json' ? 100_000 : 20_000 }, (_, seed) => seed);
    const path = join(folder, `long.${form}`);
    writeFileSync(path, JSON.stringify({ ...study, seeds: [...seeds, 'x'] }, null, 1));
    expect(await triedLater(() => readDocument(path), path)).toBeNull();
    expect(await triedLater(() => readStudy(path, undefined), path)).toBeNull();
    writeFileSync(path, JSON.stringify({ ...study, seeds }, null, 1));
    await expect(readStudy(path, undefined)).rejects.toThrow(`seeds: found ${8 * seeds.length} cells in all, allowed: at most 100000`);
  });
});
