import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { parse } from 'yaml';
import { dataDir } from './data.js';

/** The published description of DSX Flex; tests that need it are skipped where it is absent. */
export const specFile = join(dataDir, 'specs/dsx-flex-1.7.0.yaml');
/** Why they are skipped. */
export const noSpec = 'description of DSX Flex not found: set LOADSTONE_DATA to the folder that holds specs';

/** Messages of a validator for one schema of the published description; empty: it fits. */
export function validatorOf(name: string): (value: unknown) => readonly string[] {
  const document = parse(readFileSync(specFile, 'utf8')) as object;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (formats as unknown as (to: Ajv2020) => void)(ajv);
  ajv.addFormat('double', true);
  ajv.addSchema(document, 'dsx');
  const validate = ajv.compile({ $ref: `dsx#/components/schemas/${name}` });
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
}
