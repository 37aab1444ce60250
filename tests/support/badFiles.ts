import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { everyCaseLater, spoiltText, triedLater } from './badInput.js';

/** A reader of files, with a file in which nothing is wrong. */
export interface FileReader {
  readonly what: string;
  readonly sound: string;
  readonly read: (path: string) => Promise<unknown>;
  /** Why a file without a mistake is refused all the same; absent: it is read. */
  readonly refusal?: string;
  /** Share of the thousand cases, where one takes long. */
  readonly share?: number;
}

/** A folder for the files of a test file; it is removed at its end. */
export function folderOfFiles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'loadstone-bad-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Of every reader: it takes its file, and what is cut, doubled or changed in it is read or refused in one line that names the file. */
export function testReaders(readers: readonly FileReader[]): void {
  const folder = folderOfFiles();
  test.each(readers)(
    '$what that is cut, doubled or changed somewhere is read or refused in one line',
    async ({ sound, read, refusal, share = 1 }) => {
      const path = join(folder, 'some.csv');
      writeFileSync(path, sound);
      await (refusal === undefined ? read(path) : expect(read(path)).rejects.toThrow(refusal));
      await everyCaseLater(
        spoiltText(sound),
        (bytes) => {
          writeFileSync(path, bytes);
          return triedLater(() => read(path), path);
        },
        share,
      );
    },
  );
}
