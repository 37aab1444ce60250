import type { HeadroomAnswer } from '../headroom/answer.js';
import type { LedgerAnswer } from '../power/ledgerAnswer.js';
import type { MoveTableAnswer } from '../training/moveAnswer.js';
import { percent, type Experiment, type Found, type Verdict } from './claim.js';

const wordOf = { supported: 'supported', mixed: 'mixed', contradicted: 'not supported', open: 'open' } as const satisfies Record<
  string,
  Verdict
>;

const short = (value: number): string => String(Number(value.toPrecision(2)));

function energyOf({ rows, verdict, evidence }: LedgerAnswer): Found {
  const told = rows.map((row) => {
    const tasks = row.breakEvenTasks === null ? 'never paid back' : `paid back after ${short(row.breakEvenTasks)} tasks`;
    return `${row.name}: ${short(row.inferenceWh)} for ${short(row.replacedWh)} Wh, ${tasks}`;
  });
  const decisive = rows.flatMap((row) =>
    row.sensitivity.filter(({ isDecisive }) => isDecisive).map(({ input }) => `${row.name}: ${input}`),
  );
  return { figure: told.join('; '), verdict: wordOf[verdict], evidence, flips: decisive.join(', ') || 'which workloads count as common' };
}

/** Progress lost by the share curtailed, and how much later a run may end, for a limit to hold. */
const [mostLost, mostLater] = [1.5, 0.02] as const;

function headroomOf({ limits, runDays }: HeadroomAnswer): Found {
  const cases = limits.flatMap((limit) =>
    limit.training.map(({ policy, lostRatio, runHoursLater }) => ({
      name: `${percent(limit.limitRatio, 2)} by ${policy}`,
      holds: lostRatio <= mostLost * limit.limitRatio && runHoursLater !== null && runHoursLater <= mostLater * runDays * 24,
    })),
  );
  const held = cases.filter(({ holds }) => holds);
  const missed = cases.filter(({ holds }) => !holds).map(({ name }) => name);
  const [first, last] = [limits[0], limits.at(-1)];
  const longest = (limit: typeof first): string => `${limit?.longestEventHours ?? 0} h at ${percent(limit?.limitRatio ?? 0, 2)}`;
  const size = `${Math.round(first?.newLoadMw ?? 0)} to ${Math.round(last?.newLoadMw ?? 0)} MW`;
  return {
    figure: `holds at ${held.map(({ name }) => name).join(', ') || 'no limit'}; ${size}; longest event ${longest(first)}, ${longest(last)}`,
    verdict: held.length === 0 ? 'not supported' : held.length === cases.length ? 'supported' : 'mixed',
    evidence: 'calibrated',
    flips: `checkpoint and restore times of the run; does not hold at ${missed.join(', ') || 'no limit'}`,
  };
}

function movesOf({ shares, verdict, evidence, flips }: MoveTableAnswer): Found {
  const all = shares.find(({ way }) => way === 'all');
  const why = `cheaper in ${percent(all?.cheaperRatio ?? 0)}; no spare accelerators in ${percent(all?.failsOnSpareRatio ?? 0)}`;
  const most = [...flips].sort((a, b) => b.holdsRatio - a.holdsRatio)[0];
  return {
    figure: `holds in ${percent(all?.holdsRatio ?? 0)} of ${all?.cells ?? 0} cells; ${why}`,
    verdict: wordOf[verdict],
    evidence,
    flips: most === undefined ? 'spare accelerators' : `${most.input} times ${most.factor}: holds in ${percent(most.holdsRatio)}`,
  };
}

export const trainingClaims: readonly Experiment[] = [
  { claim: 2, name: 'energy of four workloads', words: ['power', 'ledger'], read: (answer) => energyOf(answer as LedgerAnswer) },
  {
    claim: 6,
    name: 'headroom with checkpoints (Dominion zone of PJM)',
    words: ['headroom', '{data}/eia930-demand/2020-2024/PJM-DOM.csv.gz'],
    read: (answer) => headroomOf(answer as HeadroomAnswer),
  },
  {
    claim: 7,
    name: 'moving and splitting five runs of three-areas',
    words: ['training', 'move', '--table', '--scenario', 'three-areas', '--days', '7'],
    read: (answer) => movesOf(answer as MoveTableAnswer),
  },
];
