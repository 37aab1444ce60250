import type { Publisher } from '../../shared/bus/publish.js';
import { platformCondition } from '../../shared/runtime/condition.js';
import { wallNow } from '../../shared/runtime/clock.js';
import type { ServiceContext } from '../../shared/runtime/service.js';

/** Keeps account of who the clock waits for and who was carried forward, and says so on the bus. */
export interface Waiting {
  /** Wall instant at which a wait begins. */
  begin(): number;
  /** Notes who is missing, and names them when it lasts and they are not just starting; answers how long the wait lasts, wall ms. */
  note(missing: readonly string[], beganMs: number, isStarting: boolean): number;
  end(): void;
  /** Notes who the clock went on without in a phase; who answers again is no longer absent. */
  carry(participants: readonly string[], missing: readonly string[]): void;
  /** Whether the clock has gone on without a participant that has not caught up yet. */
  isAbsent(component: string): boolean;
  readonly current: readonly { readonly component: string; readonly since: string }[];
}

/** After this the culprit is named, wall ms. */
const namedAfterMs = 5_000;

interface Word {
  readonly condition: 'clock-waits' | 'participant-missing';
  readonly begins: (component: string) => string;
}

const waits: Word = {
  condition: 'clock-waits',
  begins: (component) => `the clock has waited ${namedAfterMs / 1_000} s for ${component}; see \`npx loadstone status\``,
};
const missingWord: Word = {
  condition: 'participant-missing',
  begins: (component) => `${component} does not answer; the clock goes on without it and its ticks are marked estimated`,
};

export function createWaiting(context: ServiceContext, publisher: Publisher): Waiting {
  let current: readonly { readonly component: string; readonly since: string }[] = [];
  let named: readonly string[] = [];
  const absent = new Set<string>();
  const tell = ({ condition, begins }: Word, component: string, active: boolean): void => {
    const detail = active ? begins(component) : `${component} answers again`;
    const word = platformCondition({ condition, component, active, severity: 'high', detail, by: 'clock' });
    publisher.meanwhile(publisher.publish([word]));
    context.log.warn({ condition, about: component, active }, detail);
  };
  return {
    get current() {
      return current;
    },
    begin: wallNow,
    note: (missing, beganMs, isStarting) => {
      const waitedMs = wallNow() - beganMs;
      current = missing.map((component) => ({ component, since: new Date(beganMs).toISOString() }));
      if (!isStarting && waitedMs >= namedAfterMs && named.length === 0) {
        named = missing;
        for (const component of named) tell(waits, component, true);
      }
      return waitedMs;
    },
    end: () => {
      current = [];
      for (const component of named) tell(waits, component, false);
      named = [];
    },
    carry: (participants, missing) => {
      for (const component of participants) {
        const isMissing = missing.includes(component);
        if (isMissing === absent.has(component)) continue;
        if (isMissing) absent.add(component);
        else absent.delete(component);
        tell(missingWord, component, isMissing);
      }
    },
    isAbsent: (component) => absent.has(component),
  };
}
