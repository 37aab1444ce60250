import type { FactReader, Heard } from '../../shared/bus/read.js';
import type { Fact, FactType } from '../../shared/domain/fact.js';
import type { Striker } from './faults.js';
import type { Loop, Owner } from './loop.js';

/** A fault of the program that somebody planted on purpose, to see that it is found. */
export type Planted = 'no-dedupe' | 'ack-before-store' | 'snapshot-ahead' | 'silent-recovery' | 'disorder';

/** Shortest and longest way of a message, ms. */
export const wayMs = { least: 1, most: 150 } as const;
const resendMs = 1_000;

/** A simulated stream: what is stored stays, each id once; ways are long, messages and answers get lost. */
export interface SimulatedStream {
  /** By sequence - 1; null: something that is no fact. */
  readonly stored: readonly (Fact | null)[];
  /** Stores facts for an owner and answers the last sequence, however often they have to be sent. */
  publish(owner: Owner, facts: readonly Fact[]): Promise<number>;
  read(
    owner: Owner,
    options: { readonly fromSequence: number; readonly types: readonly FactType[]; readonly untilCaughtUp: boolean },
  ): FactReader;
}

export function createStream(loop: Loop, striker: Striker, planted: Planted | null): SimulatedStream {
  const stored: (Fact | null)[] = [];
  const sequenceOf = new Map<string, number>();
  const wakes = new Set<() => void>();
  const arrivedMs = new Map<Owner, number>();
  const way = (): number => loop.between(wayMs.least, wayMs.most);

  const store = (fact: Fact): number => {
    const known = planted === 'no-dedupe' ? undefined : sequenceOf.get(fact.id);
    if (known !== undefined) return known;
    stored.push(fact);
    sequenceOf.set(fact.id, stored.length);
    const sequence = stored.length;
    if (striker.happens('malformed')) stored.push(null);
    for (const wake of wakes) wake();
    return sequence;
  };

  /** Messages of one owner arrive in the order they were sent; of a batch that meets a fault only the first ones. */
  const send = (owner: Owner, facts: readonly Fact[], acknowledged: (sequence: number) => void): void => {
    const atMs = Math.max(loop.nowMs + way(), arrivedMs.get(owner) ?? 0);
    arrivedMs.set(owner, atMs);
    loop.later(null, atMs - loop.nowMs, () => {
      if (striker.outageUntilMs > loop.nowMs) return;
      const isLost = striker.happens('lostPublish');
      const kept = isLost ? facts.slice(0, Math.floor(loop.between(0, facts.length))) : facts;
      const last = kept.reduce((most, fact) => Math.max(most, store(fact)), 0);
      if (isLost || striker.happens('lostAck')) return;
      loop.later(owner, way(), () => acknowledged(last));
    });
  };

  const publish: SimulatedStream['publish'] = (owner, facts) => {
    if (facts.length === 0) return Promise.resolve(0);
    return new Promise((resolve) => {
      let isStored = false;
      const tryAgain = (): void => {
        if (isStored) return;
        send(owner, facts, (sequence) => {
          isStored = true;
          resolve(sequence);
        });
        if (planted === 'ack-before-store') resolve(stored.length);
        else loop.later(owner, resendMs, tryAgain);
      };
      tryAgain();
    });
  };

  return {
    stored,
    publish,
    read: (owner, options) => openReader({ loop, striker, stored, wakes, owner, options, isDisordered: planted === 'disorder' }),
  };
}

interface Reading {
  readonly loop: Loop;
  readonly striker: Striker;
  readonly stored: readonly (Fact | null)[];
  readonly wakes: Set<() => void>;
  readonly owner: Owner;
  readonly options: Parameters<SimulatedStream['read']>[1];
  readonly isDisordered: boolean;
}

/** Most facts that arrive at once. */
const most = 30;

/** Reads the stream in order: some facts at a time, each batch after a way of its own. */
function openReader({ loop, striker, stored, wakes, owner, options, isDisordered }: Reading): FactReader {
  const types = new Set(options.types);
  const queue: Heard[] = [];
  const { life } = owner;
  let [position, isOnTheWay, isCaughtUp, isClosed] = [options.fromSequence - 1, false, false, false];
  let wake: (() => void) | null = null;
  const notify = (): void => {
    wake?.();
    wake = null;
  };
  const arrive = (): void => {
    isOnTheWay = false;
    const end = Math.min(stored.length, position + Math.ceil(loop.between(0, most)));
    if (striker.outageUntilMs <= loop.nowMs) {
      const batch: Heard[] = [];
      for (; position < end; position++) {
        const fact = stored[position];
        if (fact === undefined || fact === null || !types.has(fact.type)) continue;
        batch.push({ fact, sequence: position + 1, subject: fact.type, pending: 0 });
      }
      if (isDisordered) batch.reverse();
      queue.push(...batch);
      isCaughtUp = position >= stored.length;
    }
    if (position < stored.length || !isCaughtUp) fetch();
    notify();
  };
  const fetch = (): void => {
    if (owner.life !== life || isClosed) wakes.delete(fetch);
    else if (!isOnTheWay) {
      isOnTheWay = true;
      loop.later(owner, loop.between(wayMs.least, wayMs.most), arrive);
    }
  };
  wakes.add(fetch);
  fetch();
  const close = (): void => {
    isClosed = true;
    wakes.delete(fetch);
    notify();
  };
  const next = async (): Promise<IteratorResult<Heard>> => {
    while (true) {
      const head = queue.shift();
      if (head !== undefined) return { value: head, done: false };
      if (options.untilCaughtUp && isCaughtUp) close();
      if (isClosed) return { value: undefined, done: true };
      await new Promise<void>((resolve) => (wake = resolve));
    }
  };
  const iterator: AsyncIterator<Heard> = { next, return: () => Promise.resolve({ value: undefined, done: true }) };
  return { initialPending: Promise.resolve(0), caughtUp: Promise.resolve(), close, [Symbol.asyncIterator]: () => iterator };
}
