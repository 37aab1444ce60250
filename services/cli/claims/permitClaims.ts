import type { Static } from 'typebox';
import type { experimentAnswer } from '../process/answers.js';
import type { ReplayAnswer } from '../queue/answer.js';
import type { GapAnswer } from '../queue/gapAnswer.js';
import type { SiteTestAnswer } from '../siting/testAnswer.js';
import { percent, type Experiment, type Found } from './claim.js';

/** Rule: the middle takes more than half of the time, with its lower bound. */
function middleOf({ shareOfTime }: ReplayAnswer): Found {
  if (shareOfTime === null) return { figure: 'no project with all days', verdict: 'open', evidence: 'measured', flips: 'a file with them' };
  const { projects, studyAndAgreement: middle, build } = shareOfTime;
  const told = ({ value, low, high }: typeof middle): string => `${percent(value)} [${percent(low)}, ${percent(high)}]`;
  return {
    figure: `study and agreement ${told(middle)} of the time, building ${told(build)}; ${projects} energized generators`,
    verdict: middle.low > 0.5 ? 'supported' : middle.high < 0.5 ? 'not supported' : 'mixed',
    evidence: 'measured',
    flips: 'projects that gave up are not in the file; large loads are another queue',
  };
}

function reviewersOf({ arms, seeds, block }: Static<typeof experimentAnswer>): Found {
  const [, first, ...others] = arms;
  const [low = 0, high = 0] = first?.differenceDaysInterval ?? [];
  const best = [...others].sort((a, b) => a.differenceDays - b.differenceDays)[0];
  const sooner = `${first?.differenceDays.toFixed(0) ?? ''} d [${low.toFixed(0)}, ${high.toFixed(0)}]`;
  const doubled = `${first?.agency ?? ''}: power of block ${block} ${sooner}`;
  const elsewhere = `${best?.differenceDays.toFixed(0) ?? ''} d (${best?.agency ?? ''})`;
  return {
    figure: `twice the reviewers of ${doubled}; elsewhere at best ${elsewhere}; ${seeds} seeds`,
    verdict: 'open',
    evidence: 'assumed',
    flips: 'efforts, chances and lead times of the process; where a transformer comes last, reviewers move nothing',
  };
}

function sitesOf({ effectiveSites, power, verdict, result }: SiteTestAnswer): Found {
  const [critical, mean] = [power.critical?.toFixed(3) ?? 'not known', power.detectableMean?.toFixed(2) ?? 'not known'];
  const seen = `${effectiveSites.toFixed(1)} effective sites, critical ${critical}, 80 % power from a mean of ${mean}`;
  return {
    figure: result === null ? `not known; ${seen}` : `mean percentile ${result.statistic.toFixed(2)}; ${seen}`,
    verdict: verdict.word === 'supported' ? 'supported' : verdict.word === 'contradicted' ? 'not supported' : 'open',
    evidence: verdict.evidence,
    flips: 'the surplus of the places (--surplus NODES.csv) and 30 sites',
  };
}

function gapOf({ days, verdict, asOf }: GapAnswer): Found {
  const now = days.at(-1);
  const gw = (mw: number): string => (mw / 1_000).toFixed(0);
  const { value, p5, p95 } = now?.gapMw ?? { value: 0, p5: 0, p95: 0 };
  const months = now?.behindMonths ?? null;
  const behind = months === null ? 'censored' : `${months.toFixed(0)} months behind`;
  return {
    figure: `${gw(value)} GW [${gw(p5)}, ${gw(p95)}] on ${asOf}, ${behind}`,
    // Generators alone: the rule asks for large loads too, whose announcements no file here holds.
    verdict: verdict === 'supported' ? 'open' : verdict,
    evidence: 'measured',
    flips:
      'announcements of large loads (queue gap FILE --set large-loads); regulation only by a run without permit waits (study expectation-gap)',
  };
}

export const permitClaims: readonly Experiment[] = [
  {
    claim: 8,
    name: 'where the time of ERCOT projects went',
    words: ['queue', 'replay', '{data}/iso-queues/ERCOT_Queue.csv.gz'],
    read: (answer) => middleOf(answer as ReplayAnswer),
  },
  {
    claim: 8,
    name: 'reviewers doubled in the middle and elsewhere (campus-build)',
    words: ['permit', 'experiment', 'campus-build', '--agency', 'utility-study-desk', '--block', '2', '--seeds', '200'],
    read: (answer) => reviewersOf(answer as Static<typeof experimentAnswer>),
  },
  {
    claim: 9,
    name: 'real sites (Epoch AI)',
    words: ['siting', 'test', '{data}/epoch-ai-datacenters/data_centers.csv'],
    read: (answer) => sitesOf(answer as SiteTestAnswer),
  },
  {
    claim: 10,
    name: 'CAISO generators as filed',
    words: ['queue', 'gap', '{data}/iso-queues/caiso_snapshot_2025-08-11.csv.gz'],
    read: (answer) => gapOf(answer as GapAnswer),
  },
];
