import { describe, expect, it } from 'vitest';
import { burstinessOf, copiesOf, drawRequests, requestsOf, thinned, tokensOf } from '../../shared/domain/inference/requests.js';

const three = requestsOf([
  { atSeconds: 105, contextTokens: 20, generatedTokens: 2 },
  { atSeconds: 100, contextTokens: 10, generatedTokens: 1 },
  { atSeconds: 110, contextTokens: 30, generatedTokens: 3 },
]);
const drawn = drawRequests({ seed: 3, seconds: 20_000, requestsPerSecond: 5, contextTokens: 400, generatedTokens: 50, sigma: 0.8 });

describe('requests', () => {
  it('stand in order of time from 0, in a period that ends one mean gap after the last', () => {
    expect([...three.atSeconds]).toEqual([0, 5, 10]);
    expect([...three.contextTokens]).toEqual([10, 20, 30]);
    expect(three.periodSeconds).toBe(15);
    expect(tokensOf(three)).toEqual({ context: 60, generated: 6 });
  });

  it('are drawn at the rate and with the tokens that were asked for, the same for the same seed', () => {
    const { context, generated } = tokensOf(drawn);
    const count = drawn.atSeconds.length;
    expect(Math.abs(count / 100_000 - 1)).toBeLessThan(0.01);
    expect(Math.abs(context / count / 400 - 1)).toBeLessThan(0.02);
    expect(Math.abs(generated / count / 50 - 1)).toBeLessThan(0.02);
    const again = drawRequests({ seed: 3, seconds: 100, requestsPerSecond: 5, contextTokens: 400, generatedTokens: 50, sigma: 0.8 });
    expect([...again.atSeconds]).toEqual([...drawn.atSeconds].filter((seconds) => seconds < 100));
  });

  it('come without bursts when they are drawn: variance over mean is 1 in every window', () => {
    for (const { dispersion } of burstinessOf(drawn, [1, 10, 60])) expect(Math.abs(dispersion - 1)).toBeLessThan(0.15);
  });

  it('count in whole windows, by hand', () => {
    const [five, ...others] = burstinessOf({ ...three, atSeconds: Float64Array.of(0, 1, 10) }, [5, 8]);
    expect(others).toEqual([]);
    expect(five).toMatchObject({ windows: 3, peakToMean: 2, tokenPeakToMean: 1.5 });
    expect(five?.dispersion).toBeCloseTo(2 / 3, 12);
  });

  it('of several services are as many, in order, within the period, and less bursty', () => {
    const bursty = requestsOf(
      Array.from({ length: 300 }, (_, i) => ({
        atSeconds: 100 * Math.floor(i / 30) + (i % 30) / 30,
        contextTokens: i,
        generatedTokens: 1,
      })),
    );
    const many = copiesOf(bursty, 20, 1);
    expect(many.atSeconds).toHaveLength(6_000);
    expect([...many.atSeconds]).toEqual([...many.atSeconds].sort((a, b) => a - b));
    expect(many.atSeconds.at(-1)).toBeLessThan(many.periodSeconds);
    expect(tokensOf(many).context).toBe(20 * tokensOf(bursty).context);
    const peak = (requests: typeof bursty): number => burstinessOf(requests, [10])[0]?.peakToMean ?? 0;
    expect(peak(many)).toBeLessThan(peak(bursty) / 3);
  });

  it('that are fewer are among those that are more', () => {
    const [some, more] = [thinned(drawn, 0.3, 1), thinned(drawn, 0.6, 1)];
    expect(Math.abs(some.atSeconds.length / drawn.atSeconds.length - 0.3)).toBeLessThan(0.01);
    const times = new Set(more.atSeconds);
    expect([...some.atSeconds].every((seconds) => times.has(seconds))).toBe(true);
    expect(thinned(drawn, 1, 1)).toBe(drawn);
  });
});
