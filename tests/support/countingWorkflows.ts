import type { Memory } from '../../shared/domain/hostedSequence.js';
import { hostSequence } from '../../workflows/host.js';
import type { SequenceInput } from '../../workflows/messages.js';
import { countingRules } from './countingRules.js';

export async function training(input: SequenceInput): Promise<Memory> {
  return hostSequence(countingRules('training'), input);
}
export async function buildout(input: SequenceInput): Promise<Memory> {
  return hostSequence(countingRules('buildout'), input);
}
export async function permit(input: SequenceInput): Promise<Memory> {
  return hostSequence(countingRules('permit'), input);
}
