/** A question about a series in steps of time: means of what flows, the last of what stands. */
export interface SteppedQuery {
  readonly kind: 'steps';
  readonly summary: string;
  readonly measurement: string;
  /** Tags a row is of. */
  readonly by: readonly string[];
  readonly mean: readonly string[];
  readonly last: readonly string[];
}

/** A question whose rows are milestones, each at its own instant. */
export interface MilestoneQuery {
  readonly kind: 'milestones';
  readonly summary: string;
  /** Domains whose milestones it answers; empty: all. */
  readonly domains: readonly string[];
  /** Types it answers; empty: all of the domains. */
  readonly types: readonly string[];
}

export type NamedQuery = SteppedQuery | MilestoneQuery;

const steps = (
  summary: string,
  measurement: string,
  by: readonly string[],
  mean: readonly string[],
  last: readonly string[] = [],
): SteppedQuery => ({
  kind: 'steps',
  summary,
  measurement,
  by,
  mean,
  last,
});
const milestones = (summary: string, domains: readonly string[], types: readonly string[] = []): MilestoneQuery => ({
  kind: 'milestones',
  summary,
  domains,
  types,
});

/** Every question history answers by name. */
export const queries: Readonly<Record<string, NamedQuery>> = {
  demand: steps(
    'load per region: native, campus, both, unserved',
    'grid_demand',
    ['region'],
    ['nativeMw', 'campusMw', 'demandMw', 'unservedMw'],
  ),
  supply: steps(
    'supply per region',
    'grid_supply',
    ['region'],
    ['generationMw', 'availableMw', 'chargeMw', 'dischargeMw', 'importMw', 'exportMw'],
  ),
  sources: steps('generation per region and kind of unit', 'grid_supply_sources', ['region', 'source'], ['generationMw', 'availableMw']),
  units: steps('output of each unit', 'grid_supply_units', ['region', 'unit'], ['generationMw', 'availableMw']),
  storage: steps(
    'charge, discharge and level of each storage',
    'grid_supply_storages',
    ['region', 'storage'],
    ['chargeMw', 'dischargeMw'],
    ['storedMwh'],
  ),
  price: steps('price per region', 'grid_price', ['region'], ['priceUsdPerMwh', 'reserveScarcityUsdPerMwh']),
  buses: steps('price at each bus', 'grid_price_buses', ['region', 'bus'], ['priceUsdPerMwh']),
  reserve: steps(
    'reserve of the system against its requirement, and its state word',
    'grid_reserve',
    ['region'],
    ['requirementMw', 'availableMw', 'shortageMw', 'scarcityUsdPerMwh'],
    ['state'],
  ),
  curtailment: steps('wind, sun and water not taken, per region', 'grid_curtailment', ['region'], ['curtailedMw']),
  flow: steps('power on each line', 'grid_flow_lines', ['region', 'line'], ['netFlowMw', 'ratingMw']),
  interfaces: steps('power on each interface', 'grid_flow_interfaces', ['region', 'interface'], ['netFlowMw', 'limitMw']),
  campus: steps(
    'power of each campus',
    'cluster_power_campuses',
    ['region', 'campus'],
    ['meanMw', 'trainingMw', 'inferenceMw', 'limitMw', 'reductionTargetMw', 'imbalanceMw'],
    ['endMw'],
  ),
  run: steps(
    'power and progress of each training run',
    'cluster_progress_runs',
    ['region', 'campus', 'run'],
    ['powerMw', 'capRatio'],
    ['state', 'completedSteps', 'checkpointedSteps', 'totalSteps'],
  ),
  loadtarget: steps(
    'reduction asked of each campus',
    'control_loadtarget_targets',
    ['region', 'campus'],
    ['reductionMw'],
    ['epoch', 'reason'],
  ),
  queue: steps(
    'reviewers and applications of each agency',
    'permit_queue',
    ['region', 'entity'],
    [],
    ['reviewers', 'busyReviewers', 'waitingApplications'],
  ),
  permits: milestones('where each permit stood, by milestone', ['permit']),
  buildout: milestones('stages, orders and blocks of each project', ['buildout']),
  training: milestones('phases, verification and settlement of each run', ['training']),
  alarms: milestones('alarms raised, acknowledged and cleared', ['alarm']),
  states: milestones('changes of the state word of the system', [], ['grid.state.v1']),
  milestones: milestones('every milestone', []),
};
