import type { GrowthAnswer } from '../growth/answer.js';
import type { Experiment, Found } from './claim.js';

const folder = '{data}/epoch-ai-datacenters';
/** Later rows of the table are projections: it is of that day. */
const sites = ['growth', `${folder}/data_center_timelines.csv`, '--value', 'Power (MW)', '--who', 'Data center', '--until', '2025-12-14'];
const hardware = ['growth', `${folder}/ml_hardware.csv`, '--value', 'Tensor-FP16/BF16 performance (FLOP/s)', '--per', 'TDP (W)'];

/** Rule: the largest site of today by that of ten years ago lies in 10 to 20. */
function siteGrowth(answer: GrowthAnswer): Found {
  const { ratio, years, tenYearRatio, study } = answer;
  const last = answer.records.at(-1);
  const rate = study === null ? '' : `, ${(100 * study.ratePerYear).toFixed(0)} % a year`;
  const figure = `${last?.value ?? 0} MW, ${ratio.toFixed(1)} times in ${years.toFixed(1)} years${rate}`;
  const flips = `ten years of record: it begins on ${answer.records[0]?.day ?? 'no day'}`;
  if (tenYearRatio === null) return { figure, verdict: 'open', evidence: 'measured', flips };
  const verdict = tenYearRatio >= 10 && tenYearRatio <= 20 ? 'supported' : 'not supported';
  return {
    figure: `${figure}; ${tenYearRatio.toFixed(1)} times in ten`,
    verdict,
    evidence: 'measured',
    flips: 'the largest site of ten years ago',
  };
}

/** Rule: exponential so far where it tells at least three of four cuts better and no ceiling is seen. */
function exponential({ study }: GrowthAnswer): Found {
  if (study === null) return { figure: 'too little is known', verdict: 'open', evidence: 'measured', flips: 'a longer record' };
  const { exponentialWins, cuts, isUnbounded, doublingYears, isExponentialSoFar } = study;
  const ceiling = isUnbounded ? 'no ceiling seen' : `ceilings to ${study.ceilingMost.toPrecision(2)} fit as well`;
  return {
    figure: `doubles every ${doublingYears.toFixed(1)} years; tells ${exponentialWins} of ${cuts.length} cuts better than a logistic; ${ceiling}`,
    verdict: isExponentialSoFar ? 'supported' : 'not supported',
    evidence: 'measured',
    flips: 'the days of the cuts; how long it lasts is open whatever they say',
  };
}

export const growthClaims: readonly Experiment[] = [
  { claim: 1, name: 'largest site by date (Epoch AI)', words: sites, read: (answer) => siteGrowth(answer as GrowthAnswer) },
  { claim: 11, name: 'largest site, exponential against logistic', words: sites, read: (answer) => exponential(answer as GrowthAnswer) },
  {
    claim: 11,
    name: 'FLOP/s a watt of hardware, the same',
    words: [...hardware, '--who', 'Hardware name', '--date', 'Release date'],
    read: (answer) => exponential(answer as GrowthAnswer),
  },
];
