import type { Board, Panel } from './panels.js';

/** Name by which the dashboards and the provisioned source of data know each other. */
export const datasource = { type: 'influxdb', uid: 'loadstone-history' } as const;

/** A question to InfluxDB as Grafana sends it, with its two macros for the range and the step shown. */
export interface Target {
  readonly refId: string;
  readonly datasource: typeof datasource;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: 'time_series' | 'table';
  readonly alias?: string;
}

/** What of a panel the tests look at. */
export interface PanelModel {
  readonly id: number;
  readonly type: 'timeseries' | 'table';
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: typeof datasource;
  readonly fieldConfig: object;
  readonly targets: readonly Target[];
}

/** A dashboard in the model of Grafana. */
export interface DashboardModel {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelModel[];
}

const width = 12;
const height = 8;

/** The dashboard of a board, two panels a row. Twin time is not now: it shows the first day of the built-in world until another range is chosen. */
export function dashboardOf(name: string, { title, panels }: Board): DashboardModel {
  const rest = {
    tags: ['loadstone'],
    timezone: 'utc',
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    time: { from: '2027-07-13T17:00:00.000Z', to: '2027-07-14T17:00:00.000Z' },
    timepicker: {},
    refresh: '',
    templating: { list: [] },
    annotations: { list: [] },
    links: [],
  };
  return { uid: `loadstone-${name}`, title, ...rest, panels: panels.map(panelOf) };
}

function panelOf(panel: Panel, index: number): PanelModel {
  const place = { x: (index % 2) * width, y: Math.floor(index / 2) * height, w: width, h: height };
  const common = { id: index + 1, title: panel.title, gridPos: place, datasource };
  switch (panel.kind) {
    case 'lines': {
      const stacking = { group: 'A', mode: panel.isStacked === true ? 'normal' : 'none' };
      const custom = { lineWidth: 1, fillOpacity: panel.isStacked === true ? 40 : 0, showPoints: 'never', spanNulls: true, stacking };
      const defaults = { ...(panel.unit === '' ? {} : { unit: `suffix: ${panel.unit}` }), custom };
      return { ...common, type: 'timeseries', fieldConfig: { defaults, overrides: [] }, targets: lineTargets(panel) };
    }
    case 'table': {
      const columns = ['region', 'entity', ...panel.fields].map((name) => `"${name}"`).join(', ');
      const query = `SELECT ${columns} FROM "${panel.measurement}" WHERE $timeFilter ORDER BY time DESC LIMIT 500`;
      const target: Target = { refId: 'A', datasource, query, rawQuery: true, resultFormat: 'table' };
      return { ...common, type: 'table', fieldConfig: { defaults: {}, overrides: [] }, targets: [target] };
    }
  }
}

/** One question for each field, so that a line is called by its field and its tags. */
function lineTargets({ measurement, by, mean = [], last = [] }: Extract<Panel, { readonly kind: 'lines' }>): readonly Target[] {
  const tags = by.map((tag) => `, "${tag}"`).join('');
  const asked = [...mean.map((field) => ['mean', field] as const), ...last.map((field) => ['last', field] as const)];
  return asked.map(([how, field], index) => ({
    refId: String.fromCharCode(65 + index),
    datasource,
    query: `SELECT ${how}("${field}") FROM "${measurement}" WHERE $timeFilter GROUP BY time($__interval)${tags} fill(none)`,
    rawQuery: true,
    resultFormat: 'time_series',
    alias: [field, ...by.map((tag) => `$tag_${tag}`)].join(' '),
  }));
}
