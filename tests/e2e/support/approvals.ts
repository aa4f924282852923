import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { KubernetesObject } from '@kubernetes/client-node';

import { createObject } from '../../../adapters/kubernetes/api/customObjects';
import type { Cluster } from '../../../cluster/local/kubernetes/client';
import type { Stack } from '../../../cluster/local/stack';
import { until } from '../../../cluster/local/process/wait';
import { CUSTOM_RESOURCES, NAMESPACES } from '../../../core/names';
import { type Approval, newApproval } from '../../../core/response/approval';
import { approvalSpec } from '../../../core/response/approvalItem';
import { readIncident } from '../../../core/incident/incident';
import { Browser, choices, type Page } from './form';
import { logged, send } from './incident';
import { connectResponder } from './responder';
import type { N8n, WorkflowJson, WorkflowNode } from './n8n';

const WORKFLOWS = join(__dirname, '../../../workflows');

/** A committed workflow with the stack's credentials chosen. */
export async function committed(n8n: N8n, stack: Stack, file: string): Promise<WorkflowJson> {
  const workflow = JSON.parse(readFileSync(join(WORKFLOWS, file), 'utf8')) as WorkflowJson;
  const { nodes } = await n8n.workflow(stack.workflowId);
  const chosen = new Map(nodes.map(({ type, credentials }) => [type, credentials]));
  for (const node of workflow.nodes) {
    const credentials = chosen.get(node.type);
    if (credentials !== undefined) node.credentials = credentials;
  }
  return workflow;
}

export interface Waiting {
  incident: string;
  /** Of the Approval. */
  name: string;
  item: Record<string, unknown>;
}

export interface ApprovalForm {
  id: string;
  url: string;
}

/** Publishes the approval form under a path of its own. */
export async function publishForm(
  n8n: N8n,
  stack: Stack,
  name: string,
  change: (node: WorkflowNode) => void = () => undefined,
): Promise<ApprovalForm> {
  const path = name.replaceAll(' ', '-');
  const workflow = await committed(n8n, stack, 'incident-approval.json');
  for (const node of workflow.nodes) {
    if (node.type.endsWith('formTrigger')) Object.assign(node.parameters.options as object, { path });
    change(node);
  }
  const id = await n8n.publish({ ...workflow, name });
  const url = `${stack.urls.n8n}/form/${path}`;
  const nobody = new Browser(stack.urls.n8n);
  await until(`the form ${path}`, 20, async () => ((await nobody.get(url)).status === 404 ? undefined : true));
  return { id, url };
}

/** Opens the form and goes on to the page that decides on the first incident. */
export async function decisionPage(person: Browser, { url }: ApprovalForm): Promise<Page> {
  const list = await person.next(await person.submit(await person.open(url)));
  return person.next(await person.submit(list, [choices(list).slice(0, 1)]));
}

/** Submits a decision: the page's first field is the description. */
export const decide = (person: Browser, page: Page, choice: string): Promise<Page> =>
  person.submit(page, ['', [choice]]);

/** Leaves nothing waiting, so that what a test puts there is all that a page lists. */
export async function nothingWaits({ objects }: Cluster): Promise<void> {
  const { items } = await objects.list<KubernetesObject>(CUSTOM_RESOURCES.apiVersion, 'Approval', NAMESPACES.responder);
  await Promise.all(
    items.map((item) => objects.delete({ apiVersion: CUSTOM_RESOURCES.apiVersion, kind: 'Approval', ...item })),
  );
}

/** An incident as the pipeline leaves it to a person: its item, put before one with these parts of the Approval changed. */
export async function waitingIncident(
  n8n: N8n,
  stack: Stack,
  cluster: Cluster,
  changed: Partial<Approval['spec']> = {},
): Promise<Waiting> {
  const { incident } = await send(stack, cluster, 'escalate-test');
  await logged(stack, incident);
  const item = await until('the execution', 20, async () => {
    const [latest] = await n8n.executions(stack.workflowId);
    const [json] = latest === undefined ? [] : ((await n8n.outputs(latest.id))['Log Incident'] ?? []);
    return JSON.stringify(json).includes(incident) ? json : undefined;
  });
  const proposal = { decision: 'delete_pod', reason: 'A shell was opened.', confidence: 0.4 };
  const approval = newApproval({ ...approvalSpec(readIncident(item), 1, new Date()), proposal, ...changed });
  // The pipeline has asked already; what it asked makes way for what the test is about.
  await nothingWaits(cluster);
  await createObject(await connectResponder(stack), CUSTOM_RESOURCES.approvals, approval);
  return { incident, name: approval.metadata.name, item };
}

/** What Kubernetes keeps of an Approval's decision. */
export async function statusOf({ objects }: Cluster, name: string): Promise<unknown> {
  const metadata = { name, namespace: NAMESPACES.responder };
  const object = await objects.read({ apiVersion: CUSTOM_RESOURCES.apiVersion, kind: 'Approval', metadata });
  return 'status' in object ? object.status : undefined;
}

/** Waits for the line that says how a person's decision ended; the incident has one from before as well. */
export async function decisionLogged({ urls }: Stack, incident: string, decision: string): Promise<void> {
  const query = `{job="incident-pipeline"} | incident_id="${incident}" | event="incident" | decision="${decision}"`;
  const start = `${Date.now() - 600_000}000000`;
  await until(`the log line of ${incident}: ${decision}`, 20, async () => {
    const answer = await fetch(
      `${urls.loki}/loki/api/v1/query_range?${new URLSearchParams({ query, start }).toString()}`,
    );
    const { data } = (await answer.json()) as { data: { result: unknown[] } };
    return data.result.length > 0 ? true : undefined;
  });
}
