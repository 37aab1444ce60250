import { printTable, round } from '../output.js';
import type { LineAnswer } from './lineAnswer.js';

const two = (value: number): string => value.toFixed(2);
const percentOf = (ratio: number): string => `${Math.round(100 * ratio)} %`;

const names: Readonly<Record<LineAnswer['ways'][number]['way'], string>> = {
  'at-surplus': 'campus at the surplus',
  'at-load': 'campus at the load',
  'at-load-with-line': 'campus at the load, new line',
};

/** Prints a line study for people. */
export function showLine(answer: LineAnswer): void {
  const { network, hours, campusMw, surplusBus, loadBus, surplusMwh } = answer;
  const [here, there] = [surplusMwh.atSurplus, surplusMwh.atLoad].map((mwh) => `${round(mwh / 1_000)} GWh`);
  const head = [
    `${network}: ${hours} hours; ${round(campusMw)} MW at ${surplusBus} (surplus ${here}) or at ${loadBus} (${there})`,
    `line: ${round(answer.miles)} miles straight, ${answer.lineKind}, ${round(answer.lineUsd / 1e6)} M$, ${round(answer.lineUsdPerYear / 1e6)} M$ a year`,
    '',
  ];
  process.stdout.write(`${head.join('\n')}\n`);
  printTable(
    answer.ways.map((way) => ({
      way: names[way.way],
      'taken up GWh': round(way.netAbsorbedMwh / 1_000),
      'not served MWh': round(way.unservedMwh),
      'hours short': way.shortHours,
      'running $/MWh': way.usdPerMwh === null ? null : two(way.usdPerMwh),
      'line $/MWh': two(way.lineUsdPerMwh),
      [`$/MWh, 5 / 50 / 95 % of ${answer.years} years`]: threeOf(way.yearUsdPerMwh, two),
      'CO2 kg/MWh': way.carbonKgPerMwh === null ? null : Math.round(way.carbonKgPerMwh),
      'months, 5 / 50 / 95 %': threeOf(way.yearMonths, (months) => String(Math.round(months))),
    })),
    '',
  );
  const { word, evidence, reason } = answer.verdict;
  const [cheaper, earlier, both] = [answer.cheaperRatio, answer.earlierRatio, answer.bothRatio].map(percentOf);
  const lines = [
    '',
    `at the surplus against the line: cheaper in ${cheaper} of the years, earlier in ${earlier}, both in ${both}`,
    ...answer.inputs.map((input) => `${input.input}: ${input.value} (${input.evidence}: ${input.source})`),
    `verdict (claim 5, these two buses): ${word}; ${reason}; evidence: ${evidence}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function threeOf(
  { percentile5, median, percentile95 }: LineAnswer['ways'][number]['yearMonths'],
  words: (value: number) => string,
): string {
  return [percentile5, median, percentile95].map(words).join(' / ');
}
