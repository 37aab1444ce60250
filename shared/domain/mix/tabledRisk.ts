import { meanYearOf, type DaySet } from '../adequacy/days.js';
import { withUnits, type OutageTable } from '../adequacy/outageTable.js';
import { lossDaysOf, riskModelOf, riskOf, type Risk, type RiskModel } from '../adequacy/risk.js';
import type { AdequacySystem } from '../adequacy/system.js';
import { at } from '../grid/dense.js';
import { outageRatioOf } from '../grid/outages.js';
import type { BuildOption, Sizes } from './options.js';

/** Risk of builds without storage, from outage tables. */
export interface TabledRisk {
  /** Days short in the mean of all years. */
  lossDays(sizesMw: Sizes): number;
  /** Each year by itself. */
  yearly(sizesMw: Sizes): readonly Risk[];
}

/** Prepares a system with a flat load, over weather years, for builds of some options; storages take no part. */
export function tabledRisk(
  system: AdequacySystem,
  options: readonly BuildOption[],
  { years, flatMw }: { readonly years: readonly DaySet[]; readonly flatMw: number },
): TabledRisk {
  const model = riskModelOf(system);
  // Where the same units are there on every date, it does not matter on which date the weather of a day falls.
  const days = meanYearOf(model.tableOfHour === null ? years.map((year) => ({ ...year, dateDay: year.weatherDay })) : years);
  let known = new Map<string, readonly OutageTable[]>();
  const tablesOf = (sizesMw: Sizes): readonly OutageTable[] => {
    const counts = options.map(({ supply }, place) =>
      supply.kind === 'two-state' ? Math.round((sizesMw[place] ?? 0) / supply.unitMw) : 0,
    );
    const key = counts.join();
    const before = known.get(key);
    if (before !== undefined) return before;
    const added = options.flatMap(({ supply }, place) =>
      supply.kind === 'two-state'
        ? Array.from({ length: counts[place] ?? 0 }, () => ({ capacityMw: supply.unitMw, outageRatio: outageRatioOf(supply.twoState) }))
        : [],
    );
    const tables = model.tables.map((table) => withUnits(table, added));
    if (known.size >= mostTables) known = new Map();
    known.set(key, tables);
    return tables;
  };
  const modelOf = (sizesMw: Sizes): RiskModel => ({
    ...model,
    netMw: lessWeather(model.netMw, options, sizesMw),
    tables: tablesOf(sizesMw),
  });
  return {
    lossDays: (sizesMw) => lossDaysOf(modelOf(sizesMw), { days, flatMw }),
    yearly: (sizesMw) => {
      const built = modelOf(sizesMw);
      return years.map((year) => riskOf(built, { days: year, flatMw }));
    },
  };
}

/** Tables that are remembered at once; each takes a few hundred kilobytes. */
const mostTables = 200;

/** Net load less the output of what weather drives in a build, [hours], MW. */
export function lessWeather(netMw: Float64Array, options: readonly BuildOption[], sizesMw: Sizes): Float64Array {
  const lessMw = netMw.slice();
  options.forEach(({ supply }, place) => {
    const mw = sizesMw[place] ?? 0;
    if (supply.kind !== 'weather' || mw === 0) return;
    for (let hour = 0; hour < lessMw.length; hour++) lessMw[hour] = at(lessMw, hour) - mw * at(supply.outputRatio, hour);
  });
  return lessMw;
}
