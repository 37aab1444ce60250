import type { Bus } from './connect.js';

/** Facts of a tick come in no strict order of their instants: reading begins this many messages earlier. */
const marginMessages = 2_000;
const withinMs = 5_000;

/**
 * A place in a stream before which no fact is of a twin instant or later, by halving the stream; 1 of an empty one. Whoever reads from there
 * passes over what is earlier.
 */
export async function sequenceAt(bus: Bus, stream: string, twinMs: number): Promise<number> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const { state } = await manager.streams.info(stream);
  let [low, high] = [state.first_seq, state.last_seq + 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const timeMs = await timeAt(bus, stream, middle);
    // What was deleted, or is no fact, says nothing: the later half is looked at from the next one on.
    if (timeMs === null || timeMs < twinMs) low = middle + 1;
    else high = middle;
  }
  return Math.max(1, state.first_seq, low - marginMessages);
}

/** Twin instant of a message, ms UTC; null: there is none, or it is no fact. */
async function timeAt(bus: Bus, stream: string, sequence: number): Promise<number | null> {
  const answer = await bus.connection.request(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify({ seq: sequence }), { timeout: withinMs });
  if (answer.data.length === 0) return null;
  const found = /"time":"([^"]+)"/.exec(new TextDecoder().decode(answer.data))?.[1];
  const timeMs = found === undefined ? Number.NaN : Date.parse(found);
  return Number.isNaN(timeMs) ? null : timeMs;
}
