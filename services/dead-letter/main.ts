import { createPublisher } from '../../shared/bus/publish.js';
import { runService } from '../../shared/runtime/service.js';
import { watchAdvisories } from './advisories.js';
import { serveLetters } from './requests.js';

await runService('dead-letter', async ({ bus, log }) => {
  const publisher = createPublisher(bus);
  const watching = watchAdvisories(bus, publisher, log);
  await serveLetters(bus, publisher);
  return {
    ended: new Promise(() => undefined),
    stop: async () => {
      await watching.close();
      publisher.close();
    },
  };
});
