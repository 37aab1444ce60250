import { readStream } from '../../../shared/bus/read.js';
import { ask } from '../../../shared/bus/request.js';
import { readEndpoints } from '../../../shared/runtime/config.js';
import { TwinError } from '../../../shared/runtime/errors.js';
import { submit } from '../intent.js';
import type { BenchOptions, Figure } from './figure.js';
import { benchHome, startBenchTwin, type BenchTwin } from './home.js';

/** Paces at which load targets are asked for: real time, where a tick lasts minutes, and the built-in world's own. */
const rates = [1, 1_800] as const;
/** Longest wait for an answer, wall ms; longer is a failure. */
const patienceMs = 10_000;

/**
 * From a request for a load target to the facts that it was accepted and what the campus goes to, as a subscriber sees them: at real time
 * and at the pace of the built-in world, with Temporal running and with Temporal stopped.
 */
export async function benchCommand({ seconds }: BenchOptions, say: (line: string) => void): Promise<readonly Figure[]> {
  const { home, remove } = benchHome();
  try {
    say('three-areas at real time');
    const twin = await startBenchTwin(home, ['--scenario', 'three-areas', '--rate', '1']);
    try {
      const figures: Figure[] = [];
      for (const isTemporalStopped of [false, true]) {
        if (isTemporalStopped) stopTemporal(twin, 'SIGSTOP');
        for (const rate of rates) {
          await ask(twin.bus, 'clock', 'rate', { rate });
          say(`asking for ${seconds} s at ${rate}x${isTemporalStopped ? ' with Temporal stopped' : ''}`);
          const name = `command at ${rate}x${isTemporalStopped ? ', Temporal stopped' : ''}`;
          figures.push(...figuresOf(name, await askAgainAndAgain(twin, seconds)));
        }
      }
      return figures;
    } finally {
      stopTemporal(twin, 'SIGCONT');
      await twin.stop();
    }
  } finally {
    remove();
  }
}

function stopTemporal({ home }: BenchTwin, signal: 'SIGSTOP' | 'SIGCONT'): void {
  process.kill(readEndpoints(home).servers.temporal.pid, signal);
}

/** What was waited for an answer, wall ms, and whether it was a promise. */
interface Wait {
  readonly ms: number;
  readonly isAccepted: boolean;
}

/**
 * Asks for a load target, waits for its answer and releases it, over and over. Small ones: while Temporal is stopped nothing comes back up,
 * and what a campus can give would soon be used up.
 */
async function askAgainAndAgain(twin: BenchTwin, seconds: number): Promise<readonly Wait[]> {
  const outcomes = listenForOutcomes(twin);
  const waits: Wait[] = [];
  const untilMs = performance.now() + seconds * 1_000;
  try {
    for (let count = 0; performance.now() < untilMs; count++) {
      const order = { target: 'riverbend', reason: 'bench' } as const;
      const amountMw = 2 + (count % 3) / 2;
      waits.push(await outcomes.after(() => submit(twin.bus, { ...order, action: 'curtail-campus', amountMw })));
      await submit(twin.bus, { ...order, action: 'release-campus' });
    }
  } finally {
    outcomes.close();
  }
  return waits;
}

/** Hears how the campus answers load targets that ask something of it. */
function listenForOutcomes({ bus }: BenchTwin): { after(act: () => Promise<unknown>): Promise<Wait>; close(): void } {
  const waiting: { heard: ((isAccepted: boolean) => void) | null } = { heard: null };
  const reader = readStream(bus, { types: ['control.outcome.v1'], startNew: true });
  void (async () => {
    for await (const { fact } of reader) {
      if (fact.type !== 'control.outcome.v1' || !fact.data.order.startsWith('loadtarget/')) continue;
      const isAccepted = fact.data.reductionMw > 0;
      if (isAccepted || fact.data.result === 'refused') waiting.heard?.(isAccepted);
    }
  })();
  return {
    after: async (act) => {
      const beganMs = performance.now();
      let timer: NodeJS.Timeout | undefined;
      const answered = new Promise<Wait>((resolve, reject) => {
        waiting.heard = (isAccepted) => resolve({ ms: performance.now() - beganMs, isAccepted });
        const trouble = new TwinError('TWIN_REFUSED', `bench: no answer to a load target within ${patienceMs} ms`);
        timer = setTimeout(() => reject(trouble), patienceMs);
      });
      await act();
      const wait = await answered;
      clearTimeout(timer);
      waiting.heard = null;
      return wait;
    },
    close: () => reader.close(),
  };
}

function figuresOf(name: string, waits: readonly Wait[]): readonly Figure[] {
  const sorted = waits.map(({ ms }) => ms).sort((a, b) => a - b);
  const accepted = waits.filter(({ isAccepted }) => isAccepted).length;
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  const figure = (what: string, value: number, unit: string): Figure => ({
    name: `${name}, ${what}`,
    value: Math.round(value * 10) / 10,
    unit,
  });
  return [
    figure('orders', sorted.length, '1'),
    figure('of them accepted', accepted, '1'),
    figure('median', at(0.5), 'ms'),
    figure('p99', at(0.99), 'ms'),
    figure('longest', at(1), 'ms'),
  ];
}
