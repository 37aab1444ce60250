import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { components, topology } from '../shared/bus/topology.js';
import { phasePlan } from '../shared/domain/phases.js';
import { registry } from '../shared/events/registry.js';

const root = normalize(join(dirname(fileURLToPath(import.meta.url)), '..'));
const sourceFolders = ['shared', 'services', 'workflows', 'infra', 'tests'];

interface Import {
  readonly target: string;
  readonly isType: boolean;
}
interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist', 'histories'].includes(entry.name) ? [] : walk(path);
    return /\.(ts|tsx|mjs)$/.test(entry.name) ? [path] : [];
  });
}

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)) {
    const specifier = match[2] ?? '';
    const target = specifier.startsWith('.')
      ? relative(root, normalize(join(dirname(path), specifier))).replace(/\.js$/, '.ts')
      : specifier;
    found.push({ target, isType: match[1] !== undefined });
  }
  return found;
}

const sources: readonly Source[] = sourceFolders
  .flatMap((folder) => walk(join(root, folder)))
  .map((path) => ({ path: relative(root, path), text: readFileSync(path, 'utf8'), imports: importsOf(path, readFileSync(path, 'utf8')) }));
const product = sources.filter(({ path }) => !path.startsWith('tests/'));

/** `file -> import` of every import that a rule forbids. */
function offences(files: readonly Source[], isForbidden: (imported: Import, file: Source) => boolean): string[] {
  return files.flatMap((file) =>
    file.imports.filter((imported) => isForbidden(imported, file)).map(({ target }) => `${file.path} -> ${target}`),
  );
}

const within = (folder: string) => product.filter(({ path }) => path.startsWith(folder));
const layerOf = (target: string): string => target.split('/').slice(0, 2).join('/');

