import { destination, pino, type Logger } from 'pino';

/** Structured log of a component on standard error, one JSON object a line. */
export function createLog(component: string, level = 'info'): Logger {
  return pino({ level, base: { component } }, destination(2));
}
