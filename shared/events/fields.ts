import { Type } from 'typebox';

/** Field types that several events share; each carries its unit, so that schemas and reference pages show it. */
export const megawatts = (description: string) => Type.Number({ minimum: 0, unit: 'MW', description });
/** A net power: negative means the direction opposite to the one the description names. */
export const netMegawatts = (description: string) => Type.Number({ unit: 'MW', description });
export const megawattHours = (description: string) => Type.Number({ minimum: 0, unit: 'MWh', description });
export const usdPerMwh = (description: string) => Type.Number({ unit: 'USD/MWh', description });
export const usd = (description: string) => Type.Number({ unit: 'USD', description });
export const ratio = (description: string) => Type.Number({ minimum: 0, maximum: 1, description });
export const hours = (description: string) => Type.Number({ minimum: 0, unit: 'h', description });
export const minutes = (description: string) => Type.Number({ minimum: 0, unit: 'min', description });
export const seconds = (description: string) => Type.Number({ minimum: 0, unit: 's', description });
export const days = (description: string) => Type.Number({ minimum: 0, unit: 'd', description });
export const count = (description: string) => Type.Integer({ minimum: 0, description });
export const text = (description: string) => Type.String({ description });
export const flag = (description: string) => Type.Boolean({ description });
/** An entity's slug: lower-case letters, digits and dashes. */
export const slug = (description: string) => Type.String({ pattern: '^[a-z0-9][a-z0-9_-]*$', maxLength: 80, description });
/** A twin instant on the wire, RFC 3339 in UTC with milliseconds. */
export const instant = (description: string) =>
  Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$', format: 'date-time', description });
export const optionalInstant = (description: string) => Type.Union([instant(description), Type.Null()], { description });
/** One of the words listed. */
export const oneOf = <const Words extends readonly string[]>(words: Words, description: string) =>
  Type.Unsafe<Words[number]>({ type: 'string', enum: [...words], description });
