import type { Agency, Permit, World } from '../../scenario/schema.js';
import { draw } from '../random.js';
import type { AgencyState, Application } from './agency.js';
import { drawDurationDays } from './duration.js';
import { capacityOf, effortOf, effortRatioAt, type PermitBook } from './terms.js';
import { warmAgency } from './warmStart.js';

/** Share of the requests for information that come when an application is checked for completeness, before it is queued. Assumed. */
const completenessShareRatio = 0.2;
/** An appeal is heard with what effort was left, and at least this share of the whole. Assumed. */
const appealEffortRatio = 0.25;

/** Draws set aside for the attempts of one round. */
export const roundDraws = 100;

/** Where a permit of the world stands at its agency. `open`: queued, in review, asked or in public notice; `court`: a suit holds it. */
export type CaseStatus = 'none' | 'incomplete' | 'open' | 'court' | 'granted' | 'denied' | 'withdrawn';

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
  /** Times a court or a revocation sent it back to the agency. */
  readonly rounds?: number;
  /** True while an appeal is heard. */
  readonly isAppeal?: boolean;
  /** True from the moment a grant was taken back. */
  readonly isRenewed?: boolean;
  /** Times it was studied again because others withdrew. */
  readonly restudies?: number;
  /** When the court decides; absent: no suit stands. */
  readonly courtUntilMs?: number;
  /** True once a suit was filed: there is no second one. */
  readonly wasSued?: boolean;
  /** When the statutory time runs out; null while it stands still, with what is left of it. */
  readonly deadline?: { readonly atMs: number | null; readonly leftDays: number };
}

/** The draws behind one permit: when its reviewer asks for information, and how it is decided. The same whenever they are asked for. */
export function permitDraws(
  seed: number,
  agency: Agency,
  permit: Permit,
  { attempt, isAppeal, rounds = 0 }: Pick<PermitCase, 'attempt' | 'isAppeal' | 'rounds'>,
): {
  readonly asksAtReceipt: boolean;
  readonly askAtRatio: number | null;
  readonly denied: boolean;
} {
  const key = { seed, component: 'permit-office', entity: permit.id, n: attempt + rounds * roundDraws };
  const asks = draw({ ...key, purpose: 'information-request' }) < (permit.informationRequestRatio ?? agency.informationRequestRatio);
  const atRatio = draw({ ...key, purpose: 'information-request-at' });
  const { incompleteRatio } = permit;
  const asksAtReceipt =
    incompleteRatio === undefined ? asks && atRatio < completenessShareRatio : draw({ ...key, purpose: 'incomplete' }) < incompleteRatio;
  const isAskedLater = incompleteRatio === undefined ? asks && !asksAtReceipt : asks;
  const laterRatio = incompleteRatio === undefined ? (atRatio - completenessShareRatio) / (1 - completenessShareRatio) : atRatio;
  const deniedRatio =
    isAppeal === true && permit.appealSuccessRatio !== undefined
      ? 1 - permit.appealSuccessRatio
      : (permit.denialRatio ?? agency.denialRatio);
  return { asksAtReceipt, askAtRatio: isAskedLater ? laterRatio : null, denied: draw({ ...key, purpose: 'decision' }) < deniedRatio };
}

/** The application of a case as it enters the queue at `nowMs`. */
export function applicationOf(seed: number, agency: Agency, permit: Permit, file: PermitCase, nowMs: number): Application {
  const { askAtRatio } = permitDraws(seed, agency, permit, file);
  const askLeftDays = askAtRatio === null ? null : file.effortDays * (1 - askAtRatio);
  return {
    permit: file.permit,
    effortDays: file.effortDays,
    leftDays: file.leftDays,
    sinceMs: nowMs,
    askLeftDays: askLeftDays !== null && askLeftDays > 0 && askLeftDays < file.leftDays ? askLeftDays : null,
    ...(permit.noticeDays === undefined ? {} : { noticeDays: permit.noticeDays }),
  };
}

/** The same case looked at once more, as after an appeal: the effort that was left, and at least a share of the whole. */
export function lookedAtAgain(file: PermitCase): PermitCase {
  return { ...file, status: 'open', leftDays: Math.max(file.leftDays, file.effortDays * appealEffortRatio) };
}

/** The same case sent back by a court or a revocation. */
export function sentBack(file: PermitCase): PermitCase {
  return { ...lookedAtAgain(file), rounds: (file.rounds ?? 0) + 1 };
}

/** Every case and agency of a world as it begins. */
export function openOffice(
  world: World,
  book: PermitBook,
  startMs: number,
): { readonly cases: readonly PermitCase[]; readonly agencies: readonly AgencyState[] } {
  const cases = book.permits.map((permit) => initialCase(world, permit, startMs));
  const agencies = world.agencies.map((agency, index) => {
    const standings = book.permits.flatMap((permit, at) => {
      const file = cases[at];
      if (file === undefined || file.agency !== index || file.status !== 'open') return [];
      return [{ permit, application: applicationOf(world.seed, agency, permit, file, startMs) }];
    });
    return warmAgency(agency, world.seed, startMs, standings);
  });
  return { cases, agencies };
}

function initialCase(world: World, permit: Permit, startMs: number): PermitCase {
  const agencyIndex = world.agencies.findIndex((agency) => agency.id === permit.agency);
  const agency = world.agencies[agencyIndex];
  const key = { seed: world.seed, component: 'permit-office', entity: permit.id, n: 1 };
  const effort = agency === undefined ? null : effortOf(agency, permit, permit.flexible === undefined ? 0 : capacityOf(world, permit.id));
  const ratio = agency === undefined ? 1 : effortRatioAt(agency, startMs);
  const effortDays = effort === null ? 0 : drawDurationDays({ ...key, purpose: 'effort' }, effort) * ratio;
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
