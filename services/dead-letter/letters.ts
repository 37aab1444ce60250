import type { LetterLine, LetterShown } from '../../shared/bus/answers.js';
import type { Bus } from '../../shared/bus/connect.js';
import type { DeadLetter } from '../../shared/bus/deadLetter.js';
import { decodeFact } from '../../shared/bus/envelope.js';
import type { Publisher } from '../../shared/bus/publish.js';
import { streamsOf } from '../../shared/bus/topology.js';
import { TwinError, wrongInput } from '../../shared/runtime/errors.js';

/** Newest letters a list holds. */
const listedLetters = 500;
const readMs = 2_000;
/** Error code of a stream that has no message at a sequence. Source: nats-server errors.json, JSNoMessageFoundErr. */
const noMessage = '10037';

/** The newest dead letters, oldest first. */
export async function listLetters(bus: Bus): Promise<readonly LetterLine[]> {
  const { advisory } = streamsOf(bus.root);
  const filter = `advisory.${bus.root}.deadletter.>`;
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  const info = await manager.streams.info(advisory, { subjects_filter: filter });
  const count = Object.values(info.state.subjects ?? {}).reduce((sum, messages) => sum + messages, 0);
  if (count === 0) return [];
  const consumer = await bus.connection.jetstream().consumers.get(advisory, { filterSubjects: filter });
  const lines: LetterLine[] = [];
  for await (const message of await consumer.fetch({ max_messages: count, expires: readMs })) {
    const { original: _original, ...letter } = letterOf(message.data);
    lines.push({ id: message.seq, keptAt: new Date(message.info.timestampNanos / 1e6).toISOString(), ...letter });
    if (lines.length > listedLetters) lines.shift();
    if (message.info.pending === 0) break;
  }
  return lines;
}

/** One dead letter whole. @throws TWIN_WRONG_INPUT when there is none of that number. */
export async function showLetter(bus: Bus, id: number): Promise<LetterShown> {
  const { letter, keptAt } = await letterAt(bus, id);
  const { original, ...rest } = letter;
  return { id, keptAt, ...rest, original: Buffer.from(original, 'base64').toString('utf8') };
}

/**
 * Publishes the original, or its corrected form, on its own subject and lets go of the letter; answers the new stream sequence.
 * @throws TWIN_REFUSED when the message is still malformed, or stands in the stream as a fact already: then only history lacks it.
 */
export async function reinjectLetter(bus: Bus, publisher: Publisher, id: number, corrected: string | null): Promise<number> {
  const { letter } = await letterAt(bus, id);
  const bytes = corrected === null ? Buffer.from(letter.original, 'base64') : Buffer.from(corrected, 'utf8');
  if (corrected === null && isFact(bytes, letter.subject) && (await standsInStream(bus, letter))) {
    throw refused(
      `dead letter ${id}: ${letter.subject} stands in ${letter.stream} as ${letter.sequence} and is well formed; ` +
        `only ${letter.consumer} could not use it: ` +
        `mend the cause, then \`history rebuild\` and \`deadletter drop ${id}\``,
    );
  }
  try {
    decodeFact(bytes, letter.subject);
  } catch (error) {
    if (!(error instanceof TwinError)) throw error;
    throw refused(`dead letter ${id}: still malformed: ${error.message}; correct it with --with FILE, or drop it`);
  }
  const sequence = await publisher.publishRaw(letter.subject, bytes, `${bus.root}/reinject/${id}`);
  await removeLetter(bus, id);
  return sequence;
}

/** Lets go of a dead letter for good. @throws TWIN_WRONG_INPUT when there is none of that number. */
export async function dropLetter(bus: Bus, id: number): Promise<void> {
  await letterAt(bus, id);
  await removeLetter(bus, id);
}

async function removeLetter(bus: Bus, id: number): Promise<void> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  await manager.streams.deleteMessage(streamsOf(bus.root).advisory, id);
}

async function letterAt(bus: Bus, id: number): Promise<{ readonly letter: DeadLetter; readonly keptAt: string }> {
  const message = await storedMessage(bus, streamsOf(bus.root).advisory, id);
  if (message === null || !message.subject.startsWith(`advisory.${bus.root}.deadletter.`)) {
    throw wrongInput(`dead letter: found ${id}, allowed: a number that \`deadletter list\` shows`);
  }
  return { letter: letterOf(message.data), keptAt: message.time };
}

/** A message of a stream, or null when nothing stands at that sequence. */
export async function storedMessage(
  bus: Bus,
  stream: string,
  sequence: number,
): Promise<{ readonly subject: string; readonly data: Uint8Array; readonly time: string } | null> {
  const manager = await bus.connection.jetstreamManager({ checkAPI: false });
  try {
    const { subject, data, time } = await manager.streams.getMessage(stream, { seq: sequence });
    return { subject, data, time: time.toISOString() };
  } catch (error) {
    if (error instanceof Error && isNoMessage(error)) return null;
    throw error;
  }
}

function isNoMessage(error: Error): boolean {
  const answer: unknown = Reflect.get(error, 'api_error');
  return typeof answer === 'object' && answer !== null && String(Reflect.get(answer, 'err_code')) === noMessage;
}

async function standsInStream(bus: Bus, letter: DeadLetter): Promise<boolean> {
  const message = await storedMessage(bus, letter.stream, letter.sequence);
  return message !== null && message.subject === letter.subject && isFact(message.data, letter.subject);
}

function isFact(bytes: Uint8Array, subject: string): boolean {
  try {
    decodeFact(bytes, subject);
    return true;
  } catch (error) {
    if (error instanceof TwinError) return false;
    throw error;
  }
}

function letterOf(data: Uint8Array): DeadLetter {
  return JSON.parse(new TextDecoder().decode(data)) as DeadLetter;
}

function refused(message: string): TwinError {
  return new TwinError('TWIN_REFUSED', message);
}
