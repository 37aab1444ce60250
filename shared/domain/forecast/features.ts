import { floatAt } from '../grid/dense.js';
import { holidayKinds, type DateKind } from './calendar.js';
import { lookbackHours } from './lookback.js';

/** Numbers that belong together and are weighed together. */
export interface FeatureGroup {
  readonly name:
    | 'today'
    | 'yesterday'
    | 'weekAgo'
    | 'change'
    | 'level'
    | 'recent'
    | 'season'
    | 'weekday'
    | 'holiday'
    | 'afterHoliday'
    | 'warmth'
    | 'warmthAhead';
  readonly from: number;
  readonly count: number;
  /** Weight where the forecast follows a feature in a straight line; 0: it does not. */
  readonly straightWeight: number;
  /** Weight where days are told apart by how alike they are. */
  readonly alikeWeight: number;
  /** Measured, to be brought to a common scale; the others are what the calendar says. */
  readonly isMeasured: boolean;
}

/** Hours ahead that a forecast covers, both included. */
export interface Leads {
  readonly leadFrom: number;
  readonly leadTo: number;
}

/** What a profile is made from. */
export interface ProfileShape extends Leads {
  readonly weather: WeatherUse;
}

/** What a day is about, beside the load before it. */
export interface DayAbout {
  readonly date: DateKind;
  /** Temperatures, as many as `warmthCount` says, C; NaN where unknown. */
  readonly warmth: Float64Array;
}

/** Temperatures in use: none, those up to the issue, or also those of the hours ahead as a forecast would have them. */
export const weatherUses = ['none', 'observed', 'ahead'] as const;
export type WeatherUse = (typeof weatherUses)[number];

/** What `warmth.ts` says of the last day, and of the sixths of the hours ahead. */
const warmthSeen = 4;
export const warmthParts = 6;

export function warmthCount(weather: WeatherUse): number {
  return weather === 'none' ? 0 : weather === 'observed' ? warmthSeen : warmthSeen + 2 * warmthParts;
}

export function leadCount({ leadFrom, leadTo }: Leads): number {
  return leadTo - leadFrom + 1;
}

/**
 * The groups and their weights. Weights were chosen by the error of ERCOT's and PJM's demand in 2018 and hold for every series.
 * None of them is the plain level: what is learned is a change from the last day, so that load which is new and stays is soon followed.
 */
export function featureGroups(shape: ProfileShape): readonly FeatureGroup[] {
  const of: readonly (readonly [FeatureGroup['name'], number, number, number, boolean])[] = [
    ['today', 24, 1.2, 0.2, true],
    ['yesterday', 24, 0, 0.35, true],
    ['weekAgo', leadCount(shape), 0.15, 0, true],
    ['change', 3, 0, 0.22, true],
    ['level', 1, 0, 0.28, true],
    ['recent', 5, 10, 0.33, true],
    ['season', 2, 0, 0.68, false],
    ['weekday', 7, 0.5, 0.2, false],
    ['holiday', holidayKinds.length, 0.3, 1.5, false],
    ['afterHoliday', 2, 10, 1, false],
    ['warmth', shape.weather === 'none' ? 0 : warmthSeen, 3, 0.3, true],
    ['warmthAhead', shape.weather === 'ahead' ? 2 * warmthParts : 0, 3, 0.6, true],
  ];
  let from = 0;
  return of.map(([name, count, straightWeight, alikeWeight, isMeasured]) => {
    const group: FeatureGroup = { name, from, count, straightWeight, alikeWeight, isMeasured };
    from += count;
    return group;
  });
}

/** Count of all features. */
export function featureCount(groups: readonly FeatureGroup[]): number {
  return groups.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Features of a day from its lookback, [lookbackHours] logs of MW with the newest hour last, and from what it is about.
 * All of load but `level` are differences, so that a steady growth leaves them alone.
 */
export function featuresOf(hours: Float64Array, { date, warmth }: DayAbout, leads: Leads): Float64Array {
  const features = new Float64Array(24 + 24 + leadCount(leads) + 3 + 1 + 5 + 2 + 7 + holidayKinds.length + 2 + warmth.length);
  const log = (ago: number): number => floatAt(hours, lookbackHours - 1 - ago);
  const level = meanOf(hours, 0);
  const weekLevel = meanOf(hours, 168);
  let place = 0;
  const add = (value: number): void => void (features[place++] = value);
  const addShape = (newestAgo: number, count: number): number => {
    let sum = 0;
    for (let hour = 0; hour < count; hour++) sum += log(newestAgo + hour);
    for (let hour = count - 1; hour >= 0; hour--) add(log(newestAgo + hour) - sum / count);
    return sum / count;
  };
  addShape(0, 24);
  const yesterdayLevel = addShape(24, 24);
  const weekAgoLevel = addShape(168 - leads.leadTo, leadCount(leads));
  for (const before of [yesterdayLevel, meanOf(hours, 48), weekAgoLevel]) add(level - before);
  add(level);
  add(log(0) - level);
  add(log(1) - level);
  add(log(0) - log(24));
  add(log(1) - log(25));
  add(log(0) - log(168) - (level - weekLevel));
  add(Math.cos(date.yearAngle));
  add(Math.sin(date.yearAngle));
  for (let weekday = 0; weekday < 7; weekday++) add(date.weekday === weekday ? 1 : 0);
  for (const kind of holidayKinds) add(date.holiday === kind ? 1 : 0);
  add(date.isAfterHoliday ? 1 : 0);
  add(date.isWeekAfterHoliday ? 1 : 0);
  for (const celsius of warmth) add(celsius);
  return features;
}

/** Mean of 24 logs, the newest of them so many hours back. */
export function meanOf(hours: Float64Array, newestAgo: number): number {
  let sum = 0;
  for (let ago = newestAgo; ago < newestAgo + 24; ago++) sum += floatAt(hours, lookbackHours - 1 - ago);
  return sum / 24;
}

/** The same hours with so many MW more in the newest `ageHours` of them. */
export function withStep(hours: Float64Array, ageHours: number, stepMw: number): Float64Array {
  const stepped = hours.slice();
  for (let hour = Math.max(0, lookbackHours - ageHours); hour < lookbackHours; hour++)
    stepped[hour] = Math.log(Math.exp(floatAt(hours, hour)) + stepMw);
  return stepped;
}
