import type { FactDataOf } from '../fact.js';
import { minuteMs, toWire } from '../ticks.js';

/** A value of somebody else's series, as it came. */
export interface Reading {
  readonly fromMs: number;
  readonly toMs: number;
  readonly rawText: string;
}

type Telemetry = FactDataOf['telemetry.demand.v1'];

/** Text that stands for nothing in the series of authorities. */
const nothingWords = new Set(['', 'MISSING', 'EMPTY', 'NA', 'NAN', 'NULL', '-']);
const decimalPattern = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
/** A load this many times the largest the region is modelled with is an error of a meter, not a load. */
const mostTimesModelled = 10;
const longestText = 40;

/** What is used of a reading. Low values stay as they are: load that was shed is real. */
export function judged(rawText: string, largestMw: number): Pick<Telemetry, 'demandMw' | 'verdict'> {
  const text = rawText.trim();
  if (nothingWords.has(text.toUpperCase()) || !decimalPattern.test(text)) return { demandMw: null, verdict: 'missing' };
  const mw = Number(text);
  if (mw < 0) return { demandMw: null, verdict: 'negative' };
  return mw > mostTimesModelled * largestMw ? { demandMw: null, verdict: 'implausible' } : { demandMw: mw, verdict: 'usable' };
}

/** The text of a reading as it is told. */
export function toldText({ rawText }: Reading): string {
  return rawText.slice(0, longestText);
}

/** A reading as the twin records it. */
export function telemetryOf(
  reading: Reading,
  about: { readonly source: string; readonly largestMw: number; readonly revision: number; readonly nowMs: number },
): Telemetry {
  const { source, largestMw, revision, nowMs } = about;
  return {
    source,
    fromTime: toWire(reading.fromMs),
    toTime: toWire(reading.toMs),
    rawText: toldText(reading),
    ...judged(reading.rawText, largestMw),
    revision,
    delayMinutes: Math.max(0, (nowMs - reading.toMs) / minuteMs),
  };
}

/** What has been told of each interval of a series, by its start. */
export type Told = ReadonlyMap<number, { readonly rawText: string; readonly revision: number }>;

/** A reading that is to be told, and how often its interval was told before. */
export interface Due {
  readonly reading: Reading;
  readonly revision: number;
}

/** History before the start of a world that it begins with, so that it knows its gain: what is older says nothing. */
export const lookBackMs = 7 * 24 * 60 * minuteMs;

/**
 * What is to be told at an instant of the twin, in the order of its intervals: what is over and was not told, and what is no longer what was
 * told. Of an interval that stands twice the later row counts.
 */
export function dueOf(readings: readonly Reading[], told: Told, span: { readonly fromMs: number; readonly nowMs: number }): readonly Due[] {
  const newest = new Map<number, Reading>();
  for (const reading of readings) if (reading.fromMs >= span.fromMs && reading.toMs <= span.nowMs) newest.set(reading.fromMs, reading);
  return [...newest.values()]
    .sort((a, b) => a.fromMs - b.fromMs)
    .flatMap((reading) => {
      const before = told.get(reading.fromMs);
      if (before?.rawText === toldText(reading)) return [];
      return [{ reading, revision: before === undefined ? 0 : before.revision + 1 }];
    });
}
