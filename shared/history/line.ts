import { TwinError } from '../runtime/errors.js';
import type { FieldValue, Point } from './point.js';

/**
 * A point in line protocol, times in ms. Commas, equal signs and blanks in tags are escaped, quotes and backslashes in words too.
 * Source: InfluxDB 1.x line protocol reference, "special characters".
 * @throws TWIN_MALFORMED_EVENT for a tag that line protocol cannot carry (empty, backslash, control character),
 * and for a number that is not finite.
 */
export function lineOf(point: Point): string {
  let fields = '';
  for (const name in point.fields) {
    const value = point.fields[name];
    if (value !== undefined) fields += `${fields === '' ? '' : ','}${escapeKey(name)}=${fieldText(name, value)}`;
  }
  return `${seriesOf(point.measurement, point.tags)} ${fields} ${point.timeMs}`;
}

/** Key of a series as line protocol spells it: measurement and tags in the order of their names. */
export function seriesOf(measurement: string, tags: Readonly<Record<string, string>>): string {
  let series = escapeMeasurement(measurement);
  for (const name of Object.keys(tags).sort()) {
    const value = tags[name];
    if (value !== undefined) series += `,${escapeKey(name)}=${escapeTag(name, value)}`;
  }
  return series;
}

function fieldText(name: string, value: FieldValue): string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TwinError('TWIN_MALFORMED_EVENT', `${name}: ${value} is not a finite number`);
    return String(value);
  }
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return `"${/["\\]/.test(value) ? value.replaceAll('\\', '\\\\').replaceAll('"', '\\"') : value}"`;
}

const plain = /^[A-Za-z0-9_.-]+$/;

function escapeTag(name: string, value: string): string {
  if (plain.test(value)) return value;
  if (value === '') throw new TwinError('TWIN_MALFORMED_EVENT', `tag ${name} is empty`);
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  if (/[\u0000-\u001f\\]/.test(value)) {
    throw new TwinError('TWIN_MALFORMED_EVENT', `tag ${name} ${JSON.stringify(value)} holds a backslash or control character`);
  }
  return value.replace(/[,= ]/g, '\\$&');
}

function escapeKey(name: string): string {
  return plain.test(name) ? name : name.replace(/[,= ]/g, '\\$&');
}

function escapeMeasurement(name: string): string {
  return plain.test(name) ? name : name.replace(/[, ]/g, '\\$&');
}
