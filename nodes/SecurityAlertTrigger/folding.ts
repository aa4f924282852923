import type { IWebhookFunctions } from 'n8n-workflow';

import { memoryIncidents } from '../../adapters/memory/incidents';
import { messageOf, PipelineError } from '../../core/errors';
import { forgetOldest } from '../../core/forgetOldest';
import { clusterFolding, databaseFolding, type Folding, foldingOver, keptFolding } from '../shared/foldings';
import { warn } from '../shared/spentBounds';

/**
 * Opens the place that the trigger's *Incident Store* names.
 * @throws PipelineError `misconfigured`, or what the credential's reading throws
 */
export function openFolding(context: IWebhookFunctions): Promise<Folding> {
  switch (context.getNodeParameter('incidentStore', 'memory')) {
    case 'kubernetes':
      return byCredential(context, 'kubernetesResponderApi', clusterFolding);
    case 'postgres':
      return byCredential(context, 'incidentPostgresApi', (data) => databaseFolding(data, context.logger));
    default:
      // A trigger's own incidents: two triggers in one process have nothing in common but the process.
      return Promise.resolve(
        keptFolding(placeOf(context), () => foldingOver(memoryIncidents(), { spent: warn(context.logger) })),
      );
  }
}

/** Decrypting a credential costs more than a repeat does; a changed one counts after this time. */
const READ_AGAIN_MS = 10_000;
const MOST = 16;
const lastRead = new Map<string, { folding: Folding; until: number }>();

async function byCredential(
  context: IWebhookFunctions,
  type: string,
  open: (data: object) => Promise<Folding> | Folding,
): Promise<Folding> {
  const key = `${placeOf(context)}/${type}/${context.getNode().credentials?.[type]?.id ?? ''}`;
  const at = performance.now();
  const read = lastRead.get(key);
  if (read !== undefined && at < read.until) return read.folding;
  const folding = await open(await credentialOf(context, type));
  lastRead.set(key, { folding, until: at + READ_AGAIN_MS });
  forgetOldest(lastRead, MOST);
  return folding;
}

/** @throws PipelineError `misconfigured` without one: n8n's own error would have the sender be answered with 500 */
async function credentialOf(context: IWebhookFunctions, type: string): Promise<object> {
  try {
    return await context.getCredentials(type);
  } catch (error) {
    throw new PipelineError('misconfigured', `the trigger has no credential for its incidents: ${messageOf(error)}`, {
      nextStep: 'Open the trigger, choose its credential, then publish the workflow.',
      cause: error,
    });
  }
}

/** The trigger, among all of the process. */
function placeOf(context: IWebhookFunctions): string {
  return `${context.getWorkflow().id ?? ''}/${context.getNode().id}`;
}
