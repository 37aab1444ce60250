import type { Saying } from '../fact.js';
import { screenLosses } from '../security/losses.js';
import { screenOutages } from '../security/screen.js';
import { securitySentence } from '../security/sentences.js';
import { filled } from './dense.js';
import type { Outcome } from './facts.js';
import type { Frame } from './frame.js';
import type { OperatingPoint } from './operating.js';
import { published } from './published.js';

/** Entries of each list of the fact, worst first; how many pairs there are it says in any case. */
const mostListed = 10;

/** The N-1 badge of a tick: what happens on the lines after the loss of any one line, unit or DC link. */
export function securitySaying(frame: Frame, { topology, dispatch }: Outcome, point: OperatingPoint): Saying {
  const { grid } = frame;
  const { lines, links } = frame.world.network;
  const { feeders, servedMw } = point;
  const factors = frame.outageFactorsOf(topology);
  const flows = {
    netFlowMw: dispatch.netFlowMw,
    emergencyRatingMw: lines.map(({ emergencyRatingMw }) => emergencyRatingMw),
    loadMw: servedMw,
  };
  const outages = screenOutages(factors, flows, mostListed);
  const losses = screenLosses(
    factors,
    {
      ...flows,
      unitBus: filled(new Int32Array(feeders.length), feeders, ({ bus }) => bus),
      outputMw: filled(new Float64Array(feeders.length), feeders, ({ outputMw }) => Math.max(0, outputMw)),
      headroomMw: filled(new Float64Array(feeders.length), feeders, ({ isOnline, availableMw, outputMw }) =>
        isOnline ? Math.max(0, availableMw - outputMw) : 0,
      ),
      isSpread: filled(new Uint8Array(feeders.length), feeders, ({ isSpread }) => (isSpread ? 1 : 0)),
      linkFirstBus: filled(new Int32Array(links.length), grid.linkEnds, ([from]) => from),
      linkSecondBus: filled(new Int32Array(links.length), grid.linkEnds, ([, to]) => to),
      netLinkMw: dispatch.netLinkMw,
    },
    0,
  );
  const lineId = (place: number): string => lines[place]?.id ?? '';
  const worst = outages.worst && {
    line: lineId(outages.worst.line),
    lost: lineId(outages.worst.outage),
    loadingRatio: published(outages.worst.loadingRatio),
  };
  const { loss } = losses.worst ?? { loss: null };
  const worstLoss = losses.worst && {
    line: lineId(losses.worst.line),
    lost: (loss?.kind === 'unit' ? feeders[loss.place]?.id : links[loss?.place ?? -1]?.id) ?? '',
    loadingRatio: published(losses.worst.loadingRatio),
  };
  const islanding = outages.islanding.slice(0, mostListed).map(({ outage, interruptedMw, cutOffLoadMw }) => ({
    line: lineId(outage),
    interruptedMw: published(interruptedMw),
    cutOffLoadMw: published(Math.max(0, cutOffLoadMw)),
  }));
  const counts = { violatedPairs: outages.violatedPairs, lossViolatedPairs: losses.violatedPairs };
  return {
    type: 'grid.security.v1',
    region: 'all',
    entity: 'system',
    data: {
      isSecure: outages.isSecure,
      sentence: securitySentence({ ...counts, worst, worstLoss, islanding: islanding[0] ?? null }),
      violatedPairs: counts.violatedPairs,
      violatedOutages: outages.violatedOutages,
      worstLine: worst?.line ?? null,
      worstOutage: worst?.lost ?? null,
      worstLoadingRatio: worst?.loadingRatio ?? 0,
      islandedMw: islanding[0]?.interruptedMw ?? 0,
      lossViolatedPairs: counts.lossViolatedPairs,
      worstLossLine: worstLoss?.line ?? null,
      worstLoss: worstLoss?.lost ?? null,
      worstLossLoadingRatio: worstLoss?.loadingRatio ?? 0,
      pairs: outages.pairs.map(({ line, outage, netFlowMw, ratingMw, loadingRatio }) => ({
        line: lineId(line),
        outage: lineId(outage),
        netFlowMw: published(netFlowMw),
        ratingMw: published(ratingMw),
        loadingRatio: published(loadingRatio),
      })),
      islanding,
    },
  };
}
