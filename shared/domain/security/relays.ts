import type { RelayStep } from './practice.js';

/** A relay of a system: what it does when frequency has stayed beyond its threshold for its delay. */
export interface Relay {
  readonly step: RelayStep;
  readonly action: 'shed' | 'trip';
}

/** Frequency at an instant. */
export interface Point {
  readonly seconds: number;
  readonly hz: number;
}

/** Relays that have not acted yet, each with since when frequency is beyond its threshold. */
export interface RelayBank {
  /** When the next one acts if frequency stays where it is, s; Infinity when none is waiting. */
  dueSeconds(): number;
  /** Notes how frequency went from one instant to the next: relays start their delay where it crossed, and drop it when it came back. */
  watch(from: Point, to: Point): void;
  /** Those whose delay is over; they act once. */
  take(seconds: number): readonly Relay[];
}

/** Two instants closer than this are one, s. */
const sameInstantSeconds = 1e-9;

/** A bank of relays that are all at rest. */
export function relayBank(relays: readonly Relay[]): RelayBank {
  let waiting = relays.map((relay) => ({ relay, dueSeconds: Infinity }));
  let earliestSeconds = Infinity;
  const settle = (): void => {
    earliestSeconds = waiting.reduce((earliest, { dueSeconds }) => Math.min(earliest, dueSeconds), Infinity);
  };
  return {
    dueSeconds: () => earliestSeconds,
    watch(from, to) {
      for (const entry of waiting) {
        const isBeyondNow = isBeyond(entry.relay, to.hz);
        if (isBeyondNow === entry.dueSeconds < Infinity) continue;
        entry.dueSeconds = isBeyondNow ? crossedAt(entry.relay, from, to) + entry.relay.step.delaySeconds : Infinity;
        settle();
      }
    },
    take(seconds) {
      const lastSeconds = seconds + sameInstantSeconds;
      if (earliestSeconds > lastSeconds) return [];
      const due = waiting.filter(({ dueSeconds }) => dueSeconds <= lastSeconds);
      waiting = waiting.filter(({ dueSeconds }) => dueSeconds > lastSeconds);
      settle();
      return due.map(({ relay }) => relay);
    },
  };
}

function isBeyond({ step, action }: Relay, hz: number): boolean {
  return action === 'shed' ? hz <= step.atHz : hz >= step.atHz;
}

/** When frequency passed the threshold on its way to the second point, which lies beyond it. */
function crossedAt(relay: Relay, from: Point, to: Point): number {
  if (isBeyond(relay, from.hz)) return from.seconds;
  return from.seconds + ((relay.step.atHz - from.hz) / (to.hz - from.hz)) * (to.seconds - from.seconds);
}
