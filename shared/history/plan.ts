import type { TSchema } from 'typebox';
import { assert } from '../domain/assert.js';
import type { EventDefinition } from '../events/define.js';
import { definitionOf } from '../events/registry.js';

/** How a declared property is kept: a number, a word, a yes or no, or several slugs joined by commas. */
export type FieldKind = 'number' | 'word' | 'flag' | 'words';

/** One property of a fact or of a member of one of its arrays. */
export interface FieldPlan {
  readonly name: string;
  readonly kind: FieldKind;
}

/** An array of a fact: one point per member, in a measurement of its own so that totals and members never mix in a query. */
export interface MemberPlan {
  readonly property: string;
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: readonly FieldPlan[];
}

/** How facts of one type become points; follows from the declaration of the event alone. */
export interface PointPlan {
  readonly type: string;
  readonly measurement: string;
  readonly isMilestone: boolean;
  readonly fields: readonly FieldPlan[];
  readonly members: readonly MemberPlan[];
  /** Names under which tick, phase, id, quality and revision are kept. */
  readonly envelope: {
    readonly tick: string;
    readonly phase: string;
    readonly id: string;
    readonly quality: string;
    readonly revision: string;
  };
}

/** Types that history does not keep: marks only carry the tick itself. */
export const unkeptTypes: readonly string[] = ['clock.mark.v1'];

/** Properties of array members that say which member it is: tags, in this order. */
export const memberTags = [
  'bus',
  'campus',
  'cause',
  'contract',
  'interface',
  'lead',
  'line',
  'loss',
  'outage',
  'outside',
  'permit',
  'run',
  'source',
  'storage',
  'unit',
] as const;

/** Tags every point has; `n` only from the second fact at one instant on. */
export const factTags = ['region', 'entity', 'n'] as const;

const plans = new Map<string, PointPlan>();

/** The plan of a declared type, or null when history does not keep it or nothing of that name is declared. */
export function planOf(type: string): PointPlan | null {
  const known = plans.get(type);
  if (known !== undefined) return known;
  const definition = definitionOf(type);
  if (definition === undefined || unkeptTypes.includes(type)) return null;
  const made = makePlan(definition);
  plans.set(type, made);
  return made;
}

function makePlan(definition: EventDefinition): PointPlan {
  const measurement = measurementOf(definition.type);
  const isMilestone = definition.kind === 'milestone';
  const properties = Object.entries(definition.data.properties).map(([name, schema]) => ({ name, shape: shapeOf(schema) }));
  const fields = properties.flatMap(({ name, shape }) =>
    shape.kind === 'members' || shape.kind === 'record' ? [] : [{ name, kind: shape.kind }],
  );
  const members = properties.flatMap(({ name, shape }) =>
    shape.kind === 'members' && !isMilestone ? [memberPlan(measurement, name, shape.properties)] : [],
  );
  // A record within a milestone stands in its whole; a state has no whole.
  for (const { name, shape } of properties)
    assert(shape.kind !== 'record' || isMilestone, `${definition.type}: ${name}, a record, has no place in a state`);
  for (const field of fields) assert(!isFactTag(field.name), `${definition.type}: ${field.name} is the name of a tag`);
  const kept = (name: string) =>
    fields.some((field) => field.name === name) ? `fact${name.charAt(0).toUpperCase()}${name.slice(1)}` : name;
  const envelope = { tick: kept('tick'), phase: kept('phase'), id: kept('id'), quality: kept('quality'), revision: kept('revision') };
  return { type: definition.type, measurement, isMilestone, fields, members, envelope };
}

function memberPlan(measurement: string, property: string, properties: readonly (readonly [string, TSchema])[]): MemberPlan {
  const names = properties.map(([name]) => name);
  const tags = memberTags.filter((tag) => names.includes(tag));
  assert(tags.length > 0, `${measurement}.${property}: no property of its members says which one it is`);
  const fields = properties
    .filter(([name]) => !tags.some((tag) => tag === name))
    .map(([name, schema]) => {
      const shape = shapeOf(schema);
      assert(
        shape.kind !== 'members' && shape.kind !== 'record' && !isFactTag(name),
        `${measurement}.${property}.${name}: cannot be a field`,
      );
      return { name, kind: shape.kind };
    });
  return { property, measurement: `${measurement}_${property}`, tags, fields };
}

/** `grid.supply.v1` -> `grid_supply`; a later major version keeps its number, because its meaning differs. */
export function measurementOf(type: string): string {
  const [domain, fact, version] = type.split('.');
  assert(domain !== undefined && fact !== undefined && version !== undefined, `${type}: not <domain>.<fact>.v<major>`);
  const base = `${domain}_${fact}`.replaceAll('-', '_');
  return version === 'v1' ? base : `${base}_${version}`;
}

type Shape =
  | { readonly kind: FieldKind }
  | { readonly kind: 'record' }
  | { readonly kind: 'members'; readonly properties: readonly (readonly [string, TSchema])[] };

function shapeOf(schema: TSchema): Shape {
  const parts = partsOf(schema, 'anyOf').filter((part) => typeNameOf(part) !== 'null');
  const [only] = parts;
  if (only !== undefined) return shapeOf(only);
  const name = typeNameOf(schema);
  if (name === 'number' || name === 'integer') return { kind: 'number' };
  if (name === 'boolean') return { kind: 'flag' };
  if (name === 'string') return { kind: 'word' };
  if (name === 'object') return { kind: 'record' };
  const items: unknown = Reflect.get(schema, 'items');
  assert(name === 'array' && isSchema(items), `a property of type ${name} has no place in history`);
  const properties: unknown = Reflect.get(items, 'properties');
  return isSchema(properties) ? { kind: 'members', properties: entriesOf(properties) } : { kind: 'words' };
}

function entriesOf(properties: object): readonly (readonly [string, TSchema])[] {
  return Object.entries(properties).flatMap(([name, schema]: [string, unknown]) => (isSchema(schema) ? [[name, schema] as const] : []));
}

function partsOf(schema: TSchema, key: string): readonly TSchema[] {
  const parts: unknown = Reflect.get(schema, key);
  return Array.isArray(parts) ? parts.filter(isSchema) : [];
}

function typeNameOf(schema: TSchema): string {
  const name: unknown = Reflect.get(schema, 'type');
  return typeof name === 'string' ? name : 'unknown';
}

function isSchema(value: unknown): value is TSchema {
  return typeof value === 'object' && value !== null;
}

function isFactTag(name: string): boolean {
  return factTags.some((tag) => tag === name);
}
