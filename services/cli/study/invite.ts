import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { record } from '../../../shared/events/define.js';
import type { Config } from '../../../shared/runtime/config.js';
import { wrongInput } from '../../../shared/runtime/errors.js';

const inviteSchema = record({
  version: Type.Literal(1),
  root: Type.String({ minLength: 1 }),
  nats: record({ url: Type.String({ minLength: 1 }), password: Type.String({ minLength: 1 }) }),
  temporal: record({ address: Type.String({ minLength: 1 }), namespace: Type.String({ minLength: 1 }) }),
});
const compiled = Compile(inviteSchema);

/** Where a worker of studies works, as it is carried to another machine. */
export type Invite = Static<typeof inviteSchema>;

/** One line that lets a worker of studies join the twin of a configuration; whoever has it may read and write studies, and nothing else. */
export function inviteOf({ root, natsUrl, natsPassword, temporalAddress, temporalNamespace }: Config): string {
  const invite: Invite = {
    version: 1,
    root,
    nats: { url: natsUrl, password: natsPassword },
    temporal: { address: temporalAddress, namespace: temporalNamespace },
  };
  return Buffer.from(JSON.stringify(invite)).toString('base64url');
}

/**
 * Reads an invite.
 * @throws TWIN_WRONG_INPUT when it is none.
 */
export function readInvite(text: string): Invite {
  const value = valueOf(text.trim());
  if (compiled.Check(value)) return value;
  throw wrongInput(
    `--connect: found ${text.length > 24 ? `${text.slice(0, 24)}...` : text}, allowed: a line of \`npx loadstone study invite\``,
  );
}

function valueOf(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
