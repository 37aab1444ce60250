import type { Static } from 'typebox';
import * as alarm from './alarm.js';
import * as buildout from './buildout.js';
import * as clock from './clock.js';
import * as cluster from './cluster.js';
import * as condition from './condition.js';
import * as control from './control.js';
import type { EventDefinition } from './define.js';
import * as facility from './facility.js';
import * as failure from './failure.js';
import * as forecast from './forecast.js';
import * as grid from './grid.js';
import * as move from './move.js';
import * as permit from './permit.js';
import * as proposal from './proposal.js';
import * as security from './security.js';
import * as telemetry from './telemetry.js';
import * as training from './training.js';

const modules = {
  ...alarm,
  ...buildout,
  ...clock,
  ...cluster,
  ...condition,
  ...control,
  ...facility,
  ...failure,
  ...forecast,
  ...grid,
  ...move,
  ...permit,
  ...proposal,
  ...security,
  ...telemetry,
  ...training,
};

type Modules = typeof modules;
type Definitions = { [Key in keyof Modules as Modules[Key] extends EventDefinition ? Key : never]: Modules[Key] };
type Definition = Definitions[keyof Definitions];

/** Name of a declared event, such as `grid.supply.v1`. */
export type FactType = Definition['type'];
/** Data of each declared event, by name. */
export type FactDataOf = { readonly [Declared in Definition as Declared['type']]: Static<Declared['data']> };

function isDefinition(value: unknown): value is EventDefinition {
  return typeof value === 'object' && value !== null && 'example' in value && 'type' in value && 'kind' in value;
}

/** Every declared event, in order of its name. */
export const registry: readonly EventDefinition[] = Object.values<unknown>(modules)
  .filter(isDefinition)
  .sort((a, b) => (a.type < b.type ? -1 : 1));

const byType = new Map<string, EventDefinition>(registry.map((definition) => [definition.type, definition]));

/** The declaration of a type, or undefined when nothing of that name is declared. */
export function definitionOf(type: string): EventDefinition | undefined {
  return byType.get(type);
}
