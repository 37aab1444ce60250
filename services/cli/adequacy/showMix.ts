import { nameOf, type MixCase } from '../../../shared/domain/mix/cases.js';
import type { MixReport } from '../../../shared/domain/mix/report.js';
import { printTable, round } from '../output.js';

/** Three significant digits: risks span many orders of magnitude. */
function digits(value: number): number {
  return Number(value.toPrecision(3));
}

function hundredths(value: number): string {
  return value.toFixed(2);
}

function rowOf({ of, kind, parts, nameplateMw, lossDays, cost }: MixCase, flatMw: number) {
  const isAlone = of.kind === 'alone';
  const sizes = parts.map(
    ({ name, nameplateMw: mw, units }) => `${isAlone ? '' : `${name} `}${round(mw)}${units === null ? '' : ` (${units})`}`,
  );
  return {
    supply: nameOf(of),
    'MW (units)':
      kind === 'sized' ? sizes.join(' + ') || 'nothing' : nameplateMw > 0 ? `${round(nameplateMw)} is not enough` : 'nothing to build',
    'credit %': kind === 'sized' && isAlone && nameplateMw > 0 ? hundredths((100 * flatMw) / nameplateMw) : '-',
    'LOLE d/a [95 %]': `${digits(lossDays.mean)} [${digits(lossDays.low)}, ${digits(lossDays.high)}]`,
    '$/MWh': cost === null ? '-' : hundredths(cost.usdPerMwh),
    'of it fixed': cost === null ? '-' : hundredths(cost.fixedUsdPerMwh),
    'CO2 t/MWh': cost === null ? '-' : cost.carbonTonnesPerMwh.toFixed(3),
    'curtailed GWh': cost === null ? '-' : round(cost.curtailedMwh / 1_000).toFixed(1),
  };
}

/** Prints what supply a new load needs, for people. */
export function showMix(name: string, report: MixReport): void {
  const { flatMw, targetDays, maxMw, years, drawsPerYear, seed, toTargetMw, before, verdictInputs } = report;
  const { resampling, discountRatio, carbonUsdPerTonne, bus } = report;
  const brought = toTargetMw >= 0 ? 'flat load' : 'perfect capacity';
  const where = bus === null ? 'one copper plate' : `load and supply at bus ${bus}, lines as they are`;
  const emitted = `${round(before.carbonTonnes / 1e6)} Mt CO2, ${round(before.curtailedMwh / 1_000)} GWh curtailed`;
  const paid = carbonUsdPerTonne === 0 ? '' : `, ${round(carbonUsdPerTonne)} $/t of CO2`;
  const draws = `with storage ${drawsPerYear} draws of outages over each`;
  const level = `${round(Math.abs(toTargetMw))} MW of ${brought} bring it there`;
  const lines = [
    `${name}: ${round(flatMw)} MW more in every hour at ${targetDays} days a year; before, ${level}`,
    `${years} weather years (${resampling}), seed ${seed}; ${draws}; interest ${digits(100 * discountRatio)} %${paid}`,
    `${where}; the year before: ${round(before.costUsd / 1e6)} M$, ${emitted}`,
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  printTable(
    report.cases.map((each) => rowOf(each, flatMw)),
    'nothing can be built',
  );
  const ratio = (value: number | null): string => (value === null ? 'out of reach' : hundredths(value));
  const holds = verdictInputs.nuclearAloneHoldsTarget;
  const { carbonFree } = verdictInputs;
  const both = (field: keyof typeof carbonFree): string => `${ratio(verdictInputs[field])}; carbon-free: ${ratio(carbonFree[field])}`;
  const inputs = [
    '',
    `nuclear alone holds the target: ${holds === null ? 'not asked' : holds ? 'yes' : `no, not with ${round(maxMw)} MW`}`,
    `nuclear alone, by cost of the best mix: ${both('nuclearAloneToBestMixRatio')}`,
    `best mix without nuclear, by cost of the best mix: ${both('withoutNuclearToBestMixRatio')}`,
  ];
  process.stdout.write(`${inputs.join('\n')}\n`);
}
