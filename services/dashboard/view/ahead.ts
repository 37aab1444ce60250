import type { View } from '../../api/viewTypes.js';

/** Demand of all regions ahead of now: median and P10 to P90, hour by hour; regions are added up as if their errors went together. */
export interface DemandAhead {
  readonly timesMs: readonly number[];
  readonly p10: readonly number[];
  readonly p50: readonly number[];
  readonly p90: readonly number[];
}

const nothing: DemandAhead = { timesMs: [], p10: [], p50: [], p90: [] };
const hourMs = 3_600_000;

/** What the newest forecasts say of the hours after an instant; nothing unless every region has one. */
export function demandAhead(view: View, afterMs: number): DemandAhead {
  const forecasts = Object.values(view.regions).map(({ forecast }) => forecast);
  const [first] = forecasts;
  if (first === null || first === undefined || forecasts.some((each) => each?.issuedTime !== first.issuedTime)) return nothing;
  // An hour is drawn at its middle.
  const hours = first.hours.map(({ fromTime }, place) => ({ place, timeMs: Date.parse(fromTime) + hourMs / 2 }));
  const ahead = hours.filter(({ timeMs }) => timeMs > afterMs);
  const sum = (place: number, of: 'p10Mw' | 'p50Mw' | 'p90Mw'): number =>
    forecasts.reduce((total, each) => total + (each?.hours[place]?.[of] ?? 0), 0);
  return {
    timesMs: ahead.map(({ timeMs }) => timeMs),
    p10: ahead.map(({ place }) => sum(place, 'p10Mw')),
    p50: ahead.map(({ place }) => sum(place, 'p50Mw')),
    p90: ahead.map(({ place }) => sum(place, 'p90Mw')),
  };
}
