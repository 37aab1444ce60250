import { userInfo } from 'node:os';
import type { Command } from 'commander';
import { ask } from '../../../shared/bus/request.js';
import { toWire } from '../../../shared/domain/ticks.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { recordOf } from '../facts.js';
import { printJson, printTable } from '../output.js';
import { withBus } from '../session.js';

interface Waiting {
  readonly id: string;
  readonly hash: string;
  readonly effect: string;
  readonly untilMs: number;
  readonly intent: { readonly action: string; readonly target: string; readonly actor: string; readonly reason: string };
}

/** `control`: what waits for a second person, where the world asks for two, and the shift log. */
export function register(program: Command): void {
  const control = program
    .command('control')
    .description('What waits for a second person, where the world asks for two, and the shift log.');
  control
    .command('list')
    .description('proposals that wait, with what each would do')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone control list')
    .action(async (flags: { readonly json?: boolean }) => {
      const waiting = await withBus((bus) => ask<readonly Waiting[]>(bus, 'api', 'proposals', {}));
      const rows = waiting.map(({ id, intent: { action, target, actor, reason }, effect }) => ({
        id,
        actor,
        action,
        target,
        effect,
        reason,
      }));
      if (flags.json === true) printJson(waiting);
      else printTable(rows, 'nothing waits');
    });
  control
    .command('confirm <id>')
    .description('confirm what another person proposed, as it is shown')
    .addHelpText('after', '\nExample:\n  $ npx loadstone control confirm 5f0c2f3e-9f0a-4a53-9a0e-0c6a5c1b2d3e')
    .action(async (id: string) => {
      await withBus(async (bus) => {
        const waiting = await ask<readonly Waiting[]>(bus, 'api', 'proposals', {});
        const own = waiting.find((each) => each.id === id);
        if (own === undefined)
          throw wrongInput(`id: found ${JSON.stringify(id)}, allowed: ${waiting.map((each) => each.id).join(', ') || 'nothing waits'}`);
        await ask(bus, 'api', 'confirm', { proposal: id, hash: own.hash, actor: userInfo().username });
        process.stdout.write(`confirmed: ${own.intent.action} ${own.intent.target}; ${own.effect}\n`);
      });
    });
  control
    .command('note <text>')
    .description('write a line into the shift log, for whoever comes next')
    .addHelpText('after', '\nExample:\n  $ npx loadstone control note "central-cc-3 is back on Thursday"')
    .action(async (note: string) => {
      await withBus((bus) => ask(bus, 'api', 'note', { note, actor: userInfo().username }));
      process.stdout.write('noted\n');
    });
  control
    .command('log')
    .description('the shift log, newest last')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone control log')
    .action(async (flags: { readonly json?: boolean }) => {
      const facts = await withBus((bus) => recordOf(bus, ['control.note.v1']));
      const rows = facts.flatMap((fact) => (fact.type === 'control.note.v1' ? [{ at: toWire(fact.timeMs), ...fact.data }] : []));
      if (flags.json === true) printJson(rows);
      else printTable(rows, 'nothing was noted');
    });
  control
    .command('withdraw <id>')
    .description('take a proposal back')
    .addHelpText('after', '\nExample:\n  $ npx loadstone control withdraw 5f0c2f3e-9f0a-4a53-9a0e-0c6a5c1b2d3e')
    .action(async (id: string) => {
      await withBus((bus) => ask(bus, 'api', 'withdraw', { proposal: id, actor: userInfo().username }));
      process.stdout.write('withdrawn\n');
    });
}
