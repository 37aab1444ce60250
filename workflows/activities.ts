import type { Bus } from '../shared/bus/connect.js';
import { filterOf, subjectOf } from '../shared/bus/envelope.js';
import type { Publisher } from '../shared/bus/publish.js';
import { currentFacts, newestOn } from '../shared/bus/newest.js';
import { streamsOf } from '../shared/bus/topology.js';
import { assert } from '../shared/domain/assert.js';
import type { Fact } from '../shared/domain/fact.js';

/** The tick the clock of a world stands in. */
export interface MarkedInstant {
  readonly tick: number;
  readonly startMs: number;
}

/** What a sequence may do outside its workflow. */
export interface Activities {
  /** Stores all facts of one decision in the stream, each once however often it is tried. */
  publishFacts(order: { readonly root: string; readonly facts: readonly Fact[] }): Promise<void>;
  /** Where the clock stands by its newest mark; null before the first. */
  readMark(question: { readonly root: string }): Promise<MarkedInstant | null>;
}

/** The activities of a worker on one root's connection. */
export function createActivities(deps: { readonly bus: Bus; readonly publisher: Publisher }): Activities {
  const { bus, publisher } = deps;
  const underway = new Map<string, Promise<number>>();

  /** An attempt that timed out may still wait for the bus in this process: the next one joins it instead of sending again. */
  const publishOnce = (facts: readonly Fact[]): Promise<number> => {
    const key = facts.map((fact) => fact.id).join(' ');
    const publish = async (): Promise<number> => publisher.publish(await unsaid(bus, facts));
    const present = underway.get(key) ?? publish().finally(() => underway.delete(key));
    underway.set(key, present);
    return present;
  };

  return {
    publishFacts: async ({ root, facts }) => {
      assertRoot(bus, root);
      await publishOnce(facts);
    },
    readMark: async ({ root }) => {
      assertRoot(bus, root);
      const marks = await currentFacts(bus, [filterOf(root, { type: 'clock.mark.v1' })]);
      const newest = marks.at(-1)?.fact;
      return newest?.type === 'clock.mark.v1' ? { tick: newest.data.tick, startMs: newest.timeMs } : null;
    },
  };
}

/**
 * Facts of an order that the stream does not hold yet. An order may be tried again long after the server has forgotten its ids, with
 * nothing to tell that it is a repeat, so every try looks at the newest fact of each subject: a sequence says the facts of a subject
 * in order, and nobody else says any.
 */
async function unsaid(bus: Bus, facts: readonly Fact[]): Promise<readonly Fact[]> {
  const subjects = [...new Set(facts.map((fact) => subjectOf(bus.root, fact)))];
  const newest = await Promise.all(subjects.map((subject) => newestOn(bus, streamsOf(bus.root).facts, subject)));
  const bySubject = new Map(newest.map((heard, index) => [subjects[index], heard?.fact]));
  return facts.filter((fact, index) => {
    const stored = bySubject.get(subjectOf(bus.root, fact));
    if (stored === undefined) return true;
    const place = facts.findIndex((own) => own.id === stored.id);
    return place >= 0 ? index > place : isLater(fact, stored);
  });
}

function isLater(fact: Fact, stored: Fact): boolean {
  return (fact.tick - stored.tick || fact.timeMs - stored.timeMs || fact.n - stored.n) > 0;
}

function assertRoot(bus: Bus, root: string): void {
  assert(root === bus.root, `this worker serves root ${bus.root}, not ${root}`);
}
