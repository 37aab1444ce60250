import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The lines of the first `sh` block below a heading of a page. @throws when there is none. */
export function shellBlock(page: string, heading: string): string {
  const text = readFileSync(page, 'utf8');
  const start = text.indexOf(`\n## ${heading}\n`);
  const section = start < 0 ? '' : text.slice(start + 1).split(/\n## /)[0];
  const block = /```sh\n([\s\S]*?)```/.exec(section ?? '')?.[1];
  if (block === undefined) throw new Error(`${page}: no sh block below "${heading}"`);
  return block;
}

/** Standard output of a block of lines, each of which has to succeed, with some texts of it replaced first. */
export async function runBlock(block: string, replacements: Readonly<Record<string, string>>, env: NodeJS.ProcessEnv): Promise<string> {
  const lines = Object.entries(replacements).reduce((text, [from, to]) => text.replaceAll(from, to), block);
  const { stdout } = await run('bash', ['-e', '-c', lines], { timeout: 30_000, env, maxBuffer: 64 * 2 ** 20 });
  return stdout;
}
