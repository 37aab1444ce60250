import { TwinError } from '../runtime/errors.js';
import type { Bus } from './connect.js';
import { decodeFact } from './envelope.js';
import type { Heard } from './read.js';
import { streamsOf } from './topology.js';

/** The newest fact of every subject that matches, in stream order; what is no fact is left out. */
export async function currentFacts(bus: Bus, patterns: readonly string[], stream = streamsOf(bus.root).facts): Promise<readonly Heard[]> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const heard: Heard[] = [];
  for (const pattern of patterns) {
    const info = await manager.streams.info(stream, { subjects_filter: pattern });
    const found = await Promise.all(Object.keys(info.state.subjects ?? {}).map((subject) => newestOn(bus, stream, subject)));
    for (const fact of found) if (fact !== null) heard.push(fact);
  }
  return heard.sort((a, b) => a.sequence - b.sequence);
}

/** The newest message on one subject, or null when there is none or it is no fact. */
export async function newestOn(bus: Bus, stream: string, subject: string): Promise<Heard | null> {
  const answer = await bus.connection.request(`$JS.API.DIRECT.GET.${stream}.${subject}`, undefined, { timeout: 5_000 });
  const sequence = Number(answer.headers?.get('Nats-Sequence') ?? 0);
  if (sequence === 0) return null;
  try {
    return { fact: decodeFact(answer.data, subject), sequence, subject, pending: 0 };
  } catch (error) {
    if (error instanceof TwinError) return null;
    throw error;
  }
}
