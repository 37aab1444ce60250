import type { Bus } from '../../shared/bus/connect.js';
import { filterOf } from '../../shared/bus/envelope.js';
import { createPublisher } from '../../shared/bus/publish.js';
import { currentFacts } from '../../shared/bus/newest.js';
import type { FactDataOf } from '../../shared/domain/fact.js';
import { platformCondition } from '../../shared/runtime/condition.js';

type Condition = FactDataOf['condition.platform.v1'];

/** Tells the twin about its own processes. */
export interface Conditions {
  /** Begins or ends a condition; a repeat of what is already known says nothing. */
  tell(condition: Condition): void;
  /** Waits, at most `limitMs`, until everything told is stored. */
  close(limitMs: number): Promise<void>;
}

/** Opens the supervisor's voice, and ends what an earlier run left open and this one does not have. */
export async function openConditions(bus: Bus): Promise<Conditions> {
  const publisher = createPublisher(bus);
  const open = new Map<string, Condition>();
  let stored: Promise<unknown> = Promise.resolve();
  const tell = (condition: Condition): void => {
    const key = `${condition.component}/${condition.condition}`;
    if (!condition.active && !open.has(key)) return;
    if (condition.active) open.set(key, condition);
    else open.delete(key);
    const publishing = publisher.publish([platformCondition({ ...condition, by: 'supervisor' })]);
    // Closing rejects what the stopped server never took; by then nobody can be told anyway.
    stored = Promise.allSettled([stored, publishing]);
  };
  for (const { fact } of await currentFacts(bus, [filterOf(bus.root, { type: 'condition.platform.v1' })])) {
    if (fact.type !== 'condition.platform.v1' || fact.component !== 'supervisor' || !fact.data.active) continue;
    open.set(`${fact.data.component}/${fact.data.condition}`, fact.data);
    tell({ ...fact.data, active: false, detail: 'the stack was started anew' });
  }
  return {
    tell,
    close: async (limitMs) => {
      let timer: NodeJS.Timeout | undefined;
      await Promise.race([stored, new Promise((resolve) => (timer = setTimeout(resolve, limitMs)))]);
      clearTimeout(timer);
      publisher.close();
    },
  };
}
