import type { Command } from 'commander';
import { emptyChain, followChain } from '../../../shared/bus/auditChain.js';
import { toWire } from '../../../shared/domain/ticks.js';
import { TwinError } from '../../../shared/runtime/errors.js';
import { recordOf } from '../facts.js';
import { printJson, printTable } from '../output.js';
import { withBus } from '../session.js';

/** `audit`: what people and outside systems have asked for, and whether the record of it is whole. */
export function register(program: Command): void {
  const audit = program
    .command('audit')
    .description('What people and outside systems have asked for, and whether the record of it is whole.');
  audit
    .command('list')
    .description('every request, refused ones too, newest last')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone audit list')
    .action(async (flags: { readonly json?: boolean }) => {
      const facts = await withBus((bus) => recordOf(bus, ['control.audit.v1']));
      const rows = facts.flatMap((fact) => {
        if (fact.type !== 'control.audit.v1') return [];
        const { action, target, actor, confirmedBy = '', accepted, reason } = fact.data;
        return [{ at: toWire(fact.timeMs), actor, confirmedBy, action, target, answer: accepted ? 'accepted' : 'refused', reason }];
      });
      if (flags.json === true) printJson(rows);
      else printTable(rows, 'nothing was asked for');
    });
  audit
    .command('verify')
    .description('follow the chain of hashes over every request; exit 1 where one was changed or taken away')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone audit verify')
    .action(async (flags: { readonly json?: boolean }) => {
      const facts = await withBus((bus) => recordOf(bus, ['control.audit.v1']));
      const { links, brokenAt } = facts.reduce(followChain, emptyChain);
      if (flags.json === true) printJson({ audits: facts.length, links, brokenAt });
      if (brokenAt !== null) throw new TwinError('TWIN_REFUSED', `audit: ${brokenAt}`);
      if (flags.json !== true) process.stdout.write(`${links} of ${facts.length} requests in one chain, none changed or missing\n`);
    });
}
