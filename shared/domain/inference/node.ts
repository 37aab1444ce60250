import { throughputRatio, type CapCurve } from '../cluster/throughput.js';
import { lineThrough, type Line } from '../power/leastSquares.js';
import { at } from '../grid/dense.js';

/** A node that serves a language model: how fast it reads prompts, how fast it writes, and what it draws. */
export interface ServingNode {
  /** Prompts of one node are read one after another at this speed, before anything is written. */
  readonly promptTokensPerSecond: number;
  /** A step writes one token of every request at once: this long, and so much longer for each request in it. */
  readonly stepSeconds: number;
  readonly stepSecondsPerRequest: number;
  /** Most requests written at once. */
  readonly slots: number;
  /** Tokens, read and written, that its memory holds at once. */
  readonly memoryTokens: number;
  /** Writing draws the floor, and up to the rise more at `kneeRequests` at once and beyond. */
  readonly floorW: number;
  readonly riseW: number;
  readonly kneeRequests: number;
  readonly promptW: number;
  /** Model loaded, no request. */
  readonly idleW: number;
  readonly offW: number;
}

/**
 * Four H100 with Llama 3 70B. Steps, floor, rise and knee: fits of the offline runs of 1,024 tokens, up to 256 requests at once
 * (`fitSteps`, `fitSaturations`; Vercellino et al., arXiv 2604.07345, 2026); power is that of accelerators and processors. Prompts: 8,300
 * tokens/s, measured on four H100 with Llama 2 70B, 7,500 to 9,000 from 512 tokens on (Patel et al., Splitwise, ISCA 2024, performance
 * table). Memory: 90 % of 4 x 80 GB less 141 GB of weights and 6 GB, over 0.328 MB a token (80 layers x 8 heads x 128 x 2 x 2 bytes).
 * Reading a prompt draws as much as the fullest writing: assumed. Idle: 700 W, the level below which those authors cut their records; the
 * lowest samples lie at 375 to 1,275 W. Off: assumed.
 */
export const h100Node: ServingNode = {
  promptTokensPerSecond: 8_300,
  stepSeconds: 0.01785,
  stepSecondsPerRequest: 0.0000434,
  slots: 256,
  memoryTokens: 430_000,
  floorW: 1_995,
  riseW: 774,
  kneeRequests: 264.5,
  promptW: 2_769,
  idleW: 700,
  offW: 50,
};

/** A batch that was written to its end. */
export interface BatchRun {
  readonly requests: number;
  readonly tokens: number;
  readonly elapsedSeconds: number;
}

/** Length of a step against the requests in it: a line of least squares, seconds. Runs of more requests than `slots` are left out. */
export function fitSteps(runs: readonly BatchRun[], slots: number): Line & { readonly runs: number } {
  const used = runs.filter((run) => run.requests <= slots);
  const line = lineThrough(
    Float64Array.from(used, (run) => run.requests),
    Float64Array.from(used, (run) => run.elapsedSeconds / run.tokens),
  );
  return { ...line, runs: used.length };
}

/** What a node does by the number of requests it writes at once. Shapes: [slots + 1]. */
export interface NodeTable {
  readonly node: ServingNode;
  readonly promptTokensPerSecond: number;
  readonly promptW: number;
  readonly stepSeconds: Float64Array;
  readonly writingW: Float64Array;
  /** Whether the cap holds writing back. */
  readonly isHeld: Uint8Array;
  readonly isPromptHeld: boolean;
}

/** A cap on the power of a node, W, and how speed falls under it. */
export interface NodeCap extends CapCurve {
  readonly capW: number;
}

/** The table of a node; under a cap, what would draw more is held to it and slowed down by its curve. */
export function tableOf(node: ServingNode, cap: NodeCap | null = null): NodeTable {
  const speed = (watts: number): number => (cap === null || watts <= cap.capW ? 1 : throughputRatio(cap, cap.capW / watts));
  const held = (watts: number): number => (cap === null ? watts : Math.min(watts, cap.capW));
  const free = Float64Array.from({ length: node.slots + 1 }, (_, requests) =>
    requests === 0 ? node.idleW : node.floorW + node.riseW * Math.min(1, requests / node.kneeRequests),
  );
  return {
    node,
    promptTokensPerSecond: node.promptTokensPerSecond * speed(node.promptW),
    promptW: held(node.promptW),
    stepSeconds: free.map((watts, requests) => (node.stepSeconds + node.stepSecondsPerRequest * requests) / speed(watts)),
    writingW: free.map(held),
    isHeld: Uint8Array.from(free, (watts) => (cap !== null && watts > cap.capW ? 1 : 0)),
    isPromptHeld: cap !== null && node.promptW > cap.capW,
  };
}

/** Tokens a second that a full node writes. */
export function writingTokensPerSecond(node: ServingNode): number {
  return node.slots / at(tableOf(node).stepSeconds, node.slots);
}
