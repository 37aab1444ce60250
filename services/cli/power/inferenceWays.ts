import { fullNodeW } from '../../../shared/domain/inference/campus.js';
import { quantileOf, serve, type FleetRun, type QualityTarget } from '../../../shared/domain/inference/fleet.js';
import { powerOf, type Level, type Site } from '../../../shared/domain/inference/levels.js';
import { tableOf } from '../../../shared/domain/inference/node.js';
import { thinned, type Requests } from '../../../shared/domain/inference/requests.js';
import { h100Facility } from '../../../shared/domain/power/facility.js';
import type { InferenceAnswer } from './inferenceAnswer.js';

type Ways = InferenceAnswer['ways'];

/** Caps of a node that are tried, as shares of its full power. */
const capRatios = [0.9, 0.8, 0.7] as const;

/** Waits and speed of a run. */
export function qualityOf(run: FleetRun) {
  return {
    withinRatio: run.withinRatio,
    waitP50Seconds: quantileOf(run.waitSeconds, 0.5),
    waitP99Seconds: quantileOf(run.waitSeconds, 0.99),
    secondsPerToken: run.secondsPerToken,
    secondsPerTokenP99: run.secondsPerTokenP99,
  };
}

/** The same requests on fewer nodes, down to the fewest that keep the target and below, and on all nodes under a cap. */
export function waysOf(requests: Requests, site: Site, of: { readonly level: Level; readonly target: QualityTarget }): Ways {
  const { level, target } = of;
  const some = thinned(requests, level.point.demandRatio, site.seed);
  const freeTable = tableOf(site.node);
  const all = { ...rowOf(level.allOn, site, target), way: 'all on' };
  const fewer = countsOf(site.installedNodes, level.consolidated?.nodes ?? site.installedNodes).map((nodes) => ({
    ...rowOf(serve(some, freeTable, { nodes, target }), site, target),
    way: 'fewer nodes',
  }));
  const fullW = fullNodeW(site.node, { besideW: 0, pueRatio: 1 });
  const capped = capRatios.map((capRatio) => {
    const { staticRatio, capExponent } = h100Facility;
    const table = tableOf(site.node, { staticRatio, capExponent, capW: capRatio * fullW });
    return { ...rowOf(serve(some, table, { nodes: site.installedNodes, target }), site, target), way: `cap ${capRatio}` };
  });
  return {
    demandRatio: level.point.demandRatio,
    rows: [all, ...fewer, ...capped].map((row) => ({ ...row, netFreedMw: all.meanMw - row.meanMw })),
  };
}

/** Counts of nodes from just below all of them to a fifth below the fewest that are needed. */
function countsOf(installed: number, needed: number): readonly number[] {
  const between = [2 / 3, 1 / 3, 0].map((share) => Math.round(needed + share * (installed - needed)));
  const below = [0.9, 0.8].map((share) => Math.floor(share * needed));
  return [...new Set([...between, ...below])].filter((nodes) => nodes > 0 && nodes < installed);
}

function rowOf(run: FleetRun, site: Site, target: QualityTarget): Omit<Ways['rows'][number], 'way' | 'netFreedMw'> {
  const busySeconds = run.readingNodeSeconds + run.writingNodeSeconds;
  return {
    nodes: run.nodes * site.pools,
    ...qualityOf(run),
    targetKept: run.withinRatio >= target.shareRatio,
    meanMw: powerOf(run, site, 'idle').meanMw,
    othersOffMw: powerOf(run, site, 'off').meanMw,
    heldRatio: busySeconds === 0 ? 0 : Math.min(1, run.heldNodeSeconds / busySeconds),
  };
}

/** What the fewest nodes free when an idle node draws something else, MW. */
export function freedAt(idleW: number, level: Level, site: Site): number {
  const { allOn, consolidated } = level;
  if (consolidated === null) return 0;
  const other: Site = { ...site, node: { ...site.node, idleW } };
  // A node without a request draws idle power in the run too.
  const moved = (run: FleetRun): number =>
    ((idleW - site.node.idleW) * run.emptyNodeSeconds * site.pools * site.surroundings.pueRatio) / run.periodSeconds / 1e6;
  return powerOf(allOn, other).meanMw + moved(allOn) - powerOf(consolidated, other).meanMw - moved(consolidated);
}
