import { fromWire } from '../../ticks.js';
import { added, type Amounts, type Metric } from '../metric.js';

/** States in which a run does nothing that would have to go on. */
const atRest: readonly string[] = ['waiting', 'finished'];
const atWork: readonly string[] = ['running', 'throttled'];

/** Lets a workload be down from an instant on, unless it is already. */
function downFrom(amounts: Amounts, name: string, atMs: number): Amounts {
  amounts[`since/${name}`] ??= atMs;
  return amounts;
}

/** Ends what keeps a workload down; `kind`: what it is counted under. */
function upFrom(amounts: Amounts, kind: string, name: string, atMs: number): Amounts {
  const sinceMs = amounts[`since/${name}`];
  if (sinceMs === undefined) return amounts;
  delete amounts[`since/${name}`];
  return added(amounts, `lost/${kind}`, Math.max(0, atMs - sinceMs));
}

/** Time that training runs under way, and the inference of campuses, work: by the same edges as `training uptime`, to the second. */
export const uptimeMetrics: readonly Metric[] = [
  {
    id: 'availabilityRatio',
    unit: 'ratio',
    definition: 'Share of their time in which runs under way, and inference of campuses, work; all workloads together.',
    parts: 'workload',
    over: ({ tickMs }) => ({
      hears: [
        'cluster.progress.v1',
        'cluster.power.v1',
        'cluster.checkpoint.v1',
        'cluster.pause.v1',
        'cluster.resume.v1',
        'cluster.failure.v1',
        'cluster.limit.v1',
      ],
      start: {},
      hear: (amounts, fact) => {
        const { entity: name, timeMs } = fact;
        switch (fact.type) {
          case 'cluster.progress.v1':
            for (const { run, state } of fact.data.runs) {
              if (atRest.includes(state)) upFrom(amounts, 'training', run, timeMs);
              else {
                added(amounts, 'watched/training', tickMs);
                amounts[`begun/${run}`] = 1;
                if (atWork.includes(state)) upFrom(amounts, 'training', run, timeMs + tickMs);
                else if ((amounts[`ready/${run}`] ?? 0) <= timeMs) downFrom(amounts, run, timeMs);
              }
            }
            return amounts;
          case 'cluster.power.v1':
            for (const { campus, inferenceMw, limitMw } of fact.data.campuses) {
              if (inferenceMw <= 0 && amounts[`begun/${campus}`] === undefined) continue;
              amounts[`begun/${campus}`] = 1;
              amounts[`campus/${campus}`] = 1;
              added(amounts, 'watched/inference', tickMs);
              if (limitMw > 0) upFrom(amounts, 'inference', campus, timeMs + tickMs);
              else downFrom(amounts, campus, timeMs);
            }
            return amounts;
          case 'cluster.limit.v1':
            if (amounts[`begun/${name}`] === undefined) return amounts;
            return fact.data.limitMw > 0 ? upFrom(amounts, 'inference', name, timeMs) : downFrom(amounts, name, timeMs);
          case 'cluster.checkpoint.v1':
          case 'cluster.pause.v1':
            return amounts[`begun/${name}`] === undefined ? amounts : downFrom(amounts, name, timeMs);
          case 'cluster.resume.v1':
          case 'cluster.failure.v1': {
            if (amounts[`begun/${name}`] === undefined) return amounts;
            const { readyTime } = fact.data;
            if (fact.type === 'cluster.failure.v1') downFrom(amounts, name, timeMs);
            if (readyTime === null) return amounts;
            const readyMs = Math.max(timeMs, fromWire(readyTime));
            amounts[`ready/${name}`] = readyMs;
            return upFrom(amounts, 'training', name, readyMs);
          }
          default:
            return amounts;
        }
      },
      values: (amounts, atMs) =>
        Object.fromEntries(
          (['training', 'inference'] as const).map((kind) => {
            const watched = amounts[`watched/${kind}`] ?? 0;
            return [kind, watched > 0 ? 1 - (lostOf(amounts, kind) + openOf(amounts, kind, atMs)) / watched : null];
          }),
        ),
    }),
  },
];

function lostOf(amounts: Amounts, kind: string): number {
  return amounts[`lost/${kind}`] ?? 0;
}

/** Time lost so far by what is still down; campuses and runs are told apart by who has been watched under which name. */
function openOf(amounts: Amounts, kind: string, atMs: number): number {
  return Object.entries(amounts).reduce((sum, [key, sinceMs]) => {
    if (!key.startsWith('since/')) return sum;
    const isCampus = amounts[`campus/${key.slice('since/'.length)}`] === 1;
    return isCampus === (kind === 'inference') ? sum + Math.max(0, atMs - sinceMs) : sum;
  }, 0);
}
