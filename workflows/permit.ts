import type { Memory } from '../shared/domain/hostedSequence.js';
import { rulesOf } from '../shared/domain/sequences.js';
import { hostSequence } from './host.js';
import type { SequenceInput } from './messages.js';

/** Hosts the applicant's side of one permit, from drafting to its end. Workflow id `permit-<entity>`. */
export async function permit(input: SequenceInput): Promise<Memory> {
  return hostSequence(rulesOf('permit'), input);
}
