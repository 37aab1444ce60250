import type { Fact } from '../../shared/domain/fact.js';
import { advanceHosted, beginHosted, deliver, type Answer, type Ask } from '../../shared/domain/hostedSequence.js';
import type { HeldSequence } from '../../shared/domain/sequenceHost.js';
import { rulesOf } from '../../shared/domain/sequences.js';
import type { SequenceClient } from '../../services/workflow-bridge/sequenceClient.js';
import type { Striker } from './faults.js';
import { newOwner, type Loop, type Owner } from './loop.js';
import { wayMs, type SimulatedStream } from './stream.js';

const retryMs = 2_000;
/** After this Temporal gives an activity of a worker that has died to its next life, ms. */
const activityMs = 5_000;

/**
 * Stands for Temporal and its worker: each sequence takes one ask at a time, and what it says is in the stream before it answers. Asks and
 * answers get lost, and are repeated.
 */
export function createSequenceStore(
  loop: Loop,
  striker: Striker,
  stream: SimulatedStream,
  held: Map<string, HeldSequence>,
): (asker: Owner) => SequenceClient {
  const worker = newOwner('worker');
  const turns = new Map<string, Promise<unknown>>();
  const way = (): number => loop.between(wayMs.least, wayMs.most);

  /** An activity: done at least once, whoever dies over it. */
  const say = (facts: readonly Fact[]): Promise<void> => {
    if (facts.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const tryOn = (): void => {
        const { life } = worker;
        const isOver = { yet: false };
        void stream.publish(worker, facts).then(() => {
          isOver.yet = true;
          resolve();
        });
        const look = (): void => {
          if (isOver.yet) return;
          if (worker.life === life) loop.later(null, activityMs, look);
          else tryOn();
        };
        loop.later(null, activityMs, look);
      };
      tryOn();
    });
  };

  const work = async (id: string, ask: Ask): Promise<Answer> => {
    const sequence = held.get(id);
    if (sequence === undefined) return { nextWakeMs: null, started: [], reported: [], finished: true, throughTick: ask.tick };
    const next = advanceHosted(rulesOf(sequence.start.kind), sequence.start, sequence.hosted, ask);
    await say(next.deeds.facts);
    // Letters may have come meanwhile; they are for a later round and stay.
    const arrived = (held.get(id) ?? sequence).hosted.inbox.slice(sequence.hosted.inbox.length);
    held.set(id, { start: sequence.start, hosted: { ...next.hosted, inbox: [...next.hosted.inbox, ...arrived] } });
    for (const start of next.deeds.start) {
      if (!held.has(start.id)) held.set(start.id, { start, hosted: beginHosted(rulesOf(start.kind), start) });
    }
    for (const { to, sent } of next.deeds.letters) {
      const addressee = held.get(to);
      if (addressee !== undefined && !addressee.hosted.finished) held.set(to, { ...addressee, hosted: deliver(addressee.hosted, sent) });
    }
    return next.answer;
  };

  return (asker) => ({
    anchor: () => Promise.resolve(),
    advance: (id, ask) =>
      new Promise((resolve) => {
        let isAnswered = false;
        const tryAgain = (): void => {
          if (isAnswered) return;
          loop.later(null, way(), () => {
            if (striker.happens('lostPublish')) return;
            const turn = (turns.get(id) ?? Promise.resolve()).then(() => work(id, ask));
            turns.set(id, turn);
            void turn.then((answer) => {
              if (striker.happens('lostAck')) return;
              loop.later(asker, way(), () => {
                isAnswered = true;
                resolve(answer);
              });
            });
          });
          loop.later(asker, retryMs, tryAgain);
        };
        tryAgain();
      }),
  });
}
