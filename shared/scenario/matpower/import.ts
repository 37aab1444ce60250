import { wrongInput } from '../../runtime/errors.js';
import { readText } from '../files.js';
import { smallestIsland, type islandsOf } from '../networkGraph.js';
import type { Bus } from '../networkSchema.js';
import type { ImportedNetwork } from '../rtsGmlc/import.js';
import { slugOf } from '../slug.js';
import { readLines, readLinks, type Read, type ZeroReactance } from './branches.js';
import { readBuses, type CaseBuses } from './buses.js';
import { numberOf } from './caseTable.js';
import { parseCase, type CaseText } from './caseText.js';
import { readUnits } from './units.js';

/** A network read from a case, with the name of the case. */
export interface ImportedCase extends ImportedNetwork {
  readonly name: string;
}

/** Fields that are read, or say nothing about what is dispatched. */
const understood = new Set(
  (
    'version baseMVA bus gen branch gencost dcline areas bus_name gen_name genfuel gentype ' +
    'bus_id gen_id gen_technology branch_id dcline_id branch_name dcline_name zone zone_name success et f userdata'
  ).split(' '),
);

/**
 * Reads a MATPOWER case of version 2 (`.m`, or packed as `.m.gz`). Loads are fixed, areas become regions, generators in service always
 * run; voltages and reactive power are passed over. What hangs on isolated buses (type 4) is left out.
 * @throws TWIN_WRONG_INPUT naming file, line and column. Source: MATPOWER User's Manual 8.0, appendix B.
 */
export async function importMatpower(
  path: string,
  options: { readonly zeroReactance?: ZeroReactance | undefined } = {},
): Promise<ImportedCase> {
  const text = parseCase(await readText(path, 'any'), path);
  checkVersion(text);
  const baseMva = baseOf(text);
  const buses = readBuses(text);
  const units = readUnits(text, buses);
  if (units.things.length === 0) throw wrongInput(`${path}: mpc.gen: found no generator in service, allowed: at least one`);
  const lines = readLines(text, { buses, baseMva, zeroReactance: options.zeroReactance ?? 'refuse' });
  const links = readLinks(text, buses);
  checkWhole(text.file, buses, [...lines.things, ...links.things]);
  const regions = [...new Set(buses.buses.map((bus) => bus.region))];
  return {
    name: nameOf(text),
    regions: regions.map((id) => ({ id, name: `Area ${id.slice('area-'.length)}`, load: { kind: 'constant', mw: 0 } })),
    network: {
      buses: withLoads(buses.buses, [...units.loads, ...links.loads]),
      lines: [...lines.things],
      links: [...links.things],
      interfaces: [],
      units: [...units.things],
      storages: [],
      changes: [],
    },
    series: {},
    warnings: [
      ...passedOver(buses, { units, lines, links }),
      ...units.warnings,
      ...lines.warnings,
      ...links.warnings,
      ...[...text.tables.keys(), ...text.scalars.keys(), ...text.computed.keys()]
        .filter((field) => !understood.has(field))
        .map((field) => `mpc.${field} is left out`),
    ],
  };
}

function checkVersion({ file, scalars }: CaseText): void {
  const version = scalars.get('version');
  const allowed = `allowed: version 2 (mpc.version = '2')`;
  if (version === undefined) throw wrongInput(`${file}: found no mpc.version, ${allowed}`);
  if (version.text !== '2') throw wrongInput(`${file}:${version.line}: mpc.version: found ${JSON.stringify(version.text)}, ${allowed}`);
}

function baseOf({ file, scalars, computed }: CaseText): number {
  const base = scalars.get('baseMVA');
  if (base === undefined) {
    const line = computed.get('baseMVA');
    throw wrongInput(`${file}${line === undefined ? '' : `:${line}`}: found no mpc.baseMVA, allowed: a number in MVA above 0`);
  }
  const value = numberOf(base.text);
  if (value === null || !(value > 0 && value < Infinity))
    throw wrongInput(`${file}:${base.line}: mpc.baseMVA: found ${JSON.stringify(base.text)}, allowed: a number in MVA above 0`);
  return value;
}

/** All buses have to hang together, by AC or DC: what does not is named by its smallest part. */
function checkWhole(file: string, { buses, lines }: CaseBuses, branches: Parameters<typeof islandsOf>[1]): void {
  const cut = smallestIsland(buses, branches);
  if (cut === null) return;
  const line = lines[buses.findIndex(({ id }) => id === cut.first)] ?? 1;
  throw wrongInput(
    `${file}:${line}: bus.bus_i: found ${cut.found}, allowed: buses joined by branches or DC lines in service, or of type 4`,
  );
}

function withLoads(buses: readonly Bus[], loads: Read<unknown>['loads']): Bus[] {
  const extraMw = new Map<string, number>();
  for (const { bus, mw } of loads) extraMw.set(bus, (extraMw.get(bus) ?? 0) + mw);
  return buses.map((bus) => {
    const mw = extraMw.get(bus.id);
    return mw === undefined ? bus : { ...bus, fixedLoadMw: bus.fixedLoadMw + mw };
  });
}

function passedOver(
  { isolated }: CaseBuses,
  parts: { readonly units: Read<unknown>; readonly lines: Read<unknown>; readonly links: Read<unknown> },
): string[] {
  const { units, lines, links } = parts;
  const counted = (key: 'outOfService' | 'isolated') => `${units[key]} generators, ${lines[key]} branches, ${links[key]} DC lines`;
  const warnings: string[] = [];
  if (units.outOfService + lines.outOfService + links.outOfService > 0)
    warnings.push(`out of service and left out: ${counted('outOfService')}`);
  if (isolated.length > 0) {
    const numbers = isolated.slice(0, 12).map(({ number }) => number);
    const more = isolated.length > 12 ? ` and ${isolated.length - 12} more` : '';
    const loadMw = isolated.reduce((sum, bus) => sum + bus.loadMw, 0);
    warnings.push(`isolated (type 4) and left out: buses ${numbers.join(', ')}${more} with ${loadMw} MW of load, ${counted('isolated')}`);
  }
  return warnings;
}

/** Name of the function, else of the file, as a slug. */
function nameOf({ file, name }: CaseText): string {
  const base = (file.split(/[\\/]/).pop() ?? '').replace(/\.m(\.gz)?$/i, '');
  return (slugOf(name) || slugOf(base) || 'case').slice(0, 80).replace(/-+$/, '');
}
