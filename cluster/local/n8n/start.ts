import { readFile } from 'node:fs/promises';
import { CA_CERTIFICATE } from '../kubernetes/certificates.js';
import type { Plan } from '../plan.js';
import { databaseAccess } from '../postgresql/component.js';
import { URLS } from '../process/ports.js';
import { startAndWait } from '../process/startAndWait.js';
import { processes, stop } from '../process/supervisor.js';
import type { Queue } from '../queue/queue.js';
import { ACCOUNT, SETTINGS } from '../simulators/example.js';
import { credentials } from './credentials.js';
import { importChanged } from './import.js';
import { verifyImport, webhookRegistered } from './n8n.js';
import { publishedIds, workflowsFor } from './workflows.js';

/**
 * Starts n8n with its workflows and credentials, and the gate.
 * @param token of the responder
 */
export async function startN8n(plan: Plan, token: string): Promise<void> {
  const { n8n, queue, gate, n8nProject, simulators, secrets, model } = plan;
  const available = credentials({
    webhookSecret: secrets.webhookSecret,
    kubernetes: { server: URLS.kubernetes, caCertificate: await readFile(CA_CERTIFICATE, 'utf8'), token },
    pushgatewayUrl: URLS.pushgateway,
    lokiUrl: URLS.loki,
    model,
    database: queue === undefined ? undefined : databaseAccess(secrets),
    neo:
      simulators === undefined
        ? undefined
        : {
            signingSecret: secrets.webhookSecret,
            pagerDutyToken: ACCOUNT.pagerDutyToken,
            pulumiToken: ACCOUNT.pulumiToken,
            organization: ACCOUNT.organization,
          },
  });
  const workflows = await workflowsFor(available, model, simulators === undefined ? undefined : SETTINGS);
  const published = publishedIds(simulators !== undefined);
  await importChanged(n8n, n8nProject, available, workflows, published);
  // The main process first: the others would only wait for its changes to the database.
  const started = await startAndWait(n8n);
  if (queue !== undefined) await startQueue(queue);
  await startAndWait(gate);
  await webhookRegistered();
  // What runs on has been verified before; n8n allows few logins in a time.
  if (!started) return;
  await verifyImport(n8n, secrets.password, available, published);
}

/** Starts the processes that receive and run, and stops workers that there are too many of. */
async function startQueue({ webhooks, workers }: Queue): Promise<void> {
  await Promise.all([...webhooks, ...workers].map(startAndWait));
  const wanted = new Set<string>(workers.map(({ name }) => name));
  const surplus = (await processes()).filter(({ name }) => name.startsWith('n8n-worker-') && !wanted.has(name));
  await Promise.all(surplus.map(({ name }) => stop(name)));
}
