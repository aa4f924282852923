import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from './manifests';

export interface WorkflowNode {
  name: string;
  type: string;
  typeVersion: number;
  /** From the left, and from the top. */
  position: [number, number];
  parameters: Record<string, unknown>;
  credentials?: object;
  disabled?: boolean;
  onError?: string;
  alwaysOutputData?: boolean;
}

/** A workflow as n8n imports it, as far as tests look at it. */
export interface Workflow {
  id: string;
  name: string;
  nodes: WorkflowNode[];
  connections: Record<string, Record<string, { node: string; type: string; index: number }[][]>>;
  settings: { errorWorkflow?: string };
  /** What a node gives in a run by hand instead of running; n8n ignores it in every other execution. */
  pinData: Record<string, { json: Record<string, unknown> }[]>;
}

/** A committed workflow, by its id. */
export function loadWorkflow(id: string): Workflow {
  return JSON.parse(readFileSync(join(ROOT, 'workflows', `${id}.json`), 'utf8')) as Workflow;
}
