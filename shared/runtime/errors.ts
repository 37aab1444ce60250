import { shownLine } from '../domain/shown.js';

/** Stable names of what can go wrong in operation. */
export type TwinErrorCode =
  | 'TWIN_MALFORMED_EVENT'
  | 'TWIN_UNKNOWN_EVENT'
  | 'TWIN_BUS_UNAVAILABLE'
  | 'TWIN_NOT_RUNNING'
  | 'TWIN_WRONG_INPUT'
  | 'TWIN_HISTORY_UNAVAILABLE'
  | 'TWIN_BENCH_PEER'
  | 'TWIN_RESULT_UNWRITABLE'
  | 'TWIN_REFUSED';

/** A failure of operation: the world outside did not do its part, and the message names what, where and what is allowed. */
export class TwinError extends Error {
  readonly code: TwinErrorCode;
  readonly retryable: boolean;

  constructor(code: TwinErrorCode, message: string, options: { readonly retryable?: boolean; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'TwinError';
    this.code = code;
    this.retryable = options.retryable ?? false;
  }
}

/** Wrong input of a user: one line that names the place, what was found and what is allowed. Programs exit with 2. */
export function wrongInput(message: string): TwinError {
  return new TwinError('TWIN_WRONG_INPUT', shownLine(message));
}
