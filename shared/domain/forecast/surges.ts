import { floatAt, intAt } from '../grid/dense.js';

/** Warnings of surges: hours in which load, or its rise, is among the largest of the test. */
export interface SurgeInput {
  /** [hours of the test], MW: load or rise that came true; NaN: unknown. */
  readonly seenMw: Float64Array;
  /** Share of the hours that are surges. */
  readonly topRatio: number;
  /** Forecasts by row: hour of the test, hours ahead, and how much it speaks for a surge; NaN: it says nothing. */
  readonly hour: Int32Array;
  readonly lead: Int32Array;
  readonly strength: (thresholdMw: number) => Float64Array;
  /** False alarms that are allowed over the whole test. */
  readonly mostFalse: number;
}

/** How well surges were warned of at the strength that keeps false alarms within what is allowed. */
export interface SurgeScore {
  /** Load or rise from which an hour is a surge, MW: known after the test only. */
  readonly thresholdMw: number;
  /** Strength from which a warning is given; null: none that keeps within the false alarms allowed. */
  readonly alarmStrength: number | null;
  /** Runs of hours in a row. */
  readonly surges: number;
  readonly alarms: number;
  readonly falseAlarms: number;
  readonly precisionRatio: number | null;
  readonly recallRatio: number | null;
  /** From the forecast that warned first to the start of the surge; null without a surge that was warned of. */
  readonly medianLeadHours: number | null;
}

/** Hours in a row, the last included. */
interface Run {
  readonly from: number;
  readonly to: number;
}

/** Strengths tried as the one to warn from. */
const tries = 400;
/** Largest share of the hours that warnings may fill. */
const mostAlarmRatio = 0.2;

/** Scores the warnings; null when nothing is known of the test. An alarm that comes an hour off still counts. */
export function surgeScore(input: SurgeInput): SurgeScore | null {
  const { seenMw, topRatio } = input;
  const known = seenMw.filter((mw) => !Number.isNaN(mw)).sort();
  const thresholdMw = known[known.length - Math.max(1, Math.round(topRatio * known.length))];
  if (thresholdMw === undefined) return null;
  const surges = runsOf(seenMw.length, (hour) => floatAt(seenMw, hour) >= thresholdMw);
  const strength = input.strength(thresholdMw);
  const ordered = strength.filter((value) => value > 0).sort();
  let best: SurgeScore | null = null;
  for (let step = 1; step <= tries; step++) {
    const place = ordered.length - Math.ceil((step / tries) * mostAlarmRatio * strength.length);
    const alarmStrength = ordered[Math.max(0, place)];
    if (alarmStrength === undefined || alarmStrength === best?.alarmStrength) continue;
    const score = scoreAt(input, { surges, strength, alarmStrength, thresholdMw });
    if (score.falseAlarms > input.mostFalse) break;
    best = score;
  }
  return best ?? scoreAt(input, { surges, strength, alarmStrength: Infinity, thresholdMw });
}

function scoreAt(
  { seenMw, hour, lead }: SurgeInput,
  at: { readonly surges: readonly Run[]; readonly strength: Float64Array; readonly alarmStrength: number; readonly thresholdMw: number },
): SurgeScore {
  const { surges, strength, alarmStrength, thresholdMw } = at;
  const issuedAt = new Float64Array(seenMw.length).fill(Infinity);
  for (let row = 0; row < hour.length; row++) {
    if (!(floatAt(strength, row) >= alarmStrength)) continue;
    issuedAt[intAt(hour, row)] = Math.min(floatAt(issuedAt, intAt(hour, row)), intAt(hour, row) - intAt(lead, row));
  }
  const alarms = runsOf(seenMw.length, (each) => floatAt(issuedAt, each) < Infinity);
  const isNear = (one: Run, other: Run): boolean => one.from <= other.to + 1 && other.from <= one.to + 1;
  const falseAlarms = alarms.filter((alarm) => !surges.some((surge) => isNear(alarm, surge))).length;
  const leads = surges.flatMap((surge) => {
    let earliest = Infinity;
    for (let each = Math.max(0, surge.from - 1); each <= Math.min(seenMw.length - 1, surge.to + 1); each++)
      earliest = Math.min(earliest, floatAt(issuedAt, each));
    // A warning that is issued once the surge is under way is none.
    return earliest < surge.from ? [surge.from - earliest] : [];
  });
  return {
    thresholdMw,
    alarmStrength: alarmStrength < Infinity ? alarmStrength : null,
    surges: surges.length,
    alarms: alarms.length,
    falseAlarms,
    precisionRatio: alarms.length === 0 ? null : 1 - falseAlarms / alarms.length,
    recallRatio: surges.length === 0 ? null : leads.length / surges.length,
    medianLeadHours: medianOf(leads),
  };
}

/** Runs of hours in a row that are so. */
export function runsOf(hours: number, is: (hour: number) => boolean): Run[] {
  const runs: Run[] = [];
  let from = -1;
  for (let hour = 0; hour <= hours; hour++) {
    const isIn = hour < hours && is(hour);
    if (isIn && from < 0) from = hour;
    if (isIn || from < 0) continue;
    runs.push({ from, to: hour - 1 });
    from = -1;
  }
  return runs;
}

function medianOf(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
