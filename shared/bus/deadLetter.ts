import type { Publisher } from './publish.js';

/** A message nobody could use, with the reason, kept until it is sent again or dropped. */
export interface DeadLetter {
  readonly stream: string;
  readonly sequence: number;
  readonly consumer: string;
  readonly reason: string;
  readonly subject: string;
  /** Original message, base64. */
  readonly original: string;
}

/** Keeps a dead letter; the same message refused twice by one consumer is kept once. */
export async function sendDeadLetter(
  publisher: Publisher,
  root: string,
  letter: Omit<DeadLetter, 'original'> & { readonly original: Uint8Array },
): Promise<void> {
  const payload: DeadLetter = { ...letter, original: Buffer.from(letter.original).toString('base64') };
  const subject = `advisory.${root}.deadletter.${letter.consumer}`;
  await publisher.publishRaw(
    subject,
    new TextEncoder().encode(JSON.stringify(payload)),
    `${letter.stream}/${letter.sequence}/${letter.consumer}`,
  );
}
