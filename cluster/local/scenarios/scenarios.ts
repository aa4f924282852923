import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetch } from 'undici';
import { z } from 'zod/v4';
import type { TaskState } from '../../../core/incident/task.js';
import { Refusal } from '../errors.js';
import { LOCAL } from '../paths.js';
import { URLS } from '../process/ports.js';
import { SCRIPT_NAMES } from '../simulators/neo/script.js';

/** What the simulated Neo does in a scenario, and what becomes of the incident. */
interface Scenario {
  script: (typeof SCRIPT_NAMES)[number];
  end: Extract<TaskState, 'fixed' | 'not_fixed'>;
  about: string;
}

/** Each has its recorded events in scenarios/. What ran in a container, or how much it needs, is no matter of one line of code. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'shell-in-pod': { script: 'findings', end: 'not_fixed', about: 'Falco saw a shell in a pod' },
  'critical-cve': { script: 'fixes', end: 'fixed', about: 'Trivy found critical vulnerabilities in nginx:1.14.0' },
  'privileged-pod': { script: 'fixes', end: 'fixed', about: 'Kyverno found a privileged pod' },
  'resource-exhaustion': { script: 'findings', end: 'not_fixed', about: 'Prometheus saw a pod run out of memory' },
};

/** With the custom fields that say where the code lives, or without. */
export const VARIANTS = ['with-context', 'without-context'] as const;
export type Variant = (typeof VARIANTS)[number];

export function scenario(name: string): Scenario {
  const known = Object.hasOwn(SCENARIOS, name) ? SCENARIOS[name] : undefined;
  if (known !== undefined) return known;
  throw new Refusal(`There is no scenario named ${name}.`, `Choose one of: ${Object.keys(SCENARIOS).join(', ')}`);
}

const recordedEvent = z.looseObject({ event_action: z.literal('trigger') });

/** The recorded event as one of now: the same thing, under a key of its own. */
export async function freshEvent(name: string, variant: Variant): Promise<object> {
  const text = await readFile(join(LOCAL, 'scenarios', name, `${variant}.json`), 'utf8');
  return { ...recordedEvent.parse(JSON.parse(text)), dedup_key: `${name} ${randomUUID()}` };
}

const enqueued = z.object({ status: z.literal('success'), dedup_key: z.string() });

/** Tells PagerDuty, as the detector does. Returns the alert's key. */
export async function enqueue(event: object): Promise<string> {
  const answer = await fetch(`${URLS.pagerDuty}/v2/enqueue`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
  });
  return enqueued.parse(await answer.json()).dedup_key;
}

/** What the coming tasks of the simulated Neo do. */
export async function follow(script: object): Promise<void> {
  const answer = await fetch(`${URLS.neo}/_simulator/script`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(script),
  });
  if (!answer.ok) throw new Error(`the simulator of Neo takes no such script: ${await answer.text()}`);
}

const incidents = z.object({
  incidents: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      status: z.string(),
      assignees: z.array(z.string()),
      notes: z.array(z.object({ user: z.string(), content: z.string() })),
      alerts: z.array(z.object({ key: z.string() })),
    }),
  ),
});
export type SimulatedIncident = z.infer<typeof incidents>['incidents'][number];

export async function incidentOf(alertKey: string): Promise<SimulatedIncident | undefined> {
  const { incidents: all } = incidents.parse(await (await fetch(`${URLS.pagerDuty}/_simulator/state`)).json());
  return all.find(({ alerts }) => alerts.some(({ key }) => key === alertKey));
}

const tasks = z.array(
  z.object({
    id: z.string(),
    status: z.string(),
    approvalMode: z.string(),
    permissionMode: z.string(),
    waitsFor: z.string().nullable(),
    entities: z.array(
      z.object({
        type: z.string(),
        name: z.string().default(''),
        org: z.string().optional(),
        project: z.string().optional(),
      }),
    ),
    request: z.looseObject({ message: z.looseObject({ content: z.string() }) }),
  }),
);
export type SimulatedTask = z.infer<typeof tasks>[number];

/** Neo's tasks for an incident of PagerDuty, by the incident's id in their data. */
export async function tasksOf(incident: string): Promise<SimulatedTask[]> {
  const all = tasks.parse(await (await fetch(`${URLS.neo}/_simulator/state`)).json());
  return all.filter(({ request }) => request.message.content.includes(`"incident.id":"${incident}"`));
}
