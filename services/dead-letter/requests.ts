import type { Bus } from '../../shared/bus/connect.js';
import type { Publisher } from '../../shared/bus/publish.js';
import { serve } from '../../shared/bus/request.js';
import { wrongInput } from '../../shared/runtime/errors.js';
import { dropLetter, listLetters, reinjectLetter, showLetter } from './letters.js';

/** Answers `list`, `show {id}`, `reinject {id, corrected?}` and `drop {id}` until the bus closes. */
export async function serveLetters(bus: Bus, publisher: Publisher): Promise<void> {
  await serve(bus, 'dead-letter', {
    list: () => listLetters(bus),
    show: (body) => showLetter(bus, idOf(body)),
    reinject: async (body) => {
      const id = idOf(body);
      return { id, sequence: await reinjectLetter(bus, publisher, id, correctedOf(body)) };
    },
    drop: async (body) => {
      const id = idOf(body);
      await dropLetter(bus, id);
      return { id, dropped: true };
    },
  });
}

function fieldOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? (Reflect.get(body, name) as unknown) : undefined;
}

function idOf(body: unknown): number {
  const id = fieldOf(body, 'id');
  if (typeof id !== 'number' || !Number.isSafeInteger(id) || id < 1)
    throw wrongInput(`id: found ${JSON.stringify(id)}, allowed: an integer from 1`);
  return id;
}

function correctedOf(body: unknown): string | null {
  const corrected = fieldOf(body, 'corrected') ?? null;
  if (corrected !== null && typeof corrected !== 'string')
    throw wrongInput('corrected: found no text, allowed: the corrected message as JSON text');
  return corrected;
}
