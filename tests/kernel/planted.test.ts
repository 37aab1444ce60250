import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { repoDir } from '../../infra/stack/paths.js';
import { misplaced, plantedBugs } from '../mutants/planted.js';

describe('the planted bugs', () => {
  test('fit the sources: each text stands once in its file, and its test is there', () => {
    expect(misplaced(repoDir())).toEqual([]);
  });

  test('are twenty or more, each once, and stand in docs/reliability-tests.md with their tests', () => {
    const ids = plantedBugs.map(({ id }) => id);
    expect(ids.length).toBeGreaterThanOrEqual(20);
    expect(new Set(ids).size).toBe(ids.length);
    const page = readFileSync(join(repoDir(), 'docs/reliability-tests.md'), 'utf8');
    expect(plantedBugs.filter(({ id, test: file }) => !page.includes(`| \`${id}\` |`) || !page.includes(`\`${file.slice(6)}\``))).toEqual(
      [],
    );
  });
});
