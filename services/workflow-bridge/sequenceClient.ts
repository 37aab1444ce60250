import {
  ApplicationFailure,
  isGrpcServiceError,
  WithStartWorkflowOperation,
  WorkflowExecutionAlreadyStartedError,
  WorkflowFailedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  type WorkflowClient,
} from '@temporalio/client';
import { recall, type Answer, type Ask, type Memory } from '../../shared/domain/hostedSequence.js';
import type { SequenceStart } from '../../shared/domain/sequence.js';
import { wallDelay } from '../../shared/runtime/clock.js';
import type { buildout, permit, training } from '../../workflows/index.js';
import {
  clockAdvance,
  clockAnchor,
  stepTimeout,
  taskQueue,
  workflowIdOf,
  type ClockAnchor,
  type HostLimits,
} from '../../workflows/messages.js';

/** What goes wrong between the bridge and Temporal, told once when it begins and once when it ends. */
export interface BridgeTrouble {
  readonly condition: 'temporal-unreachable' | 'sequence-failed';
  readonly active: boolean;
  readonly detail: string;
}

export interface SequenceClientOptions {
  readonly client: WorkflowClient;
  readonly root: string;
  /** Sequences the world starts with; all others are started by these. */
  readonly starts: readonly SequenceStart[];
  readonly onTrouble: (trouble: BridgeTrouble) => void;
  /** Other limits than the usual ones, for every sequence. */
  readonly limits?: HostLimits;
}

/** Advances sequences that live in Temporal. */
export interface SequenceClient {
  /** Answers only when the sequence has answered: while Temporal is away it tries again without end. */
  advance(id: string, ask: Ask, anchor: ClockAnchor): Promise<Answer>;
  /** Tells a running sequence how twin time runs from here on; one that has ended needs no telling. */
  anchor(id: string, anchor: ClockAnchor): Promise<void>;
}

const firstRetryMs = 100;
const longestRetryMs = 2_000;
type SequenceWorkflow = typeof training | typeof buildout | typeof permit;

/** A client of the sequences of one root. */
export function createSequenceClient(options: SequenceClientOptions): SequenceClient {
  const { client, root } = options;
  const starts = new Map(options.starts.map((start) => [start.id, start]));
  const begun = new Set<string>();
  const persist = retrier(options.onTrouble);

  const ask = async (id: string, request: Ask, anchor: ClockAnchor): Promise<Answer> => {
    const workflowId = workflowIdOf(root, id);
    const update = { args: [request] as [Ask], updateId: `${workflowId}/${request.tick}/${request.round}` };
    const start = begun.has(id) ? undefined : starts.get(id);
    if (start === undefined) return client.getHandle(workflowId).executeUpdate(clockAdvance, update);
    const startWorkflowOperation = new WithStartWorkflowOperation<SequenceWorkflow>(start.kind, {
      workflowId,
      taskQueue,
      workflowTaskTimeout: stepTimeout,
      args: [{ start, root, anchor, ...(options.limits === undefined ? {} : { limits: options.limits }) }],
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
    });
    const first = await client.executeUpdateWithStart(clockAdvance, { ...update, startWorkflowOperation });
    begun.add(id);
    return first;
  };

  const advanceOnce = async (id: string, request: Ask, anchor: ClockAnchor): Promise<Answer> => {
    try {
      return await ask(id, request, anchor);
    } catch (error) {
      if (!mayHaveEnded(error)) throw error;
      const memory = await memoryOfEnded(client, workflowIdOf(root, id), options.onTrouble);
      // Still running: the update met a run that was about to continue as new.
      if (memory === 'running') throw new PassingTrouble(`${id} is between two runs`);
      const ended: Answer = { nextWakeMs: null, started: [], reported: [], finished: true, throughTick: request.tick };
      return memory === null ? ended : (recall(memory, request) ?? ended);
    }
  };

  return {
    advance: (id, request, anchor) => persist(() => advanceOnce(id, request, anchor)),
    anchor: (id, anchor) =>
      persist(async () => {
        try {
          await client.getHandle(workflowIdOf(root, id)).signal(clockAnchor, anchor);
        } catch (error) {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        }
      }),
  };
}

/** A trouble that is over by the next try. */
class PassingTrouble extends Error {}

function mayHaveEnded(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError || error instanceof WorkflowExecutionAlreadyStartedError) return true;
  // The run closed after it had accepted the update.
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure && cause.type === 'AcceptedUpdateCompletedWorkflow';
}

/** What a closed workflow left behind; null when it failed or was terminated by hand. */
async function memoryOfEnded(
  client: WorkflowClient,
  workflowId: string,
  onTrouble: SequenceClientOptions['onTrouble'],
): Promise<Memory | 'running' | null> {
  const handle = client.getHandle<SequenceWorkflow>(workflowId);
  const { status } = await handle.describe();
  if (status.name === 'RUNNING' || status.name === 'CONTINUED_AS_NEW') return 'running';
  try {
    return await handle.result();
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    onTrouble({
      condition: 'sequence-failed',
      active: true,
      detail: `${workflowId} ended as ${status.name.toLowerCase()}: ${error.cause?.message ?? error.message}`,
    });
    return null;
  }
}

/** Tries again while Temporal is away or busy; what no later try can mend is thrown. */
function retrier(onTrouble: SequenceClientOptions['onTrouble']): <Value>(attempt: () => Promise<Value>) => Promise<Value> {
  let isTold = false;
  return async (attempt) => {
    for (let waitMs = firstRetryMs; ; waitMs = Math.min(2 * waitMs, longestRetryMs)) {
      try {
        const value = await attempt();
        if (isTold) onTrouble({ condition: 'temporal-unreachable', active: false, detail: 'Temporal answers again' });
        isTold = false;
        return value;
      } catch (error) {
        if (isHopeless(error)) throw error;
        if (!isTold && !(error instanceof PassingTrouble)) {
          isTold = true;
          onTrouble({ condition: 'temporal-unreachable', active: true, detail: `sequences wait: ${reasonOf(error)}` });
        }
        await wallDelay(waitMs);
      }
    }
  };
}

/** A refused update or a malformed request is a programming error; a missing workflow is a lost database. */
function isHopeless(error: unknown): boolean {
  if (error instanceof PassingTrouble) return false;
  if (error instanceof WorkflowUpdateFailedError || error instanceof WorkflowNotFoundError) return true;
  const invalidArgument = 3;
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) && cause.code === invalidArgument;
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return (cause instanceof Error ? cause.message : String(cause)).split('\n')[0] ?? '';
}
