import type { Logger } from 'pino';
import type { Publisher } from '../../shared/bus/publish.js';
import { historian, unavailable } from '../../shared/history/stream.js';
import { platformCondition } from '../../shared/runtime/condition.js';

/**
 * Says on the bus when InfluxDB stops taking points and when it takes them again, once each.
 * `isAway`: what was said last, perhaps by an earlier process.
 * The answered function hears the reason, or null with every batch that was taken.
 */
export function announceReach(publisher: Publisher, log: Logger, isAway: boolean): (reason: string | null) => void {
  let said = isAway;
  return (reason) => {
    if (said === (reason !== null)) return;
    said = reason !== null;
    const detail =
      reason === null ? 'InfluxDB takes points again; what was said meanwhile follows' : `InfluxDB does not take points: ${reason}`;
    log.warn({ active: said }, detail);
    const fact = platformCondition({ by: historian, ...unavailable, active: said, severity: 'medium', detail });
    publisher.publish([fact]).catch((error: unknown) => log.error({ error: String(error) }, 'condition was not stored'));
  };
}
