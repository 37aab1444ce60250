import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { campusBuild } from '../../shared/scenario/processes/campusBuild.js';
import { phoenix } from '../../shared/scenario/phoenix/world.js';
import { resolveWorld } from '../../shared/scenario/load.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { checkedWorld } from '../../shared/scenario/validate.js';
import { folderOfFiles } from '../support/badFiles.js';
import { anyValue, everyCase, everyCaseLater, spoilt, spoiltText, tried, triedLater } from '../support/badInput.js';
import { smallWorld } from '../support/worlds.js';

const folder = folderOfFiles();

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
      return triedLater(() => resolveWorld({ scenario: path }), path);
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
      expect(await triedLater(() => resolveWorld({ scenario: path }), path)).toBeNull();
    }
  });
});
