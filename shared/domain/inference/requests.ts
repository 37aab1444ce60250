import { at } from '../grid/dense.js';
import { draw, drawLognormal } from '../random.js';

/** Requests to a service in order of time, over a period that is taken to go round and round. Shapes: [requests]. */
export interface Requests {
  /** From the start of the period. */
  readonly atSeconds: Float64Array;
  readonly contextTokens: Int32Array;
  readonly generatedTokens: Int32Array;
  readonly periodSeconds: number;
}

/** How unevenly requests come, by the length of the window they are counted in. */
export interface Burstiness {
  readonly windowSeconds: number;
  readonly windows: number;
  /** Most requests in a window over their mean. */
  readonly peakToMean: number;
  /** Variance over mean of the count; 1 when requests come independently of each other. */
  readonly dispersion: number;
  /** Most context and generated tokens in a window over their mean. */
  readonly tokenPeakToMean: number;
}

/** Requests of a list in order of time; the period ends one mean gap after the last, so that it can be repeated. Needs two or more. */
export function requestsOf(
  rows: readonly { readonly atSeconds: number; readonly contextTokens: number; readonly generatedTokens: number }[],
): Requests {
  const sorted = rows.toSorted((a, b) => a.atSeconds - b.atSeconds);
  const firstSeconds = sorted[0]?.atSeconds ?? 0;
  const spanSeconds = (sorted.at(-1)?.atSeconds ?? 0) - firstSeconds;
  return {
    atSeconds: Float64Array.from(sorted, (row) => row.atSeconds - firstSeconds),
    contextTokens: Int32Array.from(sorted, (row) => row.contextTokens),
    generatedTokens: Int32Array.from(sorted, (row) => row.generatedTokens),
    periodSeconds: (spanSeconds * sorted.length) / Math.max(1, sorted.length - 1),
  };
}

/** What seeded requests are like. Tokens are lognormal with these means. */
export interface DrawnRequests {
  readonly seed: number;
  readonly seconds: number;
  readonly requestsPerSecond: number;
  readonly contextTokens: number;
  readonly generatedTokens: number;
  /** Standard deviation of the logarithm of the tokens. */
  readonly sigma: number;
}

/** Requests that come independently of each other, by seed. */
export function drawRequests(of: DrawnRequests): Requests {
  const key = (purpose: string, n: number) => ({ seed: of.seed, component: 'inference', entity: 'requests', purpose, n });
  const times: number[] = [];
  const gap = (n: number): number => -Math.log(1 - draw(key('gap', n))) / of.requestsPerSecond;
  for (let seconds = gap(0); seconds < of.seconds; seconds += gap(times.length)) times.push(seconds);
  const tokens = (purpose: string, mean: number): Int32Array =>
    Int32Array.from(times, (_, n) =>
      Math.max(1, Math.round(drawLognormal(key(purpose, n), mean * Math.exp(-(of.sigma ** 2) / 2), of.sigma))),
    );
  return {
    atSeconds: Float64Array.from(times),
    contextTokens: tokens('context', of.contextTokens),
    generatedTokens: tokens('generated', of.generatedTokens),
    periodSeconds: of.seconds,
  };
}

/** The same service many times over, each with its period begun at a drawn instant: what independent services of one kind ask together. */
export function copiesOf(requests: Requests, copies: number, seed: number): Requests {
  const { atSeconds, contextTokens, generatedTokens, periodSeconds } = requests;
  if (copies === 1) return requests;
  const count = atSeconds.length;
  const times = new Float64Array(count * copies);
  for (let copy = 0; copy < copies; copy++) {
    const shiftSeconds = periodSeconds * draw({ seed, component: 'inference', entity: 'copies', purpose: 'shift', n: copy });
    for (let i = 0; i < count; i++) times[copy * count + i] = (at(atSeconds, i) + shiftSeconds) % periodSeconds;
  }
  const order = Int32Array.from(times, (_, i) => i).sort((a, b) => at(times, a) - at(times, b) || a - b);
  return pick({ atSeconds: times, contextTokens, generatedTokens, periodSeconds }, order);
}

/** A share of the requests, each kept or not by a draw of its own: a lower share keeps some of what a higher one keeps. */
export function thinned(requests: Requests, ratio: number, seed: number): Requests {
  if (ratio >= 1) return requests;
  const kept: number[] = [];
  for (let i = 0; i < requests.atSeconds.length; i++)
    if (draw({ seed, component: 'inference', entity: 'requests', purpose: 'kept', n: i }) < ratio) kept.push(i);
  return pick(requests, Int32Array.from(kept));
}

/** Requests at places of a list; tokens repeat when there are more places than tokens. */
function pick(requests: Requests, places: Int32Array): Requests {
  const count = requests.contextTokens.length;
  return {
    atSeconds: Float64Array.from(places, (place) => at(requests.atSeconds, place)),
    contextTokens: places.map((place) => requests.contextTokens[place % count] ?? 0),
    generatedTokens: places.map((place) => requests.generatedTokens[place % count] ?? 0),
    periodSeconds: requests.periodSeconds,
  };
}

/** Sums of tokens. */
export function tokensOf({ contextTokens, generatedTokens }: Requests): { readonly context: number; readonly generated: number } {
  const sum = (values: Int32Array): number => values.reduce((total, value) => total + value, 0);
  return { context: sum(contextTokens), generated: sum(generatedTokens) };
}

/** Burstiness in windows of some lengths; a length with fewer than two whole windows is left out, and so is what is behind the last one. */
export function burstinessOf(requests: Requests, windowsSeconds: readonly number[]): readonly Burstiness[] {
  return windowsSeconds.flatMap((windowSeconds) => {
    const windows = Math.floor(requests.periodSeconds / windowSeconds);
    if (windows < 2) return [];
    const [counts, tokens] = [new Float64Array(windows), new Float64Array(windows)];
    requests.atSeconds.forEach((seconds, i) => {
      const window = Math.floor(seconds / windowSeconds);
      if (window >= windows) return;
      counts[window] = at(counts, window) + 1;
      tokens[window] = at(tokens, window) + (requests.contextTokens[i] ?? 0) + (requests.generatedTokens[i] ?? 0);
    });
    const mean = counts.reduce((sum, count) => sum + count, 0) / windows;
    const tokenMean = tokens.reduce((sum, count) => sum + count, 0) / windows;
    if (mean === 0) return [];
    const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / windows;
    const most = (values: Float64Array): number => values.reduce((top, value) => Math.max(top, value), 0);
    return [
      {
        windowSeconds,
        windows,
        peakToMean: most(counts) / mean,
        dispersion: variance / mean,
        tokenPeakToMean: tokenMean === 0 ? 0 : most(tokens) / tokenMean,
      },
    ];
  });
}
