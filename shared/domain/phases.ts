import type { World } from '../scenario/schema.js';
import type { FactType } from './fact.js';
import type { Phase } from './ticks.js';

/** A phase, and who the clock waits for in it. */
export interface PhasePlan {
  readonly phase: Phase;
  readonly participants: readonly string[];
}

/** Who the clock waits for in each phase of a tick: wants and offers, grid, deeds. */
export const phasePlan: readonly PhasePlan[] = [
  { phase: 1, participants: ['cluster-demand', 'flexibility', 'permit-office', 'workflow-bridge'] },
  { phase: 2, participants: ['grid-supply'] },
  { phase: 3, participants: ['flexibility', 'cluster-demand'] },
];

/** The same for a world: one that has a forecast waits for it with the offers. */
export function phasePlanOf({ forecast }: Pick<World, 'forecast'>): readonly PhasePlan[] {
  if (forecast === undefined) return phasePlan;
  return phasePlan.map(({ phase, participants }) => ({ phase, participants: phase === 1 ? [...participants, 'forecast'] : participants }));
}

/** Who speaks between two ticks: load targets that cannot wait, and what the campuses do about them. */
export const betweenParticipants: readonly string[] = ['flexibility', 'cluster-demand'];

/** Regions with campuses under contract, in the order of the world: each gets a load target fact every tick. */
export function contractRegions(world: World): readonly string[] {
  const regionOfBus = new Map(world.network.buses.map((bus) => [bus.id, bus.region]));
  const busOfCampus = new Map(world.campuses.map((campus) => [campus.id, campus.bus]));
  const regions = new Set(world.contracts.map((contract) => regionOfBus.get(busOfCampus.get(contract.campus) ?? '')));
  return world.regions.map((region) => region.id).filter((id) => regions.has(id));
}

/** Load target facts the clusters wait for before their deeds. */
export function awaitedTargets(world: World): readonly (readonly [FactType, string])[] {
  return contractRegions(world).map((region) => ['control.loadtarget.v1', region] as const);
}
