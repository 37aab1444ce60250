import type { Fact } from '../domain/fact.js';
import { planOf, type FieldPlan, type MemberPlan, type PointPlan } from './plan.js';

export type FieldValue = number | string | boolean;

/** One point of history: a series (measurement and tags), an instant in UTC ms, and what is known of it. */
export interface Point {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly timeMs: number;
}

/** Field in which a milestone stands whole, as JSON. */
export const wholeField = 'data';

/**
 * Points of a fact: one of the fact itself with tick, phase, id, quality and revision, and for states one per member of its arrays.
 * Milestones stand whole in one point. Null words become empty, null numbers are left out. Empty for types history does not keep.
 */
export function pointsOf(fact: Fact): readonly Point[] {
  const plan = planOf(fact.type);
  if (plan === null) return [];
  const data: Readonly<Record<string, unknown>> = fact.data;
  const points: Point[] = [
    { measurement: plan.measurement, tags: factTagsOf(fact), fields: factFields(plan, fact, data), timeMs: fact.timeMs },
  ];
  for (const member of plan.members) {
    const rows = data[member.property];
    if (Array.isArray(rows)) for (const row of rows) points.push(memberPoint(fact, member, row));
  }
  return points;
}

/** Revision of a fact: `r-<8 hex>` for a correction, empty for the first saying. */
export function revisionOf(id: string): string {
  return /\/(r-[0-9a-f]{8})$/.exec(id)?.[1] ?? '';
}

/** Id of the first saying of a fact: the same for all its corrections. */
export function uncorrectedId(id: string): string {
  const revision = revisionOf(id);
  return revision === '' ? id : id.slice(0, -revision.length - 1);
}

function factFields(plan: PointPlan, fact: Fact, data: Readonly<Record<string, unknown>>): Record<string, FieldValue> {
  const fields: Record<string, FieldValue> = {};
  for (const field of plan.fields) setField(fields, field, data[field.name]);
  const { envelope } = plan;
  fields[envelope.tick] = fact.tick;
  fields[envelope.phase] = fact.phase;
  fields[envelope.id] = fact.id;
  fields[envelope.quality] = fact.quality;
  fields[envelope.revision] = revisionOf(fact.id);
  if (plan.isMilestone) fields[wholeField] = JSON.stringify(data);
  return fields;
}

function memberPoint(fact: Fact, plan: MemberPlan, row: Readonly<Record<string, unknown>>): Point {
  const tags = factTagsOf(fact);
  for (const tag of plan.tags) tags[tag] = String(row[tag]);
  const fields: Record<string, FieldValue> = {};
  for (const field of plan.fields) setField(fields, field, row[field.name]);
  return { measurement: plan.measurement, tags, fields, timeMs: fact.timeMs };
}

function factTagsOf(fact: Fact): Record<string, string> {
  return fact.n > 0 ? { entity: fact.entity, n: String(fact.n), region: fact.region } : { entity: fact.entity, region: fact.region };
}

function setField(fields: Record<string, FieldValue>, plan: FieldPlan, value: unknown): void {
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') fields[plan.name] = value;
  else if (Array.isArray(value)) fields[plan.name] = value.join(',');
  else if (plan.kind === 'word' && value === null) fields[plan.name] = '';
}
