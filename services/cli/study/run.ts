import { cpus, totalmem } from 'node:os';
import { cellsOf, type StudyCell } from '../../../shared/domain/study/cells.js';
import { stopwatchMs, wallNow } from '../../../shared/runtime/clock.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { ReadStudy } from '../../../shared/scenario/study/read.js';
import { printJson } from '../output.js';
import type { RunAnswer } from './answer.js';
import { fileText, openFolder, readManifest, type ResultFolder } from './folder.js';
import { manifestOf, samplesOf } from './manifest.js';
import { runCells } from './pool.js';
import { createTeller, shortSeconds, type Progress } from './progress.js';
import { evidenceOf, metricsDocument, resultsCsv } from './results.js';
import { eventLines, hourlyParquet, keepingOf } from './kept.js';
import { resultsParquet } from './parquet.js';
import { reportPage } from './report/page.js';
import { listenForStop } from './stop.js';

/** How a study is run. */
export interface RunOptions {
  readonly folder: string;
  readonly threads: number;
  readonly keepEveryMs: number;
  readonly resume: boolean;
  readonly json: boolean;
}

/** A cell that failed, and why. */
export interface Failure {
  readonly key: string;
  readonly message: string;
}

/** Runs a study to its end in this process, or until it is stopped; prints what became of it, exit 1 when a cell failed or is missing. */
export async function runStudy(read: ReadStudy, options: RunOptions): Promise<void> {
  const manifest = manifestOf(read);
  const folder = await openFolder(options.folder, manifest, options.resume);
  const cells = cellsOf(read.study);
  const kept = new Set((await folder.finished()).map(({ index }) => index));
  if (kept.size > 0) process.stderr.write(`study: ${kept.size} of ${cells.length} cells are finished already and are not repeated\n`);
  const beganMs = wallNow();
  const ran = await runAll(read, { folder, cells, kept, options });
  await conclude(read, { folder, cells, kept: kept.size, beganMs, ran, options });
}

interface All {
  readonly folder: ResultFolder;
  readonly cells: readonly StudyCell[];
  readonly kept: ReadonlySet<number>;
  readonly options: RunOptions;
}

/** What was run, and how fast. */
export interface Ran {
  readonly failures: readonly Failure[];
  readonly progress: Progress;
  readonly seconds: number;
}

/** Runs the cells that are not finished. */
async function runAll({ study, base, untilMs, ticks, begin }: ReadStudy, { folder, cells, kept, options }: All): Promise<Ran> {
  const failures: (Failure & { readonly index: number })[] = [];
  const teller = createTeller({
    cells: cells.length,
    kept: kept.size,
    ticksPerCell: ticks,
    tickMinutes: base.clock.tickMinutes,
    out: process.stderr,
  });
  const beganMs = stopwatchMs();
  const stopping = listenForStop(() => teller.now());
  try {
    await runCells({
      threads: options.threads,
      start: {
        base,
        untilMs,
        metrics: study.metrics,
        stop: study.stop ?? [],
        samples: samplesOf(study),
        begin,
        keep: keepingOf(study),
        keepEveryMs: options.keepEveryMs,
      },
      cells: cells.filter(({ index }) => !kept.has(index)),
      stopping,
      keptOf: (cell) => folder.underWay(cell),
      onTicks: ({ index }, done) => teller.ticks(index, done),
      onKeep: (cell, text) => folder.keepUnderWay(cell, text),
      onDone: async (cell, result) => {
        await folder.keepFinished(cell, result);
        teller.ended(cell.index, `${cell.key}: ${result.stoppedBy ?? 'finished'}`, 'finished', result.ticks);
      },
      onFailed: ({ index, key }, message) => {
        failures.push({ index, key, message });
        teller.ended(index, `study: cell ${key} failed: ${message}`, 'failed', 0);
      },
    });
  } finally {
    stopping.close();
    teller.stop();
  }
  const inOrder = failures.sort((a, b) => a.index - b.index).map(({ key, message }) => ({ key, message }));
  return { failures: inOrder, progress: teller.now(), seconds: (stopwatchMs() - beganMs) / 1_000 };
}

