import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseYaml, readText } from '../read-yaml.ts';
import { listExposedMetrics } from './exposed-metrics.ts';
import { readPromql } from './read-promql.ts';

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const exposed = await listExposedMetrics();
const [alerts] = parseYaml(readText('docker/prometheus/alerts.yml')) as [{ groups: { rules: Rule[] }[] }];
const rules = alerts.groups.flatMap((group) => group.rules);
const dashboard: { panels: Panel[] } = JSON.parse(readText('docker/grafana/dashboards/px.json'));
const panels = dashboard.panels.filter(({ type }) => type !== 'row');
const queries = [
  ...rules.map(({ alert, expr }) => [`alert ${alert}`, expr] as const),
  ...panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [`panel ${title}`, expr] as const)),
];

it.each(queries)('%s asks for what is there: %s', (_, expr) => {
  expect(findMistakes(expr)).toEqual([]);
});

describe('a query that is wrong', () => {
  it.each([
    ['px_queue_dept', /no metric px_queue_dept/],
    ['px_processor_insert_seconds', /no metric px_processor_insert_seconds/],
    ['px_http_requests_total{code="503"}', /px_http_requests_total has no label code/],
    ['sum by (topics) (px_queue_depth)', /nothing has the label topics/],
  ])('is told: %s', (expr, reason) => {
    expect(findMistakes(expr).join()).toMatch(reason);
  });

  it.each(['rate(px_queue_depth[5m]', 'sum(((', 'px_queue_depth >'])('is told: %s is no PromQL', (expr) => {
    expect(() => findMistakes(expr)).toThrow(/no PromQL/);
  });
});

describe('the alerts', () => {
  it('each have a name of their own, a severity, and a sentence that names only labels that the query leaves', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { alert, expr, labels, annotations } of rules) {
      expect(['page', 'warn'], alert).toContain(labels.severity);
      expect(annotations.summary, alert).toMatch(/\.$/);
      const named = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label);
      const { groupedBy } = readPromql(expr);
      const left = groupedBy.length > 0 ? groupedBy : ['job', 'instance'];
      expect(
        named.filter((label) => !left.includes(label)),
        alert,
      ).toEqual([]);
    }
  });
});

describe('docs/operations.md', () => {
  it('has a line on each alert, with its severity, a cause and a remedy, and on no other', () => {
    const [, section = ''] = readText('docs/operations.md').split('\n## Alerts\n');
    const [table = ''] = section.split('\n## ');
    const lines = [...table.matchAll(/^\| `(Px\w+)` \((\w+)\) \| (.{20,}?) \| (.{20,}?) \|$/gm)];
    const told = lines.map(([, alert, severity]) => `${alert} ${severity}`);
    expect(told.sort()).toEqual(rules.map(({ alert, labels }) => `${alert} ${labels.severity}`).sort());
  });
});

describe('the dashboard', () => {
  it('shows requests, events, lag, spool, freshness and errors', () => {
    const titles = panels.map(({ title }) => title);
    for (const wanted of [
      'Requests',
      'Events taken',
      'Lag by partition',
      'Spool',
      'Freshness',
      'Errors and refusals',
    ]) {
      expect(titles).toContain(wanted);
    }
    expect(panels.filter(({ description = '', targets = [] }) => description === '' || targets.length === 0)).toEqual(
      [],
    );
  });

  it('asks the data source that is provisioned, which asks the Prometheus of the compose files', () => {
    const [{ datasources }] = parseYaml(readText('docker/grafana/provisioning/datasources/prometheus.yml')) as [
      { datasources: { uid: string; url: string }[] },
    ];
    expect(datasources).toMatchObject([{ uid: 'px-prometheus', url: 'http://prometheus:9090' }]);
    expect(new Set(panels.map(({ datasource }) => datasource?.uid))).toEqual(new Set(['px-prometheus']));
  });

  it('lays its panels side by side, none over another, each with an id of its own', () => {
    const cells = dashboard.panels.flatMap(({ title, gridPos: { x, y, w, h } }) => {
      expect(x + w, title).toBeLessThanOrEqual(24);
      return Array.from({ length: w * h }, (_, at) => `${x + (at % w)},${y + Math.floor(at / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
  });

  it('is found where the compose files lay it', () => {
    const [{ providers }] = parseYaml(readText('docker/grafana/provisioning/dashboards/px.yml')) as [
      { providers: { options: { path: string } }[] },
    ];
    for (const file of ['docker/compose.yml', 'docker/compose.staging.yml']) {
      expect(readText(file)).toContain(`./grafana/dashboards:${providers[0]?.options.path}:ro`);
      expect(readText(file)).toContain('./prometheus:/etc/prometheus:ro');
    }
    const [{ rule_files: files }] = parseYaml(readText('docker/prometheus/prometheus.yml')) as [
      { rule_files: string[] },
    ];
    const missing = files
      .map((path) => path.replace('/etc/', '../../'))
      .filter((path) => !existsSync(new URL(path, import.meta.url)));
    expect(missing).toEqual([]);
  });
});

function findMistakes(expr: string): string[] {
  const { series, groupedBy } = readPromql(expr);
  const known = series.map(({ metric, labels }) => ({
    metric,
    labels,
    is: exposed.get(metric),
  }));
  const offered = known.flatMap(({ is }) => is?.labels ?? []);
  return [
    ...known.flatMap(({ metric, labels, is }) =>
      is === undefined
        ? [`there is no metric ${metric}`]
        : labels.filter((label) => !is.labels.includes(label)).map((label) => `${metric} has no label ${label}`),
    ),
    ...groupedBy.filter((label) => !offered.includes(label)).map((label) => `nothing has the label ${label}`),
  ];
}
