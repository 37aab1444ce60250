import { shown, shownName } from '../domain/shown.js';
import { wrongInput } from '../runtime/errors.js';

export { shown };

/** The part of JSON Schema the scenario uses; TypeBox schemas are of this form. */
export interface Shape {
  readonly type?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly patternProperties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly minItems?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly unit?: string;
  readonly format?: string;
}

/** A TypeBox schema as the plain JSON Schema it is. */
export function shapeOf(schema: object): Shape {
  const plain: Shape = JSON.parse(JSON.stringify(schema));
  return plain;
}

/** `value` with the fields filled in that it leaves out and the shape has a value for; what does not have the shape stays as it is. */
export function filledIn(shape: Shape, value: unknown): unknown {
  if (shape.anyOf !== undefined) {
    const member = isRecord(value) ? memberOf(shape.anyOf, value) : null;
    return member === null ? value : filledIn(member, value);
  }
  if (Array.isArray(value)) {
    const items = shape.items;
    return items === undefined || items.type === 'number' ? value : value.map((item) => filledIn(items, item));
  }
  if (!isRecord(value) || shape.properties === undefined) return value;
  const result: Record<string, unknown> = { ...value };
  for (const [key, property] of Object.entries(shape.properties)) {
    if (key in value) result[key] = filledIn(property, value[key]);
    else if (property.default !== undefined) result[key] = property.default;
  }
  return result;
}

/** The schema as others may rely on it: fields that are filled in when they are left out are not required. */
export function publishedSchema(shape: Shape): Shape {
  const { properties } = shape;
  const over = (members: readonly Shape[]): Shape[] => members.map(publishedSchema);
  return {
    ...shape,
    ...(shape.anyOf === undefined ? {} : { anyOf: over(shape.anyOf) }),
    ...(shape.items === undefined ? {} : { items: publishedSchema(shape.items) }),
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, publishedSchema(property)])),
          required: (shape.required ?? []).filter((key) => properties[key]?.default === undefined),
        }),
  };
}

/** What does not fit, where, and what would. */
export interface Misfit {
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
}

/** The one line a user gets for a misfit. */
export function misfitLine(file: string, misfit: Misfit): string {
  return `${file}: ${shownName(misfit.field, 240)}: found ${shownName(misfit.found, 240)}, allowed: ${misfit.allowed}`;
}

/** @throws TWIN_WRONG_INPUT with the one line of a misfit. */
export function refuse(file: string, misfit: Misfit): never {
  throw wrongInput(misfitLine(file, misfit));
}

/** First place where `value` does not have the shape, in document order; null when it fits. */
export function misfitOf(shape: Shape, value: unknown, field = ''): Misfit | null {
  if (shape.anyOf !== undefined) return misfitOfUnion(shape.anyOf, value, field);
  if (shape.const !== undefined || shape.enum !== undefined) {
    const words = shape.enum ?? [shape.const];
    return words.includes(value) ? null : { field: field || 'document', found: shown(value), allowed: words.map(shown).join(', ') };
  }
  switch (shape.type) {
    case 'object':
      return misfitOfObject(shape, value, field);
    case 'array':
      return misfitOfArray(shape, value, field);
    default:
      return fitsScalar(shape, value) ? null : { field, found: shown(value), allowed: scalarText(shape) };
  }
}

/** The member of a union that `value` belongs to: the one with its `kind`, else the first that fits, else null. */
export function memberOf(members: readonly Shape[], value: unknown): Shape | null {
  if (isRecord(value) && 'kind' in value) {
    const same = members.find((member) => member.properties?.['kind']?.const === value['kind']);
    if (same !== undefined) return same;
  }
  return members.find((member) => misfitOf(member, value) === null) ?? null;
}

