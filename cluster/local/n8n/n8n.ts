import { fetch } from 'undici';
import { z } from 'zod/v4';
import { WEBHOOK_PATH } from '../../../core/names.js';
import type { Credential } from '../../shared/n8n/credentials.js';
import { StackError } from '../errors.js';
import { forgetImport } from './import.js';
import type { Component } from '../process/component.js';
import { URLS } from '../process/ports.js';
import { OWNER_EMAIL } from '../secrets.js';
import { until } from '../process/wait.js';
import { logOf } from '../paths.js';

export const WEBHOOK_URL = `${URLS.n8n}/webhook/${WEBHOOK_PATH}`;

/** Where a person decides; the path is workflows/incident-approval.json's. */
export const APPROVALS_URL = `${URLS.n8n}/form/incident-approvals`;

const REMEDY = `Check ${logOf('n8n')}, then run the same command again.`;
const HEADERS = { 'Content-Type': 'application/json', 'browser-id': 'deploy.sh' };

const credentialList = z.object({ data: z.array(z.object({ id: z.string() })) });
const workflowState = z.object({ data: z.object({ active: z.boolean(), activeVersionId: z.string().nullable() }) });
const publication = z.object({ data: z.object({ status: z.string(), liveVersionId: z.string().nullable() }) });

/** Waits until the alert webhook is there: n8n, which may just start, registers webhooks a moment after it calls itself ready. */
export async function webhookRegistered(): Promise<void> {
  await until(
    `The webhook ${WEBHOOK_URL}`,
    60,
    async () => {
      // Sent without the secret, which the node refuses before it does anything.
      const { status, body } = await fetch(WEBHOOK_URL, { method: 'POST', headers: HEADERS, body: '{}' });
      await body?.cancel();
      // 503 is the gate's, as long as it takes n8n for not ready.
      return status === 404 || status === 503 ? undefined : true;
    },
    REMEDY,
  );
}

/**
 * Reads credentials and workflows from the running n8n, since its import commands report success after most errors. Waits until
 * it runs the latest published versions: for some seconds after its start it still runs the previous ones.
 * @param published ids of the workflows that have to run
 * @throws StackError when a credential is missing or a workflow is not active
 */
export async function verifyImport(
  n8n: Component,
  password: string,
  credentials: Credential[],
  published: string[],
): Promise<void> {
  const cookie = await login(password);
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${URLS.n8n}/rest/${path}`, { headers: { ...HEADERS, cookie } })).json();
  const ids = new Set(credentialList.parse(await get('credentials')).data.map(({ id }) => id));
  const lacking = credentials.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
  if (lacking.length > 0) await importAgain(n8n, `n8n lacks the credentials ${lacking.join(', ')}.`);
  for (const id of published) {
    const { active, activeVersionId } = workflowState.parse(await get(`workflows/${id}`)).data;
    if (!active) await importAgain(n8n, `The workflow ${id} is not active.`);
    await live(id, activeVersionId, () => get(`workflows/${id}/publication-status`));
  }
}

async function live(id: string, version: string | null, ask: () => Promise<unknown>): Promise<void> {
  await until(
    `Version ${version ?? ''} of the workflow ${id}`,
    30,
    async () => {
      const { status, liveVersionId } = publication.parse(await ask()).data;
      if (liveVersionId === version) return true;
      throw new Error(`${status}, ${liveVersionId ?? 'none'} is live`);
    },
    REMEDY,
  );
}

async function importAgain(n8n: Component, problem: string): Promise<never> {
  await forgetImport(n8n);
  throw new StackError(problem, REMEDY);
}

/** Signs in as the owner. Returns the session's cookie. */
async function login(password: string): Promise<string> {
  const answer = await fetch(`${URLS.n8n}/rest/login`, {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ emailOrLdapLoginId: OWNER_EMAIL, password }),
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new StackError(`n8n refuses its owner's login (HTTP ${answer.status}).`, REMEDY);
  return answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
}
