import type { World } from '../../scenario/schema.js';
import { minuteMs, hourMs } from '../ticks.js';
import { demandAhead, hoursAhead, type Ahead } from './ahead.js';
import type { IssuePlan } from './forecaster.js';
import { createLearner } from './past.js';
import { createFuture } from './perfect.js';
import type { KnownLoad, RegionSeen } from './state.js';
import { supplyAhead, type SupplyAhead } from './supply.js';
import { demandOfWeekBefore, supplyOfWeekBefore } from './weekBefore.js';

/** Forecasts are issued at these hours of the local day, each by a forecaster of its own. */
export const issueHours = [0, 6, 12, 18] as const;
export const localHoursOfDay = 24;

/** What a way of forecasting says of a region from an instant on. */
export interface RegionForecast {
  readonly demand: Ahead;
  readonly supply: SupplyAhead;
}

/** A way of forecasting; it sees every hour of every region, and gives what it would say then, which is worked out when it is asked for. */
export type Way = (place: number, seen: RegionSeen, issuedMs: number) => () => RegionForecast;

/** The way a scenario asks for: `calendar`, or the two it is measured against. */
export function wayOf(world: World): Way {
  switch (world.forecast?.method ?? 'calendar') {
    case 'calendar':
      return calendarWay(world);
    case 'week-before':
      return (_, { demand, supply }) =>
        () => ({ demand: demandOfWeekBefore(demand), supply: supplyOfWeekBefore(supply) });
    case 'perfect':
      return perfectWay(world);
  }
}

function perfectWay(world: World): Way {
  const future = createFuture(world);
  return (place, seen, issuedMs) => () => future(place, seen, issuedMs);
}

/** Load by the calendar and the blocks that are known, wind and sun by the same hours of the last weeks. */
function calendarWay(world: World): Way {
  // What the plans of the learners look at; brought up to the state before they do.
  const known: KnownLoad[][] = world.regions.map(() => []);
  const learners = known.map((ofRegion) => createLearner(issueHours.map((hour) => planAt(world, hour, ofRegion))));
  return (place, seen) => {
    known[place]?.splice(0, Infinity, ...seen.known);
    const issued = learners[place]?.see(seen.demand) ?? null;
    return () => ({ demand: demandAhead(seen.demand, issued), supply: supplyAhead(seen.supply) });
  };
}

function planAt({ clock, forecast }: World, issueHour: number, known: readonly KnownLoad[]): IssuePlan {
  const offsetMs = clock.utcOffsetMinutes * minuteMs;
  return {
    leadFrom: 1,
    leadTo: hoursAhead,
    weather: 'none',
    isIssue: (endMs) => Math.floor((endMs + offsetMs) / hourMs) % localHoursOfDay === issueHour,
    localMs: (atMs) => atMs + offsetMs,
    holidays: forecast?.holidays ?? 'none',
    knownMw: (endMs) => known.reduce((sum, { fromMs, mw }) => (endMs > fromMs ? sum + mw : sum), 0),
    temperatureC: () => Number.NaN,
  };
}
