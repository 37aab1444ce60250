import { floatAt } from '../grid/dense.js';
import { hourMs } from '../ticks.js';
import { errorFan, learnErrors, levels, newBands, spreads, type Bands } from './bands.js';
import { dateKindOf, type HolidayCalendar } from './calendar.js';
import { featuresOf, leadCount, type DayAbout, type ProfileShape } from './features.js';
import { copyHours, dayMean, filledRatio, hoursAgo, likelyLog, lookbackHours, newLookback, pushHour, type Lookback } from './lookback.js';
import { newWatch, possibleLog, reasonAgainst, type PlausibleWatch, type Refusal } from './plausible.js';
import { learnDay, newProfile, profileDay, type Profile, type ProfileDay } from './profile.js';
import { warmthOf } from './warmth.js';
import { newSmoothing, skipHour, smoothedLog, smoothHour, type Smoothing } from './smoothing.js';

/** When forecasts are issued and what for. Hours are named by the instant they end at. */
export interface IssuePlan extends ProfileShape {
  /** Whether a forecast is issued when the hour that ends then is known. */
  readonly isIssue: (endMs: number) => boolean;
  /** The clock of the place at an instant. */
  readonly localMs: (atMs: number) => number;
  readonly holidays: HolidayCalendar;
  /** Load known from the build-out that is in the hour that ends then, MW; the forecast is of the rest, with it added. */
  readonly knownMw: (endMs: number) => number;
  /** Mean temperature of the hour that ends then, C; NaN: unknown. Of hours ahead it is asked only where `weather` is `ahead`. */
  readonly temperatureC: (endMs: number) => number;
}

/** A forecast issued at an instant. */
export interface LoadForecast {
  /** End of the last hour that was known. */
  readonly issuedMs: number;
  readonly leadFrom: number;
  /** [leads] and [leads][levels], MW. */
  readonly medianMw: Float64Array;
  readonly fanMw: Float64Array;
  /** [leads]: double-seasonal smoothing alone, for comparison, MW. */
  readonly smoothedMw: Float64Array;
  /** [leads][levels]: rise from the hour before, MW; NaN at the first lead unless the hour before it is known. */
  readonly riseFanMw: Float64Array;
}

/** What forecasts of one series need to know, changed in place by every hour. */
export interface Forecaster {
  readonly plan: IssuePlan;
  readonly lookback: Lookback;
  readonly watch: PlausibleWatch;
  readonly smoothing: Smoothing;
  readonly profile: Profile;
  readonly bands: Bands;
  readonly riseBands: Bands;
  /** Recent size of the error of each way to forecast, log. */
  readonly lossOf: Float64Array;
  /** End of the newest hour, UTC ms. */
  endMs: number;
  pending: readonly PendingDay[];
}

interface PendingDay {
  readonly issuedMs: number;
  readonly profileDay: ProfileDay;
  /** [ways][leads], logs. */
  readonly ways: readonly Float64Array[];
  readonly center: Float64Array;
  readonly riseCenter: Float64Array;
  readonly spread: Float64Array;
  readonly fan: Float64Array;
  readonly riseSpread: Float64Array;
  readonly riseFan: Float64Array;
  /** [leads + 1]: logs that came true, from the hour before the first lead; NaN until then and where missing. */
  readonly seen: Float64Array;
}

/** What an hour brought. */
export interface HourSeen {
  /** Null when the value was taken as load. */
  readonly refusal: Refusal | null;
  /** Issued with this hour as the last that is known; null when none is due, or less than nine days are known. */
  readonly forecast: LoadForecast | null;
}

/** Half of the size of an error is forgotten after 20 days. */
const lossForgotten = 1 - 0.5 ** (1 / 20);
/** Ways are weighed by their recent error to this power: one that is a fifth worse counts a twentieth. */
const skillPower = 16;
const wayCount = 3;

/** Forecaster of a series whose past is known: `mw` hour by hour, NaN where missing, the first of them ending at `startMs`. */
export function newForecaster(plan: IssuePlan, past: { readonly startMs: number; readonly mw: Float64Array }): Forecaster {
  const forecaster: Forecaster = {
    plan,
    lookback: newLookback(),
    watch: newWatch(),
    smoothing: newSmoothing(),
    profile: newProfile(pastFeatures(plan, past), plan),
    bands: newBands(leadCount(plan)),
    riseBands: newBands(leadCount(plan)),
    lossOf: new Float64Array(wayCount),
    endMs: past.startMs - hourMs,
    pending: [],
  };
  for (const mw of past.mw) seeHour(forecaster, mw);
  return forecaster;
}

