import { basename } from 'node:path';
import { fitSteps, h100Node } from '../../../shared/domain/inference/node.js';
import { capRmse, fitCapCurve, pooled, sweepPointsOf } from '../../../shared/domain/power/capCurve.js';
import { fitIdleActive } from '../../../shared/domain/power/idleActive.js';
import { meanOf, rmseOf } from '../../../shared/domain/power/leastSquares.js';
import { fitRhythm } from '../../../shared/domain/power/rhythm.js';
import { fitSaturations } from '../../../shared/domain/power/saturation.js';
import { fitSwings } from '../../../shared/domain/power/swings.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import { quantilesOf, sweepRowsOf, trainingPowersOf, type Kind, type Measured } from './read.js';

/** The curve that worlds use unless they say otherwise. */
const plainCurve = { staticRatio: 0.39, capExponent: 4 } as const;

/** Every fit with its error, by what was measured. */
export function fitsOf(measured: readonly Measured[]) {
  const ofKind = (kind: Kind): readonly Measured[] => measured.filter((one) => one.kind === kind);
  return {
    caps: capFits(ofKind('sweep')),
    inference: [...ofKind('rates').map(rateFit), ...ofKind('batches').flatMap(batchFits)],
    writing: ofKind('batches').flatMap(writingFits),
    idleActive: ofKind('quantiles').flatMap((one) => [...quantilesOf(one)].map(([series, watts]) => ({ series, ...fitIdleActive(watts) }))),
    training: ofKind('mlperf').map(trainingFit),
    dips: ofKind('dips').map(dipFit),
    swings: ofKind('swings').flatMap(swingFits),
  };
}

/** What `power fit --json` prints of the fits. */
export type Fits = ReturnType<typeof fitsOf>;

function capFits(sweeps: readonly Measured[]) {
  const used = sweeps.map((one) => {
    const points = sweepPointsOf(sweepRowsOf(one));
    if (points.jobs === 0)
      throw wrongInput(`${one.table.file}: power_limit: found no job at the highest limit and at a lower one, allowed: at least one`);
    return { name: gpuOf(one.table.file), points };
  });
  const together = used.length < 2 ? [] : [{ name: 'all', points: pooled(used.map(({ points }) => points)) }];
  return [...used, ...together].map(({ name, points }) => ({
    gpu: name,
    jobs: points.jobs,
    jobsLeftOut: points.jobsLeftOut,
    jobsAtHighestLimit: points.jobsAtHighestLimit,
    ...fitCapCurve(points),
    plainCurveRmse: capRmse(plainCurve, points),
  }));
}

function gpuOf(file: string): string {
  return basename(file)
    .replace(/\.csv(\.gz)?$/i, '')
    .replace(/^summary_power_/, '');
}

function rateFit({ table, rows }: Measured) {
  const load = Float64Array.from(rows, (row) => row.aboveZero('request_rate'));
  const [best, ...others] = fitSaturations(
    load,
    Float64Array.from(rows, (row) => row.aboveZero('mean_power[W]')),
  );
  return { file: basename(table.file), load: 'requests/s', ...best, otherForms: others };
}

function batchFits({ table, rows }: Measured) {
  const lengths = [...new Set(rows.map((row) => row.aboveZero('max_output_tokens')))].sort((a, b) => a - b);
  return lengths.map((tokens) => {
    const some = rows.filter((row) => row.number('max_output_tokens') === tokens);
    const load = Float64Array.from(some, (row) => row.aboveZero('batch_size'));
    const [best, ...others] = fitSaturations(
      load,
      Float64Array.from(some, (row) => row.aboveZero('mean_power[W]')),
    );
    return { file: basename(table.file), load: `batch, ${tokens} tokens`, ...best, otherForms: others };
  });
}

/** Steps of writing and the most tokens a second, by length of what was written; none when the file does not say how long a run took. */
function writingFits({ table, rows }: Measured) {
  if (!table.header.includes('elapsed')) return [];
  const runs = rows.map((row) => ({
    requests: row.aboveZero('batch_size'),
    tokens: row.aboveZero('max_output_tokens'),
    elapsedSeconds: row.aboveZero('elapsed'),
  }));
  return [...new Set(runs.map((run) => run.tokens))]
    .sort((a, b) => a - b)
    .map((tokens) => {
      const some = runs.filter((run) => run.tokens === tokens);
      const { intercept, slope, rmse, runs: used } = fitSteps(some, h100Node.slots);
      const mostTokensPerSecond = some.reduce((most, run) => Math.max(most, (run.requests * run.tokens) / run.elapsedSeconds), 0);
      return {
        file: basename(table.file),
        tokens,
        requestsMost: h100Node.slots,
        runs: used,
        stepSeconds: intercept,
        stepSecondsPerRequest: slope,
        rmseSeconds: rmse,
        mostTokensPerSecond,
      };
    });
}

function trainingFit(one: Measured) {
  const runs = trainingPowersOf(one);
  const fitOf = (some: typeof runs) => {
    const kilowatts = Float64Array.from(some, (run) => run.kwPerAccelerator);
    const mean = meanOf(kilowatts);
    return { runs: some.length, kwPerAccelerator: mean, rmseKw: rmseOf(kilowatts, () => mean) };
  };
  const sizes = [...new Set(runs.map((run) => run.accelerators))].sort((a, b) => a - b);
  return {
    file: basename(one.table.file),
    all: fitOf(runs),
    bySize: sizes.map((accelerators) => ({ accelerators, ...fitOf(runs.filter((run) => run.accelerators === accelerators)) })),
    measured: runs,
  };
}

function dipFit({ table, rows }: Measured) {
  const dips = rows.map((row) => {
    const startSeconds = row.atLeastZero('start_s');
    const endSeconds = row.aboveZero('end_s');
    if (endSeconds <= startSeconds) row.refuse('end_s', endSeconds, `after start_s, ${startSeconds}`);
    return { startSeconds, endSeconds, dropRatio: row.atLeastZero('drop_pct') / 100 };
  });
  return { file: basename(table.file), rhythm: fitRhythm(dips) };
}

function swingFits({ table, rows }: Measured) {
  const windows = table.header.flatMap((name) => {
    const seconds = /^Std@(\d+)s_W$/.exec(name)?.[1];
    return seconds === undefined ? [] : [{ name, windowSeconds: Number(seconds) }];
  });
  return rows.map((row) => ({
    workload: row.text('Workload'),
    largestRiseWPerSecond: row.atLeastZero('Max_Rise_W_s'),
    largestFallWPerSecond: -row.number('Max_Fall_W_s'),
    ...fitSwings(
      [{ name: 'Raw_Std_W', windowSeconds: 0 }, ...windows]
        .sort((a, b) => a.windowSeconds - b.windowSeconds)
        .map(({ name, windowSeconds }) => ({ windowSeconds, deviationW: row.aboveZero(name) })),
    ),
  }));
}
