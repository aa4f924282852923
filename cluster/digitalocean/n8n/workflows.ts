import { z } from 'zod/v4';
import type { Workflow } from '../../shared/n8n/workflow';
import { readText } from '../repository/paths';

const workflow = z.looseObject({
  id: z.string(),
  name: z.string(),
  nodes: z.array(
    z.looseObject({
      name: z.string(),
      type: z.string(),
      parameters: z.record(z.string(), z.unknown()).default({}),
      disabled: z.boolean().optional(),
    }),
  ),
});

/** A committed workflow; its file has its id as its name. */
export const readWorkflow = (id: string): Workflow => workflow.parse(JSON.parse(readText(`workflows/${id}.json`)));