/** Features of every day of the past on which a forecast would have been issued, each from what was known then. */
function pastFeatures(plan: IssuePlan, { startMs, mw }: { readonly startMs: number; readonly mw: Float64Array }): Float64Array[] {
  const [lookback, watch] = [newLookback(), newWatch()];
  const hours = new Float64Array(lookbackHours);
  const days: Float64Array[] = [];
  mw.forEach((value, hour) => {
    const endMs = startMs + hour * hourMs;
    const ownMw = value - plan.knownMw(endMs);
    const isFilled = reasonAgainst(watch, ownMw) !== null;
    pushHour(lookback, isFilled ? likelyLog(lookback) : Math.log(ownMw), isFilled);
    if (lookback.hours < lookbackHours || !plan.isIssue(endMs)) return;
    copyHours(lookback, hours);
    days.push(featuresOf(hours, aboutAhead(plan, endMs), plan));
  });
  return days;
}

/** What a forecast issued then is about. */
function aboutAhead(plan: IssuePlan, issuedMs: number): DayAbout {
  return {
    date: dateKindOf(plan.localMs(issuedMs + ((plan.leadFrom + plan.leadTo - 1) / 2) * hourMs), plan.holidays),
    warmth: warmthOf(plan, issuedMs),
  };
}

/** Takes in the next hour, learns from forecasts that have come to their end, and issues one when it is due. NaN: no value. */
export function seeHour(forecaster: Forecaster, mw: number): HourSeen {
  const { plan, lookback, watch, smoothing } = forecaster;
  forecaster.endMs += hourMs;
  const hourNumber = Math.floor(forecaster.endMs / hourMs);
  const ownMw = mw - plan.knownMw(forecaster.endMs);
  const refusal = reasonAgainst(watch, ownMw);
  const log = refusal === null ? Math.log(ownMw) : Number.NaN;
  if (refusal === null) smoothHour(smoothing, hourNumber, log);
  else skipHour(smoothing);
  pushHour(lookback, refusal === null ? log : fillingLog(forecaster), refusal !== null);
  for (const day of forecaster.pending) {
    const place = (forecaster.endMs - day.issuedMs) / hourMs - plan.leadFrom + 1;
    if (place >= 0 && place < day.seen.length) day.seen[place] = log;
    if (place === day.seen.length - 1) learn(forecaster, day);
  }
  forecaster.pending = forecaster.pending.filter(({ issuedMs }) => forecaster.endMs - issuedMs < plan.leadTo * hourMs);
  const isDue = lookback.hours >= lookbackHours && plan.isIssue(forecaster.endMs);
  return { refusal, forecast: isDue ? issue(forecaster) : null };
}

/** What the newest forecast said of the hour that has no value. */
function fillingLog({ pending, endMs, plan, lookback }: Forecaster): number {
  const said = pending
    .map(({ issuedMs, center }) => center[(endMs - issuedMs) / hourMs - plan.leadFrom])
    .findLast((log) => log !== undefined);
  return said ?? likelyLog(lookback);
}

function issue(forecaster: Forecaster): LoadForecast {
  const { plan, lookback, bands, riseBands, endMs } = forecaster;
  const hours = new Float64Array(lookbackHours);
  copyHours(lookback, hours);
  const day = profileDay(forecaster.profile, hours, aboutAhead(plan, endMs));
  const ways = waysOf(forecaster, day);
  const center = blend(ways, forecaster.lossOf);
  // Until the hour before the first lead is known nothing is said of the rise after it.
  const before = plan.leadFrom === 1 && lookback.isFilled[(lookback.hours - 1) % lookbackHours] === 0 ? hoursAgo(lookback, 0) : Number.NaN;
  const riseCenter = center.map((log, lead) => 1 - Math.exp((lead === 0 ? before : floatAt(center, lead - 1)) - log));
  const wider = 1 + 2 * filledRatio(lookback);
  const [spread, riseSpread] = [spreads(bands), spreads(riseBands)];
  const [fan, riseFan] = [errorFan(bands, spread, wider), errorFan(riseBands, riseSpread, wider)];
  const seen = new Float64Array(center.length + 1).fill(Number.NaN);
  if (plan.leadFrom === 1) seen[0] = before;
  forecaster.pending = [
    ...forecaster.pending,
    { issuedMs: endMs, profileDay: day, ways, center, riseCenter, spread, fan, riseSpread, riseFan, seen },
  ];
  return said(forecaster, { center, riseCenter, fan, riseFan, smoothed: ways[1] ?? center });
}

