import { Type, type Static } from 'typebox';
import { newSources, type NewSource } from '../../../shared/domain/mix/newSources.js';
import { record } from '../../../shared/events/define.js';
import { flag, oneOf, text } from '../../../shared/events/fields.js';
import { readJson } from '../../../shared/scenario/files.js';
import { misfitOf, refuse, shapeOf } from '../../../shared/scenario/shape.js';

const names = newSources.map(({ name }) => name);

/** Costs of new sources in place of those that are known. */
const costsSchema = record({
  schema: Type.Literal('loadstone.costs/1'),
  sources: Type.Array(
    record({
      name: oneOf(names, 'Source.'),
      capitalUsdPerKw: Type.Number({ minimum: 0, unit: 'USD/kW', description: 'Overnight capital with interest during construction.' }),
      fixedUsdPerKwYear: Type.Number({ minimum: 0, unit: 'USD/kW a', description: 'Keeping it, whether it runs or not.' }),
      lifeYears: Type.Number({ exclusiveMinimum: 0, unit: 'a', description: 'Years over which the capital is paid off.' }),
      isInMixes: flag('Whether a mix may hold it.'),
      basis: text('Where the figures are from.'),
    }),
  ),
});
const costsShape = shapeOf(costsSchema);

/**
 * What new sources cost: those of a costs file in place of the known ones of the same name; without a file the known ones.
 * @throws TWIN_WRONG_INPUT with one line that names file and field.
 */
export async function costsIn(file: string | undefined): Promise<readonly NewSource[]> {
  if (file === undefined) return newSources;
  const value = await readJson(file);
  const misfit = misfitOf(costsShape, value);
  if (misfit !== null) refuse(file, misfit);
  const own = (value as Static<typeof costsSchema>).sources;
  return newSources.map((source) => ({ ...source, ...own.find(({ name }) => name === source.name) }));
}
