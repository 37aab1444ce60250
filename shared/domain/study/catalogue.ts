import type { Metric } from './metric.js';
import { balanceMetrics } from './metrics/balance.js';
import { campusMetrics } from './metrics/campuses.js';
import { projectMetrics } from './metrics/projects.js';
import { supplyMetrics } from './metrics/supply.js';
import { uptimeMetrics } from './metrics/uptime.js';

/** Every metric a study may ask for, in the order of columns. */
export const metricCatalogue: readonly Metric[] = [
  ...supplyMetrics,
  ...balanceMetrics,
  ...projectMetrics,
  ...campusMetrics,
  ...uptimeMetrics,
];

/** The metrics of some names, in the order of the catalogue; all of them where no names are given. */
export function metricsNamed(ids: readonly string[] | undefined): readonly Metric[] {
  return ids === undefined ? metricCatalogue : metricCatalogue.filter(({ id }) => ids.includes(id));
}

/** Name of a column: the metric, and its part where it has parts. */
export function columnOf(metric: string, part: string): string {
  return part === '' ? metric : `${metric}.${part}`;
}
