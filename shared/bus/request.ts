import { ErrorCode, NatsError } from 'nats';
import { TwinError, type TwinErrorCode } from '../runtime/errors.js';
import type { Bus } from './connect.js';

interface Answer {
  readonly value?: unknown;
  readonly error?: { readonly code: TwinErrorCode; readonly message: string; readonly retryable: boolean };
}

/** What answers one verb of a service; throws a TwinError to refuse. */
export type RequestHandler = (body: unknown) => Promise<unknown> | unknown;

/** Subject of a request: `svc.<root>.<service>.<verb>`. */
export function requestSubject(root: string, service: string, verb: string): string {
  return `svc.${root}.${service}.${verb}`;
}

/**
 * Asks a service and waits for its answer.
 * @throws the TwinError the service refused with; TWIN_BUS_UNAVAILABLE when nobody answers in `timeoutMs`.
 */
export async function ask<Value>(bus: Bus, service: string, verb: string, body: unknown = {}, timeoutMs = 5_000): Promise<Value> {
  const subject = requestSubject(bus.root, service, verb);
  const message = await bus.connection.request(subject, JSON.stringify(body), { timeout: timeoutMs }).catch((cause: unknown) => {
    const silent = cause instanceof NatsError && cause.code === ErrorCode.NoResponders;
    throw new TwinError(
      'TWIN_BUS_UNAVAILABLE',
      `${service}: ${silent ? 'is not running' : `did not answer \`${verb}\` within ${timeoutMs} ms`}`,
      {
        retryable: true,
        cause,
      },
    );
  });
  const answer = message.json<Answer>();
  if (answer.error !== undefined) throw new TwinError(answer.error.code, answer.error.message, { retryable: answer.error.retryable });
  return answer.value as Value;
}

/** Answers requests to a service until the bus closes; resolves when the server knows of it. What a handler throws goes back to who asked. */
export async function serve(bus: Bus, service: string, handlers: Readonly<Record<string, RequestHandler>>): Promise<void> {
  for (const [verb, handler] of Object.entries(handlers)) {
    bus.connection.subscribe(requestSubject(bus.root, service, verb), {
      callback: (error, message) => {
        if (error !== null) return;
        void respond(handler, message.data).then((answer) => message.respond(JSON.stringify(answer)));
      },
    });
  }
  await bus.connection.flush();
}

async function respond(handler: RequestHandler, data: Uint8Array): Promise<Answer> {
  try {
    const body: unknown = data.length === 0 ? {} : JSON.parse(new TextDecoder().decode(data));
    return { value: (await handler(body)) ?? null };
  } catch (error) {
    if (error instanceof TwinError) return { error: { code: error.code, message: error.message, retryable: error.retryable } };
    if (error instanceof SyntaxError)
      return { error: { code: 'TWIN_WRONG_INPUT', message: `request: not JSON: ${error.message}`, retryable: false } };
    const reason = error instanceof Error ? error.message : String(error);
    return { error: { code: 'TWIN_REFUSED', message: reason, retryable: false } };
  }
}
