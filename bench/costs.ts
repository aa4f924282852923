import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { connect } from '../cluster/local/kubernetes/client.js';
import { statePath } from '../cluster/local/paths.js';
import { processes } from '../cluster/local/process/supervisor.js';
import type { Stack } from '../cluster/local/stack.js';
import { CUSTOM_RESOURCES, NAMESPACES, SERVICE_ACCOUNT } from '../core/names.js';
import { N8n } from '../tests/e2e/support/n8n.js';
import { heapInUse } from './heapInUse.js';

/** What there is and what was done so far; between two moments, what was added. */
export interface Costs {
  incidents: number;
  approvals: number;
  /** Of the incident pipeline. n8n counts them up by their ids. */
  executions: number;
  /** Calls of the responder that changed, or tried to change, something. */
  writes: number;
  etcdBytes: number;
  /** Resident memory of n8n, garbage included that V8 has not collected yet. */
  n8nBytes: number;
  /** What n8n's heap still used after a collection. */
  n8nHeapBytes: number;
}

export async function costsNow(stack: Stack): Promise<Costs> {
  const [incidents, approvals, executions, writes, etcdBytes, memory] = await Promise.all([
    objectsOf('Incident'),
    objectsOf('Approval'),
    lastExecution(stack),
    responderWrites(stack),
    stat(join(statePath('etcd'), 'member', 'snap', 'db')).then(({ size }) => size),
    n8nMemory(),
  ]);
  return { incidents, approvals, executions, writes, etcdBytes, ...memory };
}

export function costsBetween(begin: Costs, end: Costs): Costs {
  return {
    incidents: end.incidents - begin.incidents,
    approvals: end.approvals - begin.approvals,
    executions: end.executions - begin.executions,
    writes: end.writes - begin.writes,
    etcdBytes: end.etcdBytes - begin.etcdBytes,
    n8nBytes: end.n8nBytes - begin.n8nBytes,
    n8nHeapBytes: end.n8nHeapBytes - begin.n8nHeapBytes,
  };
}

async function objectsOf(kind: string): Promise<number> {
  const { items } = await connect().objects.list(CUSTOM_RESOURCES.apiVersion, kind, NAMESPACES.responder);
  return items.length;
}

async function lastExecution(stack: Stack): Promise<number> {
  const [last] = await (await N8n.connect(stack)).executions(stack.workflowId);
  return Number(last?.id ?? 0);
}

async function responderWrites({ auditLog }: Stack): Promise<number> {
  let writes = 0;
  for await (const line of createInterface({ input: createReadStream(auditLog) })) {
    if (!line.includes(`:${SERVICE_ACCOUNT}"`) || !line.includes('"stage":"ResponseComplete"')) continue;
    if (/"verb":"(create|update|patch|delete)"/.test(line)) writes += 1;
  }
  return writes;
}

async function n8nMemory(): Promise<Pick<Costs, 'n8nBytes' | 'n8nHeapBytes'>> {
  const n8n = (await processes()).find(({ name }) => name === 'n8n');
  if (n8n === undefined) throw new Error('n8n does not run');
  return { n8nBytes: n8n.memoryBytes, n8nHeapBytes: await heapInUse(n8n.pid) };
}
