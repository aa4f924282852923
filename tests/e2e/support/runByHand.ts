import { z } from 'zod/v4';

import type { Stack } from '../../../cluster/local/stack';
import { ownerSession, SESSION_BROWSER } from './session';

const startedSchema = z.object({ data: z.object({ executionId: z.coerce.string() }) });

/** Starts a workflow from one of its triggers, as a person does in n8n's editor. Returns the execution's id. @throws Error if n8n refuses */
export async function runByHand(stack: Stack, workflow: string, trigger: string): Promise<string> {
  const answer = await fetch(`${stack.urls.n8n}/rest/workflows/${workflow}/run`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'browser-id': SESSION_BROWSER,
      cookie: await ownerSession(stack),
    },
    body: JSON.stringify({ triggerToStartFrom: { name: trigger } }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`n8n did not start the workflow ${workflow}: ${answer.status} ${text}`);
  return startedSchema.parse(JSON.parse(text)).data.executionId;
}
