import { at } from '../grid/dense.js';
import type { NodeTable } from './node.js';
import type { Requests } from './requests.js';
import { arrive, change, emptyServer, pass, type Server, type Service, type Watch } from './server.js';

/** How long requests may wait before their prompt is read, and which share of them has to keep to it. */
export interface QualityTarget {
  readonly withinSeconds: number;
  readonly shareRatio: number;
}

/** What some nodes did with some requests. Energy and busy nodes by second of the period; the last second may be a part of one. */
export interface FleetRun {
  readonly nodes: number;
  readonly periodSeconds: number;
  /** In rising order. */
  readonly waitSeconds: Float64Array;
  readonly withinRatio: number;
  /** Mean of the time between two tokens of a request, and that which 99 % of requests stay below; 0 when none has two tokens. */
  readonly secondsPerToken: number;
  readonly secondsPerTokenP99: number;
  readonly joules: Float64Array;
  readonly busyNodeSeconds: Float64Array;
  /** Sums over nodes within the period. */
  readonly emptyNodeSeconds: number;
  readonly readingNodeSeconds: number;
  readonly writingNodeSeconds: number;
  /** Of the two: held back by a cap. */
  readonly heldNodeSeconds: number;
}

/**
 * Serves requests on nodes. A request goes to the node with the fewest prompt tokens before it, then the fewest requests, then the first.
 * Prompts come first: nothing is written on a node while it reads one. A prompt waits for a slot and for memory. The period begins with
 * empty nodes; what is still there at its end is served to its end, without counting power.
 */
export function serve(requests: Requests, table: NodeTable, how: { readonly nodes: number; readonly target: QualityTarget }): FleetRun {
  const tally = tallyOf(requests, how.target.withinSeconds);
  serveUntil({ requests, table, watch: tally }, how.nodes, () => false);
  return resultOf(tally, how.nodes, requests.periodSeconds);
}

/** As `serve`, and null, as soon as that is clear, when more requests are late than the target allows. */
export function serveIfKept(
  requests: Requests,
  table: NodeTable,
  how: { readonly nodes: number; readonly target: QualityTarget },
): FleetRun | null {
  const tally = tallyOf(requests, how.target.withinSeconds);
  const lateMost = (1 - how.target.shareRatio) * requests.atSeconds.length + 1e-9;
  serveUntil({ requests, table, watch: tally }, how.nodes, () => tally.late > lateMost);
  return tally.late > lateMost ? null : resultOf(tally, how.nodes, requests.periodSeconds);
}

function serveUntil(service: Service, nodes: number, isOver: () => boolean): void {
  const { atSeconds, periodSeconds } = service.requests;
  const servers = Array.from({ length: nodes }, emptyServer);
  for (let request = 0; request < atSeconds.length; request++) {
    const seconds = at(atSeconds, request);
    for (const server of servers) while (server.nextSeconds <= seconds) change(server, service);
    arrive(freest(servers), service, request, seconds);
    if (isOver()) return;
  }
  for (const server of servers) {
    while (server.nextSeconds < Number.POSITIVE_INFINITY) change(server, service);
    pass(server, service, periodSeconds);
  }
}

function freest(servers: readonly Server[]): Server {
  let best = servers[0] ?? emptyServer();
  for (const server of servers) {
    const less = server.waitingTokens - best.waitingTokens || server.endSteps.length - best.endSteps.length;
    if (less < 0) best = server;
  }
  return best;
}

interface Tally extends Watch {
  late: number;
  readonly waits: number[];
  readonly perToken: number[];
  writtenSeconds: number;
  writtenTokens: number;
  readonly joules: Float64Array;
  readonly busy: Float64Array;
  readonly seconds: { nothing: number; reading: number; writing: number; held: number };
}

function tallyOf(requests: Requests, withinSeconds: number): Tally {
  const bins = Math.ceil(requests.periodSeconds);
  const tally: Tally = {
    late: 0,
    waits: [],
    perToken: [],
    writtenSeconds: 0,
    writtenTokens: 0,
    joules: new Float64Array(bins),
    busy: new Float64Array(bins),
    seconds: { nothing: 0, reading: 0, writing: 0, held: 0 },
    span: (from, to, watts, doing, isHeld) => {
      const end = Math.min(to, requests.periodSeconds);
      if (end <= from) return;
      tally.seconds[doing] += end - from;
      if (isHeld && doing !== 'nothing') tally.seconds.held += end - from;
      for (let bin = Math.floor(from); bin < end; bin++) {
        const part = Math.min(end, bin + 1) - Math.max(from, bin);
        tally.joules[bin] = at(tally.joules, bin) + watts * part;
        if (doing !== 'nothing') tally.busy[bin] = at(tally.busy, bin) + part;
      }
    },
    begun: (waitSeconds) => {
      tally.waits.push(waitSeconds);
      if (waitSeconds > withinSeconds) tally.late += 1;
    },
    ended: (seconds, tokens) => {
      tally.perToken.push(seconds / tokens);
      tally.writtenSeconds += seconds;
      tally.writtenTokens += tokens;
    },
  };
  return tally;
}

function resultOf(tally: Tally, nodes: number, periodSeconds: number): FleetRun {
  return {
    nodes,
    periodSeconds,
    waitSeconds: Float64Array.from(tally.waits).sort(),
    withinRatio: tally.waits.length === 0 ? 1 : 1 - tally.late / tally.waits.length,
    secondsPerToken: tally.writtenTokens === 0 ? 0 : tally.writtenSeconds / tally.writtenTokens,
    secondsPerTokenP99: quantileOf(Float64Array.from(tally.perToken).sort(), 0.99),
    joules: tally.joules,
    busyNodeSeconds: tally.busy,
    emptyNodeSeconds: tally.seconds.nothing,
    readingNodeSeconds: tally.seconds.reading,
    writingNodeSeconds: tally.seconds.writing,
    heldNodeSeconds: tally.seconds.held,
  };
}

/** The smallest value that a share of rising values does not exceed; 0 of none. */
export function quantileOf(rising: Float64Array, ratio: number): number {
  return rising.length === 0 ? 0 : at(rising, Math.max(0, Math.min(rising.length - 1, Math.ceil(ratio * rising.length) - 1)));
}

/** Nodes that would be busy all the time with the work of the requests, if each were always full: a lower bound of the nodes needed. */
export function workNodes(requests: Requests, { node, promptTokensPerSecond, stepSeconds }: NodeTable): number {
  const perToken = at(stepSeconds, node.slots) / node.slots;
  let seconds = 0;
  for (let i = 0; i < requests.atSeconds.length; i++)
    seconds += (requests.contextTokens[i] ?? 0) / promptTokensPerSecond + Math.max(0, (requests.generatedTokens[i] ?? 0) - 1) * perToken;
  return seconds / requests.periodSeconds;
}

/** Fewest nodes that keep a target, `null` when not even `most` do: doubled from the work alone, then halved into the bracket. */
export function leastNodes(
  requests: Requests,
  table: NodeTable,
  how: { readonly target: QualityTarget; readonly most: number },
): FleetRun | null {
  const kept = (nodes: number): FleetRun | null => serveIfKept(requests, table, { nodes, target: how.target });
  let low = Math.max(0, Math.ceil(workNodes(requests, table)) - 1);
  let [step, run] = [1, null as FleetRun | null];
  let high = low;
  while (run === null) {
    if (high >= how.most) return null;
    high = Math.min(how.most, low + step);
    run = kept(high);
    if (run === null) [low, step] = [high, 2 * step];
  }
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const found = kept(middle);
    if (found === null) low = middle;
    else [high, run] = [middle, found];
  }
  return run;
}
