import type { ReviewStep } from '../../events/permit.js';
import type { Agency, Permit, World } from '../../scenario/schema.js';
import type { Saying } from '../fact.js';
import { toWire } from '../ticks.js';
import { removePermit, type AgencyState } from './agency.js';
import { applicationOf, type PermitCase } from './cases.js';
import { runDeadline } from './deadline.js';
import type { PermitBook } from './terms.js';

/** The counter of all agencies at one instant; changed in place while the instant is worked through, and nowhere else. */
export interface Desk {
  readonly world: World;
  readonly book: PermitBook;
  readonly nowMs: number;
  readonly agencies: AgencyState[];
  readonly cases: PermitCase[];
  readonly touched: Set<number>;
  readonly sayings: Saying[];
}

/** A file with its permit, its agency and how that stands. */
export interface Folder {
  readonly file: PermitCase;
  readonly permit: Permit;
  readonly agency: Agency;
  readonly at: AgencyState;
}

/** Opens the desk at `nowMs` over how agencies and cases stand. */
export function openDesk(
  world: World,
  book: PermitBook,
  nowMs: number,
  from: { readonly agencies: readonly AgencyState[]; readonly cases: readonly PermitCase[] },
): Desk {
  return { world, book, nowMs, agencies: [...from.agencies], cases: [...from.cases], touched: new Set(), sayings: [] };
}

/** The file of a permit with all that belongs to it; null when there is none. */
export function folderOf(desk: Desk, id: string): Folder | null {
  const file = desk.cases.find((candidate) => candidate.permit === id);
  if (file === undefined) return null;
  const permit = desk.book.find(id);
  const agency = desk.world.agencies[file.agency];
  const at = desk.agencies[file.agency];
  return agency === undefined || at === undefined || permit === null ? null : { file, permit, agency, at };
}

/** Puts a file back changed. */
export function keep(desk: Desk, file: PermitCase): void {
  const at = desk.cases.findIndex((candidate) => candidate.permit === file.permit);
  desk.cases[at] = file;
}

/** Says a step of a review. */
export function review(desk: Desk, { file, agency }: Folder, step: ReviewStep, effortDays: number, dueMs: number | null): void {
  const data = { agency: agency.id, step, effortDays, dueTime: dueMs === null ? null : toWire(dueMs) };
  desk.sayings.push({ type: 'permit.review.v1', region: agency.region, entity: file.permit, data });
}

/** Says a decision and closes the file with it. */
export function decide(desk: Desk, { agency }: Folder, file: PermitCase, outcome: 'granted' | 'denied' | 'revoked', reason: string): void {
  const { deadline: _over, ...rest } = file;
  keep(desk, { ...rest, status: outcome === 'revoked' ? 'open' : outcome });
  const data = {
    agency: agency.id,
    outcome,
    reason,
    effectiveTime: toWire(desk.nowMs),
    ...(file.isRenewed === true && outcome !== 'revoked' ? { isRenewed: true } : {}),
  };
  desk.sayings.push({ type: 'permit.decision.v1', region: agency.region, entity: file.permit, data });
}

/** Puts a file into the queue of its agency, at its end or at its head. */
export function enqueue(desk: Desk, folder: Folder, file: PermitCase, isFirst = false): void {
  if (!isFirst) review(desk, folder, 'received', 0, null);
  keep(desk, runDeadline({ ...file, status: 'open' }, folder.permit, desk.nowMs));
  const application = applicationOf(desk.world.seed, folder.agency, folder.permit, file, desk.nowMs);
  const { waiting } = folder.at;
  put(desk, file, { ...folder.at, waiting: isFirst ? [application, ...waiting] : [...waiting, application] });
}

/** Moves a waiting application before all others. */
export function toTheHead(desk: Desk, permit: string): void {
  const folder = folderOf(desk, permit);
  const held = folder?.at.waiting.find((application) => application.permit === permit);
  if (folder === null || held === undefined) return;
  put(desk, folder.file, { ...folder.at, waiting: [held, ...folder.at.waiting.filter((application) => application !== held)] });
}

/** Takes a permit from wherever it stands, keeping the effort that was left. */
export function remove(desk: Desk, { file, at }: Folder): PermitCase {
  const removed = removePermit(at, file.permit, desk.nowMs);
  put(desk, file, removed.state);
  const { courtUntilMs: _ended, ...rest } = file;
  return { ...rest, leftDays: removed.leftDays ?? file.leftDays };
}

/** Puts an agency back changed; free reviewers look at it when the desk closes. */
export function put(desk: Desk, file: PermitCase, state: AgencyState): void {
  desk.agencies[file.agency] = state;
  desk.touched.add(file.agency);
}
