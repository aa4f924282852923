import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod/v4';
import type { Credential } from '../../shared/n8n/credentials.js';
import {
  NEO_WORKFLOWS,
  OPTIONAL_WORKFLOWS,
  PIPELINE_WORKFLOWS,
  SHARED_WORKFLOWS,
  withSettings,
  type Workflow,
} from '../../shared/n8n/workflow.js';
import { withCredentials } from './credentials.js';
import type { Model } from './model.js';
import { CHECKOUT } from '../paths.js';

/** The workflows that run: the others are imported, and published by the person who gives them their credentials. */
export const publishedIds = (hasNeo: boolean): string[] => [
  ...SHARED_WORKFLOWS,
  ...PIPELINE_WORKFLOWS,
  ...(hasNeo ? NEO_WORKFLOWS : []),
];

const workflowFile = z.looseObject({
  id: z.string(),
  name: z.string(),
  nodes: z.array(
    z.looseObject({ name: z.string(), type: z.string(), parameters: z.record(z.string(), z.unknown()).default({}) }),
  ),
});

/** All committed workflows, with these credentials chosen; those about Neo with these settings. */
export async function workflowsFor(
  credentials: Credential[],
  model: Model | undefined,
  neoSettings?: Readonly<Record<string, string>>,
): Promise<Workflow[]> {
  const ids = [...SHARED_WORKFLOWS, ...PIPELINE_WORKFLOWS, ...NEO_WORKFLOWS, ...OPTIONAL_WORKFLOWS];
  return Promise.all(
    ids.map(async (id) => {
      const text = await readFile(join(CHECKOUT, 'workflows', `${id}.json`), 'utf8');
      const committed: Workflow = workflowFile.parse(JSON.parse(text));
      const chosen = withCredentials(committed, credentials, model);
      return NEO_WORKFLOWS.includes(id) && neoSettings !== undefined ? withSettings(chosen, neoSettings) : chosen;
    }),
  );
}
