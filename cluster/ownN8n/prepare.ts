import { join } from 'node:path';
import { readIfThere, writePrivate } from '../local/files.js';
import { publishedIds, workflowsFor } from '../local/n8n/workflows.js';
import { randomSecret } from '../local/secrets.js';
import { nodesToComplete } from '../shared/n8n/chooseCredentials.js';
import { type PipelineAccess, pipelineCredentials } from '../shared/n8n/credentials.js';
import type { Workflow } from '../shared/n8n/workflow.js';

/** What is written for n8n's import, and what it leaves to a person. */
export interface Prepared {
  credentialsFile: string;
  workflowsFile: string;
  /** Has what Falcosidekick sends in the header X-Alert-Secret. */
  secretFile: string;
  /** How many workflows were written. */
  workflows: number;
  /** Ids to publish, each after those that it calls. */
  published: string[];
  /** Workflows with enabled nodes that still lack a credential. */
  toComplete: { workflow: string; nodes: string[] }[];
}

/**
 * Writes credentials, and every workflow with its credentials chosen, for n8n's import commands. Readable by their owner
 * alone. The sender's secret is made once: a second run keeps it.
 */
export async function prepare(access: Omit<PipelineAccess, 'webhookSecret'>, folder: string): Promise<Prepared> {
  const file = (name: string): string => join(folder, name);
  const secretFile = file('falcosidekick-secret');
  const known = (await readIfThere(secretFile))?.trim();
  const webhookSecret = known ?? randomSecret();
  if (known === undefined) await writePrivate(secretFile, `${webhookSecret}\n`);

  const credentials = pipelineCredentials({ ...access, webhookSecret });
  const workflows = await workflowsFor(credentials, undefined);
  const [credentialsFile, workflowsFile] = [file('credentials.json'), file('workflows.json')];
  await writePrivate(credentialsFile, JSON.stringify(credentials));
  await writePrivate(workflowsFile, JSON.stringify(workflows));
  return {
    credentialsFile,
    workflowsFile,
    secretFile,
    workflows: workflows.length,
    published: publishedIds(false),
    toComplete: workflows.flatMap(leftOf),
  };
}

function leftOf(workflow: Workflow): Prepared['toComplete'] {
  const nodes = nodesToComplete(workflow);
  return nodes.length === 0 ? [] : [{ workflow: workflow.name, nodes }];
}
