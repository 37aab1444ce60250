import { assert } from '../../shared/domain/assert.js';
import type { FactType } from '../../shared/domain/fact.js';
import type { Answer } from '../../shared/domain/hostedSequence.js';
import type { Turn } from '../../shared/domain/model.js';
import type { SequenceStart } from '../../shared/domain/sequence.js';
import { closeRound, observeFact, openDesk, openTick, type Address, type Desk, type Round } from '../../shared/domain/sequenceDesk.js';
import type { Instant } from '../../shared/domain/ticks.js';
import type { Host } from '../../shared/runtime/participant.js';
import type { ClockAnchor } from '../../workflows/messages.js';
import type { SequenceClient } from './sequenceClient.js';

/** What the bridge remembers: who is due when, and how twin time runs. */
export interface BridgeState {
  readonly desk: Desk;
  readonly anchor: ClockAnchor;
  /** What the sequences were told last about twin time. */
  readonly told: ClockAnchor;
}

export interface BridgeOptions {
  readonly sequences: SequenceClient;
  readonly starts: readonly SequenceStart[];
  readonly hears: readonly FactType[];
  readonly address: Address;
}

/** Sequences advanced at the same time within a round. */
const parallelMax = 20;

/**
 * The bridge between the clock and the sequences in Temporal: in phase 1 it advances every sequence that is due, round after round,
 * and has spoken when all of them have. It says nothing itself; what the sequences say is stored before they answer.
 */
export function createBridge(options: BridgeOptions): Host<BridgeState> {
  const { sequences } = options;
  const untold: ClockAnchor = { epoch: -1, twinMs: 0, rate: null };
  return {
    component: 'workflow-bridge',
    hears: [...new Set<FactType>(['clock.rate.v1', ...options.hears])],
    speaksIn: [1],
    initial: () => ({ desk: openDesk(options.starts.map((start) => start.id)), anchor: untold, told: untold }),
    observe: (state, fact): Turn<BridgeState> => {
      if (fact.type !== 'clock.rate.v1') return { state: { ...state, desk: observeFact(state.desk, fact, options.address) }, sayings: [] };
      const { epoch, mode, rate } = fact.data;
      const isNewer = epoch > state.anchor.epoch;
      return {
        state: isNewer ? { ...state, anchor: { epoch, twinMs: fact.timeMs, rate: mode === 'rate' ? rate : null } } : state,
        sayings: [],
      };
    },
    speak: async (state, instant) => {
      await tellAnchor(sequences, state);
      const desk = await advanceDue(sequences, state, instant);
      return { state: { ...state, desk, told: state.anchor }, sayings: [] };
    },
  };
}

async function advanceDue(sequences: SequenceClient, state: BridgeState, instant: Instant): Promise<Desk> {
  let turn: { readonly desk: Desk; readonly round: Round } = openTick(state.desk, { tick: instant.tick, atMs: instant.startMs });
  while (turn.round.asks.length > 0) {
    const answers = await inParallel(turn.round.asks, ({ id, ask }): Promise<Answer> => sequences.advance(id, ask, state.anchor));
    turn = closeRound(turn.desk, turn.round, answers);
  }
  return turn.desk;
}

/** Only at real time or slower does a sequence look after itself, so only changes to or from there are told. */
async function tellAnchor(sequences: SequenceClient, { anchor, told, desk }: BridgeState): Promise<void> {
  const looksItself = ({ rate }: ClockAnchor): boolean => rate !== null && rate <= 1;
  if (anchor.epoch === told.epoch || !(looksItself(anchor) || looksItself(told))) return;
  const running = desk.sequences.filter((entry) => entry.throughTick >= 0 && !entry.finished);
  await inParallel(running, ({ id }) => sequences.anchor(id, anchor));
}

async function inParallel<Item, Value>(items: readonly Item[], work: (item: Item) => Promise<Value>): Promise<readonly Value[]> {
  const values: Value[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      const item = items[index];
      assert(item !== undefined, 'index within items');
      values[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallelMax, items.length) }, lane));
  return values;
}
