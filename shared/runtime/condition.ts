import type { Fact, FactDataOf } from '../domain/fact.js';
import { wallNow } from './clock.js';

/**
 * A fact about the processes that carry the twin. It speaks of a wall instant, belongs to no tick of the world (tick 0, phase 1),
 * and is left out when two runs of a world are compared.
 */
export function platformCondition(told: FactDataOf['condition.platform.v1'] & { readonly by: string }): Fact {
  const { by, ...data } = told;
  const timeMs = wallNow();
  const entity = `${data.component}-${data.condition}`;
  const id = `condition.platform.v1/${entity}/${timeMs}/0`;
  return {
    type: 'condition.platform.v1',
    region: 'all',
    entity,
    data,
    id,
    component: by,
    timeMs,
    tick: 0,
    phase: 1,
    n: 0,
    quality: 'measured',
    correlationId: id,
  };
}
