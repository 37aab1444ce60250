import type { Saying } from '../fact.js';
import { splitReduction } from '../fleet/spread.js';
import { fleetOf } from '../fleet/campuses.js';
import type { Standing } from '../fleet/standing.js';
import { fromWire, hourMs, toWire, type Instant } from '../ticks.js';
import type { DeskFrame } from './frame.js';
import type { Asked } from './requests.js';
import type { FlexibilityState } from './state.js';

/** What is asked of each campus when something is asked of the fleet, what then stands of it, and what is said about it. */
export interface FleetOrder {
  readonly orders: readonly Asked[];
  readonly fleet: FlexibilityState['fleet'];
  readonly sayings: readonly Saying[];
}

/** Length of an event for which the split is weighed when no end is given, h; a choice of this model. */
const usualEventHours = 1;

/**
 * Splits a reduction over the campuses under contract so that least work is lost: what stands already counts, the rest is shared out over
 * what the runs draw now. What cannot be given is named.
 */
export function curtailFleet(frame: DeskFrame, state: FlexibilityState, asked: Asked, instant: Instant): FleetOrder {
  const wantedMw = asked.amountMw ?? 0;
  const standing = state.powers.map(({ askedMw, shortMw }) => askedMw - shortMw);
  const standingMw = standing.reduce((sum, mw) => sum + mw, 0);
  const nextMs = instant.startMs + instant.tickMs;
  const fromMs = Math.max(asked.fromMs ?? nextMs, nextMs);
  const hours = asked.untilMs === undefined ? usualEventHours : Math.max(0, asked.untilMs - fromMs) / hourMs;
  const fleet = fleetOf(frame.world, standingOf(frame, state, nextMs), null).filter(({ campus }) => frame.placeOfCampus.has(campus));
  const split = splitReduction(fleet, { wantedMw: Math.max(0, wantedMw - standingMw), hours });
  const shares = split.campuses.map(({ campus, reductionMw }) => {
    const amountMw = (standing[frame.placeOfCampus.get(campus) ?? -1] ?? 0) + reductionMw;
    return { campus, amountMw: Math.round(amountMw * 1e6) / 1e6 };
  });
  const asking = shares.filter(({ amountMw }) => amountMw > 0);
  const named = asking.map(({ campus, amountMw }) => `${campus} ${Math.round(amountMw * 10) / 10} MW`).join(', ');
  const missing = split.residualMw > 0 ? `; ${Math.round(split.residualMw * 10) / 10} MW cannot be given` : '';
  const request = asked.request ?? asked.id;
  const untilMs = asked.untilMs ?? fromMs + usualEventHours * hourMs;
  const data: FleetOrder['fleet'][number] = {
    request,
    state: asking.length === 0 ? 'refused' : 'active',
    kind: 'reduction',
    amountMw: wantedMw,
    fromTime: toWire(fromMs),
    untilTime: toWire(untilMs),
    rampMinutes: asked.rampMinutes ?? 0,
    isBestEffort: asked.isBestEffort ?? false,
    actor: asked.actor,
    reason: `${named === '' ? 'nothing can be given' : `split: ${named}`}${missing}`,
  };
  const orders = asking.map(
    ({ campus, amountMw }): Asked => ({ ...asked, action: 'curtail-campus', target: campus, request, amountMw, untilMs }),
  );
  return { orders, fleet: asking.length === 0 ? state.fleet : [...state.fleet, data], sayings: [about(data)] };
}

/** Releases every campus of the fleet from a load target, or from all. */
export function releaseFleet(frame: DeskFrame, { fleet }: FlexibilityState, asked: Asked): FleetOrder {
  const isMeant = ({ request }: FleetOrder['fleet'][number]): boolean => asked.request === undefined || request === asked.request;
  const reason = `by ${asked.actor}: ${asked.reason}`;
  return {
    orders: frame.campuses.map(({ campus }): Asked => ({ ...asked, action: 'release-campus', target: campus })),
    fleet: fleet.filter((one) => !isMeant(one)),
    sayings: fleet.filter(isMeant).map((one) => about({ ...one, state: 'released', reason })),
  };
}

/** Ends the load targets of the fleet whose time is over by an instant; those of its campuses end by themselves. */
export function ageFleet({ fleet }: FlexibilityState, nowMs: number): Pick<FleetOrder, 'fleet' | 'sayings'> {
  const isOver = ({ untilTime }: FleetOrder['fleet'][number]): boolean => fromWire(untilTime) <= nowMs;
  if (!fleet.some(isOver)) return { fleet, sayings: [] };
  return {
    fleet: fleet.filter((one) => !isOver(one)),
    sayings: fleet.filter(isOver).map((one) => about({ ...one, state: 'ended', reason: 'its time is over' })),
  };
}

function about(data: FleetOrder['fleet'][number]): Saying {
  return { type: 'control.request.v1', region: 'all', entity: 'fleet', data };
}

/** The fleet as its campuses told it last. */
function standingOf(frame: DeskFrame, { progress }: FlexibilityState, atMs: number): Standing {
  const runs = progress.flatMap(({ runs: told }) =>
    told.map(({ run, campus, state, completedSteps, powerMw }) => ({
      run,
      campus,
      steps: completedSteps,
      powerMw,
      state,
      movingTo: null,
    })),
  );
  return { atMs, runs, limitMw: new Map(frame.world.campuses.map(({ id, limitMw }) => [id, limitMw])) };
}
