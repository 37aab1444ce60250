import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

/** Writes a file whole or not at all, readable by its owner only. */
export function writeWhole(path: string, text: string): void {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text, { mode: 0o600 });
  renameSync(temporary, path);
}

/** The same for a value as JSON. */
export function writeJson(path: string, value: unknown): void {
  writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
}

/** The value in a JSON file, or null when there is no file. @throws when the file is damaged. */
export function readJson(path: string): unknown {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : null;
}
