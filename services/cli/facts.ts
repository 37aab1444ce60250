import type { Bus } from '../../shared/bus/connect.js';
import { filterOf } from '../../shared/bus/envelope.js';
import { currentFacts, readAll } from '../../shared/bus/read.js';
import { streamsOf } from '../../shared/bus/topology.js';
import type { Fact, FactOf, FactType } from '../../shared/domain/fact.js';

/** The newest fact of a type for each entity. */
export async function newestOf<Type extends FactType>(bus: Bus, type: Type): Promise<readonly FactOf<Type>[]> {
  const heard = await currentFacts(bus, [filterOf(bus.root, { type })]);
  return heard.map(({ fact }) => fact as unknown as FactOf<Type>);
}

/** Every fact of some types in the record stream, in order. */
export async function recordOf(bus: Bus, types: readonly FactType[]): Promise<readonly Fact[]> {
  const heard = await readAll(bus, { stream: streamsOf(bus.root).record, types });
  return heard.map(({ fact }) => fact);
}