/** The forecast in MW, with the load that is known put back. */
function said(
  { plan, endMs, lookback }: Forecaster,
  logs: Pick<PendingDay, 'center' | 'riseCenter' | 'fan' | 'riseFan'> & { readonly smoothed: Float64Array },
): LoadForecast {
  const { center, riseCenter, fan, riseFan, smoothed } = logs;
  const count = levels.length;
  const knownMw = Float64Array.from({ length: center.length + 1 }, (_, place) =>
    plan.knownMw(endMs + (plan.leadFrom - 1 + place) * hourMs),
  );
  const usualLog = dayMean(lookback, 0);
  const fanMw = fan.map((error, place) => {
    const lead = Math.floor(place / count);
    return Math.exp(possibleLog(usualLog, floatAt(center, lead) + error)) + floatAt(knownMw, lead + 1);
  });
  const riseFanMw = riseFan.map((error, place) => {
    const lead = Math.floor(place / count);
    const risesMw = (floatAt(riseCenter, lead) + error) * Math.exp(floatAt(center, lead));
    return risesMw + floatAt(knownMw, lead + 1) - floatAt(knownMw, lead);
  });
  return {
    issuedMs: endMs,
    leadFrom: plan.leadFrom,
    medianMw: center.map((_, lead) => floatAt(fanMw, lead * count + (count - 1) / 2)),
    fanMw,
    smoothedMw: smoothed.map((log, lead) => Math.exp(log) + floatAt(knownMw, lead + 1)),
    riseFanMw,
  };
}

/** Logs by each way to forecast: the profile, smoothing, and the week before at the level of the last day. */
function waysOf({ plan, lookback, smoothing, endMs }: Forecaster, day: ProfileDay): Float64Array[] {
  const leads = Array.from({ length: leadCount(plan) }, (_, place) => plan.leadFrom + place);
  const rise = dayMean(lookback, 0) - dayMean(lookback, 168);
  return [
    day.forecast.map((log) => log + day.level),
    Float64Array.from(leads, (lead) => smoothedLog(smoothing, Math.floor(endMs / hourMs), lead)),
    Float64Array.from(leads, (lead) => hoursAgo(lookback, 168 - lead) + rise),
  ];
}

/** Ways weighed by how small their errors were of late; alike while none is known. */
function blend(ways: readonly Float64Array[], lossOf: Float64Array): Float64Array {
  const least = Math.max(1e-9, Math.min(...lossOf));
  const weights = Array.from(lossOf, (loss) => (least / Math.max(least, loss)) ** skillPower);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return Float64Array.from(ways[0] ?? [], (_, lead) =>
    ways.reduce((log, way, place) => log + ((weights[place] ?? 0) / sum) * (way[lead] ?? 0), 0),
  );
}

/** Learns from a forecast all of whose hours have passed. */
function learn(forecaster: Forecaster, day: PendingDay): void {
  const { profile, bands, riseBands, lossOf } = forecaster;
  const logs = day.seen.subarray(1);
  day.ways.forEach((way, place) => {
    let [size, seen] = [0, 0];
    for (let lead = 0; lead < logs.length; lead++) {
      const error = Math.abs(floatAt(logs, lead) - floatAt(way, lead));
      if (Number.isNaN(error)) continue;
      size += error;
      seen += 1;
    }
    if (seen > 0)
      lossOf[place] = floatAt(lossOf, place) + Math.max(lossForgotten, 1 / (bands.days + 1)) * (size / seen - floatAt(lossOf, place));
  });
  const errors = logs.map((log, lead) => log - floatAt(day.center, lead));
  const riseErrors = logs.map((log, lead) => {
    const center = floatAt(day.center, lead);
    return Math.exp(log - center) - Math.exp(floatAt(day.seen, lead) - center) - floatAt(day.riseCenter, lead);
  });
  learnErrors(bands, errors, day);
  learnErrors(riseBands, riseErrors, { spread: day.riseSpread, fan: day.riseFan });
  learnDay(profile, day.profileDay, logs);
}

/** A forecaster that goes its own way from here, by a plan of its own. */
export function copyForecaster(forecaster: Forecaster, plan: IssuePlan): Forecaster {
  const { plan: _, ...state } = forecaster;
  return { ...structuredClone(state), plan };
}

/** Memory that a forecaster holds, without its program, bytes. */
export function stateBytes(forecaster: Forecaster): number {
  const bytesOf = (value: unknown): number => {
    if (ArrayBuffer.isView(value)) return value.byteLength;
    if (typeof value !== 'object' || value === null) return 8;
    return Object.values(value).reduce((sum: number, part) => sum + bytesOf(part), 0);
  };
  return bytesOf(forecaster);
}
