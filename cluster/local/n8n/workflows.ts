import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import { withCredentials, type Credential, type Workflow } from './credentials.js';
import type { Model } from './model.js';
import { CHECKOUT } from '../paths.js';

/** The one that alerts start. */
export const WORKFLOW_ID = 'incident-pipeline';

/** Those that other workflows call, by these ids, or name as their error workflow; each after those that it calls. */
const CALLED_WORKFLOW_IDS = ['notify', 'pipeline-failure', 'record-incident', 'carry-out-decision'];

/** From an incident of PagerDuty to a task of Pulumi Neo, and from the task back to people. */
const NEO_WORKFLOW_IDS = ['neo-task-report', 'pagerduty-to-neo'];

/** Those that need no service outside the stack. A workflow's file has its id as its name. */
const WORKFLOW_IDS = [...CALLED_WORKFLOW_IDS, WORKFLOW_ID, 'incident-approval', 'quarantine-review'];

/** Waits for a person to give it credentials of a mail server or a chat. */
const MESSAGE_WORKFLOW_ID = 'incident-approval-message';

/** The workflows that run: the others are imported, and published by the person who gives them their credentials. */
export const publishedIds = (hasNeo: boolean): string[] =>
  hasNeo ? [...WORKFLOW_IDS, ...NEO_WORKFLOW_IDS] : [...WORKFLOW_IDS];

const workflowFile = z.looseObject({
  id: z.string(),
  name: z.string(),
  nodes: z.array(z.looseObject({ type: z.string(), parameters: z.record(z.string(), z.unknown()).default({}) })),
});

/** All committed workflows, with these credentials chosen; those about Neo with these settings. */
export async function workflowsFor(
  credentials: Credential[],
  model: Model | undefined,
  neoSettings?: Readonly<Record<string, string>>,
): Promise<Workflow[]> {
  const ids = [...WORKFLOW_IDS, ...NEO_WORKFLOW_IDS, MESSAGE_WORKFLOW_ID];
  return Promise.all(
    ids.map(async (id) => {
      const text = await readFile(join(CHECKOUT, 'workflows', `${id}.json`), 'utf8');
      const committed: Workflow = workflowFile.parse(JSON.parse(text));
      const chosen = withCredentials(committed, credentials, model);
      return NEO_WORKFLOW_IDS.includes(id) && neoSettings !== undefined ? withSettings(chosen, neoSettings) : chosen;
    }),
  );
}

const assignments = z.looseObject({
  assignments: z.looseObject({ assignments: z.array(z.looseObject({ name: z.string(), value: z.unknown() })) }),
});

/** The workflow with its node Settings filled in, as a person would. */
function withSettings(workflow: Workflow, settings: Readonly<Record<string, string>>): Workflow {
  const nodes = workflow.nodes.map((node) => {
    if (node.name !== 'Settings') return node;
    const parameters = assignments.parse(node.parameters);
    const filled = parameters.assignments.assignments.map((one) => ({
      ...one,
      value: settings[one.name.replace('settings.', '')] ?? one.value,
    }));
    return { ...node, parameters: { ...parameters, assignments: { assignments: filled } } };
  });
  return { ...workflow, nodes };
}
