import type { N8n } from './n8n';
import { notifyBy } from './notify';

/** What a copy of the workflow *Reconcile* reads instead of Falco's stream. */
interface Reading {
  /** The stream's label `job`: another for each test. */
  job: string;
  graceSeconds?: number;
  /** Id of a Loki credential other than the stack's. */
  credential?: string | undefined;
  /** Whether the test starts it, instead of n8n every ten seconds. */
  isByHand?: boolean;
  /** Id of a workflow other than *Notify*. */
  notify?: string;
}

/** Publishes the workflow Reconcile as it is committed, but every ten seconds by default, and for a stream of the test's own. Returns its id. */
export async function reconciling(
  n8n: N8n,
  name: string,
  { job, graceSeconds, credential, isByHand = false, notify }: Reading,
): Promise<string> {
  const workflow = await n8n.workflow('reconcile');
  if (notify !== undefined) notifyBy(workflow, notify);
  for (const node of workflow.nodes) {
    if (node.name === 'Every 5 Minutes')
      node.parameters = {
        rule: { interval: [isByHand ? { field: 'hours' } : { field: 'seconds', secondsInterval: 10 }] },
      };
    if (node.name === "Read Falco's Output") {
      const grace = graceSeconds === undefined ? {} : { graceSeconds };
      Object.assign(node.parameters, { selector: `{job="${job}"}`, lookBackHours: 1, ...grace });
      if (credential !== undefined) node.credentials = { lokiApi: { id: credential, name: 'e2e lokiApi' } };
    }
  }
  return n8n.publish({ ...workflow, name });
}
