import { describe, expect, it } from 'vitest';
import { leastNodes, quantileOf, serve, serveIfKept, workNodes } from '../../shared/domain/inference/fleet.js';
import { fitSteps, h100Node, tableOf, writingTokensPerSecond, type ServingNode } from '../../shared/domain/inference/node.js';
import { drawRequests, requestsOf, type Requests } from '../../shared/domain/inference/requests.js';

const target = { withinSeconds: 1, shareRatio: 0.99 };
/** Round numbers: a prompt of 100 tokens takes a second, a step 0.1 s and 0.01 s more for each request. */
const plainNode: ServingNode = {
  promptTokensPerSecond: 100,
  stepSeconds: 0.1,
  stepSecondsPerRequest: 0.01,
  slots: 4,
  memoryTokens: 10_000,
  floorW: 1_000,
  riseW: 800,
  kneeRequests: 4,
  promptW: 1_800,
  idleW: 300,
  offW: 10,
};

function listOf(rows: readonly (readonly [atSeconds: number, context: number, generated: number])[], periodSeconds: number): Requests {
  const list = rows.map(([atSeconds, contextTokens, generatedTokens]) => ({ atSeconds, contextTokens, generatedTokens }));
  return { ...requestsOf(list), periodSeconds };
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}

describe('one node', () => {
  it('reads one prompt after the other, then writes both at once, by hand', () => {
    // Read 0-1 and 1-2; 10 tokens each of which reading gives the first: 9 steps of 0.12 s together.
    const run = serve(
      listOf(
        [
          [0, 100, 10],
          [0, 100, 10],
        ],
        5,
      ),
      tableOf(plainNode),
      { nodes: 1, target },
    );
    expect([...run.waitSeconds]).toEqual([0, 1]);
    expect(run.readingNodeSeconds).toBeCloseTo(2, 9);
    expect(run.writingNodeSeconds).toBeCloseTo(1.08, 9);
    expect(run.emptyNodeSeconds).toBeCloseTo(1.92, 9);
    expect(sumOf(run.joules)).toBeCloseTo(2 * 1_800 + 1.08 * 1_400 + 1.92 * 300, 6);
    // The first stands still for a second while the second is read.
    expect(run.secondsPerToken).toBeCloseTo((2.08 + 1.08) / 18, 9);
    expect(run.secondsPerTokenP99).toBeCloseTo(2.08 / 9, 9);
    expect([...run.busyNodeSeconds].map((seconds) => Number(seconds.toFixed(6)))).toEqual([1, 1, 1, 0.08, 0]);
  });

  it('lets a prompt wait for a slot, and for memory', () => {
    const rows = [
      [0, 1, 101],
      [0.5, 1, 101],
    ] as const;
    const oneSlot = serve(listOf(rows, 30), tableOf({ ...plainNode, slots: 1 }), { nodes: 1, target });
    expect(oneSlot.waitSeconds[1]).toBeCloseTo(0.01 + 100 * 0.11 - 0.5, 9);
    const littleMemory = serve(listOf(rows, 30), tableOf({ ...plainNode, memoryTokens: 203 }), { nodes: 1, target });
    expect(littleMemory.waitSeconds[1]).toBeCloseTo(oneSlot.waitSeconds[1] ?? 0, 9);
    const enough = serve(listOf(rows, 30), tableOf({ ...plainNode, memoryTokens: 204 }), { nodes: 1, target });
    expect([...enough.waitSeconds]).toEqual([0, 0]);
    const tooLarge = serve(listOf(rows, 30), tableOf({ ...plainNode, memoryTokens: 50 }), { nodes: 1, target });
    expect(tooLarge.waitSeconds).toEqual(oneSlot.waitSeconds);
  });

  it('lets prompts wait as the recursion of Lindley says, request by request', () => {
    const requests = drawRequests({ seed: 5, seconds: 4_000, requestsPerSecond: 0.7, contextTokens: 100, generatedTokens: 1, sigma: 1 });
    const single = { ...requests, generatedTokens: requests.generatedTokens.map(() => 1) };
    const waits: number[] = [];
    single.atSeconds.forEach((seconds, i) => {
      const before =
        i === 0 ? 0 : (waits[i - 1] ?? 0) + (single.contextTokens[i - 1] ?? 0) / 100 - (seconds - (single.atSeconds[i - 1] ?? 0));
      waits.push(Math.max(0, before));
    });
    const run = serve(single, tableOf(plainNode), { nodes: 1, target });
    waits.sort((a, b) => a - b);
    expect(run.waitSeconds.length).toBe(waits.length);
    run.waitSeconds.forEach((wait, i) => expect(Math.abs(wait - (waits[i] ?? 0))).toBeLessThan(1e-6));
  });

  it('lets equal prompts wait as long as the formula of Pollaczek and Khinchine says', () => {
    const requests = drawRequests({ seed: 2, seconds: 200_000, requestsPerSecond: 0.7, contextTokens: 100, generatedTokens: 1, sigma: 0 });
    const run = serve(requests, tableOf(plainNode), { nodes: 1, target });
    const mean = sumOf(run.waitSeconds) / run.waitSeconds.length;
    expect(Math.abs(mean / (0.7 / (2 * 0.3)) - 1)).toBeLessThan(0.05);
  });
});

