import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { repoDir } from '../../infra/stack/paths.js';

const folder = join(repoDir(), 'services', 'cli', 'commands');
const files = readdirSync(folder).filter((name) => name.endsWith('.ts'));

async function programOf(names: readonly string[]): Promise<Command> {
  const program = new Command('loadstone').exitOverride();
  for (const name of names) {
    const { register } = (await import(join(folder, name))) as { readonly register: (program: Command) => void };
    register(program);
  }
  return program;
}

/** Every command that does something, with the words that lead to it. */
function leavesOf(command: Command, words: readonly string[] = []): readonly (readonly [words: string, command: Command])[] {
  const own = command.commands.filter((each) => each.name() !== 'help');
  return own.flatMap((each) => {
    const path = [...words, each.name()];
    return each.commands.length > 0 ? leavesOf(each, path) : [[path.join(' '), each] as const];
  });
}

/** What `--help` prints, examples included. */
function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
  return text;
}

describe('the help of every command', () => {
  it('ends with an example of that command whose options it knows', async () => {
    const leaves = leavesOf(await programOf(files));
    expect(leaves.length).toBeGreaterThan(25);
    const missing: string[] = [];
    for (const [words, command] of leaves) {
      const examples = /Examples?:\n((?:  \$ .*\n?)+)\s*$/.exec(helpOf(command))?.[1] ?? '';
      if (!examples.includes(`npx loadstone ${words}`)) missing.push(words);
      const known = command.options.flatMap(({ long }) => (long === undefined ? [] : [long]));
      for (const [option] of examples.matchAll(/--[a-z][a-z0-9-]*/g)) expect(known, `${words} ${option}`).toContain(option);
    }
    expect(missing).toEqual([]);
  });
});
