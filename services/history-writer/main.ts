import { createPublisher } from '../../shared/bus/publish.js';
import { platformCondition } from '../../shared/runtime/condition.js';
import { loadConfig } from '../../shared/runtime/config.js';
import { createLog } from '../../shared/runtime/log.js';
import { runService, type RunningService, type ServiceContext } from '../../shared/runtime/service.js';
import { historian, isUnavailable, unavailable } from '../../shared/history/stream.js';
import { startHistorian } from './historian.js';
import { watchLag } from './lag.js';

const config = loadConfig(historian);
if (config.influx === null) {
  createLog(historian, config.logLevel).info('history is off: there is no InfluxDB');
  process.exit(0);
}
const target = config.influx;

async function start({ bus, log }: ServiceContext): Promise<RunningService> {
  const publisher = createPublisher(bus);
  // A condition that an earlier process began ends with the first points of this one.
  let isAway = await isUnavailable(bus);
  const tell = (reason: string | null): void => {
    if (isAway === (reason !== null)) return;
    isAway = reason !== null;
    log.warn({ reason }, isAway ? 'InfluxDB is away' : 'InfluxDB is back');
    const detail = reason === null ? 'InfluxDB takes points again; what was said meanwhile follows' : `InfluxDB does not take points: ${reason}`;
    const fact = platformCondition({ by: historian, ...unavailable, active: isAway, severity: 'medium', detail });
    publisher.publish([fact]).catch((error: unknown) => log.error({ error: String(error) }, 'condition was not stored'));
  };
  const service = startHistorian({ bus, publisher, target, log, onReach: tell });
  const stopWatching = watchLag(bus, log);
  return {
    ended: new Promise(() => undefined),
    stop: async () => {
      stopWatching();
      await service.close();
      publisher.close();
    },
  };
}

await runService(historian, start);
