import { pooled, siteWatts, spreadOf, type PowerSpread, type Rest, type Surroundings } from './campus.js';
import type { DemandPoint } from './demand.js';
import { leastNodes, serve, type FleetRun, type QualityTarget } from './fleet.js';
import { tableOf, type ServingNode } from './node.js';
import { thinned, type Requests } from './requests.js';

/** A site of equal pools of nodes; every pool serves the same requests, begun at a drawn instant of their period. */
export interface Site {
  readonly node: ServingNode;
  readonly surroundings: Surroundings;
  /** In one pool. */
  readonly installedNodes: number;
  readonly pools: number;
  readonly seed: number;
}

/** Power of a site for a run of one of its pools. */
export function powerOf(run: FleetRun, site: Site, rest: Rest = 'idle'): PowerSpread {
  return spreadOf(pooled(siteWatts(run, { ...site, rest }), site.pools, site.seed));
}

/** A level of demand: a share of the requests, served by all nodes and by the fewest that keep the target. */
export interface Level {
  readonly point: DemandPoint;
  readonly requestsPerSecond: number;
  readonly allOn: FleetRun;
  /** Null: not even all nodes keep the target. */
  readonly consolidated: FleetRun | null;
}

/** Serves a share of the requests with all nodes on and with as few as keep the target. */
export function levelOf(requests: Requests, site: Site, of: { readonly demandRatio: number; readonly target: QualityTarget }): Level {
  const { demandRatio, target } = of;
  const table = tableOf(site.node);
  const some = thinned(requests, demandRatio, site.seed);
  const consolidated = leastNodes(some, table, { target, most: site.installedNodes });
  const allOn = serve(some, table, { nodes: site.installedNodes, target });
  const fewest = consolidated ?? allOn;
  return {
    point: {
      demandRatio,
      neededNodes: fewest.nodes * site.pools,
      allOnMw: powerOf(allOn, site).meanMw,
      mustServeMw: powerOf(fewest, site, 'idle').meanMw,
      othersOffMw: powerOf(fewest, site, 'off').meanMw,
    },
    requestsPerSecond: (some.atSeconds.length * site.pools) / some.periodSeconds,
    allOn,
    consolidated,
  };
}
