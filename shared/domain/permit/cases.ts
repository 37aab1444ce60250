import type { Agency, Permit, World } from '../../scenario/schema.js';
import { draw } from '../random.js';
import type { AgencyState, Application } from './agency.js';
import { drawDurationDays } from './duration.js';
import { warmAgency } from './warmStart.js';

/** Share of the requests for information that come when an application is checked for completeness, before it is queued. Assumed. */
const completenessShareRatio = 0.2;
/** An appeal is heard with what effort was left, and at least this share of the whole. Assumed. */
const appealEffortRatio = 0.25;

/** Where a permit of the world stands at its agency. `open`: queued, in review, asked or in public notice. */
export type CaseStatus = 'none' | 'incomplete' | 'open' | 'granted' | 'denied' | 'withdrawn';

/** The agency's file of one permit of the world; plain JSON. */
export interface PermitCase {
  readonly permit: string;
  /** Index in the world's agencies. */
  readonly agency: number;
  readonly status: CaseStatus;
  readonly attempt: number;
  /** Reviewer-days the whole review is drawn to take, and those still to be done. */
  readonly effortDays: number;
  readonly leftDays: number;
}

/** The draws behind one permit: when its reviewer asks for information, and how it is decided. The same whenever they are asked for. */
export function permitDraws(
  world: World,
  agency: Agency,
  permit: string,
  attempt: number,
): {
  readonly asksAtReceipt: boolean;
  readonly askAtRatio: number | null;
  readonly denied: boolean;
} {
  const key = { seed: world.seed, component: 'permit-office', entity: permit, n: attempt };
  const asks = draw({ ...key, purpose: 'information-request' }) < agency.informationRequestRatio;
  const atRatio = draw({ ...key, purpose: 'information-request-at' });
  const asksAtReceipt = asks && atRatio < completenessShareRatio;
  return {
    asksAtReceipt,
    askAtRatio: asks && !asksAtReceipt ? (atRatio - completenessShareRatio) / (1 - completenessShareRatio) : null,
    denied: draw({ ...key, purpose: 'decision' }) < agency.denialRatio,
  };
}

/** The application of a case as it enters the queue at `nowMs`. */
export function applicationOf(world: World, agency: Agency, file: PermitCase, nowMs: number): Application {
  const { askAtRatio } = permitDraws(world, agency, file.permit, file.attempt);
  const askLeftDays = askAtRatio === null ? null : file.effortDays * (1 - askAtRatio);
  return {
    permit: file.permit,
    effortDays: file.effortDays,
    leftDays: file.leftDays,
    sinceMs: nowMs,
    askLeftDays: askLeftDays !== null && askLeftDays > 0 && askLeftDays < file.leftDays ? askLeftDays : null,
  };
}

/** The same case under appeal: the effort that was left, and at least a share of the whole. */
export function appealed(file: PermitCase, attempt: number): PermitCase {
  return { ...file, status: 'open', attempt, leftDays: Math.max(file.leftDays, file.effortDays * appealEffortRatio) };
}

/** Every case and agency of a world as it begins. */
export function openOffice(
  world: World,
  startMs: number,
): { readonly cases: readonly PermitCase[]; readonly agencies: readonly AgencyState[] } {
  const permits = permitsOf(world);
  const cases = permits.map((permit) => initialCase(world, permit));
  const agencies = world.agencies.map((agency, index) => {
    const standings = permits.flatMap((permit, at) => {
      const file = cases[at];
      if (file === undefined || file.agency !== index || file.status !== 'open') return [];
      return [{ permit, application: applicationOf(world, agency, file, startMs) }];
    });
    return warmAgency(agency, world.seed, startMs, standings);
  });
  return { cases, agencies };
}

/** Permits of every block of every project, in the order of the world. */
function permitsOf(world: World): readonly Permit[] {
  return world.projects.flatMap((project) => project.blocks.flatMap((block) => block.permits));
}

function initialCase(world: World, permit: Permit): PermitCase {
  const agencyIndex = world.agencies.findIndex((agency) => agency.id === permit.agency);
  const agency = world.agencies[agencyIndex];
  const key = { seed: world.seed, component: 'permit-office', entity: permit.id, n: 1 };
  const effortDays = agency === undefined ? 0 : drawDurationDays({ ...key, purpose: 'effort' }, agency.effort);
  const underReview = permit.initialPhase === 'under-review';
  const leftDays = underReview ? effortDays * (1 - draw({ ...key, purpose: 'effort-done' })) : effortDays;
  return {
    permit: permit.id,
    agency: agencyIndex,
    effortDays,
    leftDays,
    status: initialStatus(permit),
    attempt: permit.initialPhase === 'drafting' ? 0 : 1,
  };
}

function initialStatus(permit: Permit): CaseStatus {
  switch (permit.initialPhase) {
    case 'drafting':
      return 'none';
    case 'queued':
    case 'under-review':
      return 'open';
    case 'granted':
      return 'granted';
  }
}
