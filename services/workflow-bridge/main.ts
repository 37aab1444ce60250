import { Connection, WorkflowClient } from '@temporalio/client';
import { createPublisher } from '../../shared/bus/publish.js';
import { createAddress, sequenceHears, sequenceStarts } from '../../shared/domain/sequences.js';
import { platformCondition } from '../../shared/runtime/condition.js';
import { startParticipant } from '../../shared/runtime/participant.js';
import { runService } from '../../shared/runtime/service.js';
import { createBridge } from './bridge.js';
import { createSequenceClient } from './sequenceClient.js';

await runService('workflow-bridge', async ({ config, log, bus, world }) => {
  const publisher = createPublisher(bus);
  // Without the client's own retries the bridge hears of a lost server at once; it tries again itself.
  const connection = Connection.lazy({ address: config.temporalAddress, interceptors: [] });
  const starts = sequenceStarts(world);
  const sequences = createSequenceClient({
    client: new WorkflowClient({ connection, namespace: config.temporalNamespace }),
    root: config.root,
    starts,
    onTrouble: ({ condition, active, detail }) => {
      log.warn({ condition, active, detail }, 'sequences');
      const told = platformCondition({ by: 'workflow-bridge', component: 'temporal', condition, active, severity: 'high', detail });
      publisher.publish([told]).catch((error: unknown) => log.error({ error }, 'condition not published'));
    },
  });
  const bridge = createBridge({ sequences, starts, hears: sequenceHears, address: createAddress(world) });
  const participant = await startParticipant(bus, bridge, log);
  return {
    ended: participant.ended,
    stop: async () => {
      await participant.stop();
      publisher.close();
      await connection.close();
    },
  };
});
