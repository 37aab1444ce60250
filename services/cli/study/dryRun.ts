import { cpus } from 'node:os';
import { startCell } from '../../../shared/domain/study/cell.js';
import { cellsOf, countCells } from '../../../shared/domain/study/cells.js';
import { metricsNamed } from '../../../shared/domain/study/catalogue.js';
import { minuteMs } from '../../../shared/domain/ticks.js';
import { stopwatchMs } from '../../../shared/runtime/clock.js';
import { loadHighsSolver } from '../../../shared/runtime/highs.js';
import { cellWorld } from '../../../shared/scenario/study/cellWorld.js';
import type { ReadStudy } from '../../../shared/scenario/study/read.js';
import { printJson } from '../output.js';
import type { DryRunAnswer } from './answer.js';
import { shortSeconds, yearMs } from './progress.js';

/** Wall time in which a probe warms up, and in which it is timed. */
const [warmMs, timedMs] = [1_500, 2_500] as const;
const ticksAtOnce = 12;
const mib = 1_048_576;

/** Says what a study would run, and what it would take: the first cell is run for some seconds to know. */
export async function dryRun(read: ReadStudy, options: { readonly threads: number; readonly json: boolean }): Promise<void> {
  const { study, base, ticks } = read;
  const cells = countCells(study);
  const probe = await probed(read);
  const threads = Math.min(options.threads, cells);
  const lanes = Math.max(1, Math.min(threads, cpus().length));
  const answer: DryRunAnswer = {
    name: study.name,
    cells,
    groups: [...new Set(cellsOf({ ...study, seeds: study.seeds.slice(0, 1) }).map(({ group }) => group))],
    draws: study.draws?.count ?? 0,
    seeds: study.seeds.length,
    startTime: base.clock.startTime,
    untilTime: study.horizon.untilTime,
    ticksPerCell: ticks,
    simulatedYears: (cells * ticks * base.clock.tickMinutes * minuteMs) / yearMs,
    threads,
    probeTicks: probe.ticks,
    msPerTick: probe.msPerTick,
    estimatedSeconds: (Math.ceil(cells / lanes) * ticks * probe.msPerTick) / 1_000,
    estimatedMemoryMb: Math.round(probe.idleMb + threads * probe.cellMb),
    metrics: metricsNamed(study.metrics).map(({ id }) => id),
    impossible: [...read.impossible],
  };
  if (options.json) printJson(answer);
  else show(answer);
}

interface Probe {
  readonly ticks: number;
  readonly msPerTick: number;
  /** Of the process before the cell, and what the cell added. */
  readonly idleMb: number;
  readonly cellMb: number;
}

/** Runs the first cell for a while; what comes first is slower and not timed, unless the cell ends with it. */
async function probed({ study, base, untilMs, impossible, begin }: ReadStudy): Promise<Probe> {
  const cell = cellsOf(study).find(({ group }) => !impossible.some((other) => other.group === group));
  if (cell === undefined) return { ticks: 0, msPerTick: 0, idleMb: 0, cellMb: 0 };
  const idleMb = process.memoryUsage().rss / mib;
  const solver = await loadHighsSolver();
  const world = cellWorld(base, cell, `cell ${cell.key}`);
  const running = startCell({ world, untilMs, metrics: study.metrics, stop: [], begin, acts: cell.acts }, solver);
  const runFor = (wallMs: number): { readonly ticks: number; readonly ms: number } => {
    const [from, beganMs] = [running.ticks, stopwatchMs()];
    while (running.ticks < running.ticksInAll && stopwatchMs() - beganMs < wallMs) running.advance(ticksAtOnce);
    return { ticks: running.ticks - from, ms: stopwatchMs() - beganMs };
  };
  const warm = runFor(warmMs);
  const timed = runFor(timedMs);
  // A cell that ends while it warms up is all there is to time.
  const { ticks, ms } = timed.ticks > 0 ? timed : warm;
  solver.close();
  return { ticks, msPerTick: ms / ticks, idleMb, cellMb: Math.max(0, process.memoryUsage().rss / mib - idleMb) };
}

const groupsShown = 12;

function show(answer: DryRunAnswer): void {
  const { groups, cells, draws, seeds, threads } = answer;
  const times = [`${groups.length} groups`, ...(draws > 0 ? [`${draws} draws`] : []), `${seeds} seeds`].join(' x ');
  const lines = [
    `${answer.name}: ${cells} cells (${times}), ${answer.startTime} to ${answer.untilTime}, ${answer.ticksPerCell} ticks each`,
    ...groups.slice(0, groupsShown).map((group) => `  ${group}`),
    ...(groups.length > groupsShown ? [`  and ${groups.length - groupsShown} more`] : []),
    ...answer.impossible.map(({ message }) => `will fail: ${message}`),
    `metrics: ${answer.metrics.join(', ')}`,
    `${answer.simulatedYears.toPrecision(3)} simulated years; ${answer.msPerTick.toPrecision(3)} ms a tick (${answer.probeTicks} ticks of the first cell)`,
    `about ${shortSeconds(answer.estimatedSeconds)} and ${answer.estimatedMemoryMb} MB with ${threads} thread${threads === 1 ? '' : 's'}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
