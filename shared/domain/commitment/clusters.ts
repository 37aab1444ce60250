import { assert } from '../assert.js';
import { at } from '../grid/dense.js';
import type { Commitment, CommittedUnit } from './model.js';
import type { CommitmentState, Schedule } from './state.js';
import type { WindowHour } from './windowProblem.js';

/** Identical units at one bus, decided on together by how many of them are on. */
export interface Cluster {
  readonly unit: CommittedUnit;
  /** Places among the committed units. */
  readonly members: readonly number[];
  /** [hours]: what one of them can give. */
  readonly availableMw: Float64Array;
}

/**
 * Units of one bus, equal in their data, wholly available and free of ramps become a cluster: then a schedule of counts is one of units
 * (Knueven, Ostrowski, Watson, Exploiting identical generators in unit commitment, 2018). `alone`: every unit is one of its own.
 */
export function clustersOf(commitment: Commitment, hours: readonly WindowHour[], mode: 'together' | 'alone'): Cluster[] {
  const clusters = new Map<string, { unit: CommittedUnit; members: number[]; availableMw: Float64Array }>();
  commitment.committed.forEach((unit, place) => {
    const availableMw = Float64Array.from(hours, (hour) => Math.min(unit.capacityMw, at(hour.availableMw, unit.unit)));
    const isWhole = availableMw.every((mw) => mw === unit.capacityMw);
    // Where ramps bind, a sum of outputs says too little about each of them.
    const isFree = unit.rampMwPerHour >= unit.capacityMw - unit.minMw;
    const key = mode === 'together' && isWhole && isFree ? identityOf(unit) : `alone/${place}`;
    const known = clusters.get(key);
    if (known === undefined) clusters.set(key, { unit, members: [place], availableMw });
    else known.members.push(place);
  });
  return [...clusters.values()];
}

/** All that is said about a unit but which one it is and how it began. */
function identityOf(unit: CommittedUnit): string {
  return JSON.stringify({ ...unit, unit: null, isOnAtStart: null, outputAtStartMw: null });
}

/** Whether a unit may run at what is available of it. */
export function mayRun({ unit, availableMw }: Cluster, hour: number): boolean {
  return at(availableMw, hour) >= unit.minMw - 1e-9 && at(availableMw, hour) > 0;
}

/** Names the members that are on in each hour from how many are: those longest on stop first, those longest off start first. */
export function membersOn(
  clusters: readonly Cluster[],
  plan: { readonly state: CommitmentState; readonly hourCount: number; onCount(cluster: number, hour: number): number },
): Schedule['isOn'] {
  const count = plan.state.units.length;
  const isOn = new Uint8Array(count * plan.hourCount);
  clusters.forEach(({ members }, cluster) => {
    const sinceHour = new Map(members.map((member) => [member, -(plan.state.units[member]?.hoursInState ?? 0)]));
    const on = new Set(members.filter((member) => plan.state.units[member]?.isOn === true));
    for (let hour = 0; hour < plan.hourCount; hour++) {
      const wanted = plan.onCount(cluster, hour);
      const oldest = members
        .filter((member) => on.has(member) === on.size > wanted)
        .sort((a, b) => (sinceHour.get(a) ?? 0) - (sinceHour.get(b) ?? 0) || a - b);
      for (const member of oldest.slice(0, Math.abs(on.size - wanted))) {
        if (on.size > wanted) on.delete(member);
        else on.add(member);
        sinceHour.set(member, hour);
      }
      assert(on.size === wanted, `a cluster of ${members.length} units cannot have ${wanted} on`);
      for (const member of on) isOn[hour * count + member] = 1;
    }
  });
  return isOn;
}
