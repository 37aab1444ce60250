import type { Loop, Owner } from './loop.js';

/** Faults of one simulated world: probabilities, each a share of 1; a seed turns some of them off altogether. */
export interface FaultMix {
  /** Of a process, at each thing that happens to it. */
  readonly kill: number;
  readonly freeze: number;
  readonly clockJump: number;
  /** Of the server of the stream, at each thing that happens to anybody. */
  readonly outage: number;
  /** Of a message on its way to the stream, and of the answer. */
  readonly lostPublish: number;
  readonly lostAck: number;
  /** Of a word to the clock. */
  readonly lostDone: number;
  readonly doubleDone: number;
  /** Of a snapshot that is to be written. */
  readonly fullDisk: number;
  /** Of something in the stream that is no fact, behind each fact. */
  readonly malformed: number;
}

const worst: FaultMix = {
  kill: 0.02,
  freeze: 0.006,
  clockJump: 0.02,
  outage: 0.002,
  lostPublish: 0.3,
  lostAck: 0.3,
  lostDone: 0.5,
  doubleDone: 0.5,
  fullDisk: 0.8,
  malformed: 0.1,
};

/** A swarm: every kind of fault is off in half of the worlds, and anywhere up to its worst in the others. */
export function mixOf(loop: Loop): FaultMix {
  return Object.fromEntries(
    Object.entries(worst).map(([kind, most]) => [kind, loop.chance(0.5) ? most * loop.random() : 0]),
  ) as unknown as FaultMix;
}

/** Longest freeze and outage, ms; largest jump of a wall clock, ms. */
const longest = { freezeMs: 8_000, outageMs: 5_000, jumpMs: 60_000 } as const;

/** What strikes a simulated world, and how often it has. */
export interface Striker {
  readonly struck: Readonly<Record<string, number>>;
  /** Wall instant at which the server of the stream is back. */
  readonly outageUntilMs: number;
  /** No fault from here on. */
  rest(): void;
  /** May kill or freeze an owner to whom something is about to happen. */
  strike(owner: Owner): void;
  /** Whether a fault of this kind happens now. */
  happens(kind: Exclude<keyof FaultMix, 'kill' | 'freeze' | 'clockJump' | 'outage'>): boolean;
}

export function createStriker(loop: Loop, kill: (owner: Owner) => void): Striker {
  const mix = mixOf(loop);
  const struck: Record<string, number> = {};
  let [isResting, outageUntilMs] = [false, 0];
  const happens = (kind: keyof FaultMix): boolean => {
    if (isResting || !loop.chance(mix[kind])) return false;
    struck[kind] = (struck[kind] ?? 0) + 1;
    return true;
  };
  return {
    struck,
    get outageUntilMs() {
      return outageUntilMs;
    },
    rest: () => (isResting = true),
    happens,
    strike: (owner) => {
      if (happens('outage')) outageUntilMs = loop.nowMs + loop.between(100, longest.outageMs);
      if (happens('clockJump')) owner.jumpMs += loop.between(-longest.jumpMs, longest.jumpMs);
      if (happens('freeze')) owner.frozenUntilMs = loop.nowMs + loop.between(100, longest.freezeMs);
      if (happens('kill')) kill(owner);
    },
  };
}
