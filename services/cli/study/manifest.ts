import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repoDir } from '../../../infra/stack/paths.js';
import { countCells } from '../../../shared/domain/study/cells.js';
import type { ReadStudy } from '../../../shared/scenario/study/read.js';
import type { Study } from '../../../shared/scenario/study/schema.js';

/** Everything that decides the bytes of a result folder. */
export interface Manifest {
  readonly schema: 'loadstone.manifest/1';
  readonly loadstone: string;
  readonly nodeMajor: number;
  readonly study: Study;
  /** The scenario as it was read, by its hash; where it was read from does not count. */
  readonly baseHash: string;
  readonly cells: number;
  readonly ticksPerCell: number;
  /** SHA-256 of all the above. */
  readonly hash: string;
}

/** Instants at which the cells of a study keep figures where it does not say. */
const usualSamples = 24;

export function samplesOf({ samples = usualSamples }: Study): number {
  return samples;
}

export function manifestOf({ study, baseHash, ticks }: ReadStudy): Manifest {
  const { version } = JSON.parse(readFileSync(join(repoDir(), 'package.json'), 'utf8')) as { readonly version: string };
  const inputs = {
    schema: 'loadstone.manifest/1',
    loadstone: version,
    nodeMajor: Number(process.versions.node.split('.')[0]),
    // Where data lies is not what is in it, and that is in the hash of the base.
    study: sorted({ ...study, base: { scenario: study.base.scenario } }) as Study,
    baseHash,
    cells: countCells(study),
    ticksPerCell: ticks,
  } as const;
  return { ...inputs, hash: createHash('sha256').update(JSON.stringify(inputs)).digest('hex') };
}

/** An input that two manifests do not share; undefined where one of them has none. */
export interface InputDifference {
  readonly field: string;
  readonly first: unknown;
  readonly second: unknown;
}

/** Inputs that differ, leaf by leaf. */
export function differingInputs(first: Manifest, second: Manifest): readonly InputDifference[] {
  const [from, to] = [leavesOf(inputsOf(first)), leavesOf(inputsOf(second))];
  const fields = [...new Set([...from.keys(), ...to.keys()])];
  return fields
    .filter((field) => from.get(field) !== to.get(field))
    .map((field) => ({ field, first: from.get(field), second: to.get(field) }));
}

function inputsOf({ loadstone, nodeMajor, study, baseHash }: Manifest): Readonly<Record<string, unknown>> {
  return { loadstone, nodeMajor, study, baseHash };
}

function leavesOf(value: unknown, field = ''): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) return new Map([[field, value]]);
  const inner = (key: string): string => (Array.isArray(value) ? `${field}[${key}]` : field === '' ? key : `${field}.${key}`);
  return new Map(Object.entries(value).flatMap(([key, each]) => [...leavesOf(each, inner(key))]));
}

/** A value with the keys of every object in it in their order, overrides apart: theirs is the order in which they are made. */
function sorted(value: unknown, isOrdered = false): unknown {
  if (Array.isArray(value)) return value.map((each) => sorted(each));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (!isOrdered) entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each, key === 'overrides')]));
}
