import type { Agency, Duration, Permit, Project, World } from '../../scenario/schema.js';
import { permitsOfProject, stagesOfProject } from './ofProject.js';

/** The permits of a world, in its order and by id. */
export interface PermitBook {
  readonly permits: readonly Permit[];
  find(permit: string): Permit | null;
}

/** Opens the book of the permits of a world, in the order of the world. */
export function permitBook(world: World): PermitBook {
  const permits = world.projects.flatMap(permitsOfProject);
  const byId = new Map(permits.map((permit) => [permit.id, permit]));
  return { permits, find: (id) => byId.get(id) ?? null };
}

/** The agency as it is at an instant, with the reforms in force by then. */
export function agencyAt(agency: Agency, nowMs: number): Agency {
  if (agency.reforms === undefined) return agency;
  let at = agency;
  for (const reform of agency.reforms) {
    if (Date.parse(reform.fromTime) > nowMs) continue;
    const { reviewers = at.reviewers, otherApplicationsPerYear = at.otherApplicationsPerYear } = reform;
    at = { ...at, reviewers, otherApplicationsPerYear };
  }
  return at;
}

/** Effort of an application taken in at an instant as a share of the usual one, by the newest reform that names one. */
export function effortRatioAt(agency: Agency, nowMs: number): number {
  const reforms = agency.reforms ?? [];
  return reforms.findLast((reform) => reform.effortRatio !== undefined && Date.parse(reform.fromTime) <= nowMs)?.effortRatio ?? 1;
}

/** First instant after `nowMs` at which a reform of an agency begins; null: none. */
export function nextReformMs(agency: Agency, nowMs: number): number | null {
  const later = (agency.reforms ?? []).map((reform) => Date.parse(reform.fromTime)).filter((atMs) => atMs > nowMs);
  return later.length === 0 ? null : Math.min(...later);
}

/** Whether what a project offers is enough for the flexible track of an agency. MW of the block the study is for. */
export function isOnFlexibleTrack(agency: Agency, flexible: Permit['flexible'], capacityMw: number): boolean {
  const track = agency.flexibleTrack;
  if (track === undefined || flexible === undefined || capacityMw <= 0) return false;
  return (
    flexible.offerMw >= track.offerRatioMin * capacityMw &&
    flexible.noticeMinutes <= track.noticeMinutesMax &&
    flexible.hoursPerYear >= track.hoursPerYearMin
  );
}

/** Distribution of the effort of one application: that of the flexible track, its own, or that of its agency. */
export function effortOf(agency: Agency, permit: Permit, capacityMw: number): Duration {
  if (agency.flexibleTrack !== undefined && isOnFlexibleTrack(agency, permit.flexible, capacityMw)) return agency.flexibleTrack.effort;
  return permit.effort ?? agency.effort;
}

/** Capacity in MW a permit is for: that of its block, or of all blocks that are not energized at the start. */
export function capacityOf(world: World, permit: string): number {
  for (const project of world.projects) {
    const stage = stagesOfProject(project).find((candidate) => candidate.id === permit);
    const isFor = (block: Project['blocks'][number]): boolean => {
      if (stage === undefined) return block.permits.some((candidate) => candidate.id === permit);
      return stage.block === undefined ? block.initialStage !== 'energized' : stage.block === block.block;
    };
    const blocks = project.blocks.filter(isFor);
    if (blocks.length > 0) return blocks.reduce((sumMw, block) => sumMw + block.capacityMw, 0);
  }
  return 0;
}
