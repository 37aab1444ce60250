import { CommanderError } from 'commander';
import { TwinError } from '../../shared/runtime/errors.js';
import { assemble } from './program.js';

/** Exit code of a failure, told in one line: 2 for wrong input, 1 when the answer is no or the run failed. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof TwinError) {
    process.stderr.write(`loadstone: ${error.message}\n`);
    return error.code === 'TWIN_WRONG_INPUT' ? 2 : 1;
  }
  process.stderr.write(`loadstone: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

// Whoever reads our output may have enough of it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  const program = await assemble();
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
