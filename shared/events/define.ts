import { Type, type Static, type TObject, type TProperties } from 'typebox';
import { Compile } from 'typebox/compile';

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
      return first === undefined ? 'data: does not fit' : `data${first.instancePath.replaceAll('/', '.')}: ${first.message}`;
    },
  };
}

/** An object that refuses fields it does not name, so that a misspelt field cannot pass. */
export function record<Properties extends TProperties>(properties: Properties) {
  return Type.Object(properties, { additionalProperties: false });
}
