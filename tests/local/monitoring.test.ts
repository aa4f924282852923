import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { loadYaml, type V1ConfigMap } from '@kubernetes/client-node';

import { n8nComponent } from '../../cluster/local/components';
import { n8nEnvironment } from '../../cluster/local/n8n/environment';
import { n8nTargets, RULES_FILE, ruleGroups, TARGETS_FILE } from '../../cluster/local/monitoring';
import { configPath } from '../../cluster/local/paths';
import { HOST, PORTS } from '../../cluster/local/process/ports';
import { METRICS_ENVIRONMENT } from '../../cluster/local/queue/environment';
import { webhookProcessors, workers } from '../../cluster/local/queue/processes';
import { queueOf } from '../../cluster/local/queue/queue';
import { ROOT } from '../support/manifests';

interface Configuration {
  rule_files: string[];
  scrape_configs: {
    job_name: string;
    static_configs?: { targets: string[] }[];
    file_sd_configs?: { files: string[] }[];
  }[];
}

const FILE = configPath('prometheus.yaml');
const { rule_files, scrape_configs } = loadYaml<Configuration>(readFileSync(FILE, 'utf8'));
/** As Prometheus does. */
const resolved = (path: string): string => resolve(dirname(FILE), path);

const SIZE = { webhooks: 2, workers: 3, pagerDuty: true };
const SECRETS = {
  password: '',
  passwordHash: '',
  webhookSecret: '',
  encryptionKey: '',
  databasePassword: '',
  redisPassword: '',
};
const ENVIRONMENT = n8nEnvironment(SECRETS, { PATH: '/bin' });
const N8N = n8nComponent('/n8n', ENVIRONMENT);
const queue = () => queueOf(SIZE, '/n8n', ENVIRONMENT, SECRETS);

describe('Prometheus of the embedded stack', () => {
  test('scrapes the ports of the stack', () => {
    const targets = scrape_configs.flatMap(({ job_name, static_configs = [] }) =>
      static_configs.flatMap((config) => config.targets.map((target) => [job_name, target])),
    );
    const [pushgateway, prometheus, loki] = [PORTS.pushgateway, PORTS.prometheus, PORTS.loki];
    expect(targets).toEqual([
      ['pushgateway', `${HOST}:${pushgateway}`],
      ['prometheus', `${HOST}:${prometheus}`],
      ['loki', `${HOST}:${loki}`],
    ]);
  });

  test('finds its targets only in ways that its build from source has', () => {
    const ways = scrape_configs.flatMap((config) => Object.keys(config).filter((key) => key.endsWith('_configs')));
    expect([...new Set(ways)].sort()).toEqual(['file_sd_configs', 'static_configs']);
  });

  test("reads n8n's processes and the rules from the files that a start writes", () => {
    const n8n = scrape_configs.find(({ job_name }) => job_name === 'n8n');
    expect(n8n?.file_sd_configs?.flatMap(({ files }) => files.map(resolved))).toEqual([TARGETS_FILE]);
    expect(rule_files.map(resolved)).toEqual([RULES_FILE]);
  });

  test("has the cluster's rules, of the queue and of missing processes among them", async () => {
    const groups = (await ruleGroups()) as { rules: { alert: string; expr: string }[] }[];
    const rules = new Map(groups.flatMap((group) => group.rules.map(({ alert, expr }) => [alert, expr])));
    expect(rules.get('IncidentQueueStands')).toContain('n8n_scaling_mode_queue_jobs_waiting');
    expect(rules.get('IncidentN8nReplicasMissing')).toContain('up{job="n8n", deployment!=""}');
  });

  test('scrapes nothing of an n8n that is one process, which does not answer /metrics', () => {
    expect(n8nTargets(N8N, undefined)).toEqual([]);
    expect(ENVIRONMENT).not.toHaveProperty('N8N_METRICS');
  });
});

describe("the targets of n8n's processes", () => {
  test('are the ports at which each listens on loopback, under the Deployment that it is in a cluster', async () => {
    const targets = n8nTargets(N8N, await queue());
    expect(targets.map(({ labels }) => [labels.process, labels.deployment])).toEqual([
      ['n8n', 'n8n'],
      ...[1, 2, 3].map((number) => [`n8n-webhook-${number}`, 'n8n-webhook']),
      ...[1, 2, 3].map((number) => [`n8n-worker-${number}`, 'n8n-worker']),
    ]);
    const healths = [N8N, ...webhookProcessors('/n8n', {}, SIZE), ...workers('/n8n', {}, SIZE)].map(
      ({ health }) => new URL(health).host,
    );
    expect(targets.flatMap(({ targets: addresses }) => addresses)).toEqual(healths);
  });

  test('listen on loopback alone', async () => {
    const { webhooks, workers: running } = await queue();
    for (const { env } of [N8N, ...webhooks]) expect(env.N8N_LISTEN_ADDRESS).toBe(HOST);
    for (const { env } of running) expect(env.N8N_WORKER_SERVER_ADDRESS).toBe(HOST);
  });
});

test("n8n counts its queue as in a cluster with the component 'autoscaling'", () => {
  const patch = readFileSync(join(ROOT, 'manifests/n8n-scaled/autoscaling/metrics.patch.yaml'), 'utf8');
  expect(METRICS_ENVIRONMENT).toEqual(loadYaml<V1ConfigMap>(patch).data);
});
