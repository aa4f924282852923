import { fetch } from 'undici';
import { z } from 'zod/v4';
import { SECRET_HEADER } from '../../../core/names.js';
import { StackError } from '../errors.js';
import type { Stack } from '../stack.js';
import { logOf } from '../process/supervisor.js';

const accepted = z.object({ status: z.literal('accepted'), incident: z.string() });

/**
 * Posts an alert as Falcosidekick does: once, without a retry.
 * @returns the incident's id
 */
export async function sendAlert({ urls, webhookSecret }: Stack, body: string): Promise<string> {
  const answer = await fetch(urls.webhook, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'Falcosidekick',
      [SECRET_HEADER]: webhookSecret,
    },
    body,
  });
  const text = await answer.text();
  if (answer.status === 202) return accepted.parse(JSON.parse(text)).incident;
  throw new StackError(
    `n8n answered the alert with HTTP ${answer.status}: ${text.slice(0, 300)}`,
    `Look at the executions in ${urls.n8n} and into ${logOf('n8n')}.`,
  );
}
