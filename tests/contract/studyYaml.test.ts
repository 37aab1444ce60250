import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readStudy } from '../../shared/scenario/study/read.js';
import { readYaml } from '../../shared/scenario/study/yaml.js';

const folder = mkdtempSync(join(tmpdir(), 'loadstone-yaml-'));
afterAll(() => rmSync(folder, { recursive: true }));

const study = `# What a strike costs
schema: loadstone.study/1
name: tiny
title: 'Four cells'
base: { scenario: three-areas }
horizon:
  untilTime: 2027-07-15T17:00:00.000Z
tickMinutes: 60
seeds: [1, 2]
overrides:
  reserve.requirementMw: 900
axes:
  - id: strike
    keys: [contracts.*.strikeUsdPerMwh]
    values:
      - 400
      - { times: 2 }
`;

function put(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function lineOf(name: string, text: string): Promise<string> {
  try {
    await readStudy(put(name, text), undefined);
  } catch (error) {
    return error instanceof Error ? error.message.replace(folder, '') : String(error);
  }
  return 'fits';
}

describe('a study in YAML', () => {
  it('is the same study as in JSON, dates as text and keys in their order', async () => {
    const { value } = readYaml(study, 'study.yaml');
    const own = await readStudy(put('study.yaml', study), undefined);
    const other = await readStudy(put('study.json', JSON.stringify(value)), undefined);
    expect(own).toEqual(other);
    expect(own.study.horizon.untilTime).toBe('2027-07-15T17:00:00.000Z');
    expect(own.study.axes?.[0]?.values).toEqual([400, { times: 2 }]);
  });

  it('is read packed as well, and JSON under the name of YAML', async () => {
    const plain = JSON.stringify(readYaml(study, 'study.yaml').value, null, 2);
    expect(await lineOf('json.yml', plain)).toBe('fits');
    expect(readFileSync(join(folder, 'json.yml'), 'utf8')).toBe(plain);
  });

  it.each<[string, string, string]>([
    [
      'a field that does not fit',
      study.replace('tickMinutes: 60', 'tickMinutes: 61'),
      '/a.yaml:8: tickMinutes: found 61, allowed: a whole number in min from 1',
    ],
    [
      'a misspelt override',
      study.replace('reserve.requirementMw', 'reserve.requirementsMw'),
      '/a.yaml:11: overrides.reserve.requirementsMw: found no "requirementsMw" in reserve',
    ],
    ['a value of an axis that cannot be', study.replace('- 400', '- dear'), '/a.yaml:16: axes[0].values[0]: contracts.'],
    [
      'a key twice',
      study.replace('tickMinutes: 60', 'name: other'),
      '/a.yaml:8: found no YAML: Map keys must be unique, allowed: one document of YAML 1.2',
    ],
    ['a text that is not closed', study.replace("'Four cells'", "'Four cells"), '/a.yaml:'],
    ['a second document', `${study}---\nname: other\n`, '/a.yaml:18: found no YAML: Source contains multiple documents'],
    ['an alias', study.replace('seeds: [1, 2]', 'seeds: &s [1, 2]\nstop: *s'), '/a.yaml:10: found the alias *s, allowed: the value itself'],
    ['an unknown tag', study.replace('tickMinutes: 60', 'tickMinutes: !hours 1'), '/a.yaml:8: found no YAML: Unresolved tag: !hours'],
    ['a tab as indentation', study.replace('  untilTime', '\tuntilTime'), '/a.yaml:'],
    ['nothing but a comment', '# nothing\n', '/a.yaml:1: '],
  ])('with %s is refused in one line', async (_what, text, line) => {
    const found = await lineOf('a.yaml', text);
    expect(found.slice(0, line.length)).toBe(line);
    expect(found).not.toContain('\n');
  });
});
