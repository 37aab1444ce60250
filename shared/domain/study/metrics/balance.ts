import { hourMs } from '../../ticks.js';
import { added, sum, type Metric } from '../metric.js';

/** Load that is not served below this is rounding, MW. */
const leastShortMw = 0.001;

/** What it costs to draw power, and whether there is enough. */
export const balanceMetrics: readonly Metric[] = [
  {
    id: 'meanPriceUsdPerMwh',
    unit: 'USD/MWh',
    definition: 'Price of every region and tick, weighted with its load; with shortage prices.',
    parts: null,
    over: () => ({
      hears: ['grid.demand.v1', 'grid.price.v1'],
      start: { mw: 0, usd: 0 },
      // The grid says the load of a region before its price.
      hear: (amounts, fact) => {
        if (fact.type === 'grid.demand.v1') amounts[`load/${fact.region}`] = fact.data.demandMw;
        if (fact.type !== 'grid.price.v1') return amounts;
        const loadMw = amounts[`load/${fact.region}`] ?? 0;
        return added(added(amounts, 'mw', loadMw), 'usd', loadMw * fact.data.priceUsdPerMwh);
      },
      values: ({ mw = 0, usd = 0 }) => ({ '': mw > 0 ? usd / mw : null }),
    }),
  },
  sum(
    { id: 'unservedMwh', unit: 'MWh', definition: 'Load that could not be served, of all regions.' },
    ['grid.demand.v1'],
    ({ tickMs }) =>
      (fact) =>
        fact.type === 'grid.demand.v1' ? (fact.data.unservedMw * tickMs) / hourMs : 0,
  ),
  {
    id: 'hoursShort',
    unit: 'h',
    definition: 'Time in which some region has load that is not served, more than 1 kW.',
    parts: null,
    over: ({ tickMs }) => ({
      hears: ['grid.demand.v1'],
      start: { '': 0, lastTick: -1 },
      hear: (amounts, fact) => {
        if (fact.type !== 'grid.demand.v1' || fact.data.unservedMw <= leastShortMw || amounts['lastTick'] === fact.tick) return amounts;
        amounts['lastTick'] = fact.tick;
        return added(amounts, '', tickMs / hourMs);
      },
      values: (amounts) => ({ '': amounts[''] ?? 0 }),
    }),
  },
  sum(
    { id: 'reserveShortHours', unit: 'h', definition: 'Time in which reserve is below its requirement.' },
    ['grid.reserve.v1'],
    ({ tickMs }) =>
      (fact) =>
        fact.type === 'grid.reserve.v1' && fact.data.shortageMw > leastShortMw ? tickMs / hourMs : 0,
  ),
  {
    id: 'leastReserveMw',
    unit: 'MW',
    definition: 'Least reserve of any tick.',
    parts: null,
    over: () => ({
      hears: ['grid.reserve.v1'],
      start: {},
      hear: (amounts, fact) => {
        if (fact.type !== 'grid.reserve.v1') return amounts;
        const least = amounts[''];
        return least !== undefined && least <= fact.data.availableMw ? amounts : { '': fact.data.availableMw };
      },
      values: (amounts) => ({ '': amounts[''] ?? null }),
    }),
  },
  {
    id: 'meanRequiredReserveMw',
    unit: 'MW',
    definition: 'Reserve that is required, mean over time: fixed, or by the error of the forecast where the world says so.',
    parts: null,
    over: () => ({
      hears: ['grid.reserve.v1'],
      start: { ticks: 0, mw: 0 },
      hear: (amounts, fact) =>
        fact.type === 'grid.reserve.v1' ? added(added(amounts, 'ticks', 1), 'mw', fact.data.requirementMw) : amounts,
      values: ({ ticks = 0, mw = 0 }) => ({ '': ticks > 0 ? mw / ticks : null }),
    }),
  },
];
