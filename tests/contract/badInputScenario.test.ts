import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import { phoenix } from '../../shared/scenario/phoenix/world.js';
import { readDocument, readStudy } from '../../shared/scenario/study/read.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { checkedWorld } from '../../shared/scenario/validate.js';
import { anyBytes, anyValue, everyCase, everyCaseLater, spoilt, spoiltText, tried, triedLater } from '../support/badInput.js';
import { smallWorld } from '../support/worlds.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-bad-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sound = [smallWorld(), threeAreas, phoenix, campusBuild];

describe('a scenario', () => {
  test.each(sound.map((world) => [world.name, world] as const))('%s with something wrong in it is refused in one line', (_name, world) => {
    const text = JSON.stringify(world);
    const plain: unknown = JSON.parse(text);
    everyCase(fc.oneof({ weight: 9, arbitrary: spoilt(plain) }, { weight: 1, arbitrary: anyValue }), (odd) =>
      tried(() => checkedWorld(odd, 'bad.json')),
    );
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'])('may not have a field %s', (name) => {
    const world: unknown = JSON.parse(JSON.stringify(smallWorld()).replace('"seed":', `"${name}":{"x":1},"seed":`));
    expect(() => checkedWorld(world, 'bad.json')).toThrow(`bad.json: ${name}: found an unknown field`);
  });

  test('as a file that is cut, doubled or changed somewhere is refused in one line', async () => {
    const path = join(folder, 'world.json');
    const text = JSON.stringify(smallWorld(), null, 1);
    await everyCaseLater(spoiltText(text), (bytes) => {
      writeFileSync(path, bytes);
      return triedLater(() => resolveWorld({ scenario: path }));
    });
  });

  test('as a file of lists in lists is refused in one line', async () => {
    const path = join(folder, 'deep.json');
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    for (const text of [
      deep,
      `{"schema":${deep}}`,
      `{"seed":${deep}}`,
      `{"schema":"loadstone.scenario/1","name":"x","seed":1,"clock":${deep}}`,
    ]) {
      writeFileSync(path, text);
      expect(await triedLater(() => resolveWorld({ scenario: path }))).toBeNull();
    }
  });
});

const study = {
  schema: 'loadstone.study/1',
  name: 'bad',
  title: 'What becomes of it?',
  base: { scenario: 'three-areas' },
  horizon: { untilTime: '2027-07-13T18:00:00.000Z' },
  seeds: [1, 2],
  variants: [
    { id: 'plain', overrides: {} },
    { id: 'more', overrides: { 'campuses.mesa.limitMw': 200, 'reserve.requirementMw': { times: 1.1 } } },
  ],
  axes: [{ id: 'ramp', keys: ['contracts.*.rampMinutes'], values: [5, 15] }],
  draws: { count: 2, seed: 3, of: [{ kind: 'uniform', key: 'lostLoadUsdPerMwh', min: 1_000, max: 9_000 }] },
};
const yaml = `# a study
schema: loadstone.study/1
name: bad
title: What becomes of it?
base: { scenario: three-areas }
horizon:
  untilTime: 2027-07-13T18:00:00.000Z
seeds: [1, 2]
variants:
  - id: plain
    overrides: {}
  - id: more
    overrides:
      campuses.mesa.limitMw: 200
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

  test('with settings of any name and value is refused in one line', async () => {
    const part = fc.constantFrom(
      'campuses',
      'mesa',
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

  test.each(['json', 'yaml'])(
    'as a %s file of lists in lists, or of a hundred thousand lines, is refused in one line and at once',
    async (form) => {
      const deep = '['.repeat(100_000) + ']'.repeat(100_000);
      expect(await read(`deep.${form}`, deep)).toBeNull();
      expect(await read(`deeper.${form}`, JSON.stringify({ ...study, title: 'HERE' }).replace('"HERE"', deep))).toBeNull();
      const seeds = Array.from({ length: 100_000 }, (_, seed) => seed);
      const path = join(folder, `long.${form}`);
      writeFileSync(path, JSON.stringify({ ...study, seeds: [...seeds, 'x'] }, null, 1));
      expect(await triedLater(() => readDocument(path))).toBeNull();
      expect(await triedLater(() => readStudy(path, undefined))).toBeNull();
      writeFileSync(path, JSON.stringify({ ...study, seeds }, null, 1));
      await expect(readStudy(path, undefined)).rejects.toThrow('seeds: found 800000 cells in all, allowed: at most 100000');
    },
  );
});
