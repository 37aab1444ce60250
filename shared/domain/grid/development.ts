import type { World } from '../../scenario/schema.js';
import type { Saying, SayingOf } from '../fact.js';
import { fromWire, type Instant } from '../ticks.js';
import { erasOf, type Era } from './changes.js';
import { retiredWhileOut } from './failures.js';
import type { GridState } from './state.js';

/** How the grid of a world develops: what stands when. */
export interface Development {
  /** Changes in order of their times. */
  readonly changes: World['network']['changes'];
  /** How many changes there were before the world began. */
  readonly madeBefore: number;
  /** The era an instant belongs to; always the same object for the same era. */
  eraAt(atMs: number): Era;
  /** [units]: 1 while the unit is part of the grid. */
  isInService(era: Era): Uint8Array;
}

/** Prepares the changes of a network over the years. */
export function developmentOf(world: Pick<World, 'network' | 'regions' | 'clock'>): Development {
  const startMs = fromWire(world.clock.startTime);
  const changes = [...world.network.changes].sort((a, b) => fromWire(a.atTime) - fromWire(b.atTime));
  const eras = erasOf(world, { fromMs: startMs, toMs: Infinity });
  const first = eras[0] as Era;
  const inService = new Map<Era, Uint8Array>();
  return {
    changes,
    madeBefore: changes.filter(({ atTime }) => fromWire(atTime) < startMs).length,
    eraAt: (atMs) => eras.findLast(({ fromMs }) => fromMs <= atMs) ?? first,
    isInService: (era) => {
      const known = inService.get(era);
      if (known !== undefined) return known;
      const ids = new Set(era.network.units.map(({ id }) => id));
      const made = Uint8Array.from(world.network.units, ({ id }) => (ids.has(id) ? 1 : 0));
      inService.set(era, made);
      return made;
    },
  };
}

/** Says the changes that have come since the tick before, each once; nobody waits any longer for a unit that is retired while it is out. */
export function applyChanges(
  { changes }: Development,
  state: GridState,
  now: { readonly world: World; readonly instant: Instant },
): { readonly state: GridState; readonly sayings: readonly Saying[] } {
  let { changesMade, unitsOut } = state;
  const sayings: Saying[] = [];
  for (let change = changes[changesMade]; change !== undefined; change = changes[++changesMade]) {
    if (fromWire(change.atTime) > now.instant.startMs) break;
    const said = sayingOf(now.world, change);
    sayings.push(said);
    if (change.kind !== 'retire-unit' || !unitsOut.includes(change.unit)) continue;
    unitsOut = unitsOut.filter((id) => id !== said.entity);
    const data = { equipment: 'unit', change: 'return', capacityMw: said.data.capacityMw, reason: retiredWhileOut } as const;
    sayings.push({ type: 'grid.contingency.v1', region: said.region, entity: said.entity, data });
  }
  return sayings.length === 0 ? { state, sayings } : { state: { ...state, changesMade, unitsOut }, sayings };
}

function sayingOf({ network }: World, change: World['network']['changes'][number]): SayingOf<'grid.change.v1'> {
  const said = (region: string, entity: string, capacityMw: number, factorRatio: number): SayingOf<'grid.change.v1'> => ({
    type: 'grid.change.v1',
    region,
    entity,
    data: { change: change.kind, capacityMw, factorRatio },
  });
  switch (change.kind) {
    case 'add-unit':
    case 'retire-unit': {
      const unit = network.units.find(({ id }) => id === change.unit);
      const region = network.buses.find(({ id }) => id === unit?.bus)?.region ?? 'all';
      return said(region, change.unit, unit?.capacityMw ?? 0, 1);
    }
    case 'scale-load':
      return said(change.region, change.region, 0, change.factorRatio);
    case 'scale-cost':
      return said('all', change.source, 0, change.factorRatio);
  }
}
