import { DefaultLogger, Runtime } from '@temporalio/worker';
import { runService } from '../shared/runtime/service.js';
import { workflowBundlePath } from './bundle.js';
import { startWorker } from './sequenceWorker.js';

await runService('worker', ({ config, log, bus }) => {
  const logger = new DefaultLogger('WARN', ({ level, message, meta }) => log.warn({ level, ...meta }, message));
  // The service loop stops the worker; the runtime would do it a second time.
  Runtime.install({ logger, shutdownSignals: [] });
  return startWorker({
    address: config.temporalAddress,
    namespace: config.temporalNamespace,
    bus,
    workflowBundle: { codePath: workflowBundlePath },
  });
});
