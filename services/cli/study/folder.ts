import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CellResult } from '../../../shared/domain/study/cell.js';
import type { StudyCell } from '../../../shared/domain/study/cells.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { writeWhole } from '../../../shared/runtime/whole.js';
import { differingInputs, type Manifest } from './manifest.js';

/** A finished cell as it stands in a result folder. */
export interface KeptCell extends Pick<StudyCell, 'index' | 'key' | 'group'>, CellResult {}

/** The folder that holds what a study gives. */
export interface ResultFolder {
  readonly path: string;
  finished(): Promise<readonly KeptCell[]>;
  /** A cell that was under way when a run ended, as JSON; null: none. */
  underWay(cell: StudyCell): Promise<string | null>;
  keepUnderWay(cell: StudyCell, text: string): Promise<void>;
  keepFinished(cell: StudyCell, result: CellResult): Promise<void>;
  write(name: string, content: string | Uint8Array): Promise<void>;
}

const cellPattern = /^\d{5}\.json$/;
const underWay = '.under-way.json';

/** JSON of a file in a result folder: indented, with a line break at its end. */
export function fileText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * Opens the folder of a study: a new one, or with `resume` one of the same manifest.
 * @throws TWIN_WRONG_INPUT when something else stands there.
 */
export async function openFolder(path: string, manifest: Manifest, resume: boolean): Promise<ResultFolder> {
  const found = await entriesIn(path);
  if (found.length > 0) {
    const own = found.includes('manifest.json') ? await readManifest(path) : null;
    if (own === null) throw wrongInput(`${path}: found a folder with something else in it, allowed: --out with an empty or new folder`);
    if (own.hash !== manifest.hash) throw wrongInput(`${path}: found ${otherStudy(own, manifest)}, allowed: --out with another folder`);
    if (!resume) throw wrongInput(`${path}: found results of this study, allowed: --resume, or --out with another folder`);
  }
  await mkdir(join(path, 'cells'), { recursive: true }).catch((error: unknown) => {
    throw wrongInput(
      `${path}: found ${error instanceof Error && 'code' in error ? String(error.code) : String(error)}, allowed: a folder that can be made`,
    );
  });
  await sweep(join(path, 'cells'));
  await writeWhole(join(path, 'manifest.json'), fileText(manifest));
  return folderAt(path);
}

/**
 * What a result folder says it holds.
 * @throws TWIN_WRONG_INPUT when it is none.
 */
export async function readManifest(path: string): Promise<Manifest> {
  const place = join(path, 'manifest.json');
  const text = await readFile(place, 'utf8').catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unreadable';
    throw wrongInput(`${path}: found no manifest.json (${code}), allowed: a result folder of \`study run\``);
  });
  const manifest = jsonOf(place, text) as Partial<Manifest>;
  if (manifest.schema !== 'loadstone.manifest/1')
    throw wrongInput(`${place}: schema: found ${JSON.stringify(manifest.schema)}, allowed: "loadstone.manifest/1"`);
  return manifest as Manifest;
}

/** The finished cells of a result folder, in the order of the study. */
export async function readFinished(path: string): Promise<readonly KeptCell[]> {
  const folder = join(path, 'cells');
  const names = (await entriesIn(folder)).filter((name) => cellPattern.test(name)).sort();
  return Promise.all(names.map(async (name) => jsonOf(join(folder, name), await readFile(join(folder, name), 'utf8')) as KeptCell));
}

function folderAt(path: string): ResultFolder {
  const place = (cell: StudyCell, ending: string): string => join(path, 'cells', `${String(cell.index).padStart(5, '0')}${ending}`);
  return {
    path,
    finished: () => readFinished(path),
    underWay: async (cell) => readFile(place(cell, underWay), 'utf8').catch(absent),
    keepUnderWay: (cell, text) => writeWhole(place(cell, underWay), text),
    keepFinished: async (cell, result) => {
      const { index, key, group } = cell;
      await writeWhole(place(cell, '.json'), fileText({ index, key, group, ...result }));
      await rm(place(cell, underWay), { force: true });
    },
    write: (name, content) => writeWhole(join(path, name), content),
  };
}

/** Removes what a run that was killed left half written, and what it kept of cells that it had just finished. */
async function sweep(cells: string): Promise<void> {
  const files = (await readdir(cells, { withFileTypes: true })).filter((entry) => entry.isFile()).map(({ name }) => name);
  const finished = new Set(files.filter((name) => cellPattern.test(name)).map((name) => name.replace('.json', '')));
  const left = files.filter((name) => name.endsWith('.part') || (name.endsWith(underWay) && finished.has(name.slice(0, -underWay.length))));
  await Promise.all(left.map((name) => rm(join(cells, name), { force: true })));
}

function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
  throw error;
}

async function entriesIn(path: string): Promise<readonly string[]> {
  return readdir(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw wrongInput(`${path}: found ${code === 'ENOTDIR' ? 'a file' : code}, allowed: a folder`);
  });
}

function jsonOf(place: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrongInput(
      `${place}: found ${error instanceof Error ? error.message : 'no JSON'}, allowed: a file of \`study run\` as it wrote it`,
    );
  }
}

function otherStudy(own: Manifest, wanted: Manifest): string {
  const [first] = differingInputs(own, wanted);
  const what = first === undefined ? '' : `: ${first.field} is ${JSON.stringify(first.first) ?? 'absent'} there`;
  return `results of another manifest, ${own.hash.slice(0, 8)}${what}`;
}
