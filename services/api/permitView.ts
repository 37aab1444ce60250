import type { FactOf } from '../../shared/domain/fact.js';
import { pastOf } from './pastView.js';
import type { PermitView, View } from './viewTypes.js';

/** A grant that was taken back, or decided again: the applicant's own sequence has ended by then. */
export function observeDecision(view: View, { entity, data, timeMs }: FactOf<'permit.decision.v1'>): View {
  const known = view.permits[entity];
  if (known === undefined || (data.outcome !== 'revoked' && data.isRenewed !== true)) return view;
  const phase = data.outcome === 'revoked' ? 'under-review' : data.outcome;
  return {
    ...view,
    permits: {
      ...view.permits,
      [entity]: { ...known, phase, sinceMs: timeMs, past: pastOf(known.past, known.phase, known.sinceMs, phase) },
    },
  };
}

/** Places of permits in the queue of their agency, and how busy that is. */
export function observeQueue(view: View, fact: FactOf<'permit.queue.v1'>): View {
  const { positions, ...agency } = fact.data;
  const places = new Map(positions.map(({ permit, position }) => [permit, position]));
  const moved = Object.entries(view.permits)
    .filter(([id, permit]) => permit.agency === fact.entity && permit.position !== (places.get(id) ?? null))
    .map(([id, permit]): [string, PermitView] => [id, { ...permit, position: places.get(id) ?? null }]);
  const permits = moved.length === 0 ? view.permits : { ...view.permits, ...Object.fromEntries(moved) };
  return { ...view, permits, agencies: { ...view.agencies, [fact.entity]: agency } };
}
