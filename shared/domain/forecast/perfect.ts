import type { World } from '../../scenario/schema.js';
import { developmentOf } from '../grid/development.js';
import { floatAt } from '../grid/dense.js';
import { prepareGrid } from '../grid/grid.js';
import { advanceNoise, noisyUnitsOf, type NoiseState } from '../grid/noise.js';
import { surroundingsOf } from '../grid/surroundings.js';
import { fromWire, hourMs, minuteMs, tickStartMs } from '../ticks.js';
import { hoursAhead, type Band } from './ahead.js';
import { hourAgo } from './past.js';
import type { RegionSeen } from './state.js';
import type { RegionForecast } from './ways.js';

/** What an hour brings to a region whatever anybody decides, means over its ticks, MW. */
interface HourOfRegion {
  readonly nativeMw: number;
  readonly windMw: number;
  readonly solarMw: number;
}

/**
 * The bound of every forecast: load without campuses, wind and sun as they will be, read from the world and its draws instead of from
 * meters, with bands of no width. Campuses stay as in the last hour, since what they draw is still to be decided; trips are not foreseen.
 */
export function createFuture(world: World): (place: number, seen: RegionSeen, issuedMs: number) => RegionForecast {
  const hoursFrom = createHours(world);
  return (place, seen, issuedMs) => {
    const [before, ...ahead] = hoursFrom(issuedMs - hourMs, 1 + hoursAhead).map((regions) => regions[place] ?? nothing);
    const campusMw = Math.max(0, (hourAgo(seen.demand, 0) ?? 0) - (before?.nativeMw ?? 0));
    return {
      demand: { method: 'perfect', hours: ahead.map(({ nativeMw }) => sure(nativeMw + campusMw)) },
      supply: {
        method: 'perfect',
        hours: ahead.map(({ windMw, solarMw }) => sure(windMw + solarMw)),
        windMw: ahead.map(({ windMw }) => windMw),
        solarMw: ahead.map(({ solarMw }) => solarMw),
      },
    };
  };
}

const nothing: HourOfRegion = { nativeMw: 0, windMw: 0, solarMw: 0 };

function sure(mw: number): Band {
  return { p5: mw, p10: mw, p50: mw, p90: mw, p95: mw };
}

/** Hours of the world in their order, [hours][regions]; asked for an earlier hour than it remembers, it begins again. */
function createHours(world: World): (fromMs: number, count: number) => readonly (readonly HourOfRegion[])[] {
  const tickOf = createTicks(world);
  const startMs = fromWire(world.clock.startTime);
  const firstHourMs = Math.floor(startMs / hourMs) * hourMs;
  let [firstMs, tick]: [number, number] = [firstHourMs, 0];
  let hours: (readonly HourOfRegion[])[] = [];
  let last: readonly HourOfRegion[] = world.regions.map(() => nothing);
  const nextHour = (): void => {
    const endMs = firstMs + (hours.length + 1) * hourMs;
    const seen: (readonly HourOfRegion[])[] = [];
    for (; tickStartMs({ startMs, tickMinutes: world.clock.tickMinutes }, tick) < endMs; tick++) seen.push(tickOf(tick));
    // A tick longer than an hour gives the hours in which none begins.
    last = seen.length === 0 ? [...last] : meansOf(seen);
    hours.push(last);
  };
  return (fromMs, count) => {
    if (fromMs < firstMs) [firstMs, tick, hours] = [firstHourMs, 0, []];
    while (firstMs + hours.length * hourMs < fromMs + count * hourMs) {
      nextHour();
      if (firstMs + hourMs <= fromMs) [firstMs, hours] = [firstMs + hourMs, hours.slice(1)];
    }
    const place = Math.max(0, (fromMs - firstMs) / hourMs);
    return hours.slice(place, place + count);
  };
}

/** Ticks of the world in their order, from the first: [regions]. The noise is that of the grid, since it is drawn by the same keys. */
function createTicks(world: World): (tick: number) => readonly HourOfRegion[] {
  const grid = prepareGrid(world);
  const surroundings = surroundingsOf(world, grid, developmentOf(world));
  const { buses, units } = world.network;
  const noisy = noisyUnitsOf({ seed: world.seed, component: 'grid-supply' }, units, surroundings.profiles);
  const startMs = fromWire(world.clock.startTime);
  let noise: NoiseState = { atMs: null, z: [] };
  return (tick) => {
    const fromMs = tickStartMs({ startMs, tickMinutes: world.clock.tickMinutes }, tick);
    if (tick === 0) noise = { atMs: null, z: [] };
    noise = advanceNoise(noise, { tick, startMs: fromMs }, noisy);
    const interval = { fromMs, toMs: fromMs + world.clock.tickMinutes * minuteMs };
    const [nativeMw, availableMw] = [surroundings.nativeMw(interval), surroundings.availableMw(interval, noise)];
    const regions = world.regions.map(() => ({ ...nothing }));
    buses.forEach((_, bus) => (regions[grid.regionOfBus[bus] ?? 0]!.nativeMw += floatAt(nativeMw, bus)));
    units.forEach(({ source }, unit) => {
      const region = regions[grid.regionOfBus[grid.busOfUnit[unit] ?? 0] ?? 0];
      if (region === undefined) return;
      if (source === 'wind') region.windMw += floatAt(availableMw, unit);
      if (source === 'solar') region.solarMw += floatAt(availableMw, unit);
    });
    return regions;
  };
}

function meansOf(ticks: readonly (readonly HourOfRegion[])[]): readonly HourOfRegion[] {
  const [first = []] = ticks;
  return first.map((_, region) => {
    const mean = (of: (hour: HourOfRegion) => number): number =>
      ticks.reduce((sum, tick) => sum + of(tick[region] ?? nothing), 0) / ticks.length;
    return { nativeMw: mean((hour) => hour.nativeMw), windMw: mean((hour) => hour.windMw), solarMw: mean((hour) => hour.solarMw) };
  });
}
