import type { Bus } from '../../shared/bus/connect.js';
import { filterOf } from '../../shared/bus/envelope.js';
import { currentFacts } from '../../shared/bus/newest.js';
import { readAll, readStream } from '../../shared/bus/read.js';
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

/** What follows from every fact of some types in the stream now, one after the other, without keeping them; tells how far it is. */
export async function foldFacts<State>(
  bus: Bus,
  fold: { readonly types: readonly FactType[]; readonly from: State; readonly hear: (state: State, fact: Fact) => State },
): Promise<State> {
  const reader = readStream(bus, { fromSequence: 1, types: fold.types, untilCaughtUp: true });
  const pending = await reader.initialPending;
  let [state, taken] = [fold.from, 0];
  for await (const next of reader) {
    state = fold.hear(state, next.fact);
    taken += 1;
    if (taken % 50_000 === 0) process.stderr.write(`read ${taken} of ${pending} facts\n`);
  }
  return state;
}
