import type { DispatchedHour } from '../../../shared/domain/grid/hourly.js';
import { isOnline } from '../../../shared/domain/security/governors.js';
import { screenLosses, type LossScreening } from '../../../shared/domain/security/losses.js';
import type { OutageFactors } from '../../../shared/domain/security/outageFactors.js';
import { screenOutages, type OutagePair, type Screening } from '../../../shared/domain/security/screen.js';
import type { Network } from '../../../shared/scenario/networkSchema.js';
import type { ScreenAnswer } from './answers.js';
import { spreadOf } from './dispatched.js';

/** Screens hours as they come and sums up what was found. */
export function screenTally(network: Network): {
  add(factors: OutageFactors, hour: DispatchedHour): void;
  answer(): Omit<ScreenAnswer, 'network' | 'dc'>;
} {
  const { lines } = network;
  const lineId = (place: number): string => lines[place]?.id ?? '';
  const emergencyRatingMw = lines.map((line) => line.emergencyRatingMw);
  const [worstRatios, violatedPairs, interrupted]: [number[], number[], number[]] = [[], [], []];
  const worstPairs = new Map<string, { line: string; outage: string; hours: number; largestLoadingRatio: number }>();
  const cutOff = new Map<string, { buses: string[]; interruptedMw: number[]; cutOffLoadMw: number[] }>();
  let worst: ScreenAnswer['worst'] = null;
  let worstLoss: ScreenAnswer['worstLoss'] = null;
  let [outages, lossInsecureHours] = [0, 0];
  const notePair = (hour: number, { line, outage, loadingRatio, netFlowMw, ratingMw }: OutagePair): void => {
    if (loadingRatio > (worst?.loadingRatio ?? 0)) {
      worst = { hour, line: lineId(line), outage: lineId(outage), netFlowMw, ratingMw, loadingRatio };
    }
  };
  const noteIslanding = ({ islanding }: Screening): void => {
    for (const { outage, buses, interruptedMw, cutOffLoadMw } of islanding) {
      const known = cutOff.get(lineId(outage)) ?? {
        buses: buses.map((bus) => network.buses[bus]?.id ?? ''),
        interruptedMw: [],
        cutOffLoadMw: [],
      };
      known.interruptedMw.push(interruptedMw);
      known.cutOffLoadMw.push(cutOffLoadMw);
      cutOff.set(lineId(outage), known);
    }
    interrupted.push(islanding[0]?.interruptedMw ?? 0);
  };
  const noteLosses = ({ hour, grid }: DispatchedHour, losses: LossScreening): void => {
    if (losses.violatedPairs > 0) lossInsecureHours++;
    const found = losses.worst;
    if (found === null || found.loadingRatio <= (worstLoss?.loadingRatio ?? 0)) return;
    const { units, links } = grid.world.network;
    const lost = (found.loss.kind === 'unit' ? units : links)[found.loss.place]?.id ?? '';
    worstLoss = { hour, lost, line: lineId(found.line), loadingRatio: found.loadingRatio };
  };
  return {
    add(factors, hour) {
      const { netFlowMw } = hour.dispatch;
      const flows = { netFlowMw, emergencyRatingMw, loadMw: hour.input.loadMw };
      const screening = screenOutages(factors, flows, 1);
      outages = lines.filter((_, line) => factors.isRadial[line] === 0 && factors.network.susceptance[line] !== 0).length;
      worstRatios.push(screening.worst?.loadingRatio ?? 0);
      if (screening.worst !== null) notePair(hour.hour, screening.worst);
      const [pair] = screening.pairs;
      if (pair !== undefined) {
        violatedPairs.push(screening.violatedPairs);
        const key = `${pair.line}/${pair.outage}`;
        const known = worstPairs.get(key) ?? { line: lineId(pair.line), outage: lineId(pair.outage), hours: 0, largestLoadingRatio: 0 };
        known.hours++;
        known.largestLoadingRatio = Math.max(known.largestLoadingRatio, pair.loadingRatio);
        worstPairs.set(key, known);
      }
      noteIslanding(screening);
      noteLosses(hour, screenLosses(factors, { ...flows, ...sourcesOf(hour) }, 1));
    },
    answer: () => ({
      hours: worstRatios.length,
      ratedLines: emergencyRatingMw.filter((mw) => mw !== null).length,
      outages,
      insecureHours: violatedPairs.length,
      insecureRatio: violatedPairs.length / Math.max(1, worstRatios.length),
      worst,
      worstLoadingRatio: spreadOf(worstRatios),
      violatedPairs: spreadOf(violatedPairs),
      worstPairs: [...worstPairs.values()].sort((a, b) => b.hours - a.hours),
      islanding: [...cutOff]
        .map(([line, { buses, ...mw }]) => {
          return { line, buses, interruptedMw: spreadOf(mw.interruptedMw), cutOffLoadMw: spreadOf(mw.cutOffLoadMw) };
        })
        .sort((a, b) => b.interruptedMw.most - a.interruptedMw.most),
      largestInterruptedMw: spreadOf(interrupted),
      lossInsecureHours,
      lossInsecureRatio: lossInsecureHours / Math.max(1, worstRatios.length),
      worstLoss,
    }),
  };
}

/** Where power goes in besides lines; cold units have no headroom. */
function sourcesOf({ grid, input, dispatch }: DispatchedHour) {
  const { generationMw, netLinkMw } = dispatch;
  return {
    unitBus: Int32Array.from(grid.busOfUnit),
    outputMw: generationMw,
    headroomMw: generationMw.map((mw, unit) => (isOnline(mw, null) ? Math.max(0, (input.availableMw[unit] ?? 0) - mw) : 0)),
    linkFirstBus: Int32Array.from(grid.linkEnds, ([from]) => from),
    linkSecondBus: Int32Array.from(grid.linkEnds, ([, to]) => to),
    netLinkMw,
  };
}
