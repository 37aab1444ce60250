import type { Publisher } from '../../shared/bus/publish.js';
import { platformCondition } from '../../shared/runtime/condition.js';
import { wallNow } from '../../shared/runtime/clock.js';
import type { ServiceContext } from '../../shared/runtime/service.js';

/** Keeps account of who the clock waits for, and says so when it lasts. */
export interface Waiting {
  /** Wall instant at which a wait begins. */
  begin(): number;
  /** Notes who is missing, and names them when it lasts and they are not just starting; answers how long the wait lasts, wall ms. */
  note(missing: readonly string[], beganMs: number, isStarting: boolean): number;
  end(): void;
  readonly current: readonly { readonly component: string; readonly since: string }[];
}

/** After this the culprit is named, wall ms. */
const namedAfterMs = 5_000;

export function createWaiting(context: ServiceContext, publisher: Publisher): Waiting {
  let current: readonly { readonly component: string; readonly since: string }[] = [];
  let named: readonly string[] = [];
  const tell = (component: string, active: boolean): void => {
    const detail = active ? `the clock has waited ${namedAfterMs / 1_000} s for ${component}; see \`npx loadstone status\`` : `${component} answers again`;
    void publisher.publish([platformCondition({ condition: 'clock-waits', component, active, severity: 'high', detail, by: 'clock' })]);
    context.log.warn({ component, active }, 'clock waits');
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
        for (const component of named) tell(component, true);
      }
      return waitedMs;
    },
    end: () => {
      current = [];
      for (const component of named) tell(component, false);
      named = [];
    },
  };
}
