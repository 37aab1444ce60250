import { wrongInput } from '../../runtime/errors.js';
import { plainUnit } from '../plain.js';
import type { Unit } from '../networkSchema.js';
import { slugOf } from '../slug.js';
import { numbered, type Read } from './branches.js';
import { idsOf, type CaseBuses } from './buses.js';
import { rowsOfMatrix, textsOf, type CaseRow } from './caseTable.js';
import type { CaseText } from './caseText.js';
import { costOf, shiftedCost } from './cost.js';
import { canReserve, sourceOf } from './sources.js';

/**
 * Reads the generators in service with their costs. Each always runs: a case is an instant with its units committed. One that always
 * draws power (Pmax below 0) becomes load and the rest of its range, at the same cost.
 * @throws TWIN_WRONG_INPUT for an unknown bus, Pmin above Pmax, numbers that are not finite, and costs that do not fit.
 */
export function readUnits(text: CaseText, buses: CaseBuses): Read<Unit> {
  const rows = rowsOfMatrix(text, 'gen');
  const costs = activeCosts(text, rows.length);
  const labels = labelsOf(text, rows.length);
  const nextId = numbered('gen');
  const [things, loads, warnings]: [Unit[], { bus: string; mw: number }[], string[]] = [[], [], []];
  let [outOfService, isolated, withStart] = [0, 0, 0];
  for (const [index, row] of rows.entries()) {
    const bus = buses.idAt(row, 'bus');
    const cost = costs[index];
    if (row.number('status') <= 0) outOfService += 1;
    else if (bus === null || cost === undefined) isolated += 1;
    else {
      const [leastMw, mostMw] = [row.number('Pmin'), row.number('Pmax')];
      if (leastMw > mostMw) row.refuse('Pmin', leastMw, `up to Pmax, ${mostMw}`);
      const drawnMw = Math.min(mostMw, 0);
      const label = labels(index, () => nextId(bus));
      if (drawnMw < 0) {
        loads.push({ bus, mw: -drawnMw });
        warnings.push(`${label.id} draws at least ${-drawnMw} MW: they are kept as load at bus ${bus}`);
      }
      if (cost.number('startup') !== 0) withStart += 1;
      const priced = costOf(cost, mostMw);
      things.push({
        ...plainUnit,
        ...label,
        ...(drawnMw < 0 ? shiftedCost(priced, drawnMw) : priced),
        bus,
        capacityMw: mostMw - drawnMw,
        minMw: leastMw - drawnMw,
        isAlwaysOn: true,
        scheduledMw: row.number('Pg') - drawnMw,
        rampMwPerMinute: rampOf(row),
        availability: null,
        dailyEnergyMwh: null,
        providesReserve: canReserve(label.source),
        carbonKgPerMwh: 0,
      });
    }
  }
  if (withStart > 0) warnings.push(`start-up costs are left out, every generator in service always runs: ${withStart}`);
  return { things, loads, warnings, outOfService, isolated };
}

/** Rows of gencost for active power; a second set of rows is for reactive power. */
function activeCosts(text: CaseText, count: number): readonly CaseRow[] {
  const rows = rowsOfMatrix(text, 'gencost');
  if (rows.length !== count && rows.length !== 2 * count) {
    const line = text.tables.get('gencost')?.line ?? 1;
    throw wrongInput(
      `${text.file}:${line}: mpc.gencost: found ${rows.length} rows, allowed: ${count}, one for each generator, or ${2 * count}`,
    );
  }
  return rows.slice(0, count);
}

/** Largest change of output: ramp_agc in MW/min, else what the 10 or 30 minutes come to; null when none is given. */
function rampOf(row: CaseRow): number | null {
  const rates = [row.limit('ramp_agc', 0), row.limit('ramp_10', 0) / 10, row.limit('ramp_30', 0) / 30];
  const rate = rates.find((each) => each > 0);
  return rate === undefined || rate === Infinity ? null : rate;
}

/** Id, name and source by row; the id is made when none is given and the names do not tell the units apart. */
function labelsOf(
  text: CaseText,
  count: number,
): (index: number, makeId: () => string) => Pick<Unit, 'id' | 'name' | 'source' | 'technology'> {
  const extent = { of: 'gen', count };
  const [fuels, types, names] = ['genfuel', 'gentype', 'gen_name'].map((field) => textsOf(text, field, extent)) as [
    readonly string[][] | null,
    readonly string[][] | null,
    readonly string[][] | null,
  ];
  const technologies = textsOf(text, 'gen_technology', extent);
  const given = idsOf(textsOf(text, 'gen_id', extent), text.file);
  const slugs = names?.map(([name = '']) => slugOf(name)) ?? [];
  const areNamesIds = slugs.every((slug) => slug !== '' && slug.length <= 80) && new Set(slugs).size === count;
  return (index, makeId) => {
    const made = makeId();
    const id = given?.[index] ?? (areNamesIds ? slugs[index] : undefined) ?? made;
    // The test system names its generators with type and fuel beside them; there CT is a turbine, in gentype a part of a combined cycle.
    const [name, namedType = '', namedFuel = ''] = names?.[index] ?? [];
    const type = types?.[index]?.[0] ?? '';
    const source = sourceOf(fuels?.[index]?.[0] ?? namedFuel, type === 'CT' ? 'CC' : type === '' ? namedType : type);
    return { id, name: name ?? id, source, technology: technologies?.[index]?.[0] ?? namedType.toLowerCase() };
  };
}
