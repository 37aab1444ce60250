import { stamp, type Fact, type FactDataOf, type FactType, type Saying } from '../../shared/domain/fact.js';
import { definitionOf } from '../../shared/events/registry.js';

/** A fact made of the example of its declaration, at 5-minute tick `tick`. */
export function exampleFact<Type extends FactType>(
  type: Type,
  component: string,
  tick = 0,
  overrides: Partial<FactDataOf[Type]> = {},
): Fact {
  const definition = definitionOf(type);
  if (definition === undefined) throw new Error(`${type}: not declared`);
  const saying = { type, region: 'west', entity: 'west', data: { ...definition.example, ...overrides } } as unknown as Saying;
  const startMs = Date.parse('2027-07-13T17:00:00.000Z') + tick * 300_000;
  const [fact] = stamp([saying], { component, tick, phase: 2, startMs, counts: {} }).facts;
  if (fact === undefined) throw new Error('no fact');
  return fact;
}
