import { Connection } from '@temporalio/client';
import { join } from 'node:path';
import { wallDelay, wallNow } from '../../shared/runtime/clock.js';
import { TwinError } from '../../shared/runtime/errors.js';
import { searchAttributes, temporalNamespace } from '../temporal/names.js';
import type { StackPaths } from './paths.js';
import type { Plan } from './plan.js';

const retentionDays = 3_650;
/** `IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD` of the server's API. */
const keywordType = 2;

/** Where the Temporal dev server is to listen. */
export interface TemporalOptions {
  readonly paths: StackPaths;
  readonly program: string;
  readonly port: number;
  readonly uiPort: number;
}

/** How the Temporal dev server is run: SQLite file in the home, timers exact to 50 ms, namespace set up after every start. */
export function temporalPlan({ paths, program, port, uiPort }: TemporalOptions): Plan {
  const address = `127.0.0.1:${port}`;
  const logPath = join(paths.logDir, 'temporal.log');
  return {
    name: 'temporal',
    program,
    args: [
      'server',
      'start-dev',
      '--ip=127.0.0.1',
      `--port=${port}`,
      `--ui-port=${uiPort}`,
      '--ui-disable-news-fetch',
      `--namespace=${temporalNamespace}`,
      `--db-filename=${join(paths.temporalDir, 'temporal.db')}`,
      '--sqlite-pragma=journal_mode=WAL',
      '--sqlite-pragma=synchronous=NORMAL',
      '--dynamic-config-value=history.timerProcessorMaxTimeShift="50ms"',
      '--log-level=error',
    ],
    env: {},
    logPath,
    isHealthy: () => withTemporal(address, isServing),
    settle: () => untilDone(() => withTemporal(address, settleNamespace), 30_000),
    startTimeoutMs: 60_000,
    stopGraceMs: 10_000,
    watched: true,
    fix: `see ${logPath}, or point LOADSTONE_TEMPORAL_BIN at a Temporal CLI >= 1.9`,
  };
}

async function untilDone(attempt: () => Promise<boolean>, limitMs: number): Promise<void> {
  const deadline = wallNow() + limitMs;
  while (!(await attempt())) {
    if (wallNow() > deadline)
      throw new TwinError('TWIN_REFUSED', `temporal: namespace ${temporalNamespace} could not be set up within ${limitMs / 1000} s`);
    await wallDelay(100);
  }
}

/** True when the answer came; false when nobody listens yet. */
async function withTemporal(address: string, work: (connection: Connection) => Promise<void>): Promise<boolean> {
  let connection: Connection;
  try {
    connection = await Connection.connect({ address, connectTimeout: 1_000 });
  } catch {
    // Not listening yet is the normal state of a server that starts.
    return false;
  }
  try {
    await work(connection);
    return true;
  } catch (error) {
    if (isPassing(error)) return false;
    throw error;
  } finally {
    await connection.close();
  }
}

async function isServing(connection: Connection): Promise<void> {
  await connection.workflowService.describeNamespace({ namespace: temporalNamespace });
}

async function settleNamespace(connection: Connection): Promise<void> {
  const namespace = temporalNamespace;
  await connection.workflowService.updateNamespace({
    namespace,
    config: { workflowExecutionRetentionTtl: { seconds: (retentionDays * 86_400) as never, nanos: 0 } },
  });
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => customAttributes[name] === undefined);
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keywordType])),
  });
}

/** gRPC codes of a server that is not there yet: deadline exceeded 4, not found 5, unavailable 14. */
function isPassing(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 4 || code === 5 || code === 14;
}
