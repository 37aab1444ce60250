import type { Command } from 'commander';
import { endStack } from '../../../infra/stack/end.js';
import { pathsOf } from '../../../infra/stack/paths.js';
import { homeDir } from '../../../shared/runtime/config.js';

/** `loadstone down`: ends the twin of this home in order; no process is left and no fact is lost. */
export function register(program: Command): void {
  program
    .command('down')
    .description('stop the twin; its world stays and the next start resumes it')
    .option('--json', 'print one JSON document')
    .addHelpText('after', '\nExample:\n  $ npx loadstone down')
    .action(async (options: { readonly json?: boolean }) => {
      const home = homeDir();
      const ended = await endStack(pathsOf(home));
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ home, ...ended })}\n`);
        return;
      }
      const extra = ended.leftovers.length === 0 ? '' : `; ended what was left behind: ${ended.leftovers.join(', ')}`;
      process.stdout.write(ended.wasRunning ? `stopped${extra}\n` : `nothing runs from ${home}${extra}\n`);
    });
}
