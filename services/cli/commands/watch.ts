import type { Command } from 'commander';
import { readStream } from '../../../shared/bus/read.js';
import { registry } from '../../../shared/events/registry.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { factLine } from '../line.js';
import { withBus } from '../session.js';

interface WatchOptions {
  readonly json?: boolean;
  readonly since?: 'start' | 'now';
  readonly count?: string;
}

/** Subject filters behind a pattern: nothing is every milestone, else a domain, a type, a region or entity, or a whole filter. */
export function patternsOf(root: string, pattern: string | undefined): readonly string[] {
  if (pattern === undefined) {
    return registry.filter(({ kind }) => kind === 'milestone').map(({ type }) => `${root}.*.${type}.*`);
  }
  if (pattern === 'all') return [`${root}.>`];
  if (pattern.includes('>') || pattern.includes('*') || pattern.startsWith(`${root}.`)) return [pattern];
  const types = registry.filter(({ type }) => type === pattern || type.startsWith(`${pattern}.`)).map(({ type }) => `${root}.*.${type}.*`);
  if (types.length > 0) return types;
  if (/^[a-z0-9_-]+$/.test(pattern)) return [`${root}.*.*.*.*.${pattern}`];
  throw wrongInput(
    `watch: found pattern ${JSON.stringify(pattern)}, allowed: all, a domain (grid), a type (grid.price), an entity (riverbend), or a subject filter`,
  );
}

export function register(program: Command): void {
  program
    .command('watch [pattern]')
    .description('Live facts, one line each. Without a pattern: every milestone; `all`: everything.')
    .option('--json', 'one JSON object per line, the fact as it is')
    .option('--since <when>', 'start: from the first fact kept; now: only what comes', 'now')
    .option('--count <n>', 'end after n facts')
    .addHelpText('after', '\nExample:\n  $ npx loadstone watch cluster.power --json --count 10')
    .action(async (pattern: string | undefined, options: WatchOptions) => {
      const count = options.count === undefined ? Number.POSITIVE_INFINITY : Number(options.count);
      if (!(count >= 1)) throw wrongInput(`--count: found ${options.count}, allowed: a number from 1`);
      if (options.since !== 'start' && options.since !== 'now') throw wrongInput(`--since: found ${options.since}, allowed: start, now`);
      await withBus(async (bus) => {
        const reader = readStream(bus, {
          patterns: patternsOf(bus.root, pattern),
          ...(options.since === 'start' ? { fromSequence: 1 } : { startNew: true }),
          onMalformed: ({ subject, reason }) => process.stderr.write(`${subject}: ${reason}\n`),
        });
        process.once('SIGINT', () => reader.close());
        let seen = 0;
        for await (const { fact, sequence } of reader) {
          process.stdout.write(`${options.json === true ? JSON.stringify({ ...fact, sequence }) : factLine(fact)}\n`);
          seen += 1;
          if (seen >= count) break;
        }
      });
    });
}
