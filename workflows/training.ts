import type { Memory } from '../shared/domain/hostedSequence.js';
import { rulesOf } from '../shared/domain/sequences.js';
import { hostSequence } from './host.js';
import type { SequenceInput } from './messages.js';

/** Hosts the sequence around one training run: hold, extension, staged resume, verification, settlement. Workflow id `training-<entity>`. */
export async function training(input: SequenceInput): Promise<Memory> {
  return hostSequence(rulesOf('training'), input);
}
