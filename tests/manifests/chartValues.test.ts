import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type ChartKeys, isMap, readValues, unknownKeys, type Values } from '../support/chartKeys';
import { ROOT } from '../support/manifests';

/** `subcharts`: whose values lie below their name, and which chart's keys hold there; null where we keep no list. */
interface ValuesFile {
  file: string;
  chart: string;
  subcharts: Record<string, string | null>;
}

/** What charts take and leave out of their defaults. */
const WITHOUT_DEFAULT: Record<string, string[]> = {
  grafana: ['service.nodePort'],
  alloy: ['configReloader.resources.limits.memory'],
};

const ALL: ValuesFile[] = [
  // Falco's chart brings Falcosidekick's 0.12, the list is of 0.14: what is set here is older than both.
  { file: 'falco/values.yaml', chart: 'falco', subcharts: { falcosidekick: 'falcosidekick' } },
  { file: 'falco/pagerduty.yaml', chart: 'falco', subcharts: { falcosidekick: 'falcosidekick' } },
  {
    file: 'monitoring/kube-prometheus-stack.yaml',
    chart: 'kube-prometheus-stack',
    subcharts: { grafana: 'grafana', 'kube-state-metrics': null, 'prometheus-node-exporter': null },
  },
  { file: 'monitoring/alertmanager.yaml', chart: 'kube-prometheus-stack', subcharts: {} },
  { file: 'trivy/values.yaml', chart: 'trivy-operator', subcharts: {} },
  { file: 'kyverno/values.yaml', chart: 'kyverno', subcharts: {} },
  { file: 'monitoring/alloy.yaml', chart: 'alloy', subcharts: {} },
];
const FILES = ALL.filter(({ file }) => existsSync(join(ROOT, 'manifests', file)));

function keys(chart: string): string[] {
  const text = readFileSync(join(ROOT, 'tests/fixtures/charts', `${chart}.json`), 'utf8');
  return [...(JSON.parse(text) as ChartKeys).keys, ...(WITHOUT_DEFAULT[chart] ?? [])];
}

const valuesOf = (file: string) => readValues(readFileSync(join(ROOT, 'manifests', file), 'utf8'));

/** Helm takes a key that the chart does not have without a word. */
function misspelt(values: Values, { chart, subcharts }: ValuesFile): string[] {
  const isSubchart = (name: string) => Object.hasOwn(subcharts, name);
  const own = Object.entries(values).filter(([name]) => !isSubchart(name));
  const below = Object.entries(subcharts).flatMap(([name, subchart]) => {
    const part = values[name];
    if (subchart === null || !isMap(part)) return [];
    const ofParent = keys(chart)
      .filter((key) => key.startsWith(`${name}.`))
      .map((key) => key.slice(name.length + 1));
    return unknownKeys(part, [keys(subchart), ofParent]).map((key) => `${name}.${key}`);
  });
  return [...unknownKeys(Object.fromEntries(own), [keys(chart)]), ...below];
}

test.each(FILES)('$file sets only what its chart has', (file) => {
  expect(misspelt(valuesOf(file.file), file)).toEqual([]);
});

test('Falco is among the files', () => {
  expect(FILES.map(({ chart }) => chart)).toContain('falco');
});

describe("a key that is not the chart's is found", () => {
  const falco: ValuesFile = { file: '', chart: 'falco', subcharts: { falcosidekick: 'falcosidekick' } };

  test.each<[string, Values]>([
    ['drivers.kind', { drivers: { kind: 'modern_ebpf' } }],
    ['driver.kinds', { driver: { kinds: 'modern_ebpf' } }],
    ['driver.kind.name', { driver: { kind: { name: 'modern_ebpf' } } }],
    ['falco.http_output.mutualtls', { falco: { http_output: { mutualtls: true } } }],
    ['falcosidekick.config.webhook.customheaders', { falcosidekick: { config: { webhook: { customheaders: '' } } } }],
    ['falcosidekick.driver.kind', { falcosidekick: { driver: { kind: 'kmod' } } }],
  ])('%s', (key, values) => {
    expect(misspelt(values, falco)).toEqual([key]);
  });

  test('and no other', () => {
    const values = {
      resources: { requests: { cpu: '1m' }, limits: null },
      customRules: { 'rules.yaml': '' },
      falco: { append_output: [{ suggested_output: true }] },
      falcosidekick: { enabled: true, resources: { requests: { cpu: '1m' } }, service: { annotations: { a: 'b' } } },
    };
    expect(misspelt(values, falco)).toEqual([]);
  });
});
