import type { World } from '../../scenario/schema.js';
import { at, floatAt } from '../grid/dense.js';
import { createTally, prepareHourly, type Totals } from '../grid/hourly.js';
import { gridReadersOf, marginalCarbonKg } from './duals.js';
import type { SitingRun } from './eras.js';

/** The hours of a world without any new load, by bus; places count the hours of the run. */
export interface BaseYear {
  readonly hours: number;
  readonly totals: Totals;
  /** [buses], over all hours: price, USD/MWh; load, MW; carbon dioxide of one MWh more, kg. */
  readonly meanPriceUsdPerMwh: Float64Array;
  readonly meanLoadMw: Float64Array;
  readonly meanCarbonKgPerMwh: Float64Array;
  /** [buses]: what wind, sun and water at it could have delivered and did not, MWh. */
  readonly curtailedMwh: Float64Array;
  /** [buses]: places of hours in which its price is at most what counts as cheap. */
  readonly cheapHours: readonly (readonly number[])[];
  /** Places of hours in which load is not served. */
  readonly shortHours: readonly number[];
}

/** Prices this far above what counts as cheap are rounding, USD/MWh. */
const priceTolerance = 1e-6;
/** Load below this is served, MW. */
const leastMw = 1e-6;

/** Adds up the hours of a world as the hourly dispatch has them; `wantsCarbon`: otherwise the carbon of one MWh more is left at 0. */
export function baseYearOf(
  world: World,
  run: SitingRun,
  asked: { readonly cheapUsdPerMwh: number; readonly wantsCarbon: boolean; readonly heard: (hours: number) => void },
): BaseYear {
  const busCount = world.network.buses.length;
  const [price, load, carbon, curtailed] = [0, 0, 0, 0].map(() => new Float64Array(busCount)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const cheapHours = Array.from({ length: busCount }, (): number[] => []);
  const shortHours: number[] = [];
  const tally = createTally();
  const readerOf = gridReadersOf(run);
  let hours = 0;
  for (const hour of prepareHourly(world, { ...run, outageSeed: null })()) {
    tally.add(hour);
    const { grid, input, dispatch } = hour;
    const reader = readerOf(grid);
    const kg = asked.wantsCarbon ? marginalCarbonKg(grid, reader, { ...reader, input, warm: dispatch.warm }) : null;
    let shedMw = 0;
    for (let bus = 0; bus < busCount; bus++) {
      const here = floatAt(dispatch.busPriceUsdPerMwh, bus);
      price[bus] = floatAt(price, bus) + here;
      load[bus] = floatAt(load, bus) + floatAt(input.loadMw, bus);
      if (kg !== null) carbon[bus] = floatAt(carbon, bus) + floatAt(kg, bus);
      if (here <= asked.cheapUsdPerMwh + priceTolerance) cheapHours[bus]?.push(hours);
      shedMw += floatAt(dispatch.shedMw, bus);
    }
    grid.world.network.units.forEach((unit, place) => {
      if (unit.availability === null) return;
      const bus = at(grid.busOfUnit, place);
      curtailed[bus] = floatAt(curtailed, bus) + Math.max(0, floatAt(input.availableMw, place) - floatAt(dispatch.generationMw, place));
    });
    if (shedMw > leastMw) shortHours.push(hours);
    asked.heard(++hours);
  }
  const meanOf = (sums: Float64Array): Float64Array => sums.map((sum) => sum / Math.max(1, hours));
  return {
    hours,
    totals: tally.totals(),
    meanPriceUsdPerMwh: meanOf(price),
    meanLoadMw: meanOf(load),
    meanCarbonKgPerMwh: meanOf(carbon),
    curtailedMwh: curtailed,
    cheapHours,
    shortHours,
  };
}
