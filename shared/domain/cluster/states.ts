import type { RunState } from '../../events/cluster.js';
import type { RunWork } from './state.js';

/** What a run is doing at an instant, as the cluster publishes it. */
export function runStateAt(work: RunWork, atMs: number): RunState {
  if (work.mode !== 'running') return work.mode;
  if (work.workUntilMs !== null && work.workUntilMs <= atMs) return 'checkpointing';
  if (work.workFromMs > atMs) return 'restoring';
  return work.curtailment === null ? 'running' : 'throttled';
}
