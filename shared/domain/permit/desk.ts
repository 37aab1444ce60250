import type { Agency, World } from '../../scenario/schema.js';
import type { FactDataOf, Saying } from '../fact.js';
import { dayMs, toWire } from '../ticks.js';
import { advanceAgency, removePermit, type AgencyEvent, type AgencyState } from './agency.js';
import { appealed, applicationOf, permitDraws, type PermitCase } from './cases.js';

/** Days an agency gives for an answer before it asks again. Assumed; the applicant's own time is in the scenario. */
const answerDueDays = 90;

/** What an applicant, a person or the script wants done about a permit. */
export interface Deed {
  readonly kind: 'filed' | 'answered' | 'appealed' | 'withdrawn' | 'grant' | 'deny';
  readonly permit: string;
  readonly attempt: number;
  readonly reason: string;
}

/** The counter of all agencies at one instant; changed in place while the instant is worked through, and nowhere else. */
export interface Desk {
  readonly world: World;
  readonly nowMs: number;
  readonly agencies: AgencyState[];
  readonly cases: PermitCase[];
  readonly touched: Set<number>;
  readonly sayings: Saying[];
}

/** A file with its agency and how that stands. */
interface Folder {
  readonly file: PermitCase;
  readonly agency: Agency;
  readonly at: AgencyState;
}

/** Opens the desk at `nowMs` over how agencies and cases stand. */
export function openDesk(
  world: World,
  nowMs: number,
  from: { readonly agencies: readonly AgencyState[]; readonly cases: readonly PermitCase[] },
): Desk {
  return { world, nowMs, agencies: [...from.agencies], cases: [...from.cases], touched: new Set(), sayings: [] };
}

/** Says what follows from something that happened at an agency by itself. */
export function happened(desk: Desk, event: AgencyEvent): void {
  const folder = folderOf(desk, event.permit);
  if (folder === null) return;
  switch (event.kind) {
    case 'started':
    case 'comment-opened':
    case 'comment-closed':
      return review(desk, folder, event.kind, event.effortDays, event.untilMs);
    case 'information-requested':
      return review(desk, folder, event.kind, 0, desk.nowMs + answerDueDays * dayMs);
    case 'ready': {
      const { denied } = permitDraws(desk.world, folder.agency, folder.file.permit, folder.file.attempt);
      return decide(desk, folder, { ...folder.file, leftDays: 0 }, denied ? 'denied' : 'granted', 'drawn');
    }
  }
}

/** Does what is asked where it makes sense for the state of the file; anything else is ignored, so that a repeat changes nothing. */
export function act(desk: Desk, deed: Deed): void {
  const folder = folderOf(desk, deed.permit);
  if (folder === null) return;
  const { file } = folder;
  const isClosed = file.status === 'granted' || file.status === 'denied' || file.status === 'withdrawn';
  const mayFileAgain = file.status === 'none' || (isClosed && file.status !== 'granted' && deed.attempt > file.attempt);
  switch (deed.kind) {
    case 'filed':
      if (mayFileAgain) receive(desk, folder, { ...file, attempt: deed.attempt, leftDays: file.effortDays });
      return;
    case 'answered':
      return answer(desk, folder);
    case 'appealed':
      if (file.status === 'denied' && deed.attempt > file.attempt) enqueue(desk, folder, appealed(file, deed.attempt));
      return;
    case 'withdrawn':
      if (!isClosed) keep(desk, { ...remove(desk, folder), status: 'withdrawn' });
      return;
    case 'grant':
    case 'deny':
      if (!isClosed) decide(desk, folder, remove(desk, folder), deed.kind === 'grant' ? 'granted' : 'denied', deed.reason);
      return;
  }
}

/** Lets free reviewers of the agencies that changed take up what waits. */
export function closeDesk(desk: Desk): void {
  for (const index of [...desk.touched].sort((a, b) => a - b)) {
    const agency = desk.world.agencies[index];
    const at = desk.agencies[index];
    if (agency === undefined || at === undefined) continue;
    const { state, events } = advanceAgency(agency, desk.world.seed, at, desk.nowMs, desk.nowMs);
    desk.agencies[index] = state;
    for (const event of events) happened(desk, event);
  }
}

function folderOf(desk: Desk, permit: string): Folder | null {
  const file = desk.cases.find((candidate) => candidate.permit === permit);
  if (file === undefined) return null;
  const agency = desk.world.agencies[file.agency];
  const at = desk.agencies[file.agency];
  return agency === undefined || at === undefined ? null : { file, agency, at };
}

function keep(desk: Desk, file: PermitCase): void {
  const at = desk.cases.findIndex((candidate) => candidate.permit === file.permit);
  desk.cases[at] = file;
}

/** Puts an agency back changed; free reviewers look at it when the desk closes. */
function put(desk: Desk, file: PermitCase, state: AgencyState): void {
  desk.agencies[file.agency] = state;
  desk.touched.add(file.agency);
}

function review(
  desk: Desk,
  { file, agency }: Folder,
  step: FactDataOf['permit.review.v1']['step'],
  effortDays: number,
  dueMs: number | null,
): void {
  const data = { agency: agency.id, step, effortDays, dueTime: dueMs === null ? null : toWire(dueMs) };
  desk.sayings.push({ type: 'permit.review.v1', region: agency.region, entity: file.permit, data });
}

function decide(desk: Desk, { agency }: Folder, file: PermitCase, outcome: 'granted' | 'denied', reason: string): void {
  keep(desk, { ...file, status: outcome });
  const data = { agency: agency.id, outcome, reason, effectiveTime: toWire(desk.nowMs) };
  desk.sayings.push({ type: 'permit.decision.v1', region: agency.region, entity: file.permit, data });
}

/** Takes a permit from wherever it stands, keeping the effort that was left. */
function remove(desk: Desk, { file, at }: Folder): PermitCase {
  const removed = removePermit(at, file.permit, desk.nowMs);
  put(desk, file, removed.state);
  return { ...file, leftDays: removed.leftDays ?? file.leftDays };
}

/** Checks an application for completeness, and queues it if nothing is missing. */
function receive(desk: Desk, folder: Folder, file: PermitCase): void {
  if (!permitDraws(desk.world, folder.agency, file.permit, file.attempt).asksAtReceipt) return enqueue(desk, folder, file);
  review(desk, folder, 'received', 0, null);
  review(desk, folder, 'incomplete', 0, desk.nowMs + answerDueDays * dayMs);
  keep(desk, { ...file, status: 'incomplete' });
}

function enqueue(desk: Desk, folder: Folder, file: PermitCase): void {
  review(desk, folder, 'received', 0, null);
  keep(desk, { ...file, status: 'open' });
  const application = applicationOf(desk.world, folder.agency, file, desk.nowMs);
  put(desk, file, { ...folder.at, waiting: [...folder.at.waiting, application] });
}

function answer(desk: Desk, folder: Folder): void {
  const { file, at } = folder;
  if (file.status === 'incomplete') return enqueue(desk, folder, file);
  const held = at.asked.find((application) => application.permit === file.permit);
  if (held === undefined) return;
  // It has waited in line once already: the next free reviewer goes on with it.
  const waiting = [{ ...held, sinceMs: desk.nowMs }, ...at.waiting];
  put(desk, file, { ...at, waiting, asked: at.asked.filter((application) => application !== held) });
}
