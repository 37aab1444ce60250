import type { Series } from '../../scenario/schema.js';
import { seriesMean, type Interval } from '../grid/profiles.js';
import { dayMs, hourMs } from '../ticks.js';

const yearDays = 365.25;

/** Outside temperature over time: always the same, a daily and a yearly wave, or a series that begins again where it ends. */
export type OutsideProfile =
  | { readonly kind: 'constant'; readonly meanC: number }
  | {
      readonly kind: 'swing';
      readonly meanC: number;
      /** From the coldest to the hottest hour of a day, and from the coldest to the hottest time of the year. */
      readonly dailyC: number;
      readonly yearlyC: number;
      /** Local standard time. */
      readonly hottestHour: number;
      /** Day of the year, 1 to 366. */
      readonly hottestDay: number;
    }
  | { readonly kind: 'series'; readonly series: Series };

/** Outside temperatures as a campus feels them, C. */
export interface Outside {
  meanC(interval: Interval): number;
  /** Highest it ever gets. */
  readonly hottestC: number;
}

/**
 * Prepares a profile; `offsetMs` is local standard time minus UTC. A wave is taken at the middle of an interval, which for ticks of an
 * hour and less is its mean to 0.3 % of the daily swing; a series is averaged exactly.
 */
export function outsideOf(profile: OutsideProfile, offsetMs: number): Outside {
  switch (profile.kind) {
    case 'constant':
      return { meanC: () => profile.meanC, hottestC: profile.meanC };
    case 'series':
      return {
        meanC: seriesMean(profile.series),
        hottestC: profile.series.values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
      };
    case 'swing': {
      const { meanC, dailyC, yearlyC, hottestHour, hottestDay } = profile;
      const wave = (turns: number): number => Math.cos(2 * Math.PI * turns) / 2;
      return {
        meanC: ({ fromMs, toMs }) => {
          const localMs = (fromMs + toMs) / 2 + offsetMs;
          const dailyTurns = (localMs / hourMs - hottestHour) / 24;
          // 1970 began with day 1; years of 365.25 days keep the season within a day.
          const yearlyTurns = (localMs / dayMs - (hottestDay - 0.5)) / yearDays;
          return meanC + dailyC * wave(dailyTurns) + yearlyC * wave(yearlyTurns);
        },
        hottestC: meanC + (dailyC + yearlyC) / 2,
      };
    }
  }
}
