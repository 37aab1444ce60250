import { describe, expect, it } from 'vitest';
import { advanceAgency, arrivalMs, noReviews, type AgencyState } from '../../shared/domain/permit/agency.js';
import type { Duration } from '../../shared/scenario/schema.js';
import { drawDurationDays, meanDays } from '../../shared/domain/permit/duration.js';
import { warmAgency } from '../../shared/domain/permit/warmStart.js';
import { threeAreas } from '../../shared/scenario/threeAreas/world.js';
import { agency, permit, startMs, type Agency } from '../support/projectWorld.js';

const dayMs = 86_400_000;
const yearMs = 365 * dayMs;

function application(id: string, leftDays = 10, askLeftDays: number | null = null) {
  return { permit: id, effortDays: leftDays, leftDays, askLeftDays, sinceMs: 0 };
}

/** An agency of the built-in world after years of work, with what it did in them. */
function after(
  years: number,
  seed: number,
  overrides: Partial<Agency> = {},
): { readonly state: AgencyState; readonly busyRatio: number; readonly waitWeeks: number } {
  const board = threeAreas.agencies.find((candidate) => candidate.id === 'state-air-board');
  if (board === undefined) throw new Error('no air board in three-areas');
  const worked = { ...board, ...overrides };
  const warm = warmAgency(worked, seed, startMs, []);
  const { state } = advanceAgency(worked, seed, warm, startMs, startMs + years * yearMs);
  return {
    state,
    busyRatio: state.workedDays / (worked.reviewers * years * 365),
    waitWeeks: state.waitedDays / state.startedReviews / 7,
  };
}

const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('an agency', () => {
  it('works on no more applications at once than it has reviewers', () => {
    const queue = { ...noReviews, waiting: ['a', 'b', 'c'].map((id) => application(id)) };
    const { state, events } = advanceAgency(agency({ reviewers: 2 }), 1, queue, 0, 9 * dayMs);
    expect(state.reviews.map((review) => review.application.permit)).toEqual(['a', 'b']);
    expect(state.waiting.map((waiting) => waiting.permit)).toEqual(['c']);
    expect(events.map((event) => `${event.permit} ${event.kind}`)).toEqual(['a started', 'b started']);
  });

  it('takes up who waits longest when a review ends, to the exact day', () => {
    const queue = { ...noReviews, waiting: [application('a', 10), application('b', 4), application('c', 3)] };
    const { state, events } = advanceAgency(agency({ reviewers: 1 }), 1, queue, 0, 17 * dayMs);
    expect(events.map((event) => `${event.permit} ${event.kind}`)).toEqual([
      'a started',
      'a ready',
      'b started',
      'b ready',
      'c started',
      'c ready',
    ]);
    expect(state.workedDays).toBeCloseTo(17, 9);
    expect(state.waitedDays).toBeCloseTo(10 + 14, 9);
  });

  it('lets the reviewer go on with others while it waits for an answer', () => {
    const queue = { ...noReviews, waiting: [application('a', 10, 6), application('b', 5)] };
    const { state, events } = advanceAgency(agency({ reviewers: 1 }), 1, queue, 0, 5 * dayMs);
    expect(events.map((event) => `${event.permit} ${event.kind}`)).toEqual(['a started', 'a information-requested', 'b started']);
    expect(state.asked).toEqual([{ ...application('a', 6), effortDays: 10, sinceMs: 4 * dayMs }]);
  });

  it('gives public notice after the review and is ready when that is over', () => {
    const { events } = advanceAgency(agency({ noticeDays: 30 }), 1, { ...noReviews, waiting: [application('a')] }, 0, 40 * dayMs);
    expect(events.map((event) => event.kind)).toEqual(['started', 'comment-opened', 'comment-closed', 'ready']);
    expect(events[1]?.untilMs).toBe(40 * dayMs);
  });

  it('does the same in one step of a year as in steps of an hour', () => {
    const board = agency({ otherApplicationsPerYear: 30, effort: { kind: 'lognormal', medianDays: 20, sigma: 0.5 } });
    const begin = { ...noReviews, nextArrivalMs: arrivalMs(board, 7, 0, 0) };
    const whole = advanceAgency(board, 7, begin, 0, yearMs).state;
    let stepped: AgencyState = begin;
    for (let atMs = 0; atMs < yearMs; atMs += 3_600_000) stepped = advanceAgency(board, 7, stepped, atMs, atMs + 3_600_000).state;
    expect(stepped).toEqual(whole);
    expect(whole.startedReviews).toBeGreaterThan(15);
  });

  it('is busy over twenty years as much as arrivals times effort per reviewer say', () => {
    const board = threeAreas.agencies.find((candidate) => candidate.id === 'state-air-board');
    const offered = ((board?.otherApplicationsPerYear ?? 0) * meanDays(board?.effort ?? { kind: 'fixed', days: 0 })) / (3 * 365);
    expect(offered).toBeCloseTo(0.92, 2);
    const busy = mean(seeds.map((seed) => after(20, seed).busyRatio));
    expect(busy).toBeGreaterThan(offered - 0.03);
    expect(busy).toBeLessThan(offered + 0.03);
  });

  it('makes the air board wait about half a year with three reviewers and hardly at all with six', () => {
    const weeks = mean(seeds.map((seed) => after(20, seed).waitWeeks));
    expect(weeks).toBeGreaterThan(15);
    expect(weeks).toBeLessThan(35);
    expect(mean(seeds.map((seed) => after(20, seed, { reviewers: 6 }).waitWeeks))).toBeLessThan(1);
  });
});

