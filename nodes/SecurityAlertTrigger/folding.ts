import type { IWebhookFunctions } from 'n8n-workflow';

import { connect } from '../../adapters/kubernetes/api/client';
import { recordOnce } from '../../adapters/kubernetes/resources/events';
import { kubernetesIncidents } from '../../adapters/kubernetes/resources/incidents';
import { memoryIncidents } from '../../adapters/memory/incidents';
import type { AdmissionPorts } from '../../app/incidents/admission';
import { CountedRepeats } from '../../app/incidents/repeats';
import { messageOf, PipelineError } from '../../core/errors';
import { forgetOldest } from '../../core/forgetOldest';
import { actsByPlaybook } from '../../core/policy/playbook';
import { now } from '../shared/clock';
import { readAccess } from '../shared/kubernetesCredential';

/** The place that keeps a trigger's incidents, and what was counted for it. */
export interface Folding extends AdmissionPorts {
  /** Tells a person that incidents cannot be kept. Does not throw. */
  tell: (problem: PipelineError) => Promise<void>;
  /** Until when it is not asked because it failed, milliseconds since the epoch. */
  restsUntil: number;
}

/** One for each place that keeps incidents, so that what was counted is not counted twice. */
const foldings = new Map<string, Folding>();
/** A token is renewed, and its predecessor is not used again. */
const MOST = 16;

/**
 * Opens the place that the trigger's *Incident Store* names.
 * @throws PipelineError `misconfigured`, or what the credential's reading throws
 */
export function openFolding(context: IWebhookFunctions): Promise<Folding> {
  return context.getNodeParameter('incidentStore', 'memory') === 'kubernetes'
    ? inCluster(context)
    : Promise.resolve(inMemory(context));
}

/** A trigger's own incidents: two triggers in one process have nothing in common but the process. */
function inMemory(context: IWebhookFunctions): Folding {
  const key = placeOf(context);
  const known = foldings.get(key);
  if (known !== undefined) return known;
  const store = memoryIncidents();
  return keep(key, {
    store,
    repeats: new CountedRepeats(store),
    acts: actsByPlaybook,
    tell: () => Promise.resolve(),
    restsUntil: 0,
  });
}

/** Decrypting a credential costs more than a repeat does; a changed one counts after this time. */
const READ_AGAIN_MS = 10_000;
const lastRead = new Map<string, { folding: Folding; until: number }>();

async function inCluster(context: IWebhookFunctions): Promise<Folding> {
  const key = `${placeOf(context)}/${context.getNode().credentials?.kubernetesResponderApi?.id ?? ''}`;
  const at = now().getTime();
  const read = lastRead.get(key);
  if (read !== undefined && at < read.until) return read.folding;
  const folding = await foldingOf(await readAccess(await credentialOf(context)));
  lastRead.set(key, { folding, until: at + READ_AGAIN_MS });
  forgetOldest(lastRead, MOST);
  return folding;
}

async function foldingOf(access: Awaited<ReturnType<typeof readAccess>>): Promise<Folding> {
  const key = JSON.stringify(access);
  const known = foldings.get(key);
  if (known !== undefined) return known;
  const client = await connect(access);
  const store = kubernetesIncidents(client);
  const tell = ({ message }: PipelineError) => {
    const at = now();
    const hour = Math.floor(at.getTime() / 3_600_000);
    const said = `Repeated alerts are not folded into incidents: ${message}`;
    return recordOnce(client, { reason: 'IncidentsNotKept', name: `incidents-not-kept-${hour}`, message: said }, at);
  };
  const repeats = new CountedRepeats(store, (error) => void tell(error));
  return keep(key, { store, repeats, acts: actsByPlaybook, tell, restsUntil: 0 });
}

/** @throws PipelineError `misconfigured` without one: n8n's own error would have the sender be answered with 500 */
async function credentialOf(context: IWebhookFunctions): Promise<object> {
  try {
    return await context.getCredentials('kubernetesResponderApi');
  } catch (error) {
    throw new PipelineError('misconfigured', `the trigger has no Kubernetes credential: ${messageOf(error)}`, {
      nextStep: 'Open the trigger, choose its credential, then publish the workflow.',
      cause: error,
    });
  }
}

/** The trigger, among all of the process. */
function placeOf(context: IWebhookFunctions): string {
  return `${context.getWorkflow().id ?? ''}/${context.getNode().id}`;
}

function keep(key: string, folding: Folding): Folding {
  foldings.set(key, folding);
  forgetOldest(foldings, MOST);
  return folding;
}
