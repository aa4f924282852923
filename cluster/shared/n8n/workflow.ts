/** What sets up n8n, wherever it runs. Imports nothing, because cluster/digitalocean is a package of its own. */

/** A node of a committed workflow, as far as setting it up needs. */
export interface WorkflowNode {
  name: string;
  type: string;
  parameters: Record<string, unknown>;
  credentials?: Record<string, { id: string; name: string }>;
  disabled?: boolean;
  [key: string]: unknown;
}

export interface Workflow {
  id: string;
  name: string;
  nodes: WorkflowNode[];
  [key: string]: unknown;
}

export const PACKAGE = 'n8n-nodes-incident-pipeline';
export const CHAT_MODEL = '@n8n/n8n-nodes-langchain.lmChatOpenAi';

/** The one that alerts start. A workflow's file has its id as its name. */
export const MAIN_WORKFLOW = 'incident-pipeline';

/** Those that all others call, by these ids, or name as their error workflow; each after those that it calls. */
export const SHARED_WORKFLOWS: readonly string[] = ['notify', 'pipeline-failure', 'record-incident'];

/** From an alert to what was done about it; they need no service outside the cluster. */
export const PIPELINE_WORKFLOWS: readonly string[] = [
  'carry-out-decision',
  MAIN_WORKFLOW,
  'incident-approval',
  'false-positive-exception',
  'incident-report',
  'quarantine-review',
  'deliver-outputs',
  'reconcile',
];

/** From an incident of PagerDuty to a task of Pulumi Neo, and from the task back to people. */
export const NEO_WORKFLOWS: readonly string[] = ['neo-task-report', 'pagerduty-to-neo'];

/** Imported, and published by the person who gives them credentials of a mail server, a chat, PagerDuty or a model. */
export const OPTIONAL_WORKFLOWS: readonly string[] = [
  'incident-approval-message',
  'notify-pagerduty',
  'incident-tools',
  'incident-chat',
];

/** The node in which a person sets what a workflow needs to know. */
const SETTINGS_NODE = 'Settings';

/** The parameters of n8n's node Edit Fields (Set) 3.5. */
interface SetParameters {
  assignments: { assignments: { name: string; value: unknown }[] };
}

/** The workflow with its node Settings filled in, as a person would; a value that is not given stays as it is. */
export function withSettings(workflow: Workflow, values: Readonly<Record<string, string>>): Workflow {
  const filled = (node: WorkflowNode): WorkflowNode => {
    const { assignments, ...rest } = node.parameters as unknown as SetParameters;
    const all = assignments.assignments.map((one) => ({
      ...one,
      value: values[one.name.replace('settings.', '')] ?? one.value,
    }));
    return { ...node, parameters: { ...rest, assignments: { assignments: all } } };
  };
  const nodes = workflow.nodes.map((node) => (node.name === SETTINGS_NODE ? filled(node) : node));
  return { ...workflow, nodes };
}
