import type { Profile, Series, World } from '../../scenario/schema.js';
import { assert } from '../assert.js';
import { dayMs, fromWire, hourMs, minuteMs } from '../ticks.js';

/** Noise of a profile: `z` is standard normal and forgets itself with the memory given. */
export interface Noise {
  readonly purpose: 'wind' | 'cloud';
  readonly memoryMs: number;
}

/** What a profile gives as mean over an interval, in MW; `z` is its standardised noise, 0 for the expectation. */
export interface PreparedProfile {
  readonly noise: Noise | null;
  /** The series it follows, as far as its capacity goes; null: none. */
  readonly series: StepSeries | null;
  meanMw(interval: Interval, z: number): number;
}

/** From and to in UTC milliseconds. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Clouds over one plant change within half an hour (assumed; no measured trace of the built-in world exists). */
const cloudMemoryMs = 30 * minuteMs;

/** Prepares a profile of a world; shapes are shares of `capacityMw`, series are MW and capped by it. */
export function prepareProfile(profile: Profile, capacityMw: number, world: Pick<World, 'series' | 'clock'>): PreparedProfile {
  const offsetMs = world.clock.utcOffsetMinutes * minuteMs;
  switch (profile.kind) {
    case 'series': {
      const series = world.series[profile.series];
      assert(series !== undefined, `series ${profile.series} is not in the world`);
      const meanOf = seriesMean(series);
      return { noise: null, series: stepSeriesOf(series), meanMw: (interval) => Math.min(capacityMw, meanOf(interval)) };
    }
    case 'constant':
      return { noise: null, series: null, meanMw: () => Math.min(capacityMw, profile.mw) };
    case 'load':
      return { noise: null, series: null, meanMw: loadShape(profile, offsetMs, fromWire(world.clock.startTime)) };
    case 'wind':
      return windShape(profile, capacityMw, offsetMs);
    case 'solar':
      return solarShape(profile, capacityMw, offsetMs);
  }
}

/** Local hour of the day at the middle of an interval, 0 to 24. */
function middleHour(interval: Interval, offsetMs: number): number {
  const localMs = (interval.fromMs + interval.toMs) / 2 + offsetMs;
  return (localMs - Math.floor(localMs / dayMs) * dayMs) / hourMs;
}

/** A step function of time; it begins again where it ends, so that a year of input lasts for any run. */
export interface StepSeries {
  readonly startMs: number;
  readonly stepMs: number;
  readonly values: readonly number[];
}

function stepSeriesOf({ startTime, stepMinutes, values }: Series): StepSeries {
  return { startMs: fromWire(startTime), stepMs: stepMinutes * minuteMs, values };
}

/** Number of the step that an interval lies in, counted from the start; null when it touches several. */
export function stepOf({ startMs, stepMs }: Pick<StepSeries, 'startMs' | 'stepMs'>, { fromMs, toMs }: Interval): number | null {
  const step = Math.floor((fromMs - startMs) / stepMs);
  return toMs <= startMs + (step + 1) * stepMs ? step : null;
}

/** Place of a step among so many values; whole numbers divide exactly enough for that, and the remainder of doubles is slow. */
export function placeOfStep(step: number, count: number): number {
  return step - Math.floor(step / count) * count;
}

/** Exact mean of a step function. */
export function seriesMean(series: Series): (interval: Interval) => number {
  const own = stepSeriesOf(series);
  const { startMs, stepMs, values } = own;
  const valueAt = (step: number): number => values[placeOfStep(step, values.length)] as number;
  return (interval) => {
    const only = stepOf(own, interval);
    if (only !== null) return valueAt(only);
    const { fromMs, toMs } = interval;
    let sum = 0;
    for (let step = Math.floor((fromMs - startMs) / stepMs); startMs + step * stepMs < toMs; step++) {
      const overlapMs = Math.min(toMs, startMs + (step + 1) * stepMs) - Math.max(fromMs, startMs + step * stepMs);
      sum += valueAt(step) * overlapMs;
    }
    return sum / (toMs - fromMs);
  };
}

function loadShape(profile: Extract<Profile, { kind: 'load' }>, offsetMs: number, worldStartMs: number): (interval: Interval) => number {
  const raw = (hour: number): number =>
    profile.bumps.reduce((sum, bump) => {
      const bell = (shift: number): number => Math.exp(-(((hour - bump.centreHour + shift) / bump.widthHours) ** 2));
      return sum + bump.heightRatio * (bell(-24) + bell(0) + bell(24));
    }, profile.baseRatio);
  let top = 0;
  for (let minute = 0; minute < 1440; minute++) top = Math.max(top, raw(minute / 60));
  const firstDay = Math.floor((worldStartMs + offsetMs) / dayMs);
  const days = profile.dayFactors.length;
  return (interval) => {
    const day = Math.floor(((interval.fromMs + interval.toMs) / 2 + offsetMs) / dayMs) - firstDay;
    const factor = profile.dayFactors[((day % days) + days) % days] as number;
    return profile.peakMw * factor * Math.min(1, raw(middleHour(interval, offsetMs)) / top);
  };
}

function windShape(profile: Extract<Profile, { kind: 'wind' }>, capacityMw: number, offsetMs: number): PreparedProfile {
  const boosts = profile.boost.map((boost) => ({
    fromMs: fromWire(boost.fromTime),
    toMs: fromWire(boost.toTime),
    addRatio: boost.addRatio,
  }));
  return {
    noise: { purpose: 'wind', memoryMs: profile.memoryHours * hourMs },
    series: null,
    meanMw: (interval, z) => {
      const swing = 1 + profile.diurnalRatio * Math.cos((2 * Math.PI * (middleHour(interval, offsetMs) - profile.peakHour)) / 24);
      const middleMs = (interval.fromMs + interval.toMs) / 2;
      const added = boosts.reduce((sum, boost) => (middleMs >= boost.fromMs && middleMs < boost.toMs ? sum + boost.addRatio : sum), 0);
      const ratio = profile.meanRatio * swing + profile.sigmaRatio * z + added;
      return capacityMw * Math.min(profile.maxRatio, Math.max(profile.minRatio, ratio));
    },
  };
}

function solarShape(profile: Extract<Profile, { kind: 'solar' }>, capacityMw: number, offsetMs: number): PreparedProfile {
  return {
    noise: { purpose: 'cloud', memoryMs: cloudMemoryMs },
    series: null,
    meanMw: (interval, z) => {
      const sinceSunrise = (middleHour(interval, offsetMs) - profile.sunriseHour) / profile.daylightHours;
      if (sinceSunrise <= 0 || sinceSunrise >= 1) return 0;
      const ratio = profile.peakRatio * Math.sin(Math.PI * sinceSunrise) ** profile.exponent * (1 + profile.cloudRatio * z);
      return capacityMw * Math.min(1, Math.max(0, ratio));
    },
  };
}
