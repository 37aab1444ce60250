import type { World } from '../../scenario/schema.js';
import type { FactOf } from '../fact.js';
import { fromWire, hourMs } from '../ticks.js';
import type { GridState } from './state.js';

type Wanted = NonNullable<NonNullable<World['forecast']>['reserve']>;

/** What a forecast leaves open of a region: how much more net demand may be than expected, hour by hour. */
export interface Margin {
  readonly region: string;
  readonly hours: readonly { readonly fromMs: number; readonly mw: number }[];
}

/** The state with what the newest forecast of a region leaves open. */
export function hearForecast(world: World, state: GridState, { region, data }: FactOf<'forecast.netdemand.v1'>): GridState {
  const wanted = world.forecast?.reserve;
  if (wanted === undefined) return state;
  const hours = data.hours.map(({ fromTime, p50NetMw, p90NetMw, p95NetMw }) => ({
    fromMs: fromWire(fromTime),
    mw: Math.max(0, (wanted.level === 'p90' ? p90NetMw : p95NetMw) - p50NetMw),
  }));
  const others = (state.margins ?? []).filter((margin) => margin.region !== region);
  return { ...state, margins: [...others, { region, hours }] };
}

/**
 * Reserve required at an instant, MW: what the scenario says, or, where it follows the forecast, the errors of all regions added up as if they
 * went together, and at least `leastMw`. While a region is not forecast, what the scenario says.
 */
export function requirementAt({ reserve, forecast, regions }: World, { margins = [] }: GridState, atMs: number): number {
  const wanted = forecast?.reserve;
  if (wanted === undefined) return reserve.requirementMw;
  const open = margins.map(({ hours }) => hours.find(({ fromMs }) => fromMs <= atMs && atMs < fromMs + hourMs)?.mw ?? null);
  return open.length < regions.length || open.includes(null) ? reserve.requirementMw : openMw(wanted, open);
}

function openMw({ leastMw }: Wanted, open: readonly (number | null)[]): number {
  return Math.max(
    leastMw,
    open.reduce<number>((sum, mw) => sum + (mw ?? 0), 0),
  );
}
