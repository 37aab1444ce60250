import { rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { wrongInput } from '../../shared/runtime/errors.js';
import { makeFolders, type StackPaths } from './paths.js';

/** Least free space a start needs. */
export const freeBytesMin = 200_000_000;

/**
 * Creates the folders of a home and makes sure that they can be written and hold what a start needs.
 * @throws TWIN_WRONG_INPUT naming the folder, what was found and what is allowed.
 */
export function prepareHome(paths: StackPaths): void {
  try {
    makeFolders(paths);
    const probe = join(paths.runDir, `.probe-${process.pid}`);
    writeFileSync(probe, 'x'.repeat(4_096));
    rmSync(probe);
  } catch (error) {
    throw wrongInput(`home ${paths.home}: ${reasonOf(error)}, allowed is a folder this user may write (LOADSTONE_HOME)`);
  }
  const free = freeBytes(paths.home);
  if (free < freeBytesMin) {
    throw wrongInput(
      `home ${paths.home}: found ${Math.floor(free / 1e6)} MB free, allowed is at least ${freeBytesMin / 1e6} MB ` +
        '(LOADSTONE_HOME may name another disk)',
    );
  }
}

/** Bytes a user may still write below a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const words: Readonly<Record<string, string>> = {
    EACCES: 'found a folder without write permission',
    EPERM: 'found a folder without write permission',
    EROFS: 'found a read-only disk',
    ENOSPC: 'found a full disk',
    ENOTDIR: 'found a file where a folder is needed',
    EEXIST: 'found a file where a folder is needed',
  };
  return words[code] ?? `cannot be written (${error instanceof Error ? error.message : String(error)})`;
}