describe('a fleet', () => {
  const requests = drawRequests({ seed: 9, seconds: 600, requestsPerSecond: 3, contextTokens: 60, generatedTokens: 20, sigma: 0.7 });

  it('spends every second of every node, and no power that is not in the table', () => {
    for (const nodes of [3, 6, 12]) {
      const run = serve(requests, tableOf(plainNode), { nodes, target });
      const seconds = run.emptyNodeSeconds + run.readingNodeSeconds + run.writingNodeSeconds;
      expect(seconds).toBeCloseTo(nodes * requests.periodSeconds, 4);
      const joules = sumOf(run.joules);
      expect(joules).toBeGreaterThan(300 * run.emptyNodeSeconds + 1_800 * run.readingNodeSeconds + 1_000 * run.writingNodeSeconds);
      expect(joules).toBeLessThan(300 * run.emptyNodeSeconds + 1_800 * (run.readingNodeSeconds + run.writingNodeSeconds));
      expect(sumOf(run.busyNodeSeconds)).toBeCloseTo(run.readingNodeSeconds + run.writingNodeSeconds, 4);
    }
  });

  it('of the fewest nodes keeps the target, and of one less does not', () => {
    const table = tableOf(plainNode);
    const run = leastNodes(requests, table, { target, most: 100 });
    expect(run?.withinRatio).toBeGreaterThanOrEqual(0.99);
    const nodes = run?.nodes ?? 0;
    expect(nodes).toBeGreaterThanOrEqual(Math.ceil(workNodes(requests, table)));
    expect(serveIfKept(requests, table, { nodes: nodes - 1, target })).toBeNull();
    expect(serve(requests, table, { nodes: nodes - 1, target }).withinRatio).toBeLessThan(0.99);
    expect(leastNodes(requests, table, { target, most: nodes - 1 })).toBeNull();
    expect(serveIfKept(requests, table, { nodes, target })).toEqual(serve(requests, table, { nodes, target }));
  });

  it('sends a request to the node with the least before it', () => {
    const run = serve(
      listOf(
        [
          [0, 500, 1],
          [1, 100, 1],
          [1.5, 100, 1],
        ],
        10,
      ),
      tableOf(plainNode),
      { nodes: 2, target },
    );
    expect([...run.waitSeconds]).toEqual([0, 0, 0.5]);
  });

  it('answers quantiles as values that were seen', () => {
    const rising = Float64Array.of(1, 2, 3, 4);
    expect([0, 0.25, 0.26, 0.99, 1].map((ratio) => quantileOf(rising, ratio))).toEqual([1, 1, 2, 4, 4]);
    expect(quantileOf(new Float64Array(0), 0.5)).toBe(0);
  });
});

describe('a cap on a node', () => {
  const curve = { staticRatio: 0.39, capExponent: 4 };
  const requests = drawRequests({ seed: 4, seconds: 300, requestsPerSecond: 2, contextTokens: 50, generatedTokens: 20, sigma: 0.5 });

  it('changes nothing above what a node draws', () => {
    const free = serve(requests, tableOf(plainNode), { nodes: 4, target });
    expect(serve(requests, tableOf(plainNode, { ...curve, capW: 1_800 }), { nodes: 4, target })).toEqual(free);
  });

  it('holds power to it and slows down what would draw more, and nothing else', () => {
    const [free, capped] = [tableOf(plainNode), tableOf(plainNode, { ...curve, capW: 1_300 })];
    expect([...capped.writingW]).toEqual([300, 1_200, 1_300, 1_300, 1_300]);
    expect(capped.stepSeconds[1]).toBe(free.stepSeconds[1]);
    expect(capped.stepSeconds[4]).toBeCloseTo(0.14 / ((1_300 / 1_800 - 0.39) / 0.61) ** 0.25, 12);
    expect(capped.promptTokensPerSecond).toBeCloseTo(100 * ((1_300 / 1_800 - 0.39) / 0.61) ** 0.25, 9);
    const run = serve(requests, capped, { nodes: 3, target });
    expect(Math.max(...run.joules)).toBeLessThanOrEqual(3 * 1_300 + 1e-6);
    expect(run.heldNodeSeconds).toBeGreaterThan(run.readingNodeSeconds);
    expect(run.heldNodeSeconds).toBeLessThan(run.readingNodeSeconds + run.writingNodeSeconds);
  });
});

describe('the node of four H100', () => {
  it('writes a step in the times of published online runs, within 12 % up to 181 requests at once', () => {
    // InstructCoder, at most 256 tokens: requests at once (rate of completion x time from end to end) and ms a token, arXiv 2604.07345.
    const published = [
      [30.5, 19.8],
      [61.9, 21.07],
      [95.1, 22.67],
      [134.7, 25.39],
      [180.9, 28.96],
    ] as const;
    for (const [requests, milliseconds] of published) {
      const model = 1e3 * (h100Node.stepSeconds + h100Node.stepSecondsPerRequest * requests);
      expect(Math.abs(model / milliseconds - 1)).toBeLessThan(0.12);
    }
    expect(writingTokensPerSecond(h100Node)).toBeGreaterThan(8_600);
    expect(writingTokensPerSecond(h100Node)).toBeLessThan(9_600);
  });

  it('has steps that are found in runs that follow them', () => {
    const runs = [1, 20, 100, 256, 400].map((requests) => ({
      requests,
      tokens: 512,
      elapsedSeconds: 512 * (0.02 + 0.0001 * requests) * (requests > 256 ? 2 : 1),
    }));
    const fit = fitSteps(runs, 256);
    expect(fit.runs).toBe(4);
    expect([fit.intercept, fit.slope, fit.rmse].map((value) => Number(value.toFixed(9)))).toEqual([0.02, 0.0001, 0]);
  });
});
