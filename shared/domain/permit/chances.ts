import type { Permit } from '../../scenario/schema.js';
import { draw } from '../random.js';
import { dayMs } from '../ticks.js';
import { permitDraws, roundDraws, sentBack, type PermitCase } from './cases.js';
import { spentDeadline } from './deadline.js';
import { decide, enqueue, folderOf, keep, remove, review, toTheHead, type Desk, type Folder } from './desk.js';
import { drawDurationDays } from './duration.js';

/** A study is done again at most so often; more withdrawals than this are no longer news. */
const restudiesMax = 5;

/** What follows a review that is done, by the draws of the permit: another study, a denial, a suit, or a grant. */
export function afterReview(desk: Desk, folder: Folder): void {
  const { file, permit, agency } = folder;
  if (isStudiedAgain(desk.world.seed, permit, file)) {
    const leftDays = file.effortDays * (permit.restudy?.effortRatio ?? 0);
    review(desk, folder, 'restudied', leftDays, null);
    return enqueue(desk, folder, { ...file, leftDays, restudies: (file.restudies ?? 0) + 1 }, true);
  }
  if (permitDraws(desk.world.seed, agency, permit, file).denied) return decide(desk, folder, file, 'denied', 'drawn');
  if (!goesToCourt(desk, folder)) return decide(desk, folder, file, 'granted', 'drawn');
  const key = { seed: desk.world.seed, component: 'permit-office', entity: permit.id, purpose: 'court', n: file.attempt };
  const courtUntilMs = desk.nowMs + Math.round(drawDurationDays(key, permit.litigation?.duration ?? { kind: 'fixed', days: 0 }) * dayMs);
  const { deadline: _met, ...rest } = file;
  keep(desk, { ...rest, status: 'court', courtUntilMs, wasSued: true });
  review(desk, folder, 'court-opened', 0, courtUntilMs);
}

/** Does what the file of a permit asks for by itself at this instant: the court decides, or the statutory time has run out. */
export function caseDue(desk: Desk, permit: string): void {
  const folder = folderOf(desk, permit);
  if (folder === null) return;
  if ((folder.file.courtUntilMs ?? Infinity) <= desk.nowMs) courtDecides(desk, folder);
  else if ((folder.file.deadline?.atMs ?? Infinity) <= desk.nowMs) runOut(desk, folder);
}

/** Whether a study that is done has to be done again because others withdrew. */
export function isStudiedAgain(seed: number, permit: Permit, file: Pick<PermitCase, 'attempt' | 'rounds' | 'restudies'>): boolean {
  const { attempt, rounds = 0, restudies = 0 } = file;
  if (permit.restudy === undefined || restudies >= restudiesMax) return false;
  const n = (attempt + rounds * roundDraws) * (restudiesMax + 1) + restudies;
  return draw({ seed, component: 'permit-office', entity: permit.id, purpose: 'restudy', n }) < permit.restudy.ratio;
}

function goesToCourt(desk: Desk, { file, permit }: Folder): boolean {
  if (permit.litigation === undefined || file.wasSued === true) return false;
  const key = { seed: desk.world.seed, component: 'permit-office', entity: permit.id, purpose: 'suit', n: file.attempt };
  return draw(key) < permit.litigation.ratio;
}

/** The agency wins and its grant counts, or it has to look at the application again. */
function courtDecides(desk: Desk, folder: Folder): void {
  const { permit } = folder;
  const { courtUntilMs: _over, ...file } = folder.file;
  const key = { seed: desk.world.seed, component: 'permit-office', entity: permit.id, purpose: 'court-loss', n: file.attempt };
  const isLost = draw(key) < (permit.litigation?.lossRatio ?? 0);
  review(desk, folder, 'court-closed', 0, null);
  if (!isLost) return decide(desk, folder, file, 'granted', 'upheld in court');
  enqueue(desk, folder, sentBack(file));
}

/** The statutory time is over: granted by law, or taken first from now on. */
function runOut(desk: Desk, folder: Folder): void {
  const { permit, file } = folder;
  review(desk, folder, 'overdue', 0, null);
  if (permit.onDeadline === 'grant') {
    const reason = `not decided within ${permit.deadlineDays ?? 0} days: granted by law`;
    return decide(desk, folder, remove(desk, folder), 'granted', reason);
  }
  keep(desk, spentDeadline(file));
  toTheHead(desk, file.permit);
}
