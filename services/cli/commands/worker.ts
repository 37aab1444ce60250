import { availableParallelism } from 'node:os';
import type { Command } from 'commander';
import { connectBus } from '../../../shared/bus/connect.js';
import { openStudies } from '../../../shared/bus/studies.js';
import { loadConfig } from '../../../shared/runtime/config.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { workflowBundlePath } from '../../../workflows/bundle.js';
import { keepCellWorker, quietWorkers } from '../study/cellWorker.js';
import { readInvite, type Invite } from '../study/invite.js';
import { threadsIn } from '../study/run.js';

interface WorkerFlags {
  readonly study?: boolean;
  readonly threads: string;
  readonly connect?: string;
}

/** Where the twin is that this machine runs, as an invite would say it. */
function here(): Invite {
  const { root, natsUrl, natsPassword, temporalAddress, temporalNamespace } = loadConfig('study');
  return {
    version: 1,
    root,
    nats: { url: natsUrl, password: natsPassword },
    temporal: { address: temporalAddress, namespace: temporalNamespace },
  };
}

async function work(flags: WorkerFlags): Promise<void> {
  if (flags.study !== true)
    throw wrongInput('worker: found nothing, allowed: --study; sequences have their own worker in `npx loadstone up`');
  const threads = threadsIn(flags.threads);
  const { root, nats, temporal } = flags.connect === undefined ? here() : readInvite(flags.connect);
  quietWorkers();
  const bus = await connectBus({ url: nats.url, user: 'study', password: nats.password, component: 'study', root });
  const tell = (line: string): void => void process.stderr.write(`worker: ${line}\n`);
  const told = new Set<string>();
  const worker = keepCellWorker({
    ...temporal,
    store: await openStudies(bus),
    threads,
    workflowBundle: { codePath: workflowBundlePath },
    onTrouble: tell,
    onTicks: (study) => {
      if (told.has(study)) return;
      told.add(study);
      tell(`runs cells of ${study}`);
    },
  });
  tell(`${threads} threads for studies of ${root}; Ctrl-C ends it, cells under way are taken over by others`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await worker.stop();
  await bus.close();
}

/** `worker`. */
export function register(program: Command): void {
  program
    .command('worker')
    .description('Adds threads to the studies of a running twin, here or on another machine.')
    .option('--study', 'work on studies')
    .option('--threads <n>', 'threads', String(availableParallelism()))
    .option('--connect <invite>', 'the twin of another machine: a line of `study invite`; default: the twin that runs here')
    .addHelpText('after', '\nExample:\n  $ npx loadstone worker --study --threads 2')
    .action(work);
}
