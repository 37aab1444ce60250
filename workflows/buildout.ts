import type { Memory } from '../shared/domain/hostedSequence.js';
import { rulesOf } from '../shared/domain/sequences.js';
import { hostSequence } from './host.js';
import type { SequenceInput } from './messages.js';

/** Hosts a campus project from site to its last energized block. Workflow id `buildout-<entity>`. */
export async function buildout(input: SequenceInput): Promise<Memory> {
  return hostSequence(rulesOf('buildout'), input);
}
