import { join } from 'node:path';
import { testSecret } from '../../nodes/SecurityAlertTrigger/secret.js';
import { messageOf, StackError } from '../local/errors.js';
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
 * @throws StackError when the folder cannot be written to, or holds a secret that the trigger would refuse
 */
export async function prepare(access: Omit<PipelineAccess, 'webhookSecret'>, folder: string): Promise<Prepared> {
  const file = (name: string): string => join(folder, name);
  const [secretFile, credentialsFile, workflowsFile] = [
    file('falcosidekick-secret'),
    file('credentials.json'),
    file('workflows.json'),
  ];
  try {
    const webhookSecret = await keptSecret(secretFile);
    const credentials = pipelineCredentials({ ...access, webhookSecret });
    const workflows = await workflowsFor(credentials, undefined);
    await writePrivate(secretFile, `${webhookSecret}\n`);
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
  } catch (error) {
    if (error instanceof StackError) throw error;
    throw new StackError(`--out ${folder} cannot be used: ${messageOf(error)}`, 'Name a folder that you can write to.');
  }
}

async function keptSecret(file: string): Promise<string> {
  const kept = (await readIfThere(file))?.trim();
  if (kept === undefined) return randomSecret();
  const { status, message } = testSecret(kept);
  if (status === 'OK') return kept;
  throw new StackError(`${file} has no usable secret: ${message}.`, 'Remove the file: the next run makes one.');
}

function leftOf(workflow: Workflow): Prepared['toComplete'] {
  const nodes = nodesToComplete(workflow);
  return nodes.length === 0 ? [] : [{ workflow: workflow.name, nodes }];
}
