import { Compile } from 'typebox/compile';
import { Compile as compileSchema } from 'typebox/schema';
import { wrongInput } from '../../runtime/errors.js';
import { readJson } from '../files.js';
import { standardShape, type StandardFile } from './standardShape.js';

/** Something in a file of the standard that is not as it should be. */
export interface StandardProblem {
  /** `processes[3].process_type`. */
  readonly field: string;
  readonly found: string;
  readonly allowed: string;
}

const compiled = Compile(standardShape);

/**
 * Reads a file of the NEPA and Permitting Data Standard.
 * @throws TWIN_WRONG_INPUT naming the first field that is not of it.
 */
export async function readStandard(path: string): Promise<StandardFile> {
  const value = await readJson(path);
  if (compiled.Check(value)) return value;
  const [first] = problemsOfShape(value);
  throw wrongInput(
    `${path}: ${first?.field ?? 'file'}: found ${first?.found ?? 'another form'}, allowed: ${first?.allowed ?? 'the standard'}`,
  );
}

/** Every place where a value is not of the shape that is read here. */
export function problemsOfShape(value: unknown): readonly StandardProblem[] {
  return [...compiled.Errors(value)].map((error) => problemOf(value, error));
}

/**
 * Every place where a value does not meet a JSON Schema, such as the published one of the standard.
 * @throws TWIN_WRONG_INPUT when the file is no schema.
 */
export async function problemsOfSchema(value: unknown, schemaPath: string): Promise<readonly StandardProblem[]> {
  const schema = await readJson(schemaPath);
  if (typeof schema !== 'object' || schema === null || !('$schema' in schema))
    throw wrongInput(`${schemaPath}: found no $schema, allowed: a JSON Schema`);
  const [, errors] = compileSchema(schema).Errors(value);
  return errors.map((error) => problemOf(value, error));
}

/** Names that stand twice, and references to what there is not. */
export function problemsOfReferences({ projects, processes = [], case_events: events = [] }: StandardFile): readonly StandardProblem[] {
  const projectIds = projects.map(({ project_id }) => project_id);
  const processIds = processes.map(({ process_id }) => process_id);
  return [
    ...twice('projects', 'project_id', projectIds),
    ...twice('processes', 'process_id', processIds),
    ...twice(
      'case_events',
      'case_event_id',
      events.map(({ case_event_id }) => case_event_id),
    ),
    ...unknown(
      'processes',
      'project_id',
      processes.map(({ project_id }) => project_id),
      projectIds,
    ),
    ...unknown(
      'case_events',
      'process_id',
      events.map(({ process_id }) => process_id),
      processIds,
    ),
  ];
}

function twice(list: string, name: string, ids: readonly string[]): readonly StandardProblem[] {
  const seen = new Set<string>();
  return ids.flatMap((id, place) => {
    const known = seen.has(id);
    seen.add(id);
    return known ? [{ field: `${list}[${place}].${name}`, found: `${id} a second time`, allowed: 'every id once' }] : [];
  });
}

function unknown(list: string, name: string, ids: readonly string[], allowed: readonly string[]): readonly StandardProblem[] {
  const known = new Set(allowed);
  return ids.flatMap((id, place) =>
    known.has(id) ? [] : [{ field: `${list}[${place}].${name}`, found: id, allowed: 'an id that stands in the file' }],
  );
}

/** `/processes/3/process_type` as a field with what stands there. */
function problemOf(
  value: unknown,
  error: { readonly instancePath: string; readonly message: string; readonly params?: unknown },
): StandardProblem {
  const parts = error.instancePath.split('/').slice(1);
  const field = parts.map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`)).join('');
  let found: unknown = value;
  for (const part of parts)
    found = typeof found === 'object' && found !== null ? Object.entries(found).find(([key]) => key === part)?.[1] : undefined;
  const text = typeof found === 'object' && found !== null ? 'an object' : (JSON.stringify(found) ?? 'nothing');
  const words = /"allowedValues":(\[.*?\])/.exec(JSON.stringify(error.params ?? {}))?.[1];
  return {
    field: field.replace(/^\./, '') || 'file',
    found: text.length > 60 ? `${text.slice(0, 60)}…` : text,
    allowed: words === undefined ? error.message.replace(/^must (?:be |have )?/, '') : `one of ${words}`,
  };
}
