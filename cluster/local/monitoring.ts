import { dumpYaml, type KubernetesObject } from '@kubernetes/client-node';
import { writePrivate } from './files.js';
import { loadManifests } from './kubernetes/manifests.js';
import { manifestsPath, statePath } from './paths.js';
import type { Component } from './process/component.js';
import { HOST, PORTS } from './process/ports.js';
import type { Queue } from './queue/queue.js';

/** Named in config/prometheus.yaml as well. */
export const RULES_FILE = statePath('prometheus.rules.yaml');
export const TARGETS_FILE = statePath('prometheus.n8n.json');

/** What Prometheus scrapes of n8n, in the format of its `file_sd_configs`. */
export interface Target {
  targets: string[];
  labels: { process: string; deployment: string };
}

type PrometheusRule = KubernetesObject & { spec: { groups: unknown[] } };

/** Writes what Prometheus reads besides its configuration: the rules of the cluster, and where n8n's processes are. */
export async function prepareMonitoring(n8n: Component, queue: Queue | undefined): Promise<void> {
  await writePrivate(TARGETS_FILE, JSON.stringify(n8nTargets(n8n, queue)));
  await writePrivate(RULES_FILE, dumpYaml({ groups: await ruleGroups() }));
}

/**
 * In queue mode the address at which each of n8n's processes answers `/metrics`; its main process counts the queue. The rules name a
 * kind of process by its Deployment in a cluster.
 */
export function n8nTargets(n8n: Component, queue: Queue | undefined): Target[] {
  if (queue === undefined) return [];
  const target = (deployment: string, name: string, port: number): Target => ({
    targets: [`${HOST}:${port}`],
    labels: { process: name, deployment },
  });
  return [
    target('n8n', n8n.name, PORTS.n8nBehindGate),
    ...queue.webhooks.map(({ name, env }) => target('n8n-webhook', name, Number(env.N8N_PORT))),
    ...queue.workers.map(({ name, env }) => target('n8n-worker', name, Number(env.QUEUE_HEALTH_CHECK_PORT))),
  ];
}

/** The rules of the cluster's Prometheus. */
export async function ruleGroups(): Promise<unknown[]> {
  const objects = await loadManifests(manifestsPath('monitoring/rules'));
  return objects.filter(isRule).flatMap(({ spec }) => spec.groups);
}

const isRule = (object: KubernetesObject): object is PrometheusRule => object.kind === 'PrometheusRule';
