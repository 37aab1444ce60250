import type { Bus } from '../bus/connect.js';
import { compareText } from '../domain/fact.js';
import { dayMs, toWire } from '../domain/ticks.js';
import { quoted, type InfluxReader, type SeriesRows } from './influx.js';
import { seriesOf } from './line.js';
import { pointsOf, uncorrectedId, type FieldValue, type Point } from './point.js';
import { between, earliestMs, latestMs } from './query.js';
import { positionOf, readThrough, waitForHistorian } from './stream.js';
import { addTo, areEqual, emptyTally, fieldsText, fingerprint, type Tally } from './tally.js';

/** One point that is not in history as the stream says it. */
export interface Difference {
  readonly kind: 'missing' | 'altered' | 'extra';
  /** Measurement and tags. */
  readonly series: string;
  readonly time: string;
  /** Fields by the stream and in InfluxDB; null where there is no point. */
  readonly stream: Readonly<Record<string, FieldValue>> | null;
  readonly influx: Readonly<Record<string, FieldValue>> | null;
}

/** What `history verify` found. */
export interface Verification {
  readonly isSame: boolean;
  readonly facts: number;
  readonly malformed: number;
  readonly points: number;
  readonly throughSequence: number;
  /** Facts the historian has not taken yet although it was waited for; they are left out. */
  readonly notYetWritten: number;
  /** False when the stream has dropped its oldest facts: history older than that cannot be compared. */
  readonly isWhole: boolean;
  readonly differences: readonly Difference[];
  /** Measurement-days that differ as well and were not compared point by point. */
  readonly daysNotDetailed: number;
}

/** Points of one measurement on one UTC day. */
interface Bucket {
  readonly measurement: string;
  readonly day: number;
  readonly tally: Tally;
  /** A fact was said again, so that sums cannot tell: compared point by point. */
  isRepeated: boolean;
}

/** Measurement-days compared point by point in one reading of the stream; each is at most some ten thousand points. */
const detailedBuckets = 30;
/** Differences named of one reading. */
const detailedDifferences = 1_000;

/** A point of the stream or of history while it is compared. */
interface Standing {
  readonly measurement: string;
  readonly timeMs: number;
  readonly series: string;
  fields: Record<string, FieldValue>;
}

/**
 * Compares the stream with history: counts and hashes of distinct (series, time), newest revision, by measurement and day;
 * days that differ are compared point by point. Waits at most `waitMs` of wall time for the historian first.
 */
export async function verifyHistory(bus: Bus, reader: InfluxReader, waitMs: number): Promise<Verification> {
  const start = await positionOf(bus);
  const position = await waitForHistorian(bus, start.lastSequence, waitMs);
  const through = Math.min(start.lastSequence, position.writtenSequence);
  const isWhole = start.firstSequence <= 1;
  const buckets = new Map<string, Bucket>();
  const screened = await screen(bus, through, buckets);
  const { different, unclear } = await suspectsOf(reader, buckets, isWhole);
  const detailed = [...unclear, ...different.slice(0, detailedBuckets)];
  const differences: Difference[] = [];
  for (let from = 0; from < detailed.length; from += detailedBuckets) {
    const some = detailed.slice(from, from + detailedBuckets);
    differences.push(...(await compare(bus, reader, { through, isWhole, buckets: some })));
  }
  const daysNotDetailed = Math.max(0, different.length - detailedBuckets);
  return {
    isSame: differences.length === 0 && daysNotDetailed === 0,
    ...screened,
    throughSequence: through,
    notYetWritten: start.lastSequence - through,
    isWhole,
    differences,
    daysNotDetailed,
  };
}

async function screen(
  bus: Bus,
  through: number,
  buckets: Map<string, Bucket>,
): Promise<{ facts: number; malformed: number; points: number }> {
  const seen = new Set<number>();
  let facts = 0;
  let points = 0;
  const malformed = await readThrough(bus, { fromSequence: 1, lastSequence: through }, ({ fact }) => {
    const identity = fingerprint(`${fact.region}/${uncorrectedId(fact.id)}`);
    const isRepeated = seen.has(identity);
    seen.add(identity);
    facts += 1;
    for (const point of pointsOf(fact)) {
      points += 1;
      const bucket = bucketOf(buckets, point.measurement, point.timeMs);
      addTo(bucket.tally, `${seriesOf(point.measurement, point.tags)} ${point.timeMs} ${fieldsText(point.fields)}`);
      if (isRepeated) bucket.isRepeated = true;
    }
  });
  return { facts, malformed, points };
}

