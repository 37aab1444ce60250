import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createPublisher } from '../../../shared/bus/publish.js';
import { stamp, type Fact } from '../../../shared/domain/fact.js';
import { gridSupply } from '../../../shared/events/grid.js';
import { wallDelay, wallNow } from '../../../shared/runtime/clock.js';
import type { BenchOptions, Figure } from './figure.js';
import { benchHome } from './home.js';
import { at, benchRoot, serveBus, type Served } from './served.js';
import type { SubscriberAnswer, SubscriberOrder } from './subscriberProcess.js';

const others = 49;
const perSecond = 200;
const everyMs = 20;
/** How long the one that was stopped may take to catch up, wall ms. */
const catchUpMs = 60_000;

/**
 * Fifty typed clients on one nats-server at a steady rate of facts, then the same with one of them stopped (SIGSTOP): what the others notice
 * of it, and whether the stopped one hears everything once it goes on.
 */
export async function benchSubscribers({ seconds }: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  const { home, remove } = benchHome();
  const served = await serveBus(home, '100ms');
  const processes: ChildProcess[] = [];
  const endAtOnce = (): void => processes.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', endAtOnce);
  try {
    const [many, one] = [await start(served, others), await start(served, 1)];
    processes.push(many, one);
    const { publish, close } = await publisherOf(served);
    await publish(2);
    await askOf(many);
    say(`${others + 1} subscribers, ${perSecond} facts a second for ${seconds} s`);
    await publish(seconds);
    const all = await askOf(many);
    say('the same with one of them stopped');
    one.kill('SIGSTOP');
    const sent = await publish(seconds);
    const rest = await askOf(many);
    one.kill('SIGCONT');
    const goesOnMs = wallNow();
    let caughtUp = await askOf(one);
    while ((caughtUp.heard[0] ?? 0) < sent && wallNow() - goesOnMs < catchUpMs) {
      await wallDelay(100);
      caughtUp = await askOf(one);
    }
    const waited = (wallNow() - goesOnMs) / 1_000;
    await close();
    const lost = rest.heard.reduce((sum, heard) => sum + (sent - heard), 0);
    const [p99, p99Stopped] = [p99Of(all), p99Of(rest)];
    return [
      figure('p99 of 49, all reading', p99, 'ms'),
      { ...figure('p99 of 49, one stopped', p99Stopped, 'ms'), peer: 'all reading', ratio: Math.round((p99Stopped / p99) * 100) / 100 },
      figure('lost by the others', lost, '1'),
      figure('lost by the stopped one', sent - (caughtUp.heard[0] ?? 0), '1'),
      figure('the stopped one has caught up after', waited, 's'),
    ];
  } finally {
    for (const child of processes) child.kill('SIGCONT');
    for (const child of processes) child.send('end');
    await Promise.all(processes.map((child) => new Promise((resolve) => child.once('exit', resolve))));
    process.removeListener('exit', endAtOnce);
    await served.stop();
    remove();
  }
}

function figure(what: string, value: number, unit: string): Figure {
  return { name: `50 subscribers at ${perSecond}/s, ${what}`, value: Math.round(value * 10) / 10, unit };
}

function p99Of({ waitsMs }: SubscriberAnswer): number {
  return at(
    waitsMs.toSorted((a, b) => a - b),
    0.99,
  );
}

async function start(served: Served, clients: number): Promise<ChildProcess> {
  const order: SubscriberOrder = { url: served.url, password: served.passwordOf('integrator'), root: benchRoot, clients };
  const name = import.meta.url.endsWith('.ts') ? './subscriberProcess.ts' : './subscriberProcess.js';
  const child = fork(fileURLToPath(new URL(name, import.meta.url)), [JSON.stringify(order)]);
  await new Promise((resolve) => child.once('message', resolve));
  return child;
}

function askOf(child: ChildProcess): Promise<SubscriberAnswer> {
  return new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as SubscriberAnswer));
    child.send('ask');
  });
}

/** `publish` sends at the rate for so many seconds and lets what was sent arrive; answers how many were sent in all. */
async function publisherOf(
  served: Served,
): Promise<{ readonly publish: (seconds: number) => Promise<number>; readonly close: () => Promise<void> }> {
  const bus = await served.connect('grid-supply');
  const publisher = createPublisher(bus);
  let sent = 0;
  const publish = async (seconds: number): Promise<number> => {
    const beganMs = performance.now();
    let own = 0;
    while (performance.now() - beganMs < seconds * 1_000) {
      const due = Math.floor(((performance.now() - beganMs) / 1_000) * perSecond) - own;
      own += due;
      const facts = Array.from({ length: due }, () => nextFact((sent += 1)));
      publisher.meanwhile(publisher.publish(facts));
      await wallDelay(everyMs);
    }
    await wallDelay(1_000);
    return sent;
  };
  const close = async (): Promise<void> => {
    publisher.close();
    await bus.close();
  };
  return { publish, close };
}

/** A fact whose output is the wall instant at which it is sent. */
function nextFact(number: number): Fact {
  const at = { component: 'grid-supply', tick: number, phase: 2, startMs: 1_800_000_000_000 + number, counts: {} } as const;
  const data = { ...gridSupply.example, generationMw: wallNow() };
  return stamp([{ type: 'grid.supply.v1', region: 'west', entity: 'west', data }], at).facts[0] as Fact;
}
