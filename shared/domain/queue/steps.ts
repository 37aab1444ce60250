/** What can happen to a project on its way through an interconnection queue, in the order that it is meant to. */
export const steps = [
  'requested',
  'screening-started',
  'screening-complete',
  'study-requested',
  'study-approved',
  'agreement-signed',
  'planning-met',
  'all-planning-met',
  'energization-approved',
  'synchronization-approved',
  'in-operation',
  'withdrawn',
  'air-permit',
  'emissions-permit',
  'water-right',
] as const;

export type Step = (typeof steps)[number];

/** What each step builds on; a step that stands before one of these came out of order. Side permits build on nothing. */
export const needs: Readonly<Record<Step, readonly Step[]>> = {
  requested: [],
  'screening-started': ['requested'],
  'screening-complete': ['screening-started'],
  'study-requested': ['requested'],
  'study-approved': ['study-requested', 'screening-complete'],
  'agreement-signed': ['requested', 'study-approved'],
  'planning-met': ['agreement-signed'],
  'all-planning-met': ['planning-met'],
  'energization-approved': ['agreement-signed', 'all-planning-met'],
  'synchronization-approved': ['energization-approved'],
  'in-operation': ['synchronization-approved'],
  withdrawn: [],
  'air-permit': [],
  'emissions-permit': [],
  'water-right': [],
};

/** Steps that cannot stand before the request. An agreement can: a plant that is rebuilt keeps the one it has. */
export const afterRequest: readonly Step[] = ['energization-approved', 'synchronization-approved', 'in-operation', 'withdrawn'];

/** Where a project stands: every one in exactly one of these. */
export const ends = ['agreementSigned', 'energized', 'completed', 'withdrawn', 'active'] as const;
export type End = (typeof ends)[number];
