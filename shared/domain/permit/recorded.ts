import type { ReviewStep } from '../../events/permit.js';
import type { Agency, World } from '../../scenario/schema.js';
import { compareText } from '../fact.js';
import { fromWire, toWire } from '../ticks.js';
import type { CaseStatus } from './cases.js';
import { folderOf, keep, type Desk } from './desk.js';

/** One step of a recorded file and when it is said. */
export interface RecordedEntry {
  readonly atMs: number;
  readonly entry: NonNullable<Agency['recorded']>[number];
}

/** Recorded steps of all agencies of a world in the order of their instants, those of one instant as they stand. */
export function recordedEntries(world: World): readonly RecordedEntry[] {
  return world.agencies
    .flatMap((agency) => agency.recorded ?? [])
    .map((entry) => ({ atMs: fromWire(entry.atTime), entry }))
    .sort((a, b) => a.atMs - b.atMs || compareText(a.entry.permit, b.entry.permit));
}

/** Says a recorded step as it stands in the record, whatever came before it: what is out of order or goes back is said too. */
export function sayRecorded(desk: Desk, { atMs, entry }: RecordedEntry): void {
  const folder = folderOf(desk, entry.permit);
  if (folder === null) return;
  const { agency, file } = folder;
  const about = { region: agency.region, entity: file.permit, quality: 'measured' as const };
  const step = reviewStep(entry.step);
  if (step !== null) {
    keep(desk, { ...file, status: 'open' });
    const data = { agency: agency.id, step, effortDays: 0, dueTime: null };
    desk.sayings.push({ ...about, type: 'permit.review.v1', data });
    return;
  }
  const outcome = entry.step === 'granted' || entry.step === 'denied' ? entry.step : ('revoked' as const);
  const wasRevoked = file.isRenewed === true || (file.status === 'granted' && outcome === 'revoked');
  const status: CaseStatus = outcome === 'revoked' ? 'open' : outcome;
  keep(desk, { ...file, status, ...(wasRevoked ? { isRenewed: true } : {}) });
  const data = {
    agency: agency.id,
    outcome,
    reason: `recorded: ${entry.reason}`,
    effectiveTime: toWire(atMs),
    ...(file.isRenewed === true && outcome !== 'revoked' ? { isRenewed: true } : {}),
  };
  desk.sayings.push({ ...about, type: 'permit.decision.v1', data });
}

function reviewStep(step: RecordedEntry['entry']['step']): ReviewStep | null {
  return step === 'granted' || step === 'denied' || step === 'revoked' ? null : step;
}