describe('an agency at the start of a world', () => {
  const standing = (id: string, overrides: Parameters<typeof permit>[1]) => ({
    permit: permit(id, overrides),
    application: application(id),
  });

  it('has a permit at position 8 behind seven others, and every reviewer busy', () => {
    const warm = warmAgency(agency({ reviewers: 3 }), 1, startMs, [standing('air', { initialPhase: 'queued', initialPosition: 8 })]);
    expect(warm.waiting.findIndex((waiting) => waiting.permit === 'air')).toBe(7);
    expect(warm.waiting.slice(0, 7).every((waiting) => waiting.permit === null && waiting.effortDays > 0)).toBe(true);
    expect(warm.reviews).toHaveLength(3);
  });

  it('keeps the order of two permits of the world at the same agency', () => {
    const warm = warmAgency(agency({ reviewers: 1 }), 1, startMs, [
      standing('later', { initialPhase: 'queued', initialPosition: 5 }),
      standing('sooner', { initialPhase: 'queued', initialPosition: 2 }),
    ]);
    expect(warm.waiting.map((waiting) => waiting.permit)).toEqual([null, 'sooner', null, null, 'later']);
  });

  it('never has more reviews than reviewers, also when the world names more', () => {
    const warm = warmAgency(agency({ reviewers: 1 }), 1, startMs, [
      standing('a', { initialPhase: 'under-review', initialPosition: 0 }),
      standing('b', { initialPhase: 'under-review', initialPosition: 0 }),
    ]);
    expect(warm.reviews.map((review) => review.application.permit)).toEqual(['a']);
    expect(warm.waiting.map((waiting) => waiting.permit)).toEqual(['b']);
  });
});

describe('a duration', () => {
  const key = { seed: 1, component: 'test', entity: 'x', purpose: 'effort', n: 0 };

  it('has the mean its distribution says', () => {
    for (const duration of [
      { kind: 'triangular', minDays: 274, modeDays: 426, maxDays: 730 },
      { kind: 'lognormal', medianDays: 50, sigma: 0.6 },
      { kind: 'quantiles', days: [30, 40, 60, 90] },
    ] satisfies readonly Duration[]) {
      const drawn = mean(Array.from({ length: 4000 }, (_, n) => drawDurationDays({ ...key, n }, duration)));
      expect(Math.abs(drawn / meanDays(duration) - 1)).toBeLessThan(0.03);
    }
  });

  it('is what it says when it is fixed, and when its triangle has no width', () => {
    expect(drawDurationDays(key, { kind: 'fixed', days: 12 })).toBe(12);
    expect(drawDurationDays(key, { kind: 'triangular', minDays: 5, modeDays: 5, maxDays: 5 })).toBe(5);
    expect(drawDurationDays(key, { kind: 'quantiles', days: [7, 7] })).toBe(7);
    expect(meanDays({ kind: 'quantiles', days: [0, 10, 40] })).toBe(15);
  });
});
