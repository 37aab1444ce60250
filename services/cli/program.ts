import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Command } from 'commander';
import { repoDir } from '../../infra/stack/paths.js';

/** What every file in `commands/` exports. */
interface CommandFile {
  readonly register: (program: Command) => void;
}

/** The program with every command; one file in `commands/` is one command or noun. */
export async function assemble(): Promise<Command> {
  const { version } = JSON.parse(readFileSync(join(repoDir(), 'package.json'), 'utf8')) as { readonly version: string };
  const program = new Command('loadstone')
    .description('A digital twin of the electricity grid and the AI clusters that feed on it.')
    .version(version)
    .configureOutput({ outputError: (text, write) => write(`loadstone: ${inOneLine(text)}\n`) })
    .exitOverride();
  const folder = fileURLToPath(new URL('./commands/', import.meta.url));
  // Sources hold `.ts`, the build holds `.js` with its declarations and maps beside it.
  const files = readdirSync(folder)
    .filter((name) => /^[^.]+\.[jt]s$/.test(name))
    .sort();
  // A file is named after its command, so the one that was asked for is enough; help and mistakes see them all.
  const asked = files.filter((name) => name.slice(0, -'.js'.length) === process.argv[2]);
  for (const file of asked.length > 0 ? asked : files) {
    const { register } = (await import(pathToFileURL(join(folder, file)).href)) as CommandFile;
    register(program);
  }
  return program;
}

/** A mistake in a command in one line. */
function inOneLine(text: string): string {
  const what = text
    .replace(/^error: /, '')
    .trim()
    .replaceAll(/\s*\n\s*/g, ' ');
  return `${what}; allowed: what --help of the command lists`;
}
