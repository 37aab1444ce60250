import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dashboardOf, datasource, type DashboardModel } from '../../infra/grafana/dashboard.js';
import { boards } from '../../infra/grafana/panels.js';
import { registry } from '../../shared/events/registry.js';
import { factTags, planOf } from '../../shared/history/plan.js';

const folder = new URL('../../infra/grafana/', import.meta.url);
const names = Object.keys(boards);
const text = (path: string): string => readFileSync(new URL(path, folder), 'utf8');
const model = (name: string): DashboardModel => JSON.parse(text(`dashboards/${name}.json`)) as DashboardModel;

/** What Grafana needs of a dashboard of this kind. */
const whole = {
  type: 'object',
  required: ['uid', 'title', 'schemaVersion', 'timezone', 'time', 'templating', 'annotations', 'panels'],
  properties: {
    uid: { type: 'string', pattern: '^[a-z0-9-]{1,40}$' },
    title: { type: 'string', minLength: 1 },
    schemaVersion: { type: 'integer', minimum: 36 },
    timezone: { const: 'utc' },
    time: { type: 'object', required: ['from', 'to'] },
    templating: { type: 'object', required: ['list'] },
    annotations: { type: 'object', required: ['list'] },
    panels: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['id', 'type', 'title', 'gridPos', 'datasource', 'fieldConfig', 'targets'],
        additionalProperties: false,
        properties: {
          id: { type: 'integer', minimum: 1 },
          type: { enum: ['timeseries', 'table'] },
          title: { type: 'string', minLength: 1 },
          gridPos: {
            type: 'object',
            required: ['x', 'y', 'w', 'h'],
            properties: { x: { maximum: 12 }, y: { minimum: 0 }, w: { const: 12 }, h: { const: 8 } },
          },
          datasource: { const: datasource },
          fieldConfig: { type: 'object', required: ['defaults', 'overrides'] },
          targets: {
            type: 'array',
            minItems: 1,
            items: {
              type: 'object',
              required: ['refId', 'datasource', 'query', 'rawQuery', 'resultFormat'],
              properties: {
                refId: { pattern: '^[A-Z]$' },
                datasource: { const: datasource },
                query: { pattern: '\\$timeFilter' },
                rawQuery: { const: true },
                resultFormat: { enum: ['time_series', 'table'] },
              },
            },
          },
        },
      },
    },
  },
};

describe('the dashboards for Grafana', () => {
  it('are the files that their panels give (else: npm run reference), and no others', () => {
    expect(readdirSync(new URL('dashboards/', folder)).sort()).toEqual(names.map((name) => `${name}.json`).sort());
    for (const [name, board] of Object.entries(boards)) expect(model(name)).toEqual(JSON.parse(JSON.stringify(dashboardOf(name, board))));
  });

  it.each(names)('have what Grafana needs: %s', (name) => {
    const check = new Ajv2020({ strict: false }).compile(whole);
    expect(check(model(name)), JSON.stringify(check.errors)).toBe(true);
    const { panels } = model(name);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ gridPos }) => `${gridPos.x}/${gridPos.y}`)).size).toBe(panels.length);
    for (const { targets } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
  });

  it('ask only for measurements, tags and fields that declared facts have', () => {
    const plans = registry.flatMap(({ type }) => planOf(type) ?? []);
    for (const panel of Object.values(boards).flatMap(({ panels }) => panels)) {
      const plan = plans.find(({ measurement }) => measurement === panel.measurement);
      const member = plans.flatMap(({ members }) => members).find(({ measurement }) => measurement === panel.measurement);
      const fields = (plan ?? member)?.fields.map(({ name }) => name) ?? [];
      const wanted = panel.kind === 'table' ? panel.fields : [...(panel.mean ?? []), ...(panel.last ?? [])];
      expect(fields, panel.title).toEqual(expect.arrayContaining([...wanted]));
      if (panel.kind === 'lines')
        expect([...factTags, ...(member?.tags ?? [])], panel.title).toEqual(expect.arrayContaining([...panel.by]));
    }
  });

  it('find their source of data, which is read-only and holds no password', () => {
    const sources = parse(text('provisioning/datasources/loadstone.yaml')) as { readonly datasources: readonly Record<string, unknown>[] };
    expect(sources.datasources).toEqual([
      expect.objectContaining({ ...datasource, user: 'integrator', secureJsonData: { password: '$LOADSTONE_INFLUX_PASSWORD' } }),
    ]);
    const providers = parse(text('provisioning/dashboards/loadstone.yaml')) as { readonly providers: readonly Record<string, unknown>[] };
    expect(providers.providers).toEqual([expect.objectContaining({ type: 'file', options: { path: '$LOADSTONE_DASHBOARDS' } })]);
  });
});
