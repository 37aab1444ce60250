import type { AuditAction } from '../../events/control.js';
import type { World } from '../../scenario/schema.js';
import type { Frame } from './frame.js';
import type { Saying } from '../fact.js';
import { fromWire, type Instant } from '../ticks.js';
import type { GridState } from './state.js';

type Outages = Pick<GridState, 'unitsOut' | 'linesOut'>;

/** Applies what the script and people did to units and lines and has its effect in this tick; says what really changed. */
export function applyActions(
  { world, script, isInService }: Pick<Frame, 'world' | 'script' | 'isInService'>,
  state: GridState,
  instant: Instant,
): { readonly state: GridState; readonly sayings: readonly Saying[] } {
  let scriptDone = state.scriptDone;
  const due: { action: AuditAction; target: string; reason: string }[] = [];
  for (let entry = script[scriptDone]; entry !== undefined && fromWire(entry.atTime) <= instant.startMs; entry = script[++scriptDone]) {
    due.push({ action: entry.action, target: entry.target, reason: `script: ${entry.reason}` });
  }
  due.push(...state.heard.filter((heard) => heard.tick < instant.tick));
  if (due.length === 0 && scriptDone === state.scriptDone) return { state, sayings: [] };
  let outages: Outages = { unitsOut: state.unitsOut, linesOut: state.linesOut };
  const sayings: Saying[] = [];
  for (const { action, target, reason } of due) {
    const change = changeOf(world, action, target);
    if (change === null || !isThere(world, isInService, change, target)) continue;
    const before = change.equipment === 'unit' ? outages.unitsOut : outages.linesOut;
    const isOut = before.includes(target);
    if (isOut === (change.change === 'trip')) continue;
    const after = isOut ? before.filter((id) => id !== target) : [...before, target].sort();
    outages = change.equipment === 'unit' ? { ...outages, unitsOut: after } : { ...outages, linesOut: after };
    // What is failed as well is out before and after.
    const failed = change.equipment === 'unit' ? state.failed.units : state.failed.lines;
    if (failed.some(({ id }) => id === target)) continue;
    const { equipment, capacityMw, region } = change;
    sayings.push({ type: 'grid.contingency.v1', region, entity: target, data: { equipment, change: change.change, capacityMw, reason } });
  }
  return { state: { ...state, ...outages, scriptDone, heard: state.heard.filter((heard) => heard.tick >= instant.tick) }, sayings };
}

interface Change {
  readonly equipment: 'unit' | 'line';
  readonly change: 'trip' | 'return';
  readonly capacityMw: number;
  readonly region: string;
}

/** Whether it is part of the grid: what is not built yet, or retired, neither trips nor returns. */
function isThere(world: World, isInService: Uint8Array, { equipment }: Change, target: string): boolean {
  return equipment === 'line' || isInService[world.network.units.findIndex(({ id }) => id === target)] === 1;
}

/** What an action means for the grid; null when it is about something else. */
function changeOf(world: World, action: AuditAction, target: string): Change | null {
  const regionOf = (bus: string): string => world.network.buses.find(({ id }) => id === bus)?.region ?? 'all';
  const change = action === 'trip-unit' || action === 'trip-line' ? 'trip' : 'return';
  if (action === 'trip-unit' || action === 'return-unit') {
    const unit = world.network.units.find(({ id }) => id === target);
    return unit === undefined ? null : { equipment: 'unit', change, capacityMw: unit.capacityMw, region: regionOf(unit.bus) };
  }
  if (action === 'trip-line' || action === 'return-line') {
    const line = world.network.lines.find(({ id }) => id === target);
    return line === undefined ? null : { equipment: 'line', change, capacityMw: line.ratingMw ?? 0, region: regionOf(line.fromBus) };
  }
  return null;
}
