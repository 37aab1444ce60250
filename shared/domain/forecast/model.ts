import type { World } from '../../scenario/schema.js';
import type { Fact, FactDataOf, FactOf, Saying } from '../fact.js';
import type { Model, Turn } from '../model.js';
import { hourMs, minuteMs, toWire, type Instant } from '../ticks.js';
import { netAhead, type Band } from './ahead.js';
import { withHour } from './past.js';
import { pricesAhead, type PriceAhead } from './price.js';
import { initialForecast, noSums, supplyHours, type ForecastState, type RegionSeen } from './state.js';
import { surgeOf, type RegionAhead } from './surge.js';
import { issueHours, localHoursOfDay, wayOf, type Way } from './ways.js';

/**
 * Forecasts load, wind and sun, net demand, prices and shortage for the next 24 hours, region by region, every six hours, from what the grid
 * said. It knows nothing of how the world makes its load: it learns as it would from a meter, unless the scenario asks for the bound of a
 * perfect forecast. Says nothing where the scenario has no `forecast`.
 */
export function createForecastModel(world: World): Model<ForecastState> {
  const isAsked = world.forecast !== undefined;
  const way = wayOf(world);
  const regionOfCampus = regionsOfCampuses(world);
  return {
    component: 'forecast',
    hears: isAsked ? ['grid.demand.v1', 'grid.supply.v1', 'grid.price.v1', 'buildout.block.v1'] : [],
    speaksIn: isAsked ? [1] : [],
    initial: () => initialForecast(world),
    observe: (state, fact) => ({ state: hear(world, regionOfCampus, state, fact), sayings: [] }),
    speak: (state, instant) => speak(world, way, state, instant),
  };
}

function regionsOfCampuses(world: World): ReadonlyMap<string, string> {
  const regionOfBus = new Map(world.network.buses.map(({ id, region }) => [id, region]));
  return new Map(world.campuses.map(({ id, bus }) => [id, regionOfBus.get(bus) ?? '']));
}

function withRegion(state: ForecastState, region: string, change: (seen: RegionSeen) => RegionSeen): ForecastState {
  const place = state.regions.findIndex((seen) => seen.region === region);
  const seen = state.regions[place];
  return seen === undefined ? state : { ...state, regions: state.regions.with(place, change(seen)) };
}

function hear(world: World, regionOfCampus: ReadonlyMap<string, string>, state: ForecastState, fact: Fact): ForecastState {
  switch (fact.type) {
    case 'grid.demand.v1':
      return counting(state, fact, 'demand', (sums) => ({ ...sums, ticks: sums.ticks + 1, demandMw: sums.demandMw + fact.data.demandMw }));
    case 'grid.supply.v1':
      return counting(state, fact, 'supply', (sums) => withSupply(world, sums, fact.data));
    case 'grid.price.v1':
      return counting(state, fact, 'price', (sums) => ({ ...sums, priceUsdPerMwh: sums.priceUsdPerMwh + fact.data.priceUsdPerMwh }));
    case 'buildout.block.v1':
      return withRegion(state, regionOfCampus.get(fact.data.campus) ?? '', (seen) => withBlock(world, seen, fact));
    default:
      return state;
  }
}

/** Counts what is said of a tick in the hour under way, once. */
function counting(
  state: ForecastState,
  { region, tick }: Fact,
  what: keyof RegionSeen['counted'],
  add: (sums: RegionSeen['sums']) => RegionSeen['sums'],
): ForecastState {
  return withRegion(state, region, (seen) =>
    tick <= seen.counted[what] ? seen : { ...seen, sums: add(seen.sums), counted: { ...seen.counted, [what]: tick } },
  );
}

/** Storages count with what they could deliver for an hour. */
function withSupply(
  world: World,
  sums: RegionSeen['sums'],
  { sources, availableMw, storages }: FactDataOf['grid.supply.v1'],
): RegionSeen['sums'] {
  const of = (wanted: string): number => sources.reduce((sum, { source, availableMw: mw }) => (source === wanted ? sum + mw : sum), 0);
  const [windMw, solarMw] = [of('wind'), of('solar')];
  const storedMw = storages.reduce((sum, { storage, storedMwh }) => {
    const known = world.network.storages.find(({ id }) => id === storage);
    return sum + Math.min(storedMwh, known?.powerMw ?? 0);
  }, 0);
  return {
    ...sums,
    windMw: sums.windMw + windMw,
    solarMw: sums.solarMw + solarMw,
    unitsMw: sums.unitsMw + availableMw - windMw - solarMw + storedMw,
  };
}

/** The runs that begin with a block are load that is known before it is seen. */
function withBlock(world: World, seen: RegionSeen, { entity, data, timeMs }: FactOf<'buildout.block.v1'>): RegionSeen {
  const begun = world.runs.filter(
    ({ campus, startWithBlock }) => campus === data.campus && startWithBlock?.project === entity && startWithBlock.block === data.block,
  );
  const mw = begun.reduce((sum, { facilityMw }) => sum + facilityMw, 0);
  const block = `${entity}/${data.block}`;
  const isKnown = seen.known.some((each) => each.block === block);
  return mw === 0 || isKnown ? seen : { ...seen, known: [...seen.known, { block, fromMs: timeMs, mw }] };
}

