import { monthsToPower } from '../../../shared/domain/siting/monthsToPower.js';
import type { World } from '../../../shared/scenario/schema.js';

/** Seeds each process is followed with, and for how long; a median is then known to some 5 % of the spread. */
const seeds = 200;
const horizonDays = 15 * 365;

/** Months of the buses at which the scenario has a process, and where they are from. */
export interface ProcessMonths {
  readonly byBus: ReadonlyMap<string, { readonly permitMonths: number | null; readonly powerMonths: number | null }>;
  readonly basis: string;
}

/** Months to the last permit and to power where the scenario has a process, its agencies' queues included. */
export function processMonthsOf(world: World): ProcessMonths {
  const found = monthsToPower(world, { seeds, horizonDays });
  const names = found.map(({ project, campus, bus }) => `${project} at ${campus} (${bus})`).join(', ');
  return {
    byBus: new Map(found.map(({ bus, permitMonths, powerMonths }) => [bus, { permitMonths, powerMonths }])),
    basis: `median of ${seeds} seeds of the process of ${names}, waiting for reviewers included`,
  };
}
