import type { Agency, Permit, World } from '../../scenario/schema.js';
import { blockOfPermit, permitsOfProject } from '../permit/ofProject.js';
import { median, medianDifferenceInterval } from '../permit/statistics.js';
import { timeSpent, type TimeSpent } from '../permit/timeSpent.js';
import { dayMs, fromWire } from '../ticks.js';
import { runProjectsFast } from './fastProjects.js';

/** One world of the experiment: the same seeds with the reviewers of one agency changed; null: the world as it is. */
export interface Arm {
  readonly agency: string | null;
  readonly reviewers: number | null;
}

/** What is followed: until when, and the block whose power counts. */
export interface Delivered {
  readonly project: string;
  readonly block: number;
  readonly horizonDays: number;
}

/** What one seed came to. */
export interface Delivery {
  /** Days from the start to power of the block; the horizon when it has none by then. */
  readonly days: number;
  readonly isDelivered: boolean;
  readonly spent: readonly TimeSpent[];
}

/** Permits a block waits for: its own, those all blocks share, and those of the blocks that have power before it. */
function permitsBefore(world: World, { project: id, block }: Delivered): readonly Permit[] {
  const project = world.projects.find((candidate) => candidate.id === id);
  if (project === undefined) return [];
  return permitsOfProject(project).filter((permit) => (blockOfPermit(project, permit.id) ?? block) <= block);
}

/** Agencies that still have to decide something a block waits for, in the order of the world: where reviewers can make a difference. */
export function busyAgencies(world: World, wanted: Delivered): readonly Agency[] {
  const waiting = permitsBefore(world, wanted).filter((permit) => permit.initialPhase !== 'granted');
  return world.agencies.filter((agency) => waiting.some((permit) => permit.agency === agency.id));
}

/** The world of an arm, with the one project that is followed. */
export function worldOfArm(world: World, arm: Arm, wanted: Delivered): World {
  const busy = new Set(busyAgencies(world, wanted).map((agency) => agency.id));
  const agencies = world.agencies.map((agency) => {
    // Nobody of ours waits there, so that its queue need not be followed.
    if (!busy.has(agency.id)) return { ...agency, otherApplicationsPerYear: 0, reforms: [] };
    return agency.id === arm.agency && arm.reviewers !== null ? { ...agency, reviewers: arm.reviewers } : agency;
  });
  return { ...world, agencies, projects: world.projects.filter((candidate) => candidate.id === wanted.project) };
}

/** Follows the project of a world of an arm with a seed until its block has power. */
export function deliver(world: World, seed: number, wanted: Delivered): Delivery {
  const startMs = fromWire(world.clock.startTime);
  const untilMs = startMs + wanted.horizonDays * dayMs;
  const facts = runProjectsFast({ ...world, seed }, { untilMs, tellsQueues: false, endsWithBlock: wanted.block });
  const powered = facts.find((fact) => fact.type === 'buildout.block.v1' && fact.data.block === wanted.block);
  const permits = new Set(permitsBefore(world, wanted).map((permit) => permit.id));
  return {
    days: ((powered?.timeMs ?? untilMs) - startMs) / dayMs,
    isDelivered: powered !== undefined,
    spent: timeSpent(facts, powered?.timeMs ?? untilMs).filter(({ permit }) => permits.has(permit)),
  };
}

/** Mean wait for reviewers of all permits at an agency, over some runs; null: there are none. Days. */
export function meanWaitDays(world: World, deliveries: readonly Delivery[], agency: string): number | null {
  const permits = new Set(world.projects.flatMap(permitsOfProject).flatMap((permit) => (permit.agency === agency ? [permit.id] : [])));
  const waits = deliveries.flatMap(({ spent }) => spent.filter(({ permit }) => permits.has(permit)).map((each) => each.reviewerDays));
  return waits.length === 0 ? null : waits.reduce((sum, days) => sum + days, 0) / waits.length;
}

/** What an arm came to over all seeds, against the world as it is. Days. */
export interface ArmResult extends Arm {
  readonly medianDays: number;
  readonly deliveredRatio: number;
  /** Median of the arm less that of the world as it is: negative is sooner. */
  readonly differenceDays: number;
  /** Holds the difference in 95 of 100 resamples of the seeds. */
  readonly differenceDaysInterval: readonly [number, number];
  /** Median of the first changed arm less that of this one: negative says that reviewers there bring power sooner than here. */
  readonly firstAheadDays: number;
  readonly firstAheadDaysInterval: readonly [number, number];
}

/** Resamples of an interval, and the share it holds. */
const resampling = { seed: 1, resamples: 1_000, shareRatio: 0.95 } as const;

/** Compares an arm with the world as it is and with the first arm that is changed, seed by seed. */
export function compareArms(
  arm: Arm,
  runs: { readonly base: readonly Delivery[]; readonly first: readonly Delivery[]; readonly own: readonly Delivery[] },
): ArmResult {
  const daysOf = (deliveries: readonly Delivery[]): readonly number[] => deliveries.map((delivery) => delivery.days);
  const [before, first, after] = [daysOf(runs.base), daysOf(runs.first), daysOf(runs.own)] as const;
  return {
    ...arm,
    medianDays: median(after),
    deliveredRatio: runs.own.filter((delivery) => delivery.isDelivered).length / runs.own.length,
    differenceDays: median(after) - median(before),
    differenceDaysInterval: medianDifferenceInterval(before, after, resampling),
    firstAheadDays: median(first) - median(after),
    firstAheadDaysInterval: medianDifferenceInterval(after, first, resampling),
  };
}

/** Mean time of each permit in each place over some runs. Days. */
export function meanSpent(deliveries: readonly Delivery[]): readonly TimeSpent[] {
  const permits = [...new Set(deliveries.flatMap((delivery) => delivery.spent.map((each) => each.permit)))];
  return permits.map((permit) => {
    const of = deliveries.flatMap((delivery) => delivery.spent.filter((each) => each.permit === permit));
    const mean = (place: Exclude<keyof TimeSpent, 'permit'>): number => of.reduce((sum, each) => sum + each[place], 0) / of.length;
    return {
      permit,
      workingDays: mean('workingDays'),
      reviewerDays: mean('reviewerDays'),
      applicantDays: mean('applicantDays'),
      noticeDays: mean('noticeDays'),
      courtDays: mean('courtDays'),
    };
  });
}
