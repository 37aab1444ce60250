import { minuteMs } from '../../../shared/domain/ticks.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';

/** Mean year of the calendar, ms. */
export const yearMs = 365.25 * 24 * 60 * minuteMs;

/** What is known of a run under way. */
export interface Progress {
  readonly cells: number;
  readonly finished: number;
  readonly failed: number;
  readonly simulatedYears: number;
  readonly yearsPerSecond: number;
  /** Null until something is known. */
  readonly secondsLeft: number | null;
}

/** Counts what a run has done and tells it on standard error: a bar on a terminal, else one JSON line now and then. */
export interface Teller {
  /** The first word of a cell says where it goes on from. */
  ticks(cell: number, ticks: number): void;
  ended(cell: number, line: string, outcome: 'finished' | 'failed', ticks: number): void;
  now(): Progress;
  stop(): void;
}

const barWidth = 24;
const tellEveryMs = { terminal: 250, lines: 5_000 } as const;

/** `kept`: cells that an earlier run finished; they count as done and not for the speed. */
export function createTeller(of: {
  readonly cells: number;
  readonly kept: number;
  readonly ticksPerCell: number;
  readonly tickMinutes: number;
  readonly out: Pick<NodeJS.WriteStream, 'write' | 'isTTY'>;
}): Teller {
  const { out } = of;
  const beganMs = stopwatchMs();
  const under = new Map<number, { readonly from: number; readonly to: number }>();
  const madeBy = ({ from, to }: { readonly from: number; readonly to: number }): number => to - from;
  let [finished, failed, endedTicks] = [of.kept, 0, 0];
  const yearsOf = (ticks: number): number => (ticks * of.tickMinutes * minuteMs) / yearMs;
  const now = (): Progress => {
    const made = endedTicks + [...under.values()].reduce((sum, each) => sum + madeBy(each), 0);
    const seconds = (stopwatchMs() - beganMs) / 1_000;
    const [simulatedYears, yearsInAll] = [yearsOf(made), yearsOf((of.cells - of.kept) * of.ticksPerCell)];
    const yearsPerSecond = seconds > 0 ? simulatedYears / seconds : 0;
    const secondsLeft = yearsPerSecond > 0 ? Math.max(0, yearsInAll - simulatedYears) / yearsPerSecond : null;
    return { cells: of.cells, finished, failed, simulatedYears, yearsPerSecond, secondsLeft };
  };
  const tell = (): void => void out.write(out.isTTY ? `\r${barLine(now())}\u001b[K` : `${JSON.stringify({ study: now() })}\n`);
  const timer = setInterval(tell, out.isTTY ? tellEveryMs.terminal : tellEveryMs.lines);
  return {
    ticks: (cell, ticks) => void under.set(cell, { from: under.get(cell)?.from ?? ticks, to: ticks }),
    ended: (cell, line, outcome, ticks) => {
      endedTicks += ticks - (under.get(cell)?.from ?? 0);
      under.delete(cell);
      if (outcome === 'finished') finished++;
      else failed++;
      if (out.isTTY) out.write(`\r\u001b[K${line}\n`);
      else if (outcome === 'failed') out.write(`${line}\n`);
    },
    now,
    stop: () => {
      clearInterval(timer);
      tell();
      if (out.isTTY) out.write('\n');
    },
  };
}

function barLine({ cells, finished, failed, simulatedYears, yearsPerSecond, secondsLeft }: Progress): string {
  const full = Math.round((barWidth * (finished + failed)) / Math.max(1, cells));
  const bar = `${'#'.repeat(full)}${'.'.repeat(barWidth - full)}`;
  const left = secondsLeft === null ? 'time left not known' : `${shortSeconds(secondsLeft)} left`;
  const speed = `${simulatedYears.toPrecision(3)} years, ${yearsPerSecond.toPrecision(2)} a second`;
  return `[${bar}] ${finished + failed} of ${cells} cells${failed > 0 ? `, ${failed} failed` : ''}; ${speed}; ${left}`;
}

/** A length of time for people. */
export function shortSeconds(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}
