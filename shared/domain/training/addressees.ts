import type { World } from '../../scenario/schema.js';
import type { Fact, FactType } from '../fact.js';

/** Facts a training sequence may be addressed with: edges, never telemetry. */
export const trainingHears: readonly FactType[] = [
  'cluster.plan.v1',
  'cluster.throttle.v1',
  'cluster.checkpoint.v1',
  'cluster.pause.v1',
  'cluster.resume.v1',
  'cluster.limit.v1',
  'cluster.move.v1',
  'control.loadtarget.v1',
  'control.outcome.v1',
  'control.audit.v1',
];

/** Newest epoch of each campus whose load target has been handed on, and by `run/<id>` the campus of a run that has moved; plain JSON. */
export type DeliveredEpochs = Readonly<Record<string, number | string>>;

/** Runs of each campus of a world, as the addressing of facts needs them. */
export type RunsOfCampus = Readonly<Record<string, readonly string[]>>;

/** Which runs each campus of a world has. */
export function runsOfCampus(world: Pick<World, 'campuses' | 'runs'>): RunsOfCampus {
  return Object.fromEntries(world.campuses.map(({ id }) => [id, world.runs.filter((run) => run.campus === id).map((run) => run.id)]));
}

/** Ids of the training sequences a fact is addressed to; a load target goes to every run of its campuses, see `addressOnce`. */
export function trainingAddressees(runs: RunsOfCampus, fact: Fact): readonly string[] {
  switch (fact.type) {
    case 'cluster.plan.v1':
      return fact.data.measures.map(({ run }) => sequenceOf(run));
    case 'cluster.throttle.v1':
    case 'cluster.checkpoint.v1':
    case 'cluster.pause.v1':
    case 'cluster.resume.v1':
      return [sequenceOf(fact.entity)];
    case 'cluster.limit.v1':
      return sequencesAt(runs, fact.entity);
    case 'control.loadtarget.v1':
      return fact.data.targets.flatMap(({ campus }) => sequencesAt(runs, campus));
    case 'control.outcome.v1':
      return fact.data.order.startsWith('training-') ? fact.data.order.split('/', 1) : [];
    case 'control.audit.v1': {
      const { accepted, action, target } = fact.data;
      const isOurs = accepted && (action === 'pause-run' || action === 'resume-run');
      return isOurs && Object.values(runs).some((ids) => ids.includes(target)) ? [sequenceOf(target)] : [];
    }
    default:
      return [];
  }
}

/** The same, but a load target only goes to the runs of campuses whose epoch differs from the one handed on last. */
export function addressOnce(
  runs: RunsOfCampus,
  delivered: DeliveredEpochs,
  fact: Fact,
): { readonly ids: readonly string[]; readonly delivered: DeliveredEpochs } {
  if (fact.type === 'cluster.move.v1') {
    const places = fact.data.step === 'arrived' ? { ...delivered, [`${movedKey}${fact.entity}`]: fact.data.campus } : delivered;
    return { ids: [sequenceOf(fact.entity)], delivered: places };
  }
  if (fact.type === 'cluster.limit.v1') return { ids: trainingAddressees(runsPlaced(runs, delivered), fact), delivered };
  if (fact.type !== 'control.loadtarget.v1') return { ids: trainingAddressees(runs, fact), delivered };
  const changed = fact.data.targets.filter(({ campus, epoch }) => epoch !== (delivered[campus] ?? 0));
  if (changed.length === 0) return { ids: [], delivered };
  const placed = runsPlaced(runs, delivered);
  const epochs = Object.fromEntries(changed.map(({ campus, epoch }) => [campus, epoch]));
  return { ids: changed.flatMap(({ campus }) => sequencesAt(placed, campus)), delivered: { ...delivered, ...epochs } };
}

const movedKey = 'run/';

/** Runs of each campus after the moves that were handed on. */
function runsPlaced(runs: RunsOfCampus, delivered: DeliveredEpochs): RunsOfCampus {
  const moved = Object.keys(delivered).filter((key) => key.startsWith(movedKey));
  if (moved.length === 0) return runs;
  const campusOf = new Map(moved.map((key) => [key.slice(movedKey.length), String(delivered[key])]));
  return Object.fromEntries(
    Object.entries(runs).map(([campus, ids]) => {
      const stayed = ids.filter((id) => !campusOf.has(id));
      const came = [...campusOf].filter(([, place]) => place === campus).map(([id]) => id);
      return [campus, [...stayed, ...came]];
    }),
  );
}

function sequencesAt(runs: RunsOfCampus, campus: string): readonly string[] {
  return (runs[campus] ?? []).map(sequenceOf);
}

function sequenceOf(run: string): string {
  return `training-${run}`;
}
