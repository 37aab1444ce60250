import type { HourlySeries } from '../../shared/domain/forecast/backtest.js';
import { drawNormal } from '../../shared/domain/random.js';
import { dayMs, hourMs } from '../../shared/domain/ticks.js';

/** Load that swings by day, week and year around 1,000 MW, with weather that lasts for days; the first hour ends on a Monday, 01:00 UTC. */
export function drawnSeries(days: number, seed: number): HourlySeries {
  const startMs = Date.UTC(2018, 0, 1) + hourMs;
  const mw = new Float64Array(24 * days);
  let weather = 0;
  for (let hour = 0; hour < mw.length; hour++) {
    weather = 0.97 * weather + 0.01 * drawNormal({ seed, component: 'test', entity: 'load', purpose: 'weather', n: hour });
    const day = Math.floor(hour / 24);
    const daily = 0.15 * Math.sin((2 * Math.PI * ((hour % 24) - 9)) / 24);
    const weekly = day % 7 >= 5 ? -0.08 : 0;
    const yearly = 0.12 * Math.cos((4 * Math.PI * hour * hourMs) / (365.25 * dayMs));
    mw[hour] = 1_000 * Math.exp(daily + weekly + yearly + weather);
  }
  return { startMs, mw };
}