function speak(world: World, way: Way, state: ForecastState, instant: Instant): Turn<ForecastState> {
  const endMs = state.hourMs + hourMs;
  if (instant.startMs < endMs) return { state, sayings: [] };
  const nextMs = Math.floor(instant.startMs / hourMs) * hourMs;
  const regions = state.regions.map((seen) => closeHour(seen, (nextMs - endMs) / hourMs));
  const forecasts = regions.map((seen, place) => way(place, seen, nextMs));
  const next = { regions, hourMs: nextMs };
  const localHour = Math.floor((nextMs + world.clock.utcOffsetMinutes * minuteMs) / hourMs) % localHoursOfDay;
  if (!issueHours.some((hour) => hour === localHour)) return { state: next, sayings: [] };
  const ahead = regions.flatMap((seen, place): RegionAhead[] => {
    const made = forecasts[place]?.();
    return made === undefined ? [] : [{ seen, ...made, net: netAhead(made.demand, made.supply) }];
  });
  return { state: next, sayings: sayingsOf(world, ahead, nextMs) };
}

/** The hour under way becomes part of the past, and hours of which nothing was seen after it. */
function closeHour({ sums, demand, supply, ...seen }: RegionSeen, missed: number): RegionSeen {
  const { ticks } = sums;
  const mean = (sum: number): number => (ticks === 0 ? 0 : sum / ticks);
  let past = withHour(demand, ticks === 0 ? null : mean(sums.demandMw));
  for (let hour = 0; hour < missed; hour++) past = withHour(past, null);
  const added = (name: 'windMw' | 'solarMw' | 'unitsMw' | 'priceUsdPerMwh'): readonly number[] =>
    [...supply[name], ...Array.from({ length: 1 + missed }, () => mean(sums[name]))].slice(-supplyHours);
  const longer = {
    windMw: added('windMw'),
    solarMw: added('solarMw'),
    unitsMw: added('unitsMw'),
    priceUsdPerMwh: added('priceUsdPerMwh'),
  };
  return { ...seen, sums: noSums, demand: past, supply: longer };
}

function sayingsOf(world: World, ahead: readonly RegionAhead[], issuedMs: number): readonly Saying[] {
  const prices = pricesAhead(ahead);
  const sayings = ahead.flatMap((region, place) => regionSayings(region, prices[place], issuedMs));
  const surge = surgeOf(ahead, { issuedMs, requirementMw: world.reserve.requirementMw });
  return surge === null
    ? sayings
    : [...sayings, { type: 'forecast.surge.v1', region: 'all', entity: 'all', quality: 'forecast', data: surge }];
}

function regionSayings({ seen, demand, supply, net }: RegionAhead, price: PriceAhead | undefined, issuedMs: number): readonly Saying[] {
  const issuedTime = toWire(issuedMs);
  const hourOf = (hour: number) => ({ lead: `h${String(hour + 1).padStart(2, '0')}`, fromTime: toWire(issuedMs + hour * hourMs) });
  const { region } = seen;
  const about = { region, entity: region, quality: 'forecast' as const };
  const windOf = (hour: number) => ({
    windP50Mw: rounded(supply.windMw[hour] ?? 0),
    solarP50Mw: rounded(supply.solarMw[hour] ?? 0),
  });
  return [
    {
      ...about,
      type: 'forecast.demand.v1',
      data: { issuedTime, method: demand.method, hours: demand.hours.map((band, hour) => ({ ...hourOf(hour), ...mwOf(band) })) },
    },
    {
      ...about,
      type: 'forecast.supply.v1',
      data: {
        issuedTime,
        method: supply.method,
        hours: supply.hours.map((band, hour) => ({ ...hourOf(hour), ...windOf(hour), ...mwOf(band) })),
      },
    },
    {
      ...about,
      type: 'forecast.netdemand.v1',
      data: { issuedTime, method: net.method, hours: net.hours.map((band, hour) => ({ ...hourOf(hour), ...netMwOf(band) })) },
    },
    {
      ...about,
      type: 'forecast.price.v1',
      data: {
        issuedTime,
        method: price?.method ?? 'none',
        hours: (price?.hours ?? []).map((band, hour) => ({ ...hourOf(hour), ...usdOf(band) })),
      },
    },
  ];
}

function mwOf({ p5, p10, p50, p90, p95 }: Band) {
  return { p5Mw: rounded(p5), p10Mw: rounded(p10), p50Mw: rounded(p50), p90Mw: rounded(p90), p95Mw: rounded(p95) };
}

function netMwOf({ p5, p10, p50, p90, p95 }: Band) {
  return { p5NetMw: rounded(p5), p10NetMw: rounded(p10), p50NetMw: rounded(p50), p90NetMw: rounded(p90), p95NetMw: rounded(p95) };
}

function usdOf({ p5, p10, p50, p90, p95 }: Band) {
  return {
    p5UsdPerMwh: rounded(p5),
    p10UsdPerMwh: rounded(p10),
    p50UsdPerMwh: rounded(p50),
    p90UsdPerMwh: rounded(p90),
    p95UsdPerMwh: rounded(p95),
  };
}

function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}
