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
