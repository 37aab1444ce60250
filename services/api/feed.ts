import { emptyChain, followChain, type AuditChain } from '../../shared/bus/auditChain.js';
import { currentFacts } from '../../shared/bus/newest.js';
import { readStream, type FactReader, type Heard } from '../../shared/bus/read.js';
import type { Bus } from '../../shared/bus/connect.js';
import { filterOf } from '../../shared/bus/envelope.js';
import type { Fact, RepeatCounts } from '../../shared/domain/fact.js';
import { registry, type FactType } from '../../shared/events/registry.js';
import { wallNow } from '../../shared/runtime/clock.js';
import type { World } from '../../shared/scenario/schema.js';
import { appendRow, sampleColumns, sampleRow } from './samples.js';
import { createTempo } from './tempo.js';
import { initialView, observe } from './view.js';
import type { Pulse, SampleTable, TailEntry, View } from './viewTypes.js';
import { tailEntry } from './words.js';

/** Milestones that can be sent again to whoever was away. */
export const tailLimit = 1_000;
/** Facts read back at the start so that the charts are not empty: two days of 5-minute ticks in three regions. */
const readBack = 18_000;

/** What the api knows now, kept up with the stream; every part is replaced, never changed in place. */
export interface Feed {
  readonly view: View;
  readonly series: SampleTable;
  /** Newest milestones in stream order, at most `tailLimit`. */
  readonly tail: readonly TailEntry[];
  /** Repeats of this service's own facts, so that a restart does not use an id again. */
  readonly auditCounts: RepeatCounts;
  /** The chain of this service's audits, as far as it was heard. */
  readonly chain: AuditChain;
  pulse(): Pulse;
  /** Facts heard since the start, by type. */
  readonly heardFacts: ReadonlyMap<FactType, number>;
  /** Resolves when everything that was in the stream at the start has been read. */
  readonly caughtUp: Promise<void>;
  /** Rejects when reading fails; does not resolve before `close`. */
  readonly ended: Promise<void>;
  close(): void;
}

interface Contents {
  view: View;
  rows: SampleTable['rows'];
  tail: readonly TailEntry[];
  auditCounts: RepeatCounts;
  chain: AuditChain;
  behind: number;
}

const typesOf = (kind: 'state' | 'milestone'): readonly FactType[] =>
  registry.filter((definition) => definition.kind === kind).map((definition) => definition.type as FactType);

/** Reads milestones from the beginning and state from a little before now, as two readers: no field of the view depends on both. */
export async function startFeed(bus: Bus, world: World): Promise<Feed> {
  const columns = sampleColumns(world);
  const now: Contents = { view: initialView(world), rows: [], tail: [], auditCounts: {}, chain: emptyChain, behind: 0 };
  const tempo = createTempo();
  const heardFacts = new Map<FactType, number>();
  const tally = ({ type }: Fact): void => void heardFacts.set(type, (heardFacts.get(type) ?? 0) + 1);

  const hearState = ({ fact }: Heard): void => {
    tally(fact);
    now.view = observe(now.view, fact);
    if (fact.type === 'clock.mark.v1') tempo.mark(fact.timeMs, wallNow());
    if (fact.type === 'clock.tick.v1') now.rows = appendRow(now.rows, sampleRow(columns, now.view));
  };
  const hearMilestone = ({ fact, sequence }: Heard): void => {
    tally(fact);
    now.view = observe(now.view, fact);
    const entry = tailEntry(fact, sequence);
    if (entry !== null) now.tail = [...now.tail.slice(Math.max(0, now.tail.length + 1 - tailLimit)), entry];
    now.chain = followChain(now.chain, fact);
    if (fact.type === 'control.audit.v1') now.auditCounts = { ...now.auditCounts, [`${fact.type}/${fact.entity}`]: [fact.timeMs, fact.n] };
  };

  const current = await currentFacts(
    bus,
    typesOf('state').map((type) => filterOf(bus.root, { type })),
  );
  for (const heard of current) now.view = observe(now.view, heard.fact);
  const from = Math.max(1, (current.at(-1)?.sequence ?? 0) - readBack);
  const states = readStream(bus, { fromSequence: from, types: typesOf('state') });
  const milestones = readStream(bus, { fromSequence: 1, types: typesOf('milestone') });
  const pumps = [pump(states, hearState, (pending) => (now.behind = pending)), pump(milestones, hearMilestone, () => undefined)];

  const caughtUp = Promise.all(pumps.map((pumped) => pumped.caughtUp)).then(() => tempo.forget());

  return {
    get view() {
      return now.view;
    },
    get series() {
      return { columns: columns.map(({ name }) => name), rows: now.rows };
    },
    get tail() {
      return now.tail;
    },
    get chain() {
      return now.chain;
    },
    get auditCounts() {
      return now.auditCounts;
    },
    heardFacts,
    pulse: () => ({ ...tempo.read(wallNow()), behind: now.behind }),
    caughtUp,
    ended: Promise.all(pumps.map(({ ended }) => ended)).then(() => undefined),
    close: () => {
      states.close();
      milestones.close();
    },
  };
}

function pump(reader: FactReader, hear: (heard: Heard) => void, tellPending: (pending: number) => void) {
  const ended = (async () => {
    for await (const heard of reader) {
      hear(heard);
      tellPending(heard.pending);
    }
  })();
  return { caughtUp: reader.caughtUp, ended };
}
