import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod/v4';

import { CHECKOUT } from '../../cluster/local/paths.js';
import type { Stack } from '../../cluster/local/stack.js';
import { ownerSession, SESSION_BROWSER } from '../../tests/e2e/support/session.js';

const FILE = join(CHECKOUT, 'workflows', 'reconcile.json');

const workflowSchema = z.object({
  id: z.string(),
  nodes: z.array(z.object({ name: z.string(), type: z.string() })),
});

/** Whether this checkout has the workflow that finds lost alerts. */
export const hasReconcile = (): boolean => existsSync(FILE);

/**
 * Starts the workflow *Reconcile* now, as a person does in n8n's editor, instead of waiting for its schedule.
 * @throws Error if n8n does not start it
 */
export async function startReconcile(stack: Stack): Promise<void> {
  const { id, nodes } = workflowSchema.parse(JSON.parse(await readFile(FILE, 'utf8')));
  const trigger = nodes.find(({ type }) => type.endsWith('Trigger'));
  if (trigger === undefined) throw new Error(`${FILE} has no trigger.`);
  const answer = await fetch(`${stack.urls.n8n}/rest/workflows/${id}/run`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'browser-id': SESSION_BROWSER,
      cookie: await ownerSession(stack),
    },
    body: JSON.stringify({ triggerToStartFrom: { name: trigger.name } }),
  });
  if (!answer.ok) throw new Error(`n8n did not start the workflow ${id}: ${answer.status} ${await answer.text()}`);
}
