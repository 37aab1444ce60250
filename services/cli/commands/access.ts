import type { Command } from 'commander';
import { grantAccess, peopleOf, revokeAccess, roles } from '../../../shared/runtime/access.js';
import { homeDir } from '../../../shared/runtime/config.js';
import { printJson, printTable } from '../output.js';

const notes = `
The first grant closes the door: from then on the api takes what changes the twin only from an operator with a token. A page asks for it
once; a program sends it as "authorization: Bearer TOKEN". Revoking holds from the next request on.`;

/** `access`: who may change the twin through the api and the dashboard. */
export function register(program: Command): void {
  const access = program.command('access').description('People who may look at the twin and change it through the api and the dashboard.');
  access
    .command('grant <name>')
    .description('give a person a token; it is printed once')
    .option('--role <role>', roles.join(' or '), 'operator')
    .option('--json', 'print as JSON')
    .addHelpText('after', `${notes}\n\nExample:\n  $ npx loadstone access grant ana --role operator`)
    .action((name: string, flags: { readonly role: string; readonly json?: boolean }) => {
      const token = grantAccess(homeDir(), name, flags.role);
      if (flags.json === true) printJson({ name, role: flags.role, token });
      else process.stdout.write(`${token}\n`);
    });
  access
    .command('list')
    .description('who has access')
    .option('--json', 'print as JSON')
    .addHelpText('after', '\nExample:\n  $ npx loadstone access list')
    .action((flags: { readonly json?: boolean }) => {
      const rows = peopleOf(homeDir()).map(({ name, role, grantedTime }) => ({ name, role, granted: grantedTime }));
      if (flags.json === true) printJson(rows);
      else printTable(rows, 'nobody: whoever reaches the api on this machine may change the twin');
    });
  access
    .command('revoke <name>')
    .description('take the access of a person back, at once')
    .addHelpText('after', '\nExample:\n  $ npx loadstone access revoke ana')
    .action((name: string) => {
      revokeAccess(homeDir(), name);
      process.stdout.write(`${name} has no access any more\n`);
    });
}
