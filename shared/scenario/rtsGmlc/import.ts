import { wrongInput } from '../../runtime/errors.js';
import { readTable } from '../csv.js';
import type { Series, Unit, World } from '../schema.js';
import { slugOf } from '../slug.js';
import { sourceFolderOf, sourceTable } from './folder.js';
import { areaId, checkWhole, readBuses, readLines, readLinks } from './network.js';
import { readPointedSeries, type PointedSeries } from './series.js';
import { readStorages, readUnits, type UnitRow } from './units.js';

/** A network with a year of hours, as it comes from outside: the part of a world that is not made up. */
export interface ImportedNetwork {
  readonly regions: World['regions'];
  readonly network: World['network'];
  readonly series: World['series'];
  /** What was passed over, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Reads the RTS-GMLC test system: network, units and day-ahead hours of 2020. Areas become regions; the load of an area is shared
 * among its buses by their static load. The data names no time zone: its hours are local standard time without daylight saving, and
 * are taken as UTC as they stand. Synchronous condensers and the solar-thermal unit take no part.
 * @throws TWIN_WRONG_INPUT naming file, line and column. Source: Barrows et al., IEEE Trans. Power Systems 35(1), 2020.
 */
export async function importRtsGmlc(dir: string): Promise<ImportedNetwork> {
  const sourceDir = await sourceFolderOf(dir);
  const table = async (name: string) => readTable(await sourceTable(sourceDir, name));
  const generators = await table('gen.csv');
  const busTable = await table('bus.csv');
  const { areas, buses } = readBuses(busTable);
  const { units, skipped } = readUnits(generators, buses);
  const pointed = await readPointedSeries(sourceDir, await table('timeseries_pointers.csv'));
  const { units: available, series: unitSeries, warnings } = withAvailability(units, pointed);
  const loadSeries = areas.map((area) => [`load-${areaId(area)}`, loadOf(area, pointed, sourceDir)] as const);
  const lines = readLines(await table('branch.csv'), buses);
  const links = readLinks(await table('dc_branch.csv'), buses);
  checkWhole(busTable, buses, [...lines, ...links]);
  return {
    regions: areas.map((area) => ({ id: areaId(area), name: `Area ${area}`, load: { kind: 'series', series: `load-${areaId(area)}` } })),
    network: {
      buses,
      lines,
      links,
      interfaces: [],
      units: available,
      changes: [],
      storages: readStorages(generators, await table('storage.csv'), buses),
    },
    series: Object.fromEntries([...loadSeries, ...unitSeries]),
    warnings: [...pointed.warnings, ...warnings, `gen.csv: ${skipped.join(', ')} take no part in the dispatch and are left out`],
  };
}

function loadOf(area: string, pointed: PointedSeries, sourceDir: string): Series {
  const series = pointed.load.get(area);
  if (series === undefined)
    throw wrongInput(`${sourceDir}: found no day-ahead load of area ${area}, allowed: a pointer to a file that is there`);
  return series;
}

/** Gives wind, sun and water their hours, capped at capacity; a unit whose hours are missing is left out, for it would run firm. */
function withAvailability(rows: readonly UnitRow[], pointed: PointedSeries) {
  const units: Unit[] = [];
  const series: (readonly [string, Series])[] = [];
  const warnings: string[] = [];
  for (const { unit, needsSeries } of rows) {
    const hours = pointed.output.get(unit.name);
    if (hours === undefined) {
      if (needsSeries) warnings.push(`${unit.name}: no day-ahead hours, left out with its ${unit.capacityMw} MW`);
      else units.push(unit);
      continue;
    }
    const name = slugOf(unit.name);
    series.push([name, { ...hours, values: hours.values.map((valueMw) => Math.min(valueMw, unit.capacityMw)) }]);
    units.push({ ...unit, availability: { kind: 'series', series: name } });
  }
  return { units, series, warnings };
}
