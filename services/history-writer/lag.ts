import type { Logger } from 'pino';
import type { Bus } from '../../shared/bus/connect.js';
import { ask } from '../../shared/bus/request.js';
import { historian, lagRatio, positionOf } from '../../shared/history/stream.js';
import { TwinError } from '../../shared/runtime/errors.js';

/** Above this share of the stream's limit the clock is asked to hold, before facts go that history has not taken. */
export const holdAboveRatio = 0.8;
/** Below this share it may go on; lower, so that it does not stop and go. */
export const releaseBelowRatio = 0.6;

const lookMs = 2_000;
const askMs = 2_000;

/** What is to be asked of the clock at a lag, given whether it holds for us now; null: nothing. */
export function holdDecision(ratio: number, isHolding: boolean): 'hold' | 'release' | null {
  // Asked again at each look: a clock that was restarted has forgotten.
  if (ratio > holdAboveRatio || (isHolding && ratio >= releaseBelowRatio)) return 'hold';
  return isHolding ? 'release' : null;
}

/** Watches how far the historian is behind and holds the clock in time; stops when the answered function is called. */
export function watchLag(bus: Bus, log: Logger): () => void {
  let isHolding = false;
  let isLooking = false;
  const look = async (): Promise<void> => {
    const ratio = lagRatio(await positionOf(bus));
    const verb = holdDecision(ratio, isHolding);
    if (verb === null) return;
    if (verb === 'release' || !isHolding) log.warn({ lagRatio: ratio }, `asks the clock to ${verb}`);
    const reason = `history is behind by ${Math.round(ratio * 100)} % of what the stream can hold`;
    isHolding = true;
    await ask(bus, 'clock', verb, { by: historian, reason }, askMs);
    isHolding = verb === 'hold';
  };
  const timer = setInterval(() => {
    if (isLooking) return;
    isLooking = true;
    look()
      .catch((error: unknown) => {
        if (error instanceof TwinError && !error.retryable) log.error({ error: error.message }, 'lag');
        else log.debug({ error: String(error) }, 'the bus or the clock is away; looks again');
      })
      .finally(() => (isLooking = false));
  }, lookMs);
  return () => clearInterval(timer);
}
