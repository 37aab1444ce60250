import type { Address } from '../../shared/domain/sequenceDesk.js';

/** Addresses every fact to the same sequences. */
export function addressTo(...ids: readonly string[]): Address {
  return (delivered) => ({ ids, delivered });
}
