import { randomUUID } from 'node:crypto';

import type { CoreV1Event, V1Pod } from '@kubernetes/client-node';

import { type AlertFile, freshAlert, loadAlert, now } from '../../../cluster/local/alerts/alertFiles';
import { findLogLine } from '../../../cluster/local/scenarios/follow';
import { type Cluster, freshPod } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { SECRET_HEADER } from '../../../core/names';
import { settleIncidents } from './incidents';

export interface Posted {
  status: number;
  body: string;
}

/** Posts a body as Falcosidekick does, or with other headers. */
export async function post(
  stack: Stack,
  body: string,
  { secret = stack.webhookSecret, path = 'security-alerts' }: { secret?: string; path?: string } = {},
): Promise<Posted> {
  const response = await fetch(`${stack.urls.n8n}/webhook/${path}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'Falcosidekick',
      [SECRET_HEADER]: secret,
    },
    body,
  });
  return { status: response.status, body: await response.text() };
}

/**
 * Posts an alert that must be accepted; returns its incident's id. It is no repeat: the incidents of before are settled,
 * since tests send the same few alerts again and again.
 */
export async function accepted(stack: Stack, body: string, path?: string): Promise<string> {
  await settleIncidents(stack);
  const answer = await post(stack, body, path === undefined ? {} : { path });
  expect([answer.status, answer.body]).toEqual([202, expect.any(String)]);
  return (JSON.parse(answer.body) as { incident: string }).incident;
}

export interface Sent {
  incident: string;
  pod: V1Pod;
  uid: string;
}

/** A recorded alert about a pod, as if it happened now. */
export async function alertAbout(
  name: string,
  uid: string,
  change: (alert: AlertFile) => void = () => undefined,
): Promise<string> {
  const alert = await loadAlert(name);
  change(alert);
  return freshAlert(alert, now(uid));
}

/** Sends one of the recorded alerts at a fresh pod of the playground. */
export async function send(
  stack: Stack,
  cluster: Cluster,
  name: string,
  change?: (alert: AlertFile) => void,
  path?: string,
): Promise<Sent> {
  const pod = await freshPod(cluster, name);
  const uid = pod.metadata?.uid ?? '';
  return { incident: await accepted(stack, await alertAbout(name, uid, change), path), pod, uid };
}

/** An incident's line in Loki, as parsed JSON, within so many seconds. */
export async function logged(stack: Stack, incident: string, seconds = 30): Promise<Record<string, unknown>> {
  return until(`log line of ${incident}`, seconds, () => findLogLine(stack, incident, new Date(Date.now() - 120_000)));
}

/** The value of a Prometheus query, or 0 when there is no series. */
export async function query({ urls }: Stack, expression: string): Promise<number> {
  const response = await fetch(
    `${urls.prometheus}/api/v1/query?${new URLSearchParams({ query: expression }).toString()}`,
  );
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
  return Number(data.result[0]?.value[1] ?? 0);
}

/** Waits until a counter has grown by exactly this much and stands. */
export async function grownTo(stack: Stack, expression: string, value: number): Promise<void> {
  await until(`${expression} = ${value}`, 20, async () => {
    const is = await query(stack, expression);
    if (is !== value) throw new Error(`it is ${is}`);
    return true;
  });
}

/** Kubernetes Events that name an incident. */
export async function events({ core }: Cluster, namespace: string, incident: string): Promise<CoreV1Event[]> {
  const { items } = await core.listNamespacedEvent({ namespace });
  return items.filter(({ message }) => message?.includes(incident));
}

export const anotherUid = (): string => randomUUID();
