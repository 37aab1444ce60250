import type { Severity } from '../../events/alarm.js';
import type { FactDataOf, FactOf } from '../fact.js';

/** Everything an operator is told about one alarm. */
export type Trouble = Omit<FactDataOf['alarm.raised.v1'], 'severity' | 'origin'> & {
  readonly alarm: string;
  readonly region: string;
  readonly severity: Severity;
  readonly origin: 'world' | 'platform';
};

const mw = (valueMw: number): string => `${Math.round(valueMw)} MW`;

/** Alarm id from its parts, cut to the length of a slug. */
export function alarmId(...parts: readonly string[]): string {
  return parts.join('-').slice(0, 80);
}

/** Reserve below its requirement: the worse the state word, the more severe; null in normal state. */
export function reserveTrouble(fact: FactOf<'grid.state.v1'>, requirementMw: number): Trouble | null {
  const { state, availableReserveMw } = fact.data;
  if (state === 'normal') return null;
  const severity = { watch: 'medium', warning: 'high', emergency: 'critical' } as const;
  const consequence = {
    watch: 'The margin for the loss of the largest unit is thinner than planned.',
    warning: 'The loss of the largest unit could not be covered.',
    emergency: 'Load may have to be shed without another loss.',
  } as const;
  return {
    alarm: alarmId('reserve', fact.entity),
    region: fact.region,
    severity: severity[state],
    origin: 'world',
    subject: fact.entity,
    summary: `Operating reserve ${mw(availableReserveMw)} against a requirement of ${mw(requirementMw)}: ${state}.`,
    consequence: consequence[state],
    action: 'Check that flexible load was called and that units on outage can return.',
  };
}

/** A unit, line or campus connection that tripped; high when a unit or campus of at least half the reserve requirement is gone. */
export function tripTrouble(fact: FactOf<'grid.contingency.v1'>, requirementMw: number): Trouble {
  const { equipment, capacityMw, reason } = fact.data;
  const isLarge = equipment !== 'line' && capacityMw >= requirementMw / 2;
  const consequence = {
    unit: 'Reserve and price rest on the units that are left.',
    line: 'Flows shift to the lines that are left, and cheap power may be locked in.',
    campus: 'The load of the campus is gone at once; its training runs stand still and frequency rises.',
  } as const;
  const action = {
    unit: 'Watch the reserve, and return the unit when the cause is found.',
    line: 'Watch flows against emergency ratings, and return the line when the cause is found.',
    campus: 'Agree with the campus on its return; it comes back by its ramp limit.',
  } as const;
  return {
    alarm: alarmId('trip', fact.entity),
    region: fact.region,
    severity: isLarge ? 'high' : 'medium',
    origin: 'world',
    subject: fact.entity,
    summary: `${equipment[0]?.toUpperCase()}${equipment.slice(1)} ${fact.entity} (${mw(capacityMw)}) tripped: ${reason}.`,
    consequence: consequence[equipment],
    action: action[equipment],
  };
}

/** A campus that left the grid and lives on its own supply. */
export function transferTrouble({ data, entity, region }: FactOf<'cluster.transfer.v1'>): Trouble {
  return {
    alarm: alarmId('transfer', entity),
    region,
    severity: 'high',
    origin: 'world',
    subject: entity,
    summary: `Campus ${entity} left the grid with ${mw(data.lostMw)}: ${data.reason}.`,
    consequence: 'The load is gone at once and frequency rises; UPS, battery and generators last as long as they last.',
    action: 'Agree with the campus on its return; it comes back by its ramp limit.',
  };
}

/** Load of a region that could not be served. */
export function unservedTrouble(region: string, unservedMw: number): Trouble {
  return {
    alarm: alarmId('unserved', region),
    region,
    severity: 'critical',
    origin: 'world',
    subject: region,
    summary: `${unservedMw < 1 ? unservedMw.toFixed(3) : Math.round(unservedMw)} MW of load in ${region} is not served.`,
    consequence: 'Customers are without power, at the value of lost load.',
    action: 'Curtail the campuses, and return units and lines on outage.',
  };
}

/** Measured load far from what the twin expected of it. */
export function divergenceTrouble({ region, data }: FactOf<'grid.divergence.v1'>): Trouble {
  const { measuredMw, expectedMw, errorMw, usualErrorMw } = data;
  const off = `${mw(Math.abs(errorMw))} ${errorMw < 0 ? 'below' : 'above'}`;
  return {
    alarm: alarmId('divergence', region),
    region,
    severity: 'high',
    origin: 'world',
    subject: region,
    summary: `Measured load of ${region} is ${mw(measuredMw)}, ${off} the ${mw(expectedMw)} expected; usual is ${mw(usualErrorMw)}.`,
    consequence: 'What the twin says of the region rests on a load it did not see coming: load was shed, or the source is wrong.',
    action: 'Ask the authority of the region; the twin follows what is measured.',
  };
}

/** A campus that delivers less reduction than it was asked for. */
export function imbalanceTrouble(region: string, campus: string, imbalanceMw: number): Trouble {
  return {
    alarm: alarmId('imbalance', campus),
    region,
    severity: 'medium',
    origin: 'world',
    subject: campus,
    summary: `${campus} draws ${mw(imbalanceMw)} more than its load target allows.`,
    consequence: 'Reserve covers the difference, and the contract charges a penalty.',
    action: 'Ask the campus what keeps its runs up; call another contract if reserve is short.',
  };
}

/** A permit that was denied. */
export function denialTrouble(fact: FactOf<'permit.decision.v1'>): Trouble {
  return {
    alarm: alarmId('denied', fact.entity),
    region: fact.region,
    severity: 'medium',
    origin: 'world',
    subject: fact.entity,
    summary: `${fact.data.agency} denied ${fact.entity} (${fact.data.reason}).`,
    consequence: 'Its block is appealed, moved to another site or abandoned; its power comes later or not at all.',
    action: 'See what the project does next; acknowledge to close.',
  };
}

/** Trouble of the processes that carry the twin. */
export function platformTrouble({ data, region }: FactOf<'condition.platform.v1'>): Trouble {
  return {
    alarm: alarmId('platform', data.component, data.condition),
    region,
    severity: data.severity,
    origin: 'platform',
    subject: data.component,
    summary: data.detail,
    consequence: 'What the twin shows may be late or incomplete; what happened is kept and caught up.',
    action: 'Wait for the restart, or run `loadstone doctor`.',
  };
}