describe('dependencies point one way', () => {
  it('the kernel imports itself, pure-rand, and types of the declarations', () => {
    expect(
      offences(within('shared/domain/'), ({ target, isType }) => {
        if (layerOf(target) === 'shared/domain' || target.startsWith('pure-rand/')) return false;
        return !(isType && ['shared/events', 'shared/scenario'].includes(layerOf(target)));
      }),
    ).toEqual([]);
  });

  it('contracts stand on the kernel alone, and scenarios on both', () => {
    const below = (allowed: readonly string[]) => (imported: Import) =>
      imported.target.startsWith('shared/') && !allowed.includes(layerOf(imported.target));
    expect(offences(within('shared/events/'), below(['shared/domain', 'shared/events']))).toEqual([]);
    expect(offences(within('shared/scenario/'), below(['shared/domain', 'shared/events', 'shared/scenario', 'shared/runtime']))).toEqual(
      [],
    );
  });

  it('nothing shared imports a service, a workflow or the stack', () => {
    expect(offences(within('shared/'), ({ target }) => /^(services|workflows|infra)\//.test(target))).toEqual([]);
  });

  it('a service never imports another service; the dashboard takes types of the api', () => {
    expect(
      offences(within('services/'), ({ target, isType }, { path }) => {
        if (!target.startsWith('services/') || layerOf(target) === layerOf(path)) return false;
        return !(isType && path.startsWith('services/dashboard/') && target.startsWith('services/api/'));
      }),
    ).toEqual([]);
  });

  it('what the workflow bundle reaches imports the workflow library and the kernel only', () => {
    const reached = new Set<string>();
    const visit = (path: string): void => {
      const file = product.find((source) => source.path === path);
      if (file === undefined || reached.has(path)) return;
      reached.add(path);
      for (const { target, isType } of file.imports) if (!isType) visit(target);
    };
    visit('workflows/index.ts');
    expect(reached.size).toBeGreaterThan(5);
    const files = product.filter(({ path }) => reached.has(path));
    expect(
      offences(files, ({ target, isType }) => {
        if (isType || target.startsWith('shared/domain/') || target.startsWith('workflows/')) return false;
        return target !== '@temporalio/workflow' && !target.startsWith('pure-rand/');
      }),
    ).toEqual([]);
  });

  it.each([
    ['nats', 'shared/bus/'],
    ['influx', 'shared/history/'],
    ['highs', 'shared/runtime/'],
  ])('only one place imports %s: %s', (library, home) => {
    expect(offences(product, ({ target }, { path }) => target === library && !path.startsWith(home))).toEqual([]);
  });
});

describe('the outside enters by one door each', () => {
  const users = (pattern: RegExp, allowed: (path: string) => boolean): string[] =>
    product.filter(({ path, text }) => pattern.test(text) && !allowed(path)).map(({ path }) => path);

  it('the environment is read in runtime/config.ts and by the stack', () => {
    expect(users(/process\.env/, (path) => path === 'shared/runtime/config.ts' || path.startsWith('infra/stack/'))).toEqual([]);
  });

  it('wall time is read in runtime/clock.ts, by the stack and in browsers', () => {
    const allowed = (path: string): boolean =>
      path === 'shared/runtime/clock.ts' ||
      path.startsWith('infra/stack/') ||
      path.startsWith('services/dashboard/') ||
      path.startsWith('workflows/');
    expect(users(/Date\.now\(\)/, allowed)).toEqual([]);
    expect(within('shared/domain/').filter(({ text }) => /Math\.random|Date\.now|new Date\(\)/.test(text))).toEqual([]);
  });
});

describe('the house style', () => {
  it('keeps files under 300 lines and lines under 160 columns', () => {
    const long = product.filter(({ text }) => text.split('\n').length > 301).map(({ path }) => path);
    expect(long).toEqual([]);
    const wide = product.filter(({ text }) => text.split('\n').some((line) => line.length > 160)).map(({ path }) => path);
    expect(wide).toEqual([]);
  });

  it('keeps every main of a service under 60 lines', () => {
    const mains = product.filter(({ path }) => /^services\/[a-z-]+\/main\.ts$/.test(path));
    expect(mains.length).toBeGreaterThan(8);
    expect(mains.filter(({ text }) => text.split('\n').length > 61).map(({ path }) => path)).toEqual([]);
  });

  it('has no unfinished marks, no enums, no any and no machine paths', () => {
    const marks = /\b(TODO|FIXME|XXX|HACK)\b|not implemented|^\s*(export )?(const )?enum /m;
    expect(product.filter(({ text }) => marks.test(text)).map(({ path }) => path)).toEqual([]);
    const strict = product.filter(({ text }) =>
      /[:<]\s*any\b|\bas any\b/.test(text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '').replace(/'[^'\n]*'|`[^`]*`/g, '')),
    );
    expect(strict.map(({ path }) => path)).toEqual([]);
    expect(sources.filter(({ text }) => /['"`(\s]\/(work|home|root)\//.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe('the topology', () => {
  it('gives every type of fact one producer, and every participant of the clock a place', () => {
    const producers = registry.map(({ type }) =>
      components.filter((component) => (topology[component]?.says as readonly string[]).includes(type)),
    );
    expect(producers.filter((owners) => owners.length > 1)).toEqual([]);
    for (const { participants } of phasePlan) for (const component of participants) expect(components).toContain(component);
  });
});

describe('decision records', () => {
  const folder = join(root, 'infra/adr');
  const records = readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort();

  it('are numbered without a gap, carry a status and are all in the index', () => {
    expect(records.map((name) => Number(name.slice(0, 4)))).toEqual(records.map((_, index) => index + 1));
    const index = readFileSync(join(folder, 'README.md'), 'utf8');
    for (const name of records) {
      expect(index).toContain(`(${name})`);
      expect(readFileSync(join(folder, name), 'utf8')).toMatch(/^Status: (accepted|superseded by \d{4}|proposed), \d{4}-\d{2}-\d{2}$/m);
    }
  });
});
