import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { LetterLine, LetterShown } from '../../../shared/bus/answers.js';
import { ask } from '../../../shared/bus/request.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { printJson, printTable, shortTime } from '../output.js';
import { withBus } from '../session.js';

interface Options {
  readonly json?: boolean;
}

const service = 'dead-letter';

async function list({ json }: Options): Promise<void> {
  const letters = await withBus((bus) => ask<readonly LetterLine[]>(bus, service, 'list', {}, 30_000));
  if (json === true) printJson(letters);
  else
    printTable(
      letters.map(({ id, keptAt, consumer, subject, reason }) => ({ id, kept: shortTime(keptAt), consumer, subject, reason })),
      'no dead letters',
    );
}

async function show(id: string, { json }: Options): Promise<void> {
  const letter = await withBus((bus) => ask<LetterShown>(bus, service, 'show', { id: idOf(id) }));
  if (json === true) printJson(letter);
  else for (const [name, value] of Object.entries(letter)) process.stdout.write(`${name.padEnd(9)} ${value}\n`);
}

async function reinject(id: string, options: Options & { readonly with?: string }): Promise<void> {
  const corrected = options.with === undefined ? null : readCorrected(options.with);
  const answer = await withBus((bus) =>
    ask<{ readonly id: number; readonly sequence: number }>(bus, service, 'reinject', { id: idOf(id), corrected }),
  );
  if (options.json === true) printJson(answer);
  else process.stdout.write(`dead letter ${answer.id} is in the stream again as ${answer.sequence}\n`);
}

async function drop(id: string, { json }: Options): Promise<void> {
  const answer = await withBus((bus) => ask<{ readonly id: number; readonly dropped: boolean }>(bus, service, 'drop', { id: idOf(id) }));
  if (json === true) printJson(answer);
  else process.stdout.write(`dead letter ${answer.id} is dropped\n`);
}

function idOf(text: string): number {
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw wrongInput(`dead letter: found ${JSON.stringify(text)}, allowed: a number that \`deadletter list\` shows`);
  return Number(text);
}

function readCorrected(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw wrongInput(`--with: cannot read ${path}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

export function register(program: Command): void {
  const noun = program.command('deadletter').description('Messages nobody could use: kept with the reason, to be sent again or dropped.');
  noun
    .command('list')
    .description('every dead letter, oldest first')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone deadletter list')
    .action(list);
  noun
    .command('show <id>')
    .description('one dead letter with its original')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone deadletter show 3')
    .action(show);
  noun
    .command('reinject <id>')
    .description('publish the original again, now that whoever reads it understands it, or a corrected form of it')
    .option('--with <file>', 'the corrected message, JSON')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone deadletter reinject 3 --with corrected.json')
    .action(reinject);
  noun
    .command('drop <id>')
    .description('let go of a dead letter for good')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone deadletter drop 3')
    .action(drop);
}
