/** One panel of a dashboard over the history: lines of fields by tag, or a table of milestones. */
export type Panel =
  | {
      readonly kind: 'lines';
      readonly title: string;
      /** Shown behind each value. */
      readonly unit: string;
      readonly measurement: string;
      /** Tags a line is of. */
      readonly by: readonly string[];
      /** Means of what flows, in steps of the range shown. */
      readonly mean?: readonly string[];
      /** The last of what stands. */
      readonly last?: readonly string[];
      readonly isStacked?: boolean;
    }
  | { readonly kind: 'table'; readonly title: string; readonly measurement: string; readonly fields: readonly string[] };

/** A dashboard, by the name of its file. */
export interface Board {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const regions = ['region'];
const campuses = ['campus'];

/** The dashboards of the history; every field is one that a declared fact has. */
export const boards: Readonly<Record<string, Board>> = {
  grid: {
    title: 'Loadstone: grid',
    panels: [
      { kind: 'lines', title: 'Demand', unit: 'MW', measurement: 'grid_demand', by: regions, mean: ['demandMw', 'campusMw'] },
      { kind: 'lines', title: 'Price', unit: 'USD/MWh', measurement: 'grid_price', by: regions, mean: ['priceUsdPerMwh'] },
      {
        kind: 'lines',
        title: 'Generation by source',
        unit: 'MW',
        measurement: 'grid_supply_sources',
        by: ['region', 'source'],
        mean: ['generationMw'],
        isStacked: true,
      },
      { kind: 'lines', title: 'Reserve', unit: 'MW', measurement: 'grid_reserve', by: [], mean: ['availableMw', 'requirementMw'] },
      { kind: 'lines', title: 'Storage level', unit: 'MWh', measurement: 'grid_supply_storages', by: ['storage'], last: ['storedMwh'] },
      {
        kind: 'lines',
        title: 'Not taken of wind and sun',
        unit: 'MW',
        measurement: 'grid_curtailment',
        by: regions,
        mean: ['curtailedMw'],
      },
      {
        kind: 'lines',
        title: 'Between regions',
        unit: 'MW',
        measurement: 'grid_flow_interfaces',
        by: ['interface'],
        mean: ['netFlowMw', 'limitMw'],
      },
      {
        kind: 'table',
        title: 'Trips and returns',
        measurement: 'grid_contingency',
        fields: ['equipment', 'change', 'capacityMw', 'reason'],
      },
    ],
  },
  campuses: {
    title: 'Loadstone: campuses',
    panels: [
      { kind: 'lines', title: 'Power', unit: 'MW', measurement: 'cluster_power_campuses', by: campuses, mean: ['meanMw', 'limitMw'] },
      {
        kind: 'lines',
        title: 'Asked to give up, and not delivered',
        unit: 'MW',
        measurement: 'cluster_power_campuses',
        by: campuses,
        mean: ['reductionTargetMw', 'imbalanceMw'],
      },
      { kind: 'lines', title: 'Power of training runs', unit: 'MW', measurement: 'cluster_progress_runs', by: ['run'], mean: ['powerMw'] },
      { kind: 'lines', title: 'Steps done', unit: 'steps', measurement: 'cluster_progress_runs', by: ['run'], last: ['completedSteps'] },
      { kind: 'table', title: 'Phases of training runs', measurement: 'training_phase', fields: ['campus', 'phase', 'epoch'] },
      { kind: 'table', title: 'Settlements', measurement: 'training_settlement', fields: ['campus', 'netUsd', 'lostSteps'] },
    ],
  },
  building: {
    title: 'Loadstone: permits, build-out and alarms',
    panels: [
      {
        kind: 'lines',
        title: 'Applications waiting',
        unit: '',
        measurement: 'permit_queue',
        by: ['entity'],
        last: ['waitingApplications'],
      },
      { kind: 'lines', title: 'Reviewers at work', unit: '', measurement: 'permit_queue', by: ['entity'], last: ['busyReviewers'] },
      { kind: 'table', title: 'Permits', measurement: 'permit_phase', fields: ['project', 'agency', 'phase'] },
      { kind: 'table', title: 'Blocks', measurement: 'buildout_stage', fields: ['block', 'stage', 'site'] },
      { kind: 'table', title: 'Alarms raised', measurement: 'alarm_raised', fields: ['severity', 'subject', 'summary'] },
    ],
  },
};
