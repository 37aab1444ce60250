import { Type, type Static, type TObject, type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';
import { shownName } from '../domain/shown.js';

/** `grid.supply.v1`: domain, fact and major version, the third to fifth token of the subject. */
export type EventTypeName = `${string}.${string}.v${number}`;

/** How a repeated fact is to be read: `state` is whole and heals itself, `milestone` must not be lost. */
export type EventKind = 'state' | 'milestone';

export interface EventDefinition<Name extends EventTypeName = EventTypeName, Data extends TObject = TObject> {
  readonly type: Name;
  readonly kind: EventKind;
  readonly summary: string;
  readonly data: Data;
  readonly example: Static<Data>;
  /** True when `value` has the shape, units and ranges of the data schema. */
  check(value: unknown): value is Static<Data>;
  /** First violation as `field: what is wrong`, or null when the value fits. */
  violation(value: unknown): string | null;
}

/** Declares one event: type, TypeScript type, runtime check, JSON Schema, subject and example come from here and nowhere else. */
export function defineEvent<Name extends EventTypeName, Data extends TObject>(declaration: {
  readonly type: Name;
  readonly kind: EventKind;
  readonly summary: string;
  readonly data: Data;
  readonly example: Static<Data>;
}): EventDefinition<Name, Data> {
  const compiled = Compile(declaration.data);
  return {
    ...declaration,
    check: (value): value is Static<Data> => compiled.Check(value),
    violation: (value) => {
      if (compiled.Check(value)) return null;
      const [first] = compiled.Errors(value);
      return first === undefined ? 'data: does not fit' : `data${fieldOf(first.instancePath)}: ${wordsOf(first.message)}`;
    },
  };
}

/** `/targets/0/campus` as `.targets.0.campus`, on one line whatever the names are. */
function fieldOf(path: string): string {
  const parts = path.split('/').slice(1, 1 + mostParts);
  return parts.map((part) => `.${shownName(part)}`).join('');
}

/** Parts of a path that a message names. */
const mostParts = 12;

/** What a schema that is `false` says of a field that nothing declares. */
function wordsOf(message: string): string {
  return message === 'schema is false' ? 'is not a declared field' : message;
}

/** An object that refuses fields it does not name, so that a misspelt field cannot pass. */
export function record<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}
