import type { World } from '../../scenario/schema.js';
import type { Saying } from '../fact.js';
import type { AgencyState } from './agency.js';
import { agencyAt } from './terms.js';

/** Who of ours is where at an agency, and how many reviewers are busy: what makes its queue worth saying again. */
export function queueSignature(agency: AgencyState): string {
  const positions = positionsOf(agency).map(({ permit, position }) => `${permit}=${position}`);
  return `${agency.reviews.length}|${positions.join(',')}`;
}

/** The queue of the agency of an index as a fact; 0 is under review, and who waits for an answer or in public notice is in no queue. */
export function queueSaying(world: World, index: number, state: AgencyState, nowMs: number): readonly Saying[] {
  const agency = world.agencies[index];
  if (agency === undefined) return [];
  return [
    {
      type: 'permit.queue.v1',
      region: agency.region,
      entity: agency.id,
      data: {
        reviewers: agencyAt(agency, nowMs).reviewers,
        busyReviewers: state.reviews.length,
        waitingApplications: state.waiting.length,
        positions: positionsOf(state),
      },
    },
  ];
}

/** Place of each of our permits, those under review first; others are counted and not named. */
function positionsOf(state: AgencyState): { permit: string; position: number }[] {
  const reviewed = state.reviews.flatMap(({ application: { permit } }) => (permit === null ? [] : [{ permit, position: 0 }]));
  const waiting = state.waiting.flatMap(({ permit }, at) => (permit === null ? [] : [{ permit, position: at + 1 }]));
  return [...reviewed, ...waiting];
}
