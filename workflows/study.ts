import { condition, continueAsNew, proxyActivities, setHandler, workflowInfo } from '@temporalio/workflow';
import {
  runsCells,
  studyPause,
  studyProgress,
  studyResume,
  type CellActivities,
  type FailedCell,
  type StudyEnd,
  type StudyOrder,
} from './studyMessages.js';

// A cell may take hours; a worker that died is missed after three of its heartbeats. What cannot be reached is tried again without end.
const { runCell } = proxyActivities<CellActivities>({
  startToCloseTimeout: '7 days',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/**
 * Has every cell of a study run once, a bounded number at a time; results lie in the object store and never here. A cell that fails is
 * named and the others go on. Workflow id `study-<id>`.
 */
export async function study(order: StudyOrder): Promise<StudyEnd> {
  const failed: FailedCell[] = [...(order.failed ?? [])];
  let [next, finished, isPaused] = [order.from ?? 0, order.finished ?? 0, order.isPaused ?? false];
  setHandler(studyPause, () => void (isPaused = true));
  setHandler(studyResume, () => void (isPaused = false));
  setHandler(studyProgress, () => ({ cells: order.cells, finished, failed, isPaused, underWay: next - finished - failed.length }));
  const until = Math.min(order.cells, next + runsCells);
  const isRunFull = (): boolean => next >= until || workflowInfo().continueAsNewSuggested;

  const lane = async (): Promise<void> => {
    while (!isRunFull()) {
      if (isPaused) await condition(() => !isPaused);
      if (isRunFull()) return;
      const index = next++;
      const outcome = await runCell({ study: order.id, index });
      if (outcome.kind === 'finished') finished++;
      else failed.push({ index, message: outcome.message });
    }
  };
  await Promise.all(Array.from({ length: Math.min(order.inFlight, until - next) }, lane));
  if (next < order.cells) return continueAsNew<typeof study>({ ...order, from: next, finished, failed, isPaused });
  return { finished, failed: failed.sort((a, b) => a.index - b.index) };
}
