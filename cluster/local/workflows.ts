import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import { withCredentials, type Credential, type Workflow } from './credentials.js';
import type { Model } from './model.js';
import { CHECKOUT } from './paths.js';

/** The one that alerts start. */
export const WORKFLOW_ID = 'incident-pipeline';

/** Those that need no service outside the stack. A workflow's file bears its id. */
const WORKFLOW_IDS = [WORKFLOW_ID, 'incident-approval', 'quarantine-review'];

const workflowFile = z.looseObject({
  id: z.string(),
  name: z.string(),
  nodes: z.array(z.looseObject({ type: z.string(), parameters: z.record(z.string(), z.unknown()).default({}) })),
});

/** The committed workflows, with these credentials chosen. */
export async function workflowsFor(credentials: Credential[], model: Model | undefined): Promise<Workflow[]> {
  return Promise.all(
    WORKFLOW_IDS.map(async (id) => {
      const text = await readFile(join(CHECKOUT, 'workflows', `${id}.json`), 'utf8');
      const committed: Workflow = workflowFile.parse(JSON.parse(text));
      return withCredentials(committed, credentials, model);
    }),
  );
}
