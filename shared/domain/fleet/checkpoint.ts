import type { Run } from '../../scenario/schema.js';

/** Weights in bf16, master weights and two Adam moments in fp32: 2 + 4 + 8. Source: docs/moving.md. */
export const checkpointBytesPerParameter = 14;
/** One exchange between campuses carries the change of every weight in bf16. */
export const syncBytesPerParameter = 2;

/** The run that sizes are measured by: 405 billion parameters on 16,384 accelerators in 54 days (Llama 3, 2024). */
const measured = { parameters: 405e9, acceleratorSeconds: 16_384 * 54 * 86_400 };

/** What the size of a model is told from. */
export type SizedRun = Pick<Run, 'accelerators' | 'totalSteps' | 'stepSeconds' | 'checkpointBytes'>;

/** Bytes of a checkpoint of a run: what the scenario says, else its parameters times 14. */
export function checkpointBytesOf(run: SizedRun): number {
  return run.checkpointBytes ?? Math.round(parametersByWork(run) * checkpointBytesPerParameter);
}

/** Parameters of a run, from its checkpoint. */
export function parametersOf(run: SizedRun): number {
  return checkpointBytesOf(run) / checkpointBytesPerParameter;
}

/** Parameters for the work of a run: they grow with its square root (Hoffmann et al., 2022), from one measured run; assumed. */
function parametersByWork({ accelerators, totalSteps, stepSeconds }: SizedRun): number {
  return measured.parameters * Math.sqrt((accelerators * totalSteps * stepSeconds) / measured.acceleratorSeconds);
}

/** Seconds that bytes take over a link of some gigabits a second, at its full rate. */
export function transferSeconds(bytes: number, gbps: number): number {
  return (8 * bytes) / (gbps * 1e9);
}
