import { plainCooling } from '../domain/facility/cooling.js';

/** Fields that a bus may leave out, and what they then are. */
export const plainBus = { fixedLoadMw: 0, shuntMw: 0, baseKv: null, isReference: false };

/** A line without resistance, tap, phase shift, angle limit and outages. */
export const plainLine = {
  resistancePu: 0,
  tapRatio: 1,
  phaseShiftDegrees: 0,
  angleMinDegrees: -360,
  angleMaxDegrees: 360,
  outagesPerYear: 0,
  outageHours: 0,
};

/** A link that carries as much in either direction. */
export const plainLink = { reverseCapacityMw: null, scheduledMw: null };

/** An interface with a limit in one direction. */
export const plainInterface = { reverseLimitMw: null };

/** A unit that can do anything between nothing and its capacity at once, and never fails. */
export const plainUnit = {
  technology: '',
  minMw: 0,
  isAlwaysOn: false,
  costCurve: null,
  commitment: null,
  rampMwPerMinute: null,
  minUpHours: 0,
  minDownHours: 0,
  inertiaMws: 0,
  forcedOutage: null,
  maintenance: [],
  scheduledMw: null,
};

/** How a world is watched and disturbed where its scenario says nothing: tied to a large neighbour, and nothing fails by chance. */
export const plainOperations = {
  outages: 'none' as const,
  flowsFromRatio: 0,
  security: {
    everyTicks: 1,
    reserveMinutes: 10,
    spreadSources: [],
    upwardShortfallState: 'normal' as const,
    downwardShortfallState: 'normal' as const,
    unservedState: 'emergency' as const,
  },
  frequency: { island: false, externalInertiaMws: 180_000, externalResponseMwPerTenthHz: 650, everyTicks: 12 },
};

/**
 * A facility where a scenario says nothing of a part of it. Weather: the waves of a typical year in Leesburg, Virginia (TMYx 2007-2021;
 * 4.4 C of it are no waves). UPS: assumed, 5-10 min are usual. Battery: losses as in NREL ATB 2020. Generators: start NFPA 110 type 10, fuel
 * the least of the Uptime Institute's tiers, cost assumed from diesel. Ride-through: UPS logic of 10 July 2024 (NERC incident review, 2025).
 */
export const plainFacility = {
  outside: { kind: 'swing' as const, meanC: 13.8, dailyC: 7.9, yearlyC: 24.2, hottestHour: 15, hottestDay: 200 },
  cooling: { ...plainCooling, ratedMw: null },
  ups: { minutes: 5 },
  battery: { powerMw: 0, energyMwh: 0, efficiencyRatio: 0.85, initialRatio: 1 },
  generators: { powerMw: 0, startSeconds: 10, fuelHours: 12, usdPerMwh: 300 },
  rideThrough: { dips: 3, windowSeconds: 60 },
};
