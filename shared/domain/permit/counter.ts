import { dayMs } from '../ticks.js';
import { advanceAgency, type AgencyEvent } from './agency.js';
import { lookedAtAgain, permitDraws, sentBack, type PermitCase } from './cases.js';
import { afterReview } from './chances.js';
import { runDeadline, stopDeadline } from './deadline.js';
import { decide, enqueue, folderOf, keep, put, remove, review, toTheHead, type Desk, type Folder } from './desk.js';

/** Days an agency gives for an answer before it asks again. Assumed; the applicant's own time is in the scenario. */
const answerDueDays = 90;

/** What an applicant, a person or the script wants done about a permit. */
export interface Deed {
  readonly kind: 'filed' | 'answered' | 'escalated' | 'appealed' | 'withdrawn' | 'grant' | 'deny' | 'revoke';
  readonly permit: string;
  readonly attempt: number;
  readonly reason: string;
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
      keep(desk, stopDeadline(folder.file, desk.nowMs));
      return review(desk, folder, event.kind, 0, desk.nowMs + answerDueDays * dayMs);
    case 'ready':
      return afterReview(desk, { ...folder, file: { ...folder.file, leftDays: 0 } });
  }
}

/** Does what is asked where it makes sense for the state of the file; anything else is ignored, so that a repeat changes nothing. */
export function act(desk: Desk, deed: Deed): void {
  const folder = folderOf(desk, deed.permit);
  if (folder === null) return;
  const { file } = folder;
  const isClosed = file.status === 'granted' || file.status === 'denied' || file.status === 'withdrawn';
  const mayFileAgain = file.status === 'none' || (isClosed && file.status !== 'granted' && deed.attempt > file.attempt);
  const { attempt } = deed;
  switch (deed.kind) {
    case 'filed':
      if (mayFileAgain) receive(desk, folder, { ...file, attempt, leftDays: file.effortDays, isAppeal: false });
      return;
    case 'answered':
      return answer(desk, folder);
    case 'escalated':
      return toTheHead(desk, file.permit);
    case 'appealed':
      if (file.status === 'denied' && attempt > file.attempt) enqueue(desk, folder, { ...lookedAtAgain(file), attempt, isAppeal: true });
      return;
    case 'withdrawn':
      if (!isClosed) keep(desk, { ...remove(desk, folder), status: 'withdrawn' });
      return;
    case 'grant':
    case 'deny':
      if (!isClosed) decide(desk, folder, remove(desk, folder), deed.kind === 'grant' ? 'granted' : 'denied', deed.reason);
      return;
    case 'revoke':
      if (file.status === 'granted') revoke(desk, folder, deed.reason);
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

/** Checks an application for completeness, and queues it if nothing is missing. */
function receive(desk: Desk, folder: Folder, file: PermitCase): void {
  if (!permitDraws(desk.world.seed, folder.agency, folder.permit, file).asksAtReceipt) return enqueue(desk, folder, file);
  review(desk, folder, 'received', 0, null);
  review(desk, folder, 'incomplete', 0, desk.nowMs + answerDueDays * dayMs);
  keep(desk, { ...file, status: 'incomplete' });
}

function answer(desk: Desk, folder: Folder): void {
  const { file, at } = folder;
  if (file.status === 'incomplete') return enqueue(desk, folder, file);
  const held = at.asked.find((application) => application.permit === file.permit);
  if (held === undefined) return;
  keep(desk, runDeadline(file, folder.permit, desk.nowMs));
  // It has waited in line once already: the next free reviewer goes on with it.
  const waiting = [{ ...held, sinceMs: desk.nowMs }, ...at.waiting];
  put(desk, file, { ...at, waiting, asked: at.asked.filter((application) => application !== held) });
}

/** Takes a grant back: the application is looked at again, after those who wait. */
function revoke(desk: Desk, folder: Folder, reason: string): void {
  const file: PermitCase = { ...sentBack(folder.file), isAppeal: false, isRenewed: true };
  decide(desk, folder, file, 'revoked', reason);
  enqueue(desk, folder, file);
}
