import type { World } from './schema.js';
import { shown, type Misfit } from './shape.js';

/** A misfit for a name that is not among the known ones, listing at most twelve of them. */
export function unknownName(field: string, name: string, kind: string, known: ReadonlySet<string>): Misfit[] {
  if (known.has(name)) return [];
  const names = [...known].sort();
  const list =
    names.length === 0 ? `none is defined` : names.slice(0, 12).join(', ') + (names.length > 12 ? ` and ${names.length - 12} more` : '');
  return [{ field, found: `${shown(name)}, an unknown ${kind}`, allowed: list }];
}

/** Names of the things of one kind. */
export function idsOf(things: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(things.map((thing) => thing.id));
}

/** Ids given twice within a kind, and references of the network, campuses, runs and contracts to things that do not exist. */
export function* idMisfits(world: World): Generator<Misfit> {
  const { network } = world;
  yield* repeated('regions', world.regions);
  for (const [index, region] of world.regions.entries()) {
    if (region.id === 'all') yield { field: `regions[${index}].id`, found: '"all"', allowed: 'any other id; "all" stands for no region' };
  }
  yield* repeated('network.buses', network.buses);
  yield* repeated('network.lines and links', [...network.lines, ...network.links]);
  yield* repeated('network.interfaces', network.interfaces);
  yield* repeated('network.units and storages', [...network.units, ...network.storages]);
  yield* repeated('campuses', world.campuses);
  yield* repeated('runs', world.runs);
  yield* repeated('contracts', world.contracts);
  yield* repeated('agencies', world.agencies);
  yield* repeated('projects', world.projects);
  yield* networkReferences(world);
  const campuses = idsOf(world.campuses);
  for (const [index, run] of world.runs.entries()) yield* unknownName(`runs[${index}].campus`, run.campus, 'campus', campuses);
  for (const [index, contract] of world.contracts.entries()) {
    yield* unknownName(`contracts[${index}].campus`, contract.campus, 'campus', campuses);
  }
}

/** Ids that stand more than once in a list. */
export function* repeated(field: string, things: readonly { readonly id: string }[]): Generator<Misfit> {
  const seen = new Set<string>();
  for (const { id } of things) {
    if (seen.has(id)) yield { field, found: `id ${shown(id)} twice`, allowed: 'each id once' };
    seen.add(id);
  }
}

function* networkReferences(world: World): Generator<Misfit> {
  const { network } = world;
  const regions = idsOf(world.regions);
  const buses = idsOf(network.buses);
  const lines = idsOf(network.lines);
  for (const [index, bus] of network.buses.entries()) yield* unknownName(`network.buses[${index}].region`, bus.region, 'region', regions);
  for (const kind of ['lines', 'links'] as const) {
    for (const [index, line] of network[kind].entries()) {
      yield* unknownName(`network.${kind}[${index}].fromBus`, line.fromBus, 'bus', buses);
      yield* unknownName(`network.${kind}[${index}].toBus`, line.toBus, 'bus', buses);
      if (line.fromBus === line.toBus) {
        yield { field: `network.${kind}[${index}].toBus`, found: `${shown(line.toBus)}, the bus it begins at`, allowed: 'another bus' };
      }
    }
  }
  for (const [index, each] of network.interfaces.entries()) {
    yield* unknownName(`network.interfaces[${index}].region`, each.region, 'region', regions);
    for (const [at, { line }] of each.lines.entries())
      yield* unknownName(`network.interfaces[${index}].lines[${at}].line`, line, 'line', lines);
  }
  for (const kind of ['units', 'storages'] as const) {
    for (const [index, thing] of network[kind].entries()) yield* unknownName(`network.${kind}[${index}].bus`, thing.bus, 'bus', buses);
  }
  for (const [index, campus] of world.campuses.entries()) yield* unknownName(`campuses[${index}].bus`, campus.bus, 'bus', buses);
}
