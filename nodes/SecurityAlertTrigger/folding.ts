import type { IWebhookFunctions } from 'n8n-workflow';

import { connect } from '../../adapters/kubernetes/api/client';
import { recordOnce } from '../../adapters/kubernetes/resources/events';
import { kubernetesIncidents } from '../../adapters/kubernetes/resources/incidents';
import { memoryIncidents } from '../../adapters/memory/incidents';
import { postgresIncidents } from '../../adapters/postgres/incidents';
import type { AdmissionPorts } from '../../app/incidents/admission';
import type { IncidentStore } from '../../app/incidents/ports';
import { CountedRepeats } from '../../app/incidents/repeats';
import { messageOf, PipelineError } from '../../core/errors';
import { forgetOldest } from '../../core/forgetOldest';
import { actsByPlaybook } from '../../core/policy/playbook';
import { now } from '../shared/clock';
import { readAccess } from '../shared/kubernetesCredential';
import { readPostgresAccess } from '../shared/postgresCredential';
import { HOUR_MS, onceAnHour, spentMessage, type Report, warn } from './spentBounds';

/** The place that keeps a trigger's incidents, and what was counted for it. */
export interface Folding extends AdmissionPorts {
  /** Tells a person that incidents cannot be kept. Does not throw. */
  tell: (problem: PipelineError) => Promise<void>;
  /** Until when it is not asked because it failed, milliseconds of performance.now(). */
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
  switch (context.getNodeParameter('incidentStore', 'memory')) {
    case 'kubernetes':
      return byCredential(context, 'kubernetesResponderApi', inCluster);
    case 'postgres':
      return byCredential(context, 'incidentPostgresApi', inDatabase);
    default:
      // A trigger's own incidents: two triggers in one process have nothing in common but the process.
      return Promise.resolve(
        kept(placeOf(context), () => foldingOver(memoryIncidents(), { spent: warn(context.logger) })),
      );
  }
}

/** Decrypting a credential costs more than a repeat does; a changed one counts after this time. */
const READ_AGAIN_MS = 10_000;
const lastRead = new Map<string, { folding: Folding; until: number }>();

async function byCredential(
  context: IWebhookFunctions,
  type: string,
  open: (data: object, context: IWebhookFunctions) => Promise<Folding>,
): Promise<Folding> {
  const key = `${placeOf(context)}/${type}/${context.getNode().credentials?.[type]?.id ?? ''}`;
  const at = performance.now();
  const read = lastRead.get(key);
  if (read !== undefined && at < read.until) return read.folding;
  const folding = await open(await credentialOf(context, type), context);
  lastRead.set(key, { folding, until: at + READ_AGAIN_MS });
  forgetOldest(lastRead, MOST);
  return folding;
}

async function inCluster(data: object): Promise<Folding> {
  const access = await readAccess(data);
  const key = JSON.stringify(access);
  const known = foldings.get(key);
  if (known !== undefined) return known;
  const client = await connect(access);
  /** An Event, once an hour. */
  const record = (reason: string, name: string, message: string): Promise<void> => {
    const at = now();
    return recordOnce(client, { reason, name: `${name}-${Math.floor(at.getTime() / HOUR_MS)}`, message }, at);
  };
  return kept(key, () =>
    foldingOver(kubernetesIncidents(client), {
      tell: ({ message }) =>
        record('IncidentsNotKept', 'incidents-not-kept', `Repeated alerts are not folded into incidents: ${message}`),
      spent: (bound, trust) =>
        void record('IncidentBoundReached', `bound-${bound.toLowerCase()}-${trust}`, spentMessage(bound, trust)),
    }),
  );
}

/** What is wrong with the database is in n8n's log: of each alert that is not folded, and of the rest once a minute. */
function inDatabase(data: object, { logger }: IWebhookFunctions): Promise<Folding> {
  const access = readPostgresAccess(data);
  const logged = (effect: string) => {
    let quietUntil = -Infinity;
    return ({ message, nextStep }: PipelineError): void => {
      const at = performance.now();
      if (at < quietUntil) return;
      quietUntil = at + 60_000;
      logger.error(`${effect}: ${message}. ${nextStep}`);
    };
  };
  const skipped = logged('An incident counts towards no bound');
  const failed = logged('Repeated alerts are not counted in their incidents');
  return Promise.resolve(
    kept(JSON.stringify(access), () =>
      foldingOver(postgresIncidents(access, now, skipped), { failed, spent: warn(logger) }),
    ),
  );
}

interface Listeners {
  tell?: Folding['tell'];
  failed?: (problem: PipelineError) => void;
  spent: Report;
}

function foldingOver(store: IncidentStore, { tell = nobody, failed, spent }: Listeners): Folding {
  return {
    store,
    repeats: new CountedRepeats(store, failed ?? ((problem) => void tell(problem))),
    acts: actsByPlaybook,
    spent: onceAnHour(spent),
    tell,
    restsUntil: -Infinity,
  };
}

const nobody: Folding['tell'] = () => Promise.resolve();

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

function kept(key: string, make: () => Folding): Folding {
  const known = foldings.get(key);
  if (known !== undefined) return known;
  const folding = make();
  foldings.set(key, folding);
  forgetOldest(foldings, MOST);
  return folding;
}
