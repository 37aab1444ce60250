import type { ProjectState } from './machine.js';
import type { Step } from './steps.js';

/** Shares of the projects, some time after their request: built, withdrawn, or neither yet. They add up to one. */
export interface OutcomeShares {
  readonly years: number;
  readonly builtRatio: number;
  readonly withdrawnRatio: number;
  readonly openRatio: number;
  /** Projects that were watched so long and had not ended before. */
  readonly watched: number;
}

const daysPerYear = 365.25;

/** How one project ended, and after how many days. */
interface Ending {
  readonly days: number;
  readonly how: 'built' | 'withdrawn' | 'open';
}

/**
 * What becomes of projects after their request, where withdrawing ends the wait as building does and open ones count as long as they were
 * watched. Projects without the days that this needs are left out. Source: Aalen and Johansen, Scand. J. Statist. 5, 1978.
 */
export function outcomeShares(
  states: readonly ProjectState[],
  of: { readonly built: readonly Step[]; readonly asOfDay: number; readonly years: readonly number[] },
): readonly OutcomeShares[] {
  const endings = states.flatMap((state) => endingOf(state, of.built, of.asOfDay)).sort((a, b) => a.days - b.days);
  const shares = { built: 0, withdrawn: 0, open: 1 };
  const told: OutcomeShares[] = [];
  let [from, year] = [0, 0];
  const tellUntil = (days: number): void => {
    for (; year < of.years.length && (of.years[year] ?? 0) * daysPerYear < days; year++) {
      const years = of.years[year] ?? 0;
      if (endings.length === from) continue;
      told.push({
        years,
        builtRatio: shares.built,
        withdrawnRatio: shares.withdrawn,
        openRatio: shares.open,
        watched: endings.length - from,
      });
    }
  };
  while (from < endings.length) {
    const days = endings[from]?.days ?? 0;
    tellUntil(days);
    let to = from;
    const counts = { built: 0, withdrawn: 0, open: 0 };
    for (; to < endings.length && endings[to]?.days === days; to++) counts[endings[to]?.how ?? 'open'] += 1;
    const each = shares.open / (endings.length - from);
    shares.built += each * counts.built;
    shares.withdrawn += each * counts.withdrawn;
    shares.open -= each * (counts.built + counts.withdrawn);
    from = to;
  }
  return told;
}

/** At most this share of those that ended in one way may lack the day. */
const mostUndatedRatio = 0.1;

/** Whether nearly all that were built and nearly all that withdrew have a day: else the others would not stand for them. */
export function outcomesAreDated(states: readonly ProjectState[], built: readonly Step[]): boolean {
  return [built, ['withdrawn'] as const].every((how: readonly Step[]) => {
    const ended = states.filter(({ reached }) => how.some((step) => step in reached));
    const dated = ended.filter(({ reached }) => how.some((step) => typeof reached[step] === 'number'));
    return ended.length - dated.length <= mostUndatedRatio * ended.length;
  });
}

function endingOf({ reached }: ProjectState, built: readonly Step[], asOfDay: number): readonly Ending[] {
  const requestDay = reached.requested;
  if (requestDay === undefined || requestDay === null) return [];
  const days = built.flatMap((step) => reached[step] ?? []);
  if (days.length > 0) return [{ days: Math.max(0, Math.min(...days) - requestDay), how: 'built' }];
  if (built.some((step) => step in reached) || reached.withdrawn === null) return [];
  const withdrawnDay = reached.withdrawn;
  if (withdrawnDay !== undefined) return [{ days: Math.max(0, withdrawnDay - requestDay), how: 'withdrawn' }];
  return [{ days: Math.max(0, asOfDay - requestDay), how: 'open' }];
}
