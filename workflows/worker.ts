import { runService } from '../shared/runtime/service.js';
import { workflowBundlePath } from './bundle.js';
import { startWorker } from './sequenceWorker.js';

await runService('worker', ({ config, bus }) =>
  startWorker({
    address: config.temporalAddress,
    namespace: config.temporalNamespace,
    bus,
    workflowBundle: { codePath: workflowBundlePath },
  }),
);