/** Measurement-days whose tally in InfluxDB is another one, and those whose tally cannot tell; each in order. */
async function suspectsOf(
  reader: InfluxReader,
  buckets: Map<string, Bucket>,
  isWhole: boolean,
): Promise<{ readonly different: readonly Bucket[]; readonly unclear: readonly Bucket[] }> {
  if (isWhole) for (const { measurement, day } of await daysIn(reader)) bucketOf(buckets, measurement, day * dayMs);
  const inOrder = [...buckets.values()].sort((a, b) => compareText(a.measurement, b.measurement) || a.day - b.day);
  const different: Bucket[] = [];
  const unclear = inOrder.filter(({ isRepeated }) => isRepeated);
  for (const bucket of inOrder.filter(({ isRepeated }) => !isRepeated)) {
    const found = emptyTally();
    for (const point of await pointsIn(reader, bucket)) addTo(found, `${point.series} ${point.timeMs} ${fieldsText(point.fields)}`);
    if (!areEqual(bucket.tally, found)) different.push(bucket);
  }
  return { different, unclear };
}

/** Measurement-days on which InfluxDB has points. */
async function daysIn(reader: InfluxReader): Promise<readonly { readonly measurement: string; readonly day: number }[]> {
  const names = (await reader.select('SHOW MEASUREMENTS')).flatMap(({ values }) => values.map(([name]) => String(name)));
  const days: { measurement: string; day: number }[] = [];
  for (const measurement of names) {
    const counts = await reader.select(
      `SELECT count(*) FROM ${quoted(measurement)} WHERE ${between(earliestMs, latestMs)} GROUP BY time(1d) fill(none)`,
    );
    for (const [timeMs] of counts.flatMap(({ values }) => values)) days.push({ measurement, day: Math.floor(Number(timeMs) / dayMs) });
  }
  return days;
}

/** Point by point. InfluxDB is read before the stream, so that what is written meanwhile is never taken for an alien. */
async function compare(
  bus: Bus,
  reader: InfluxReader,
  scope: { readonly through: number; readonly isWhole: boolean; readonly buckets: readonly Bucket[] },
): Promise<readonly Difference[]> {
  const found = new Map<string, Standing>();
  for (const bucket of scope.buckets) for (const point of await pointsIn(reader, bucket)) found.set(keyOf(point), point);
  const wanted = new Set(scope.buckets.map(({ measurement, day }) => `${measurement} ${day}`));
  const said = new Map<string, Standing & { isDue: boolean }>();
  const { lastSequence } = await positionOf(bus);
  await readThrough(bus, { fromSequence: 1, lastSequence }, ({ fact, sequence }) => {
    for (const point of pointsOf(fact)) {
      if (!wanted.has(`${point.measurement} ${Math.floor(point.timeMs / dayMs)}`)) continue;
      const standing = standingOf(point);
      const earlier = said.get(keyOf(standing));
      // A later saying that was not due yet may or may not be there: what stood before it is not an error either.
      const isDue = sequence <= scope.through;
      said.set(keyOf(standing), {
        ...standing,
        fields: { ...earlier?.fields, ...standing.fields },
        isDue: isDue && earlier?.isDue !== false,
      });
    }
  });
  const differences: Difference[] = [];
  for (const [key, point] of said) {
    const there = found.get(key);
    if (!point.isDue || differences.length >= detailedDifferences) continue;
    if (there === undefined) differences.push(difference('missing', point, point.fields, null));
    else if (fieldsText(there.fields) !== fieldsText(point.fields))
      differences.push(difference('altered', point, point.fields, there.fields));
  }
  for (const [key, point] of found) {
    if (scope.isWhole && !said.has(key) && differences.length < detailedDifferences)
      differences.push(difference('extra', point, null, point.fields));
  }
  return differences;
}

function difference(kind: Difference['kind'], point: Standing, stream: Difference['stream'], influx: Difference['influx']): Difference {
  return { kind, series: point.series, time: toWire(point.timeMs), stream, influx };
}

function bucketOf(buckets: Map<string, Bucket>, measurement: string, timeMs: number): Bucket {
  const day = Math.floor(timeMs / dayMs);
  const key = `${measurement} ${day}`;
  const known = buckets.get(key);
  if (known !== undefined) return known;
  const made = { measurement, day, tally: emptyTally(), isRepeated: false };
  buckets.set(key, made);
  return made;
}

async function pointsIn(reader: InfluxReader, { measurement, day }: Bucket): Promise<readonly Standing[]> {
  const series = await reader.select(`SELECT * FROM ${quoted(measurement)} WHERE ${between(day * dayMs, (day + 1) * dayMs)} GROUP BY *`);
  return series.flatMap((rows) => standingsOf(rows));
}

function standingsOf(rows: SeriesRows): readonly Standing[] {
  const tags = Object.fromEntries(Object.entries(rows.tags).filter(([, value]) => value !== ''));
  const series = seriesOf(rows.name, tags);
  return rows.values.map((values) => {
    const fields: Record<string, FieldValue> = {};
    rows.columns.forEach((column, index) => {
      const value = values[index];
      if (column !== 'time' && (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean'))
        fields[column] = value;
    });
    return { measurement: rows.name, series, timeMs: Number(values[0]), fields };
  });
}

function standingOf(point: Point): Standing {
  return {
    measurement: point.measurement,
    series: seriesOf(point.measurement, point.tags),
    timeMs: point.timeMs,
    fields: { ...point.fields },
  };
}

function keyOf(point: Standing): string {
  return `${point.series} ${point.timeMs}`;
}
