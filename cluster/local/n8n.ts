import { fetch } from 'undici';
import { z } from 'zod/v4';
import { WEBHOOK_PATH } from '../../core/names.js';
import type { Credential, Workflow } from './credentials.js';
import { StackError } from './errors.js';
import { forgetImport } from './n8nImport.js';
import { URLS } from './ports.js';
import { OWNER_EMAIL } from './secrets.js';
import { logOf } from './supervisor.js';
import { until } from './wait.js';

export const WEBHOOK_URL = `${URLS.n8n}/webhook/${WEBHOOK_PATH}`;

const REMEDY = `Look into ${logOf('n8n')}, then run the same command again.`;
const HEADERS = { 'Content-Type': 'application/json', 'browser-id': 'deploy.sh' };

const credentialList = z.object({ data: z.array(z.object({ id: z.string() })) });
const workflowState = z.object({ data: z.object({ active: z.boolean(), activeVersionId: z.string().nullable() }) });
const publication = z.object({ data: z.object({ status: z.string(), liveVersionId: z.string().nullable() }) });

/** Waits until the alert webhook is there: n8n registers webhooks a moment after it calls itself ready. */
export async function webhookRegistered(): Promise<void> {
  await until(
    `The webhook ${WEBHOOK_URL}`,
    20,
    async () => {
      // Sent without the secret, which the node refuses before it does anything.
      const { status, body } = await fetch(WEBHOOK_URL, { method: 'POST', headers: HEADERS, body: '{}' });
      await body?.cancel();
      return status === 404 ? undefined : true;
    },
    REMEDY,
  );
}

/**
 * Asks the running n8n what it has: its own word counts, not that of its import commands. Waits until it runs the version
 * that was published last: for some seconds after its start it goes on with the one before.
 * @throws StackError when a credential is missing or the workflow is not active
 */
export async function verifyImport(password: string, credentials: Credential[], workflow: Workflow): Promise<void> {
  const cookie = await login(password);
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${URLS.n8n}/rest/${path}`, { headers: { ...HEADERS, cookie } })).json();
  const ids = new Set(credentialList.parse(await get('credentials')).data.map(({ id }) => id));
  const lacking = credentials.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
  const { active, activeVersionId } = workflowState.parse(await get(`workflows/${workflow.id}`)).data;
  if (lacking.length === 0 && active) {
    await until(
      `Version ${activeVersionId ?? ''} of the workflow`,
      30,
      async () => {
        const { status, liveVersionId } = publication.parse(
          await get(`workflows/${workflow.id}/publication-status`),
        ).data;
        if (liveVersionId === activeVersionId) return true;
        throw new Error(`${status}, ${liveVersionId ?? 'none'} is live`);
      },
      REMEDY,
    );
    return;
  }
  await forgetImport();
  throw new StackError(
    lacking.length > 0
      ? `n8n lacks the credentials ${lacking.join(', ')}.`
      : `The workflow ${workflow.id} is not active.`,
    REMEDY,
  );
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
