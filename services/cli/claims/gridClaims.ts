import type { MixReport } from '../../../shared/domain/mix/report.js';
import type { BacktestAnswer } from '../forecast/answer.js';
import type { LineAnswer } from '../siting/lineAnswer.js';
import { percent, type Experiment, type Found, type Verdict } from './claim.js';

/** How well surges are foreseen is measured; what that saves is not played yet, so the claim stays open. */
function forecastOf({ mapePercent, references, surges }: BacktestAnswer): Found {
  const week = references.lag168?.mapePercent.toFixed(2) ?? 'not known';
  const recall = surges?.peaks?.own.recallRatio ?? null;
  const foreseen = recall === null ? 'peaks not told' : `${percent(recall)} of the highest peaks foreseen`;
  return {
    figure: `error ${mapePercent.toFixed(2)} % (the week before ${week} %); ${foreseen}`,
    verdict: 'open',
    evidence: 'measured',
    flips: 'reserve, curtailed hours and unserved energy that the forecast saves: not played',
  };
}

/** Rule: nuclear alone misses the level or costs above 1.2 of the best mix, and the best mix without it above 1.1; else mixed. */
function mixOf({ verdictInputs }: MixReport): Found {
  const { nuclearAloneHoldsTarget, nuclearAloneToBestMixRatio: alone, withoutNuclearToBestMixRatio: without } = verdictInputs;
  const aloneFails = nuclearAloneHoldsTarget === false || (alone !== null && alone > 1.2);
  const isNeeded = without !== null && without > 1.1;
  const isKnown = nuclearAloneHoldsTarget !== null && without !== null;
  const verdict: Verdict = !isKnown ? 'open' : aloneFails && isNeeded ? 'supported' : 'mixed';
  const times = (ratio: number | null): string => (ratio === null ? 'out of reach' : `${ratio.toFixed(2)} times the best mix`);
  return {
    figure: `nuclear alone ${nuclearAloneHoldsTarget === true ? 'holds 0.1 d/a' : 'misses 0.1 d/a'} at ${times(alone)}; the best without it ${times(without)}`,
    verdict,
    evidence: 'assumed',
    flips: 'costs of the sources (projections), carbon price 0, 20 resampled years',
  };
}

function lineOf({ ways, verdict, cheaperRatio, earlierRatio, evenUsdPerMile }: LineAnswer): Found {
  const [surplus, line] = [ways[0], ways.at(-1)];
  const band = (way: LineAnswer['ways'][number] | undefined): string => {
    const { percentile5, median, percentile95 } = way?.yearUsdPerMwh ?? { percentile5: 0, median: 0, percentile95: 0 };
    return `${median.toFixed(1)} [${percentile5.toFixed(1)}, ${percentile95.toFixed(1)}] $/MWh`;
  };
  return {
    figure: `at the surplus ${band(surplus)}, with a line ${band(line)}; cheaper in ${percent(cheaperRatio)}, earlier in ${percent(earlierRatio)} of the years`,
    verdict: verdict.word === 'contradicted' ? 'not supported' : verdict.word,
    evidence: verdict.evidence,
    flips:
      evenUsdPerMile === null
        ? verdict.reason
        : `a line below ${Number((evenUsdPerMile / 1e6).toPrecision(2))} M$ a mile; months of line and campus`,
  };
}

export const gridClaims: readonly Experiment[] = [
  {
    claim: 3,
    name: 'backtest of PJM, 2019',
    words: ['forecast', 'backtest', '{data}/eia930-demand/2015-2020-with-forecast/PJM.csv.gz', '--test', '2019'],
    read: (answer) => forecastOf(answer as BacktestAnswer),
  },
  {
    claim: 4,
    name: '2 GW more on RTS-GMLC, each source alone and mixes',
    words: ['adequacy', 'mix', '{data}/rts-gmlc', '--add', '2000', '--resample', '20', '--draws', '1'],
    read: (answer) => mixOf(answer as MixReport),
  },
  {
    claim: 5,
    name: '300 MW at the surplus of RTS-GMLC, at the load, and by a line',
    words: ['siting', 'line', '{data}/rts-gmlc', '--mw', '300', '--at', '303', '--for', '118'],
    read: (answer) => lineOf(answer as LineAnswer),
  },
];
