import { createHash } from 'node:crypto';
import { isRecord, memberOf, shapeOf, type Shape } from './shape.js';
import { worldSchema, type World } from './schema.js';

const worldShape = shapeOf(worldSchema);

/** The world as JSON with its keys in schema order, names of series sorted: equal worlds give equal text. */
export function canonicalJson(world: World): string {
  return JSON.stringify(ordered(worldShape, world));
}

/**
 * SHA-256, in hexadecimal, of everything that shapes facts. The speed of the clock and where it holds by itself are left out:
 * the same world may run at any speed.
 */
export function worldHash(world: World): string {
  const timeless: World = { ...world, clock: { ...world.clock, rate: 'max', holdAtTime: null } };
  return createHash('sha256').update(canonicalJson(timeless)).digest('hex');
}

/** `value` with keys in the order of `shape`; what the shape does not name is left out. */
export function ordered(shape: Shape, value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = shape.items;
    return items === undefined || isScalar(items) ? value : value.map((item) => ordered(items, item));
  }
  if (!isRecord(value)) return value;
  if (shape.anyOf !== undefined) {
    const member = memberOf(shape.anyOf, value);
    return member === null ? value : ordered(member, value);
  }
  const every = Object.values(shape.patternProperties ?? {})[0];
  if (every !== undefined) {
    return Object.fromEntries(
      Object.keys(value)
        .sort()
        .map((key) => [key, ordered(every, value[key])]),
    );
  }
  const result: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(shape.properties ?? {})) {
    if (value[key] !== undefined) result[key] = ordered(property, value[key]);
  }
  return result;
}

function isScalar(shape: Shape): boolean {
  return shape.properties === undefined && shape.anyOf === undefined && shape.items === undefined && shape.patternProperties === undefined;
}
