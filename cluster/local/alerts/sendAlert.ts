import { fetch } from 'undici';
import { z } from 'zod/v4';
import { SECRET_HEADER } from '../../../core/names.js';
import { StackError } from '../errors.js';
import type { Stack } from '../stack.js';
import { logOf } from '../paths.js';

const accepted = z.object({ status: z.literal('accepted'), incident: z.string(), repeated: z.number().default(0) });

/**
 * Posts an alert as Falcosidekick does: once, without a retry.
 * @returns the incident's id, and whether the alert only repeats what is known of it
 */
export async function sendAlert(
  { urls, webhookSecret }: Stack,
  body: string,
): Promise<{ incident: string; isRepeat: boolean }> {
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
  if (answer.status === 202) {
    const { incident, repeated } = accepted.parse(JSON.parse(text));
    return { incident, isRepeat: repeated > 0 };
  }
  throw new StackError(
    `n8n answered the alert with HTTP ${answer.status}: ${text.slice(0, 300)}`,
    `Look at the executions in ${urls.n8n} and into ${logOf('n8n')}.`,
  );
}
