/** What grafana's dashboard-linter asks of a dashboard, as far as it holds for this one, and what leads from it to an incident. */
import { linksOf, loadDashboard } from '../support/dashboard';

const dashboard = loadDashboard();
const shown = dashboard.panels.filter(({ type }) => type !== 'row');
const variables = dashboard.templating.list;
const named = (name: string) => variables.find((one) => one.name === name);

/** Prescribed as they are, so without a variable: of all instances, whatever is chosen, and since the beginning. */
const AS_PRESCRIBED = [
  'avg_over_time(incident_pipeline_mtta_seconds[24h])',
  'avg_over_time(incident_pipeline_mttr_seconds[24h])',
  'sum(incident_pipeline_incident_total{classification="false_positive"}) / sum(incident_pipeline_incident_total)',
  'sum by(decision) (incident_pipeline_decision_total)',
  'sum(incident_pipeline_incident_total) by (classification)',
];
const targets = shown.flatMap(({ title, targets = [] }) => targets.map((target) => ({ title, ...target })));
const ofPrometheus = targets.filter(({ datasource }) => datasource.type === 'prometheus');
const chosen = ofPrometheus.filter(({ expr }) => !AS_PRESCRIBED.includes(expr));

test('the dashboard cannot be changed where it is provisioned', () => {
  expect(dashboard.editable).toBe(false);
});

test('its data sources are variables, and every panel and query uses them', () => {
  for (const type of ['prometheus', 'loki'])
    expect(named(`${type}_datasource`)).toMatchObject({ type: 'datasource', query: type, current: { value: type } });
  const sources = [
    ...shown.flatMap(({ datasource = { type: '', uid: '' } }) => datasource),
    ...targets.map(({ datasource }) => datasource),
  ];
  for (const { type, uid } of sources) expect(uid).toBe(`\${${type}_datasource}`);
});

test('instance is chosen from those that push, several or all; namespace, rule and incident are typed', () => {
  expect(named('instance')).toMatchObject({
    type: 'query',
    multi: true,
    allValue: '.+',
    label: 'Instance',
    datasource: { uid: '${prometheus_datasource}' },
  });
  for (const name of ['namespace', 'rule', 'incident', 'n8n']) expect(named(name)?.type).toBe('textbox');
});

test.each(shown.map((panel) => [panel.title, panel] as const))(
  '%s has a description, and a unit where it shows numbers',
  (_title, panel) => {
    expect(panel.description ?? '').not.toBe('');
    if (!['table', 'logs'].includes(panel.type)) expect(panel.fieldConfig?.defaults.unit ?? '').not.toBe('');
    if (panel.type === 'stat') expect(panel.fieldConfig?.defaults.thresholds).toBeDefined();
  },
);

test.each(chosen.map(({ title, expr }) => [title, expr] as const))(
  '%s: %s is of the chosen instances',
  (_title, expr) => {
    const ours = expr.match(/incident_pipeline_\w+/g) ?? [];
    expect(expr.match(/incident_pipeline_\w+\{instance=~"\$instance"/g) ?? []).toHaveLength(ours.length);
  },
);

test.each(chosen.map(({ title, expr }) => [title, expr] as const))(
  '%s: %s grows by increase(), and rates by $__rate_interval',
  (_title, expr) => {
    expect(expr).not.toMatch(/(?<!increase\(|rate\()incident_pipeline_\w+_(?:total|bucket)\b/);
    for (const [, range] of expr.matchAll(/\b(?:rate|irate)\([^[]*\[([^\]]*)\]/g))
      expect(range).toBe('$__rate_interval');
  },
);

test.each(shown.map((panel) => [panel.title, panel] as const))('%s has one range', (_title, { targets = [] }) => {
  const ranges = targets.flatMap(({ expr }) => [...expr.matchAll(/\[([^\]]+)\]/g)].map(([, range]) => range));
  expect(new Set(ranges).size).toBeLessThanOrEqual(1);
});

test('times are shown by their median and two higher percentiles', () => {
  for (const title of ['From the alert to the decision', 'From the alert to the action read back as done']) {
    const asked = ofPrometheus
      .filter((target) => target.title === title)
      .map(({ expr }) => expr)
      .join('\n');
    for (const quantile of [0.5, 0.95, 0.99]) expect(asked).toContain(`histogram_quantile(${quantile},`);
  }
});

test('panels lie beside and below each other, none on another', () => {
  const { panels } = dashboard;
  const overlapping = panels.flatMap(({ title, gridPos: one }, index) =>
    panels
      .slice(index + 1)
      .filter(
        ({ gridPos: other }) =>
          one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h,
      )
      .map((other) => `${title} and ${other.title}`),
  );
  expect(overlapping).toEqual([]);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
});

test('links are made of ids, each escaped for its place, and lead to Grafana itself or the n8n that a person named', () => {
  const urls = [...dashboard.links, ...dashboard.panels.flatMap(linksOf)].map(({ url }) => url);
  for (const url of urls) {
    expect(url).toMatch(/^(?:\$\{n8n\}\/|\/d\/incident-pipeline\?)/);
    expect(url).not.toMatch(/\$\{__(?:value|data)[^}:]*\}/);
  }
  const [table] = shown.filter(({ title }) => title === 'Incidents').filter(({ type }) => type === 'table');
  const linked = (table?.fieldConfig?.overrides ?? []).filter(({ properties }) =>
    properties.some(({ id }) => id === 'links'),
  );
  expect(linked.map(({ matcher }) => matcher.options).toSorted()).toEqual([
    'decision',
    'execution_id',
    'incident_id',
    'incident_name',
  ]);
});

test('what waits for a person, and since when, is on the first screen', () => {
  const waiting = shown.filter(({ gridPos }) => gridPos.y < 14).map(({ title }) => title);
  expect(waiting).toEqual(expect.arrayContaining(['Incidents that wait', 'The oldest waits', 'Put before a person']));
});