/** Writes the results of a study whose cells lie in its folder, and says what became of it. */
export async function conclude(
  { study, base }: ReadStudy,
  of: {
    readonly folder: ResultFolder;
    readonly cells: readonly StudyCell[];
    readonly kept: number;
    readonly beganMs: number;
    readonly ran: Ran;
    readonly options: Pick<RunOptions, 'threads' | 'json'>;
  },
): Promise<void> {
  const { folder, cells, ran, options } = of;
  const finished = new Map((await folder.finished()).map((cell) => [cell.index, cell]));
  const { failures, progress, seconds } = ran;
  const state = finished.size + failures.length < cells.length ? 'stopped' : failures.length > 0 ? 'failed' : 'finished';
  if (state !== 'stopped') {
    const outcomes = { study, cells, finished };
    await folder.write('results.csv', resultsCsv(outcomes));
    const manifest = await readManifest(folder.path);
    await folder.write('results.parquet', resultsParquet(outcomes, manifest));
    if (study.keep?.hourly === true) await folder.write('hourly.parquet', hourlyParquet(outcomes, manifest));
    if (study.keep?.events === true) await folder.write('events.ndjson', eventLines(outcomes));
    await folder.write('metrics.json', fileText(metricsDocument(outcomes)));
    await folder.write('report.html', reportPage({ ...outcomes, manifest, clock: base.clock }));
  }
  const answer: RunAnswer = {
    name: study.name,
    folder: folder.path,
    hash: (await readManifest(folder.path)).hash,
    state,
    cells: cells.length,
    finished: finished.size,
    kept: of.kept,
    failed: [...failures],
    simulatedYears: progress.simulatedYears,
    seconds,
    processorSeconds: processorSeconds(),
    yearsPerSecond: progress.yearsPerSecond,
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    evidence: evidenceOf(study).word,
  };
  const began = { beganTime: new Date(of.beganMs).toISOString(), threads: options.threads, machine: machine() };
  await folder.write('run.json', fileText({ ...began, ...answer }));
  if (options.json) printJson(answer);
  else show(answer);
  if (state !== 'finished') process.exitCode = 1;
}

function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function machine(): object {
  const processors = cpus();
  return {
    processor: processors[0]?.model ?? 'not known',
    processors: processors.length,
    memoryMb: Math.round(totalmem() / 1_048_576),
    platform: `${process.platform} ${process.arch}`,
    node: process.versions.node,
  };
}

function show(answer: RunAnswer): void {
  const { name, folder, state, cells, finished, kept, failed } = answer;
  const before = kept > 0 ? `, ${kept} of them before` : '';
  const lines = [
    `${name}: ${finished} of ${cells} cells finished${before}${failed.length > 0 ? `, ${failed.length} failed` : ''}`,
    speedLine(answer),
    ...failed.map(({ key, message }) => `failed: ${key}: ${message}`),
    state === 'stopped'
      ? `stopped with ${cells - finished - failed.length} cells to go; the same command with --resume goes on`
      : `${folder}/report.html, results.csv, metrics.json; evidence: ${answer.evidence}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function speedLine({ simulatedYears, seconds, yearsPerSecond, processorSeconds: ofProcessors, peakMemoryMb }: RunAnswer): string {
  const speed = `${simulatedYears.toPrecision(3)} years in ${shortSeconds(seconds)}, ${yearsPerSecond.toPrecision(3)} a second`;
  return `${speed}; ${shortSeconds(ofProcessors)} of processors; at most ${peakMemoryMb} MB`;
}

/**
 * Threads that an option asks for.
 * @throws TWIN_WRONG_INPUT
 */
export function threadsIn(text: string, least: 0 | 1 = 1): number {
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < least || threads > 256)
    throw wrongInput(`--threads: found ${text}, allowed: ${least} to 256`);
  return threads;
}