/** True for plain objects of JSON. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function misfitOfUnion(members: readonly Shape[], value: unknown, field: string): Misfit | null {
  const member = memberOf(members, value);
  if (member !== null) return misfitOf(member, value, field);
  const kinds = members.flatMap((each) => each.properties?.['kind']?.const ?? []);
  if (isRecord(value) && kinds.length > 0)
    return { field: `${field}.kind`, found: shown(value['kind']), allowed: kinds.map(shown).join(', ') };
  // With one object among the members, what is wrong inside it says more than the union.
  const objects = members.filter((each) => each.properties !== undefined);
  if (isRecord(value) && objects.length === 1 && objects[0] !== undefined) return misfitOf(objects[0], value, field);
  return { field, found: shown(value), allowed: members.map(scalarText).join(' or ') };
}

function misfitOfObject(shape: Shape, value: unknown, field: string): Misfit | null {
  if (!isRecord(value)) return { field: field || 'document', found: shown(value), allowed: 'an object' };
  const inner = (key: string) => (field === '' ? shownName(key) : `${field}.${shownName(key)}`);
  const every = Object.values(shape.patternProperties ?? {})[0];
  if (every !== undefined) {
    for (const key of Object.keys(value)) {
      const misfit = misfitOf(every, value[key], inner(key));
      if (misfit !== null) return misfit;
    }
    return null;
  }
  const properties = shape.properties ?? {};
  for (const key of Object.keys(value)) {
    if (!Object.hasOwn(properties, key))
      return { field: inner(key), found: 'an unknown field', allowed: nearestFields(key, Object.keys(properties)) };
  }
  for (const [key, property] of Object.entries(properties)) {
    if (value[key] === undefined && !(shape.required ?? []).includes(key)) continue;
    const misfit = misfitOf(property, value[key], inner(key));
    if (misfit !== null) return misfit;
  }
  return null;
}

function misfitOfArray(shape: Shape, value: unknown, field: string): Misfit | null {
  if (!Array.isArray(value)) return { field, found: shown(value), allowed: 'a list' };
  if (value.length < (shape.minItems ?? 0)) return { field, found: `${value.length} entries`, allowed: `at least ${shape.minItems}` };
  const items = shape.items;
  if (items === undefined) return null;
  for (const [index, item] of value.entries()) {
    // Series hold hundreds of thousands of numbers: no field name is built for those that fit.
    if (items.type === 'number' && fitsNumber(items, item)) continue;
    const misfit = misfitOf(items, item, `${field}[${index}]`);
    if (misfit !== null) return misfit;
  }
  return null;
}

function fitsScalar(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case 'number':
    case 'integer':
      return fitsNumber(shape, value);
    case 'string':
      return (
        typeof value === 'string' &&
        (shape.pattern === undefined || new RegExp(shape.pattern).test(value)) &&
        value.length <= (shape.maxLength ?? Number.POSITIVE_INFINITY) &&
        (shape.format !== 'date-time' || Number.isFinite(Date.parse(value)))
      );
    case 'boolean':
      return typeof value === 'boolean';
    case 'null':
      return value === null;
    default:
      return true;
  }
}

function fitsNumber(shape: Shape, value: unknown): boolean {
  if (typeof value !== 'number' || !Number.isFinite(value) || Object.is(value, -0)) return false;
  if (shape.type === 'integer' && !Number.isInteger(value)) return false;
  if (shape.minimum !== undefined && value < shape.minimum) return false;
  if (shape.maximum !== undefined && value > shape.maximum) return false;
  return shape.exclusiveMinimum === undefined || value > shape.exclusiveMinimum;
}

function scalarText(shape: Shape): string {
  if (shape.const !== undefined) return shown(shape.const);
  const unit = shape.unit === undefined || shape.unit === '1' ? '' : ` in ${shape.unit}`;
  switch (shape.type) {
    case 'number':
    case 'integer': {
      const from =
        shape.minimum !== undefined
          ? ` from ${shape.minimum}`
          : shape.exclusiveMinimum !== undefined
            ? ` above ${shape.exclusiveMinimum}`
            : '';
      const upTo = shape.maximum === undefined ? '' : ` to ${shape.maximum}`;
      return `a ${shape.type === 'integer' ? 'whole number' : 'number'}${unit}${from}${upTo}`;
    }
    case 'string':
      if (shape.format === 'date-time') return 'an instant like "2027-07-13T17:00:00.000Z"';
      return shape.pattern === undefined ? 'a text' : 'lower-case letters, digits and dashes';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'object':
      return 'an object';
    case 'array':
      return 'a list';
    default:
      return 'any value';
  }
}

/** Known fields that share the stem of a misspelt one (`capacityKw`: `capacityMw`), else all of them. */
function nearestFields(key: string, known: readonly string[]): string {
  const stem = /^[a-z]+/.exec(key)?.[0] ?? key;
  const near = known.filter((each) => each.startsWith(stem));
  return (near.length > 0 ? near : known).join(', ');
}
