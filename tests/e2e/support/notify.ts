import type { N8n, WorkflowJson } from './n8n';

/** Publishes a workflow that fails as *Notify* does when the chat does not answer. Returns its id. */
export function failingNotify(n8n: N8n, name: string): Promise<string> {
  return n8n.publish({
    name,
    nodes: [
      {
        name: 'When Called',
        type: 'n8n-nodes-base.executeWorkflowTrigger',
        typeVersion: 1.1,
        position: [0, 0],
        parameters: { inputSource: 'passthrough' },
      },
      {
        name: 'No Answer',
        type: 'n8n-nodes-base.stopAndError',
        typeVersion: 1,
        position: [260, 0],
        parameters: { errorMessage: 'The chat does not answer (e2e).' },
      },
    ],
    connections: { 'When Called': { main: [[{ node: 'No Answer', type: 'main', index: 0 }]] } },
    settings: { executionOrder: 'v1' },
  });
}

/** Has a workflow notify people by another workflow than *Notify*. */
export function notifyBy({ nodes }: WorkflowJson, id: string): void {
  const calls = nodes.filter(({ parameters }) => workflowOf(parameters) === 'notify');
  if (calls.length === 0) throw new Error('the workflow notifies nobody');
  for (const call of calls) call.parameters = { ...call.parameters, workflowId: { __rl: true, mode: 'id', value: id } };
}

const workflowOf = ({ workflowId }: Record<string, unknown>) => (workflowId as { value?: unknown } | undefined)?.value;
