import { floatAt } from '../grid/dense.js';
import { dayMapOf, rowOf, type DayMap } from './alikeDays.js';
import { featureGroups, featuresOf, leadCount, meanOf, withStep, type DayAbout, type Leads, type ProfileShape } from './features.js';
import { learnRow, newLeastSquares, valuesOf, type LeastSquares } from './leastSquares.js';

/** The profile of the hours ahead from what the last week looked like, learned day by day. */
export interface Profile {
  readonly leads: Leads;
  readonly map: DayMap;
  readonly squares: LeastSquares;
  /** Size of the error of a usual day, log. */
  usualError: number;
  days: number;
}

/** A day as it was when its forecast was issued. */
export interface ProfileDay {
  /** Mean log of the last 24 hours; the profile is relative to it. */
  readonly level: number;
  readonly row: Float64Array;
  /** [leads]: log relative to the level, as forecast then. */
  readonly forecast: Float64Array;
  /** What the forecast should do if load that stays were added: rows and the change of the level, per unit of the load added. */
  readonly steps: readonly StepLesson[];
}

interface StepLesson {
  readonly row: Float64Array;
  readonly levelChange: number;
}

/** What holds coefficients to zero, against a day of what is seen. */
const penalty = 0.35;
/** A day whose error is this many times the usual counts less, with the square of how much. */
const robustErrors = 1.5;
const usualErrorStep = 0.05;
/** Added load, as share of the load there is, hours since it came, and how much such a lesson counts. */
const stepRatio = 0.012;
const stepAgesHours = [72, 480] as const;
const stepWeight = 0.02;
/** A lesson on added load is taken every third day. */
const daysPerLesson = 3;

/** A profile that has learned nothing yet; `days`: features of the days known, whose spread sets the scales. */
export function newProfile(days: readonly Float64Array[], shape: ProfileShape): Profile {
  const { leadFrom, leadTo } = shape;
  const map = dayMapOf(days, featureGroups(shape));
  const squares = newLeastSquares(map.size, leadCount(shape), penalty);
  return { leads: { leadFrom, leadTo }, map, squares, usualError: 0, days: 0 };
}

/** The forecast of a day. `hours`: [lookbackHours], logs, newest last. */
export function profileDay(profile: Profile, hours: Float64Array, about: DayAbout): ProfileDay {
  const level = meanOf(hours, 0);
  const row = rowOf(profile.map, featuresOf(hours, about, profile.leads));
  const steps =
    profile.days % daysPerLesson === 0 ? stepAgesHours.map((age) => stepLesson(profile, { hours, about, row, level, age })) : [];
  return { level, row, forecast: valuesOf(profile.squares, row.slice()), steps };
}

/** How the row of a day changes when load is added that has been there for `age` hours. */
function stepLesson(
  profile: Profile,
  day: { readonly hours: Float64Array; readonly about: DayAbout; readonly row: Float64Array; readonly level: number; readonly age: number },
): StepLesson {
  const stepped = withStep(day.hours, day.age, stepRatio * Math.exp(day.level));
  const row = rowOf(profile.map, featuresOf(stepped, day.about, profile.leads));
  for (let k = 0; k < row.length; k++) row[k] = (floatAt(row, k) - floatAt(day.row, k)) / stepRatio;
  return { row, levelChange: (meanOf(stepped, 0) - day.level) / stepRatio };
}

/** Learns from a day once its hours are known, [leads] logs; hours that are missing are taken as forecast. */
export function learnDay(profile: Profile, day: ProfileDay, logs: Float64Array): void {
  const targets = new Float64Array(logs.length);
  let [square, seen] = [0, 0];
  for (let lead = 0; lead < logs.length; lead++) {
    const log = floatAt(logs, lead);
    const target = Number.isNaN(log) ? floatAt(day.forecast, lead) : log - day.level;
    targets[lead] = target;
    square += (target - floatAt(day.forecast, lead)) ** 2;
    seen += Number.isNaN(log) ? 0 : 1;
  }
  if (4 * seen < 3 * logs.length) return;
  const error = Math.sqrt(square / seen);
  profile.usualError = profile.days === 0 ? error : profile.usualError * Math.exp(usualErrorStep * Math.sign(error - profile.usualError));
  profile.days += 1;
  const weight = Math.min(1, (robustErrors * profile.usualError) / Math.max(1e-9, error));
  for (const step of day.steps) {
    const stepTargets = new Float64Array(logs.length);
    for (let lead = 0; lead < logs.length; lead++) {
      const mwThen = Math.exp(floatAt(targets, lead) + day.level);
      const change = Math.log1p((stepRatio * Math.exp(day.level)) / mwThen) / stepRatio;
      stepTargets[lead] = Math.sqrt(stepWeight) * (change - step.levelChange);
    }
    learnRow(profile.squares, times(step.row, Math.sqrt(stepWeight)), stepTargets);
  }
  learnRow(profile.squares, times(day.row, weight), times(targets, weight));
}

function times(values: Float64Array, by: number): Float64Array {
  return values.map((value) => value * by);
}
