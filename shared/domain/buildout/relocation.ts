import { gatesAtNextSite, studyDepositUsd } from './gates.js';
import { say, sayOrder, type Work } from './progress.js';
import { permitOf, type BlockState } from './state.js';

/**
 * What becomes of a block whose permit was denied or withdrawn: it moves to the next site not yet taken with its equipment, or is abandoned
 * when there is none or the project says so. Its other permits are given up. Written off: the study deposit of every application made for
 * the site, and on abandoning the equipment ordered so far.
 */
export function leaveSite(work: Work, block: BlockState, permit: string, outcome: string): BlockState {
  const { project } = work.config;
  const wantsNext = permitOf(project, permit)?.onDenial !== 'abandon';
  const next = wantsNext ? project.nextSites[work.sitesTaken] : undefined;
  const applications = block.gates.filter((gate) => gate.kind === 'permit' && gate.status !== 'closed');
  for (const gate of applications) {
    if (gate.id === permit || gate.status !== 'open') continue;
    work.cancel.push(`permit-${gate.id}`);
    work.leaving.push(gate.id);
  }
  const depositsUsd = applications.length * studyDepositUsd(block.capacityMw);
  const ordered = next === undefined ? block.gates.filter((gate) => gate.kind === 'equipment' && gate.status !== 'closed') : [];
  for (const gate of ordered) sayOrder(work, block, gate, 'cancelled');
  say(work, 'buildout.site.v1', {
    block: block.block,
    fromSite: block.site,
    toSite: next?.site ?? block.site,
    campus: next?.campus ?? block.campus,
    writtenOffUsd: depositsUsd + ordered.reduce((sumUsd, gate) => sumUsd + gate.costUsd, 0),
    reason: `${permit} ${outcome}`,
  });
  if (next === undefined) {
    const gates = block.gates.map((gate) => (gate.status === 'done' ? gate : { ...gate, status: 'cancelled' as const, dueMs: null }));
    return { ...block, isAbandoned: true, gates };
  }
  work.sitesTaken += 1;
  return { ...block, site: next.site, campus: next.campus, isBegun: true, sinceMs: work.nowMs, gates: gatesAtNextSite(block.gates, next) };
}
