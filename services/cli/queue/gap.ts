import { dayOf, dayText, yearOf } from '../../../shared/domain/days.js';
import { gapAhead } from '../../../shared/domain/expectation/ahead.js';
import { claimsOf, vintageOf, type Claim } from '../../../shared/domain/expectation/claims.js';
import { gapBands, gapOn, resamplesOf } from '../../../shared/domain/expectation/gap.js';
import { generatorsOf, largeLoads, type ExpectationSet } from '../../../shared/domain/expectation/sets.js';
import { cohortOf, latenessOf } from '../../../shared/domain/queue/pledges.js';
import { wrongInput } from '../../../shared/runtime/errors.js';
import type { GapAnswer } from './gapAnswer.js';
import { readSource, type QueueSource, type SourceAsked } from './source.js';

const daysPerMonth = 365.25 / 12;

/** What is asked of a gap. */
export interface GapAsked extends SourceAsked {
  readonly set: 'generators' | 'large-loads' | undefined;
  readonly aheadYears: number;
  readonly fromYear: number;
  readonly toYear: number;
  readonly seed: number;
  readonly resamples: number;
}

/**
 * Tells what the projects of a queue file announced against what is there: year by year, by vintage, and, for a set of parameters, ahead.
 * @throws TWIN_WRONG_INPUT
 */
export async function gapOfFile(file: string, asked: GapAsked): Promise<GapAnswer> {
  const source = await readSource(file, asked);
  const { asOfDay } = source;
  const { claims, withoutClaim, undated } = claimsOf(source.pledges);
  if (claims.length === 0)
    throw wrongInput(`${file}: found no project with a day of request, an on-line day as filed and a capacity, allowed: at least one`);
  const resamples = resamplesOf(claims.length, { seed: asked.seed, count: asked.resamples });
  const told = (day: number, isCounted: (claim: Claim) => boolean = () => true) => toldOf(claims, day, { isCounted, resamples });
  const firstYear = Math.min(...claims.map(({ promisedDay }) => yearOf(promisedDay)));
  const days = [...yearEnds(Math.max(firstYear, asked.fromYear), yearOf(asOfDay) - 1), asOfDay];
  const years = [...new Set(claims.map(vintageOf))].sort((a, b) => a - b);
  const now = told(asOfDay);
  return {
    file,
    asOf: dayText(asOfDay),
    claims: claims.length,
    withoutClaim,
    undated,
    days: days.map((day) => ({ day: dayText(day), ...told(day) })),
    vintages: years.map((year) => {
      const isOwn = (claim: Claim): boolean => vintageOf(claim) === year;
      return { year, claims: claims.filter(isOwn).length, ...told(asOfDay, isOwn) };
    }),
    verdict: now.gapMw.p5 > 0 ? 'supported' : now.gapMw.p95 < 0 ? 'not supported' : 'mixed',
    evidence: 'measured',
    ahead: asked.set === undefined ? null : aheadOf(file, claims, source, { ...asked, set: asked.set }),
  };
}

function toldOf(claims: readonly Claim[], day: number, of: Parameters<typeof gapBands>[2]) {
  const { claimedMw, deliveredMw, behindDays } = gapOn(claims.filter(of.isCounted), day);
  const behindMonths = behindDays === null ? null : behindDays / daysPerMonth;
  return { claimedMw, deliveredMw, ...gapBands(claims, day, of), behindMonths };
}

function yearEnds(fromYear: number, toYear: number): readonly number[] {
  return Array.from({ length: Math.max(0, toYear - fromYear + 1) }, (_, place) => dayOf(fromYear + place, 12, 31) ?? 0);
}

function aheadOf(
  file: string,
  claims: readonly Claim[],
  source: QueueSource,
  asked: GapAsked & { readonly set: ExpectationSet['name'] },
): GapAnswer['ahead'] {
  const set = asked.set === 'large-loads' ? largeLoads : fitted(file, claims, source, asked);
  const thisYear = yearOf(source.asOfDay);
  const days = yearEnds(thisYear, thisYear + asked.aheadYears - 1).filter((day) => day > source.asOfDay);
  return {
    set: set.name,
    builtRatio: set.builtRatio,
    source: set.source,
    evidence: set.evidence,
    days: gapAhead(claims, set, { asOfDay: source.asOfDay, days, seed: asked.seed, runs: asked.resamples }).map(
      ({ day, claimedMw, deliveredMw, gapMw }) => ({
        day: dayText(day),
        claimedMw,
        deliveredMwP5: deliveredMw.p5,
        deliveredMwP50: deliveredMw.p50,
        deliveredMwP95: deliveredMw.p95,
        gapMwP50: gapMw.p50,
      }),
    ),
  };
}

function fitted(file: string, claims: readonly Claim[], { pledges, asOfDay }: QueueSource, asked: GapAsked): ExpectationSet {
  const cohort = cohortOf(pledges, asked);
  const lateness = latenessOf(pledges, asOfDay);
  if (cohort === null || lateness === null)
    throw wrongInput(
      `${file}: found no ${cohort === null ? 'project of the cohort' : 'project on line'}, allowed: some, to fit generators`,
    );
  const late = claims.flatMap(({ promisedDay, deliveredDay }) => (deliveredDay === null ? [] : [deliveredDay - promisedDay]));
  return generatorsOf(cohort, late, lateness, file);
}
