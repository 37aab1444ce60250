import { printTable, round } from '../output.js';
import type { ChronoAnswer, CommitmentAnswer, DispatchAnswer } from './answer.js';

/** Prints an answer for people: energy by source, then what it cost and what stands out. */
export function showDispatch(answer: DispatchAnswer): void {
  const { commitment } = answer;
  const energy = Object.entries(answer.energyMwhBySource).map(([source, mwh]) => ({
    source,
    energyMwh: round(mwh),
    ...(commitment === undefined
      ? {}
      : { starts: commitment.startsBySource[source] ?? null, unitHoursOn: commitment.onHoursBySource[source] ?? null }),
  }));
  printTable(energy, 'no units');
  const lines = [
    `${answer.network}: ${answer.hours} hours for ${round(answer.costUsd)} $, in ${timeText(answer)}`,
    `mean price by load: ${answer.meanPriceUsdPerMwh.toFixed(2)} $/MWh; carbon: ${round(answer.carbonTonnes)} t`,
    ...(commitment === undefined ? [] : commitmentLines(commitment)),
    ...(answer.chrono === undefined ? [] : chronoLines(answer.chrono)),
    `unserved: ${round(answer.unservedMwh)} MWh${worst(answer.unservedMwhByBus, 'bus')}; curtailed: ${round(answer.curtailedMwh)} MWh`,
    ...(answer.leastMargin === undefined ? [] : [marginLine(answer.leastMargin)]),
    `lines at their limit: ${
      answer.congestedLines.length === 0
        ? 'none'
        : answer.congestedLines
            .slice(0, 8)
            .map(({ line, hours }) => `${line} (${hours} h)`)
            .join(', ')
    }`,
    ...(answer.surplusMwh > 0 ? [`could not be put anywhere: ${round(answer.surplusMwh)} MWh`] : []),
    ...(answer.fallbackHours > 0 ? [`hours handed to the other solver: ${answer.fallbackHours}`] : []),
  ];
  process.stdout.write(`\n${lines.join('\n')}\n`);
}

function marginLine({ hour, netMarginMw, netMarginRatio }: NonNullable<DispatchAnswer['leastMargin']>): string {
  return `least reserve margin: ${round(netMarginMw)} MW, ${(100 * netMarginRatio).toFixed(1)} % of load, in hour ${hour}`;
}

function timeText({ kernelMs, msPerHour }: DispatchAnswer): string {
  return kernelMs < 10_000
    ? `${round(kernelMs)} ms (${msPerHour.toFixed(4)} ms an hour)`
    : `${round(kernelMs / 1_000)} s (${msPerHour.toFixed(0)} ms an hour)`;
}

/** The largest of some values by id, in brackets. */
function worst(byId: Readonly<Record<string, number>>, kind: string): string {
  const [first, ...others] = Object.entries(byId).sort(([, a], [, b]) => b - a);
  if (first === undefined) return '';
  return ` (most at ${kind} ${first[0]}, ${round(first[1])} MWh${others.length === 0 ? '' : `, and at ${others.length} more`})`;
}

function commitmentLines(commitment: CommitmentAnswer): string[] {
  const { starts, startUsd, stopUsd, noLoadUsd, chargedMwh, dischargedMwh, windows, runInHours } = commitment;
  const percent = (ratio: number): string => `${(100 * ratio).toFixed(3)} %`;
  return [
    `of the cost: ${starts} starts ${round(startUsd)} $, stops ${round(stopUsd)} $, no load ${round(noLoadUsd)} $`,
    ...(chargedMwh + dischargedMwh > 0 ? [`storages: ${round(chargedMwh)} MWh in, ${round(dischargedMwh)} MWh out`] : []),
    `${windows.length} windows${runInHours === 0 ? '' : ` (${runInHours} hours of run-in before)`}, ` +
      `gap ${percent(commitment.meanGapRatio)} on average, ${percent(commitment.largestGapRatio)} at most`,
  ];
}

function chronoLines(chrono: ChronoAnswer): string[] {
  const { chargedMwh, dischargedMwh, reserveMw, shortageHours, shortageMwh, shortageUsd, tiedHours, contracts } = chrono;
  const reserve = `reserve of ${round(reserveMw)} MW: missed in ${shortageHours} hours, ${round(shortageMwh)} MWh for ${round(shortageUsd)} $`;
  return [
    ...(chargedMwh + dischargedMwh > 0 ? [`storages: ${round(chargedMwh)} MWh in, ${round(dischargedMwh)} MWh out`] : []),
    ...(reserveMw > 0 ? [reserve] : []),
    ...contracts.map(
      ({ contract, hours, events, reducedMwh, paidUsd }) =>
        `contract ${contract}: ${events} calls, ${hours} hours, ${round(reducedMwh)} MWh for ${round(paidUsd)} $`,
    ),
    ...(tiedHours > 0 ? [`hours in days dispatched as one problem for their ramps: ${tiedHours}`] : []),
  ];
}
