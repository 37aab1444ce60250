import { createPublisher } from '../../shared/bus/publish.js';
import { historian, isUnavailable } from '../../shared/history/stream.js';
import { loadConfig } from '../../shared/runtime/config.js';
import { createLog } from '../../shared/runtime/log.js';
import { runService } from '../../shared/runtime/service.js';
import { startHistorian } from './historian.js';
import { watchLag } from './lag.js';
import { announceReach } from './reach.js';

const config = loadConfig(historian);
if (config.influx === null) {
  createLog(historian, config.logLevel).info('history is off: there is no InfluxDB');
  process.exit(0);
}
const target = config.influx;

await runService(historian, async ({ bus, log }) => {
  const publisher = createPublisher(bus);
  const onReach = announceReach(publisher, log, await isUnavailable(bus));
  const service = startHistorian({ bus, publisher, target, log, onReach });
  const stopWatching = watchLag(bus, log);
  return {
    ended: new Promise(() => undefined),
    stop: async () => {
      stopWatching();
      await service.close();
      publisher.close();
    },
  };
});
