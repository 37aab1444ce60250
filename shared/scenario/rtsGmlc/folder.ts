import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { wrongInput } from '../../runtime/errors.js';
import { isFolder } from '../files.js';

/**
 * The folder that holds SourceData, in `dir` itself or one of the folders the data is usually wrapped in.
 * @throws TWIN_WRONG_INPUT when there is none.
 */
export async function sourceFolderOf(dir: string): Promise<string> {
  if (!(await isFolder(dir)))
    throw wrongInput(`${dir}: found no such folder, allowed: the RTS-GMLC folder with SourceData and timeseries_data_files`);
  for (const wrapping of [[], ['RTS_Data'], ['rts-gmlc'], ['RTS-GMLC', 'RTS_Data']]) {
    const source = await below(dir, [...wrapping, 'SourceData']);
    if (source !== null) return source;
  }
  throw wrongInput(`${dir}: found no folder SourceData, allowed: the RTS-GMLC folder with SourceData and timeseries_data_files`);
}

/**
 * Path of a table of the source folder, with `.gz` if it is packed.
 * @throws TWIN_WRONG_INPUT when it is not there.
 */
export async function sourceTable(sourceDir: string, name: string): Promise<string> {
  const path = await below(sourceDir, [name]);
  if (path === null)
    throw wrongInput(`${join(sourceDir, name)}: found no such file, allowed: the table of this name, or packed as ${name}.gz`);
  return path;
}

/** Path a pointer means, whatever the letter case of its folders and with `.gz` accepted; null when there is none. */
export async function pointedAt(sourceDir: string, pointer: string): Promise<string | null> {
  return below(
    sourceDir,
    pointer.split(/[\\/]/).filter((part) => part !== '' && part !== '.'),
  );
}

async function below(dir: string, parts: readonly string[]): Promise<string | null> {
  const [part, ...rest] = parts;
  if (part === undefined) return dir;
  if (part === '..') return below(join(dir, '..'), rest);
  const entries = (await isFolder(dir)) ? await readdir(dir) : [];
  const isLast = rest.length === 0;
  const wanted = isLast ? [part.toLowerCase(), `${part.toLowerCase()}.gz`] : [part.toLowerCase()];
  // The exact name wins over one that differs in case, and plain over packed.
  const found = [part, ...entries.sort()].find((entry) => entries.includes(entry) && wanted.includes(entry.toLowerCase()));
  return found === undefined ? null : below(join(dir, found), rest);
}
