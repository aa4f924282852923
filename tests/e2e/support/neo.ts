import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { approve } from '../../../cluster/local/scenarios/scenario';
import {
  enqueue,
  follow,
  freshEvent,
  incidentOf,
  type SimulatedIncident,
  type SimulatedTask,
  tasksOf,
  type Variant,
} from '../../../cluster/local/scenarios/scenarios';
import { PORTS, URLS } from '../../../cluster/local/process/ports';
import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { PAGERDUTY_PATH } from '../../../core/names';
import { ROOT } from '../../support/manifests';
import { signatureOf } from '../../support/reports';

export const PAGERDUTY_WEBHOOK = `${URLS.n8n}/webhook/${PAGERDUTY_PATH}`;

/** The next review, and what it then does. */
export const REVIEW_SECONDS = 150;
export const START_SECONDS = 90;

export interface Reported {
  key: string;
  incident: string;
}

/** Tells PagerDuty of a scenario, with Neo's coming tasks doing this. */
export async function reported(name: string, variant: Variant, script: object): Promise<Reported> {
  await follow(script);
  const key = await enqueue(await freshEvent(name, variant));
  const { id } = await until(`the incident of ${name}`, START_SECONDS, () => incidentOf(key));
  return { key, incident: id };
}

export async function incident(key: string): Promise<SimulatedIncident> {
  const found = await incidentOf(key);
  if (found === undefined) throw new Error(`PagerDuty has no incident of ${key}`);
  return found;
}

export const taskOf = ({ incident: id }: Reported): Promise<SimulatedTask> =>
  until(`Neo's task for ${id}`, START_SECONDS, async () => (await tasksOf(id))[0]);

/** Waits until a note of the incident says so. */
export const noted = ({ key }: Reported, text: RegExp): Promise<SimulatedIncident> =>
  until(`a note that says ${String(text)}`, REVIEW_SECONDS, async () => {
    const found = await incident(key);
    if (found.notes.some(({ content }) => text.test(content))) return found;
    throw new Error(`its notes are ${JSON.stringify(found.notes.map(({ content }) => content))}`);
  });

/** Waits until Neo asks, then says yes or no, as a person does in Pulumi Cloud. */
export async function answered(one: Reported, ok: boolean): Promise<void> {
  await until("Neo's question", START_SECONDS, async () => (await tasksOf(one.incident))[0]?.waitsFor ?? undefined);
  await noted(one, /waits for an approval/);
  await approve(one.incident, ok);
}

/** Has a simulator answer coming requests so. */
export async function fault(of: 'pagerDuty' | 'neo', planned: object): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${PORTS[of]}/_simulator/next`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(planned),
  });
  if (!answer.ok) throw new Error(`no such fault: ${await answer.text()}`);
}

const template = JSON.parse(readFileSync(join(ROOT, 'tests/fixtures/alerts/pagerduty-triggered.json'), 'utf8')) as {
  event: { data: object };
};

/** A webhook about an incident, with bytes of its own: the trigger takes no two of them for one delivery. */
export function webhookOf(id: string): string {
  const { event } = template;
  return JSON.stringify({ event: { ...event, id: randomUUID(), data: { ...event.data, id } } });
}

export async function deliver(
  { webhookSecret }: Stack,
  body: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const answer = await fetch(PAGERDUTY_WEBHOOK, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-webhook-id': randomUUID(),
      'x-pagerduty-signature': signatureOf(body, webhookSecret),
      ...headers,
    },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}
